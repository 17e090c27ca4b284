"""Lines to copy: how a program asks the API for what a page shows."""

from __future__ import annotations

import json
import shlex

_PYTHON = """\
import json
from urllib.request import urlopen

with urlopen({address}) as answer:
    code = json.load(answer)
print(code["code"], code["message"])
"""
_PYTHON_FOR_READERS = """\
import json
import os
from urllib.request import Request, urlopen

request = Request(
    {address},
    headers={{"Authorization": "Bearer " + os.environ["TOKEN"]}},
)
with urlopen(request) as answer:
    code = json.load(answer)
print(code["code"], code["message"])
"""


def curl_line(address: str, *, with_token: bool) -> str:
    """A shell's line that gets what is at an address, with the token in $TOKEN where one must."""
    token = ' -H "Authorization: Bearer $TOKEN"' if with_token else ""
    return f"curl{token} {shlex.quote(address)}"


def python_lines(address: str, *, with_token: bool) -> str:
    """A program in Python that gets the code at an address, with its standard library alone."""
    lines = _PYTHON_FOR_READERS if with_token else _PYTHON
    return lines.format(address=json.dumps(address)).rstrip("\n")
