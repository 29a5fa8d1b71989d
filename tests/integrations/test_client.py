"""The client that both systems are read with."""

import ssl
import sys
from importlib import import_module

import pytest

from integrations.http import make_client
from integrations.trust import trusted


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


def test_nobody_is_trusted_whose_name_and_authority_are_not_proven():
    """What is read ahead at start is as strict as what the client would have made for itself."""
    context = trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.get_ca_certs()
