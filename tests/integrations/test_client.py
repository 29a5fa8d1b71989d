"""The client that both systems are read with."""

import ssl
import sys
from importlib import import_module

import httpx
import pytest

from integrations.client import make_client
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


async def test_no_cookie_of_one_customers_answer_goes_out_with_anothers_request() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, headers={"Set-Cookie": "session=acme; Path=/"})

    async with make_client(httpx.MockTransport(answer)) as client:
        await client.get("http://procore.test/")
        await client.get("http://procore.test/")
    assert ["cookie" in request.headers for request in sent] == [False, False]


def test_nobody_is_trusted_whose_name_and_authority_are_not_proven():
    """What is read ahead at start is as strict as what the client would have made for itself."""
    context = trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.get_ca_certs()
