"""Constants for TypeScript, and the type of all of them."""

from __future__ import annotations

import re

from app.exchange import notes
from app.exchange.constants.constant import Constant, constants
from app.exchange.constants.names import type_name
from app.exchange.document import Export

# What would end the comment, and what would be a tag of its own (TSDoc: escaped by a backslash).
_SPECIAL = re.compile(r"(?<=\*)/|\A@|(?<=\{)@")


def write(export: Export) -> str:
    """A module with one constant a code, of the type that has this value alone, and their union."""
    told = list(constants(export))
    union = "".join(f"\n  | typeof {constant.name}" for constant in told) or " never"
    head = f"// {notes.header(export)}\n"
    end = (
        f"/** Any error code of {_escaped(notes.title(export))}. */\n"
        f"export type {type_name(export.service)} ={union};\n"
    )
    return "\n".join([head, *(_constant(constant) for constant in told), end])


def _constant(constant: Constant) -> str:
    paragraphs = [_escaped(paragraph) for paragraph in constant.paragraphs]
    if constant.deprecation:
        paragraphs.append(f"@deprecated {constant.deprecation}")
    text = "\n *\n * ".join(paragraphs)
    comment = f"/**\n * {text}\n */\n" if paragraphs else ""
    return f'{comment}export const {constant.name} = "{constant.code}" as const;\n'


def _escaped(paragraph: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", paragraph)
