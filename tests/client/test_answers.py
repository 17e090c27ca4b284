"""What the handlers share: where a problem occurred, as a reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from error_catalog_client import CatalogError
from error_catalog_client._answers import answer_to
from tests.client.handling import shipped_catalog


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("/documents", "/documents"),
        ("/", "/"),
        ("", "/"),
        ("/서류/a b?c#d%", "/%EC%84%9C%EB%A5%98/a%20b%3Fc%23d%25"),
        ("/a:b@c;d=e,f", "/a:b@c;d=e,f"),
        ("//evil.example/x", "/evil.example/x"),
        ("/\udcff\x00", "/%3F%00"),
    ],
)
def test_the_instance_is_the_path_as_a_reference_to_the_same_host(
    tmp_path: Path, path: str, instance: str
) -> None:
    with shipped_catalog(tmp_path) as catalog:
        answer = answer_to(catalog, CatalogError("4000122"), "", path)
    assert json.loads(answer.body)["instance"] == instance
