"""Keys that say one HTTP status while the code has another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot

# What words of a key say (RFC 9110, section 15.5; RFC 6585, sections 4 and 5), the usual one first.
_MEANT = {
    "NOT_FOUND": (404, 410),
    "LIMIT_EXCEEDED": (429, 413),
    "UNAUTHORIZED_ROLE": (403,),
    "UNSUPPORTED_MEDIA": (415,),
    "TOO_LARGE": (413, 414, 431),
}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_LETTER = re.compile(r"[^A-Za-z0-9]+")
_WORDS = {name: re.compile(rf"(?:^|_){name}(?:$|_)") for name in _MEANT}


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose key names a status that theirs is not."""
    for code in codes:
        if code.key is None or code.http_status is None:
            continue
        key = _NO_LETTER.sub("_", _HUMP.sub("_", code.key)).upper()
        for name, meant in _MEANT.items():
            if code.http_status not in meant and _WORDS[name].search(key):
                yield Spot(
                    code,
                    f"{code.key} says {name}, which is {meant[0]}; its HTTP status is "
                    f"{code.http_status}",
                )
                break


RULE = Rule(
    "status-suspicious",
    Severity.WARNING,
    "The key says another HTTP status than the code has.",
    "Clients, proxies and retries go by the status: a call limit answered with 400 is never tried"
    " again, a missing thing answered with 400 is taken for a mistake of the caller's.",
    "Set the HTTP status, which breaks consumers and says why; or where the status is right,"
    " let the next code have a key that does not say otherwise.",
    check,
)
