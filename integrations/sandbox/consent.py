"""What the stand-ins' sign-ins share: a tiny page to choose who you are, and form parsing."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;
color:#1d1c1d;background:#fff}form{display:block;margin:.4rem 0}button{font:inherit;width:100%;
text-align:left;padding:.6rem .8rem;border:1px solid #868686;border-radius:6px;background:#fff;
cursor:pointer}button:hover,button:focus-visible{border-color:#1264a3;outline:2px solid #1264a3}
button[disabled]{color:#616061;background:#f4f4f4;cursor:not-allowed}small{color:#616061}"""

PKCE = ("code_challenge", "code_challenge_method")
"""The fields of a challenge (RFC 7636, 4.3)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go on: the form fields to send, what to show, and why not if not allowed."""

    fields: tuple[tuple[str, str], ...]
    title: str
    note: str = ""
    refusal: str = ""


def consent_page(
    system: str,
    app: str,
    hidden: Sequence[tuple[str, str]],
    choices: Sequence[Choice],
) -> Response:
    """A page with one form per choice; each posts ``hidden`` and the choice's own fields."""
    rows = "".join(_form(hidden, one) for one in choices)
    deny = _form(hidden, Choice((("deny", "1"),), "Cancel", "Nothing is connected."))
    return _page(
        f"Stand-in of {system}",
        f"<p><strong>{escape(app)}</strong> asks to read your data. Who are you?</p>{rows}{deny}",
    )


def problem_page(system: str, sentence: str, status: int = 400) -> Response:
    """A page that says why a sign-in cannot go on."""
    return _page(f"Stand-in of {system}", f"<p>{escape(sentence)}</p>", status)


def challenge_problem(asked: Mapping[str, str]) -> str:
    """Why a challenge cannot be held to; "" where it can, or where there is none."""
    if asked.get(PKCE[0]) and asked.get(PKCE[1]) != "S256":
        return "The code_challenge_method of this request is not S256."
    return ""


def _page(title: str, body: str, status: int = 200) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body>"
        "</html>",
        status,
    )


def _form(hidden: Sequence[tuple[str, str]], choice: Choice) -> str:
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (*hidden, *choice.fields)
    )
    note = choice.refusal or choice.note
    off = " disabled" if choice.refusal else ""
    return (
        f'<form method="post">{fields}<button{off}>{escape(choice.title)}<br>'
        f"<small>{escape(note)}</small></button></form>"
    )


async def form_fields(request: Request) -> dict[str, str]:
    """The fields of a form or JSON body."""
    if request.method != "POST":
        return {}
    if "json" in request.headers.get("content-type", ""):
        try:
            body = await request.json()
        except ValueError:
            return {}
        return {key: str(value) for key, value in body.items()} if isinstance(body, dict) else {}
    form = await request.form()
    return {key: value for key, value in form.items() if isinstance(value, str)}


def basic_credentials(request: Request) -> tuple[str, str]:
    """Client id and secret from the Basic header."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret
