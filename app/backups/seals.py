"""The seal of a backup: a line at its end with the SHA-256 of all before it, so that damage shows.

What is before it is a SQLite database; SQLite takes no notice of the line.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

from app.backups.errors import BackupError

_PIECE = 1 << 20
_WORDS = b"\nerror-catalog backup, sha256 "
_LENGTH = len(_WORDS) + hashlib.sha256().digest_size * 2 + 1
_SEAL = re.compile(re.escape(_WORDS) + rb"([0-9a-f]{64})\n")


def seal(file: Path) -> str:
    """Put its seal under a file, and have all of it on the disk; gives the SHA-256."""
    digest = hashlib.sha256()
    with file.open("r+b") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
        content.write(_WORDS + digest.hexdigest().encode() + b"\n")
        content.flush()
        os.fsync(content.fileno())
    return digest.hexdigest()


def unseal(source: BinaryIO, target: BinaryIO) -> str:
    """Write what was sealed to `target`; gives its SHA-256, raises BackupError where it differs."""
    digest, end = hashlib.sha256(), b""
    while piece := source.read(_PIECE):
        held = end + piece
        content, end = held[:-_LENGTH], held[-_LENGTH:]
        digest.update(content)
        target.write(content)
    found = _SEAL.fullmatch(end)
    if found is None:
        raise BackupError("it does not end as a backup does: it is none, or was cut")
    if found[1].decode() != digest.hexdigest():
        raise BackupError("it is damaged: its content is not what was sealed")
    return digest.hexdigest()
