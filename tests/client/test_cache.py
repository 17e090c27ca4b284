from __future__ import annotations

import os
import resource
from io import BytesIO
from pathlib import Path

import pytest

from error_catalog_client._cache import Cache

ADDRESS = "http://127.0.0.1:8000/bundle?service=ocr"
CONTENT = b'{"format":1}\n' * 1_000


def write(file: Path, content: bytes = CONTENT) -> Cache:
    cache = Cache(file)
    cache.write(ADDRESS, '"1"', BytesIO(content))
    return cache


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "down" / "errors.json"
    saved = write(file).read()
    assert saved is not None
    assert (saved.address, saved.etag, saved.content) == (ADDRESS, '"1"', CONTENT)
    assert saved.saved_at == file.stat().st_mtime
    assert os.listdir(file.parent) == ["errors.json"]


def test_without_a_file_nothing_is_kept(tmp_path: Path) -> None:
    assert Cache(tmp_path / "errors.json").read() is None


def test_it_is_known_since_when_it_still_holds(tmp_path: Path) -> None:
    file = tmp_path / "errors.json"
    cache = write(file)
    os.utime(file, (0, 0))
    cache.touch()
    saved = cache.read()
    assert saved is not None
    assert saved.saved_at > 1_000_000_000


@pytest.mark.parametrize("place", [*range(140), -1])
def test_a_file_with_one_wrong_bit_is_refused(tmp_path: Path, place: int) -> None:
    file = tmp_path / "errors.json"
    cache = write(file)
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"\w"):
        cache.read()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\nx",
        b"\xff\xff\n",
        b'{"format":2,"crc32":0}\n',
        b'{"format":1,"address":"","etag":["1"],"crc32":509521665}\nx',
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "errors.json"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"\w"):
        Cache(file).read()


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "errors.json"
    cache = write(file)
    whole = file.read_bytes()
    for length in range(0, len(whole) - 1, 97):
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"\w"):
            cache.read()


def test_where_it_cannot_be_written_what_was_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "errors.json"
    cache = write(file)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write(file, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    saved = cache.read()
    assert saved is not None
    assert saved.content == CONTENT
    assert os.listdir(tmp_path) == ["errors.json"]


def test_a_file_that_is_in_the_way_of_its_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        write(tmp_path / "file" / "errors.json")
