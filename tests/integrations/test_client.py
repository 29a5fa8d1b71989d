"""The client that both systems are read with."""

import sys
from importlib import import_module

import pytest

from integrations.http import make_client


class Asked:
    """Stands last among the finders, and notes what no other found."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, *_more: object) -> None:
        self.names.append(name)


async def test_a_request_searches_no_folder_for_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, asked])
    async with make_client():
        with pytest.raises(ImportError):
            import_module("sniffio")
    assert "sniffio" not in asked.names
