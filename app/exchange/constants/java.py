r"""Constants for Java, in a class that holds nothing else.

All is ASCII, because a compiler reads the platform's encoding unless it is told of another one. It
takes `\uXXXX` for the character itself, in comments too (Java Language Specification, section 3.3).
"""

from __future__ import annotations

import re

from app.exchange import notes
from app.exchange.constants.constant import Constant, constants
from app.exchange.constants.names import package_name, type_name
from app.exchange.document import Export
from app.exchange.utf16 import in_ascii

# What would end the comment, begin a tag or an escape, or be HTML.
_SPECIAL = re.compile(r"[&<>@\\]|(?<=\*)/")


def write(export: Export) -> str:
    """A class with one constant a code.

    A class file has room for some 21,000 of them (Java Virtual Machine Specification, section
    4.11).
    """
    name = type_name(export.service)
    members = "".join(f"{_constant(constant)}\n" for constant in constants(export))
    return (
        f"/* {_escaped(notes.header(export))} */\n"
        f"package {package_name(export.service)};\n\n"
        f"/** The error codes of {_escaped(notes.title(export))}. */\n"
        f"public final class {name} {{\n"
        f"{members}"
        f"    private {name}() {{}}\n"
        "}\n"
    )


def _constant(constant: Constant) -> str:
    paragraphs = [_escaped(paragraph) for paragraph in constant.paragraphs]
    text = "\n     *\n     * <p>".join(paragraphs)
    tag = annotation = ""
    if constant.deprecation:
        tag = f"\n     *\n     * @deprecated {_escaped(constant.deprecation)}"
        annotation = "    @Deprecated\n"
    comment = f"    /**\n     * {text}{tag}\n     */\n" if text or tag else ""
    return (
        f"{comment}{annotation}"
        f'    public static final String {constant.name} = "{constant.code}";\n'
    )


def _escaped(paragraph: str) -> str:
    return in_ascii(_SPECIAL.sub(lambda found: f"&#{ord(found[0])};", paragraph))
