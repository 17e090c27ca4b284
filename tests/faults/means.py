"""The means of breaking things: a small disk, a layer before libc, a user who may not write."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.faults.outcomes import CannotTry

SHIM = Path(__file__).with_name("shim.c")


def shim(folder: Path) -> dict[str, str]:
    """The layer before libc, built in a folder: the setting that a process takes it by."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise CannotTry("it takes a C compiler")
    library = folder / "shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SHIM, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 2 MB, in memory."""
    if os.geteuid() != 0:
        raise CannotTry("mounting takes root")
    place = folder / "disk"
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        raise CannotTry("this machine lets nobody mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def enlarge(disk: Path) -> None:
    """Make room on such a disk."""
    subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """The disk without a byte left."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            for length in (65_536, 4_096, 1):
                try:
                    while True:
                        file.write(b"x" * length)
                except OSError:
                    continue
        yield
    finally:
        filler.unlink()


def as_a_common_user() -> Sequence[str]:
    """What begins a command that may not write what its user may not, be it root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        raise CannotTry("it takes setpriv, of util-linux")
    return ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
