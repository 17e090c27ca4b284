"""What codes are called in programs: one name for all languages, so that a search finds it in all.

Names are in upper case with underscores. No language here has a reserved word that looks so, Go
exports such names, and none begins with a digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.exchange.document import Item

# Between the words of invalidAppKey, HTTPError and oauth2Error.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9]+")
_NOT_EXACT = re.compile(r"[^A-Z0-9]")


def constant_names(items: Iterable[Item]) -> dict[str, str]:
    """The name of each code: its key, or else ERROR_ and the code.

    Codes of one key have the code appended, all of them: were one to keep the key for itself, a
    new code could take the name over, and programs would go on with the wrong one.
    """
    return distinct({item.code: _candidates(item.code, item.key) for item in items})


def type_name(service: str) -> str:
    """The type of a service's codes (document-recognizer → DocumentRecognizerErrorCode).

    It does not end in Error, because in most languages that is something to throw.
    """
    words = "".join(word.capitalize() for word in service.split("-"))
    return f"{'' if words[:1].isalpha() else 'Service'}{words}ErrorCode"


def package_name(service: str) -> str:
    """The package of a service's codes (document-recognizer → documentrecognizererrors).

    By its ending it is never a reserved word, nor the package of the service's client.
    """
    words = service.replace("-", "")
    return f"{'' if words[:1].isalpha() else 'service'}{words}errors"


def distinct(candidates: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The first name of each code that no other code has too, whatever the order of the codes.

    Each code comes with the names it could have. The last one of each has to be its own.
    """
    ranks = dict.fromkeys(candidates, 0)
    while True:
        names = {code: candidates[code][rank] for code, rank in ranks.items()}
        counts = Counter(names.values())
        shared = [code for code in names if counts[names[code]] > 1]
        shared = [code for code in shared if ranks[code] + 1 < len(candidates[code])]
        if not shared:
            return names
        for code in shared:
            ranks[code] += 1


def exact(code: str) -> str:
    """A code in letters, digits and underscores, different from that of every other code."""
    return _NOT_EXACT.sub(lambda found: f"_{ord(found[0]):02X}", code)


def _candidates(code: str, key: str | None) -> tuple[str, ...]:
    # Only the last has two underscores together, so it can be no other code's.
    name = _of_key(key or "")
    if name is None:
        return f"ERROR_{_of_code(code)}", f"ERROR__{exact(code)}"
    return name, f"{name}_{_of_code(code)}", f"{name}__{exact(code)}"


def _of_key(key: str) -> str | None:
    """A key as a name; None where it has letters outside ASCII, or none of any kind."""
    plain = "".join(
        mark for mark in unicodedata.normalize("NFKD", key) if not unicodedata.combining(mark)
    )
    if any(mark.isalnum() and not mark.isascii() for mark in plain):
        return None
    name = _upper(_HUMP.sub("_", plain))
    return f"ERROR_{name}" if name[:1].isdigit() else name or None


def _of_code(code: str) -> str:
    sign = "MINUS_" if code.startswith("-") else ""
    return f"{sign}{_upper(code)}"


def _upper(text: str) -> str:
    return _NOT_IN_NAME.sub("_", text).strip("_").upper()
