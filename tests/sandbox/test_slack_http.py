"""Signed HTTP delivery, received by Bolt's own Starlette adapter."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from integrations.sandbox.server import serve
from tests.sandbox.slack_kit import ACME, DANA, SAM, Slack, button, modal, row, running, until

Json = dict[str, Any]


@contextlib.asynccontextmanager
async def _listening(slack: Slack, app: AsyncApp) -> AsyncIterator[str]:
    """Serve a Bolt app over HTTP and make it the app's request URL."""
    handler = AsyncSlackRequestHandler(app)

    async def receive(request: Request) -> Response:
        return await handler.handle(request)

    async with serve(Starlette(routes=[Route("/slack/events", receive, methods=["POST"])])) as url:
        await slack.edit(request_url=f"{url}/slack/events")
        yield url


def _app(slack: Slack, secret: str | None = None) -> AsyncApp:
    app = AsyncApp(
        name="any",
        client=AsyncWebClient(slack.server.state.bot_token, base_url=slack.api),
        signing_secret=secret or slack.server.state.signing_secret,
    )
    app.client.retry_handlers.clear()
    return app


async def test_commands_clicks_submissions_and_events_pass_bolts_signature_check() -> None:
    async with running() as slack:
        app, seen = _app(slack), list[str]()

        @app.command("/onboard")
        async def onboard(ack: Any, body: Json, client: Any) -> None:
            seen.append(body["is_enterprise_install"])
            await ack("Only you see this")
            await client.views_open(trigger_id=body["trigger_id"], view=modal())

        @app.action("go")
        async def go(ack: Any, respond: Any) -> None:
            await ack()
            await respond(text="Done", replace_original=True)

        @app.view("form")
        async def form(ack: Any) -> None:
            await ack(response_action="clear")

        @app.event("app_mention")
        async def mention(event: Json) -> None:
            seen.append(event["user_team"])

        @app.event("message")
        async def message() -> None:
            pass

        async with _listening(slack, app):
            assert (await slack.http.get("/_ui/state")).json()["connected"]
            assert (await slack.say(SAM, "/onboard status"))["ok"]
            await until(lambda: slack.server.interactions.stack(SAM))
            view = slack.server.interactions.stack(SAM)[0]
            answer = await slack.ui("submit", persona=SAM, view_id=view["id"], state={})
            assert answer["response_action"] == "clear"
            posted = await slack.client.chat_postMessage(
                channel=ACME, text="card", blocks=[row(button("go"))]
            )
            assert (await slack.click(DANA, posted["ts"], "go"))["ok"]
            await until(lambda: slack.delivered("update"))
            await slack.say(DANA, "@OneCore help")
            await until(lambda: len(seen) == 2)
        assert seen == ["false", "T0ACME"]
        assert [one["text"] for one in await slack.seen(SAM)][:2] == ["Only you see this", "Done"]


async def test_a_wrong_signing_secret_is_refused_and_shown() -> None:
    async with running() as slack:
        app = _app(slack, "another-secret")
        async with _listening(slack, app):
            answer = await slack.say(SAM, "/onboard status")
        assert answer["message"] == '/onboard failed with the error "http_client_error"'


async def test_an_edited_signing_secret_signs_what_follows() -> None:
    async with running() as slack:
        app = _app(slack, "another-secret")

        @app.command("/onboard")
        async def onboard(ack: Any) -> None:
            await ack()

        async with _listening(slack, app):
            await slack.edit(signing_secret="another-secret")
            assert (await slack.say(SAM, "/onboard status"))["ok"]
            tokens = (await slack.http.get("/_world")).json()["tokens"]
            assert tokens["signing_secret"] == "another-secret"


@contextlib.asynccontextmanager
async def _answering(slack: Slack, answers: list[Response]) -> AsyncIterator[list[Json]]:
    """Answer deliveries with these responses in turn; yield what came."""
    seen: list[Json] = []

    async def receive(request: Request) -> Response:
        seen.append({"headers": dict(request.headers), "body": (await request.body()).decode()})
        return answers[min(len(seen), len(answers)) - 1]

    async with serve(Starlette(routes=[Route("/", receive, methods=["POST"])])) as url:
        await slack.edit(request_url=f"{url}/")
        yield seen


async def test_a_failed_event_is_sent_again_at_once_after_one_minute_and_after_five() -> None:
    async with running() as slack, _answering(slack, [PlainTextResponse("no", 500)]) as seen:
        await slack.say(SAM, "hello")
        await until(lambda: len(slack.deliveries("message")) == 2)
        slack.later(seconds=59)
        await asyncio.sleep(0.05)
        assert len(seen) == 2
        slack.later(seconds=2)
        await until(lambda: len(slack.deliveries("message")) == 3)
        slack.later(minutes=5)
        await until(lambda: len(slack.deliveries("message")) == 4)
        slack.later(hours=1)
        await asyncio.sleep(0.05)
    assert [one["headers"].get("x-slack-retry-num") for one in seen] == [None, "1", "2", "3"]
    assert seen[1]["headers"]["x-slack-retry-reason"] == "http_error"
    assert len({one["body"] for one in seen}) == 1
    noted = [(one["attempt"], one["status"]) for one in slack.deliveries("message")]
    assert noted == [(0, 504), (1, 504), (2, 504), (3, 504)]


async def test_an_app_may_ask_for_no_retry() -> None:
    refusal = PlainTextResponse("no", 500, headers={"x-slack-no-retry": "1"})
    async with running() as slack, _answering(slack, [refusal]) as seen:
        await slack.say(SAM, "hello")
        await until(lambda: slack.deliveries("message"))
        await asyncio.sleep(0.05)
    assert len(seen) == 1


async def test_a_slow_answer_is_a_timeout_to_the_person() -> None:
    async with running(ack_seconds=0.05) as slack:

        async def receive(_request: Request) -> Response:
            await asyncio.sleep(0.3)
            return PlainTextResponse("")

        async with serve(Starlette(routes=[Route("/", receive, methods=["POST"])])) as url:
            await slack.edit(request_url=f"{url}/")
            answer = await slack.say(SAM, "/onboard status")
    assert answer["error"] == "operation_timeout"


async def test_a_plain_text_acknowledgement_is_an_ephemeral_answer() -> None:
    async with running() as slack:
        async with _answering(slack, [PlainTextResponse("Just text")]):
            await slack.say(SAM, "/onboard status")
        assert [(one["text"], one["ephemeral"]) for one in await slack.seen(SAM)] == [
            ("Just text", True)
        ]


async def test_an_acknowledgement_in_channel_is_for_everybody() -> None:
    answer = JSONResponse({"response_type": "in_channel", "text": "For all"})
    async with running() as slack:
        async with _answering(slack, [answer]):
            await slack.say(SAM, "/onboard status")
        assert [one["text"] for one in await slack.seen(DANA)] == ["For all"]


async def test_nobody_listening_is_dispatch_failed() -> None:
    async with running() as slack:
        async with serve(Starlette()) as url:
            await slack.edit(request_url=f"{url}/")
        answer = await slack.say(SAM, "/onboard status")
    assert answer["error"] == "dispatch_failed"
