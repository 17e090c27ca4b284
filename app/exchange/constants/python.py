"""Constants for Python: a StrEnum, whose members are equal to the codes that an API answers with.

It can be iterated over, type checkers know when a `match` misses one, and editors show the text
below a member as its documentation. That a code's life ends stands in that text as well, because
warnings.deprecated is for classes and functions only (PEP 702).
"""

from __future__ import annotations

import re

from app.exchange import notes
from app.exchange.constants.constant import Constant, constants
from app.exchange.constants.names import type_name
from app.exchange.document import Export

# Three quotes in a row would end the text, and one at its end would be a fourth.
_SPECIAL = re.compile(r'\\|"(?=")|"\Z')


def write(export: Export) -> str:
    """A module for Python 3.11 and newer with an enumeration of the codes of a service."""
    # Not in a comment: there a title could tell of an encoding, and be believed (PEP 263).
    head = (
        f'"""{_escaped(notes.header(export))}"""\n\n'
        "from enum import StrEnum\n\n\n"
        f"class {type_name(export.service)}(StrEnum):\n"
        f'    """The error codes of {_escaped(notes.title(export))}."""\n'
    )
    return "\n".join([head, *(_member(constant) for constant in constants(export))])


def _member(constant: Constant) -> str:
    paragraphs = [*constant.paragraphs]
    if constant.deprecation:
        paragraphs.append(f"Deprecated: {constant.deprecation}")
    member = f'    {constant.name} = "{constant.code}"\n'
    if not paragraphs:
        return member
    text = "\n\n    ".join(_escaped(paragraph) for paragraph in paragraphs)
    end = "\n    " if len(paragraphs) > 1 else ""
    return f'{member}    """{text}{end}"""\n'


def _escaped(paragraph: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", paragraph)
