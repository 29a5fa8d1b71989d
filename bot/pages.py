"""The few pages that people see in a browser: where a private link leads, and where it ends.

Plain HTML without scripts. Everything that is shown is escaped; no page is kept by a browser or a
proxy, put into a frame, or tells another site where it was.
"""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.domain.model import System
from bot.services.connect import CALLBACK_PATH, LINK_PATH, SPOKEN, ConnectService
from bot.services.install_pages import INSTALL_PATH, REDIRECT_PATH
from bot.services.signin_pages import Away, Page
from bot.services.signin_pages import unknown_link as unknown

ANSWER_PATH = "/connect/answer"
LARGEST_FORM = 10_000
"""Bytes of a posted answer: a token and a company id."""

STYLE = """
:root{color-scheme:light dark}
body{font:1.05rem/1.6 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:2rem 1.25rem;
color:#1c2530;background:#fff}
h1{font-size:1.5rem;line-height:1.25}
form{margin:0}
button,.go{font:inherit;display:block;width:100%;box-sizing:border-box;text-align:left;
margin:.6rem 0;padding:.75rem 1rem;border:2px solid #14324a;border-radius:.5rem;
background:#fff;color:#14324a;cursor:pointer}
.go{text-decoration:none;font-weight:600}
button:hover,button:focus-visible,.go:hover,.go:focus-visible{background:#14324a;color:#fff}
small{display:block}
footer{margin-top:2.5rem;font-size:.9rem;color:#55606d}
@media (prefers-color-scheme:dark){body{color:#e8edf2;background:#101820}
button,.go{background:#101820;color:#cfe3f5;border-color:#cfe3f5}
button:hover,button:focus-visible,.go:hover,.go:focus-visible{background:#cfe3f5;color:#101820}footer{color:#a8b4c0}}
"""


def make_pages(connect: ConnectService, *, secure: bool) -> list[Route]:
    """The routes of signing in; ``secure`` says that browsers come by HTTPS."""

    async def open_link(request: Request) -> Response:
        found = await connect.open(request.path_params["token"])
        return _page(found) if isinstance(found, Page) else _away(found, secure=secure)

    async def callback(request: Request) -> Response:
        spoken = request.path_params["system"]
        system = next((one for one, name in SPOKEN.items() if name == spoken), None)
        if system is None:
            return _page(unknown())
        params = dict(request.query_params)
        return _page(await connect.finish(system, params, request.cookies))

    async def answer(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST_FORM:
            return _page(unknown())
        form = await request.form()
        token, value = str(form.get("token", "")), str(form.get("answer", ""))
        return _page(await connect.answer(token, value))

    return [
        Route(ANSWER_PATH, answer, methods=["POST"]),
        Route(f"{LINK_PATH}/{{token}}", open_link, methods=["GET"]),
        Route(CALLBACK_PATH.format(system="{system}"), callback, methods=["GET"]),
    ]


class Installing(Protocol):
    """Slack's OAuth for other workspaces: status, page and headers of each step."""

    async def begin(self, query: str) -> tuple[int, str, Mapping[str, str]]:
        """The page that says what is asked for."""
        ...

    async def finish(self, query: str, cookie: str) -> tuple[int, str, Mapping[str, str]]:
        """Slack sent the browser back."""
        ...


def make_install_pages(installing: Installing) -> list[Route]:
    """The routes by which another workspace installs the app."""

    async def install(request: Request) -> Response:
        return _sent(await installing.begin(request.url.query))

    async def back(request: Request) -> Response:
        cookie = request.headers.get("cookie", "")
        return _sent(await installing.finish(request.url.query, cookie))

    return [
        Route(INSTALL_PATH, install, methods=["GET"]),
        Route(REDIRECT_PATH, back, methods=["GET"]),
    ]


def _sent(answer: tuple[int, str, Mapping[str, str]]) -> Response:
    status, body, headers = answer
    response = HTMLResponse(body, status, _headers(STYLE))
    for name, value in headers.items():
        if name.lower() == "set-cookie":
            response.headers[name] = value
    return response


def redirect_uris(public_url: str) -> Mapping[System, str]:
    """The addresses that an operator registers with each system."""
    base = public_url.rstrip("/")
    return {one: base + CALLBACK_PATH.format(system=name) for one, name in SPOKEN.items()}


def _away(away: Away, *, secure: bool) -> Response:
    response = RedirectResponse(away.url, 303, _headers(""))
    response.set_cookie(
        away.cookie,
        away.value,
        max_age=600,
        path=CALLBACK_PATH.partition("{")[0],
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return response


def _page(page: Page) -> Response:
    return HTMLResponse(render(page), page.status, _headers(STYLE))


def render(page: Page) -> str:
    """A page as HTML."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in page.lines)
    return (
        '<!doctype html><html lang="en-AU"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.title)} · OneCore</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(page.title)}</h1>{paragraphs}{_points(page)}{_link(page)}{_question(page)}</main>"
        "<footer>OneCore onboarding by Interfy</footer></body></html>"
    )


def _points(page: Page) -> str:
    points = "".join(f"<li>{escape(one)}</li>" for one in page.points)
    return f"<ul>{points}</ul>" if points else ""


def _link(page: Page) -> str:
    if page.link is None:
        return ""
    return f'<a class="go" href="{escape(page.link.url)}">{escape(page.link.label)}</a>'


def _question(page: Page) -> str:
    if not page.options:
        return ""
    buttons = "".join(
        f'<button name="answer" value="{escape(one.value)}">{escape(one.label)}'
        f"<small>{escape(one.note)}</small></button>"
        for one in page.options
    )
    token = escape(page.token)
    return (
        f'<form method="post" action="{ANSWER_PATH}">'
        f'<input type="hidden" name="token" value="{token}">{buttons}</form>'
    )


def _headers(style: str) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
    }
