from __future__ import annotations

import pkgutil
import subprocess
import sys

import error_catalog_client


def test_these_names_are_for_others() -> None:
    assert error_catalog_client.__all__ == [
        "Catalog",
        "CatalogError",
        "Entry",
        "Event",
        "Service",
        "Status",
    ]
    for name in error_catalog_client.__all__:
        assert getattr(error_catalog_client, name).__doc__


def test_no_module_is_for_others_but_those_of_frameworks() -> None:
    modules = {it.name for it in pkgutil.iter_modules(error_catalog_client.__path__)}
    assert {it for it in modules if not it.startswith("_")} == {"django", "flask", "starlette"}


def test_it_brings_no_framework_and_nothing_of_the_catalog_along() -> None:
    script = "import sys, error_catalog_client; print(*{it.split('.')[0] for it in sys.modules})"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = set(told.stdout.split())
    assert "urllib3" in loaded
    assert not loaded & {"app", "flask", "starlette", "django", "werkzeug", "sqlalchemy"}
