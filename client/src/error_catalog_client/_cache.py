"""The file that keeps the last answer, for the next start."""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

FORMAT = 1


@dataclass(frozen=True)
class Saved:
    """An answer as it was kept, with the address that gave it, and when (since the epoch)."""

    address: str
    etag: str | None
    content: bytes
    saved_at: float


class Cache:
    """A file with a line about an answer, and the answer as it came."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Raises ValueError and TypeError where the path can be none of a file."""
        self.path = Path(path)
        if not self.path.name or b"\0" in os.fsencode(self.path):
            raise ValueError(f"cache must be a file, not {os.fspath(path)!r}")

    def read(self) -> Saved | None:
        """What is kept, None where there is no file; raises OSError, and ValueError if damaged.

        A head that is nested too deep raises RecursionError.
        """
        try:
            with self.path.open("rb") as file:
                saved_at = os.fstat(file.fileno()).st_mtime
                first, content = file.readline(), file.read()
        except FileNotFoundError:
            return None
        head = json.loads(first)
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise ValueError("it is no cache of this client")
        address, etag = head.get("address"), head.get("etag")
        if not isinstance(address, str) or not isinstance(etag, str | None):
            raise ValueError("it is no cache of this client")
        if head.get("crc32") != _checksum(address, etag, content):
            raise ValueError("it is damaged")
        return Saved(address, etag, content, saved_at)

    def write(self, address: str, etag: str | None, content: BytesIO) -> None:
        """Keep an answer in place of the one before; raises OSError, and then that one stays."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Several processes may keep the same file.
        new = self.path.with_name(f"{self.path.name}.{os.urandom(8).hex()}")
        with content.getbuffer() as view:
            checksum = _checksum(address, etag, view)
            about = {"format": FORMAT, "address": address, "etag": etag, "crc32": checksum}
            try:
                with new.open("wb", buffering=0) as file:
                    file.write(json.dumps(about).encode() + b"\n")
                    _write_all(file.fileno(), view)
                new.replace(self.path)
            except OSError:
                with suppress(OSError):
                    new.unlink()
                raise

    def touch(self) -> None:
        """Have it known that what is kept still holds; raises OSError."""
        os.utime(self.path)


def _checksum(address: object, etag: object, content: bytes | memoryview) -> int:
    return zlib.crc32(content, zlib.crc32(repr((address, etag)).encode()))


def _write_all(descriptor: int, view: memoryview) -> None:
    # A disk that fills up takes a part first.
    while view:
        view = view[os.write(descriptor, view) :]
