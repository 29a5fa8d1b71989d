"""The page's own API: state, stream, side panel, files of the page."""

import asyncio
import json
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from integrations.sandbox.server import serve
from integrations.sandbox.slack.app import create_slack_app
from integrations.sandbox.slack.panel import (
    PanelAction,
    PanelActionError,
    PanelGroup,
    PanelListing,
    UnknownPanelActionError,
)
from tests.sandbox.slack_kit import (
    ACME,
    BOT,
    CASEY,
    DANA,
    GENERAL,
    SAM,
    SECRET,
    SUPPORT,
    Slack,
    button,
    modal,
    row,
    running,
    small_world,
    until,
)

Json = dict[str, Any]


class Watch:
    """One page's event stream, read in the background."""

    def __init__(self, slack: Slack, persona: str) -> None:
        self.changes: list[Json] = []
        self._task = asyncio.create_task(self._read(slack, persona))

    async def _read(self, slack: Slack, persona: str) -> None:
        params = {"persona": persona}
        async with slack.http.stream("GET", "/_ui/stream", params=params) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    self.changes.append(json.loads(line[6:]))

    async def __aenter__(self) -> Self:
        await until(lambda: self.changes)
        self.changes.clear()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def kinds(self) -> list[str]:
        return [one["kind"] for one in self.changes]


async def test_the_state_names_people_channels_bot_and_commands(slack: Slack) -> None:
    state = (await slack.http.get("/_ui/state")).json()
    people = {one["id"]: one for one in state["personas"]}
    assert BOT not in people
    assert (people[DANA]["external"], people[SAM]["external"]) == (True, False)
    assert people["U0GUEST"]["is_restricted"]
    acme = next(one for one in state["channels"] if one["id"] == ACME)
    assert (acme["is_ext_shared"], acme["shared_with"]) == (True, ["Acme Constructions"])
    assert state["commands"][0]["command"] == "/onboard"
    assert (state["connected"], state["clock"]) == (False, "2026-11-22T22:00:00+00:00")


@pytest.mark.parametrize(
    ("persona", "channel", "ok"),
    [
        (SAM, GENERAL, True),
        (SAM, SECRET, False),
        ("U0GUEST", GENERAL, False),
        (DANA, SUPPORT, False),
        (DANA, ACME, True),
        ("U0NOBODY", ACME, False),
    ],
)
async def test_a_person_reads_only_what_that_person_may(
    slack: Slack, persona: str, channel: str, ok: bool
) -> None:
    params = {"persona": persona, "channel": channel}
    answer = await slack.http.get("/_ui/messages", params=params)
    assert answer.json()["ok"] is ok
    assert answer.is_success is ok


async def test_messages_carry_their_author_and_threads_their_parent(slack: Slack) -> None:
    said = await slack.say(SAM, "hello")
    await slack.say(DANA, "hi", thread_ts=said["ts"])
    await slack.client.chat_postMessage(channel=ACME, text="beep")
    shown = await slack.seen(CASEY)
    assert [one["author"]["name"] for one in shown] == ["Sam Whitfield", "Dana Okafor", "OneCore"]
    assert (shown[0]["reply_count"], shown[1]["thread_ts"]) == (1, said["ts"])
    assert [one["author"]["is_bot"] for one in shown] == [False, False, True]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@Dana Okafor and @sam", f"<@{DANA}> and <@{SAM}>"),
        ("mail dana@sam.example", "mail dana@sam.example"),
        ("@danabc #general", f"@danabc <#{GENERAL}|general>"),
        (f"<@{BOT}> status", f"<@{BOT}> status"),
        (f"<@{DANA}|dana> it is", f"<@{DANA}|dana> it is"),
        ("@onecore-support help", "<!subteam^S0SUPPORT|@onecore-support> help"),
        ("<!channel> & co", "&lt;!channel&gt; &amp; co"),
    ],
)
async def test_what_a_person_types_becomes_slacks_references(
    slack: Slack, typed: str, kept: str
) -> None:
    await slack.say(SAM, typed)
    assert (await slack.seen(SAM))[-1]["text"] == kept


async def test_empty_words_and_foreign_channels_are_refused_in_a_sentence(slack: Slack) -> None:
    assert (await slack.say(SAM, " "))["message"] == "Write something first."
    assert (await slack.say("U0PRIYA", "hi", channel="C0OLD"))["message"].startswith("Join #old")
    assert (await slack.say(SAM, "hi", channel="C0OLD"))["error"] == "is_archived"
    broken = await slack.http.post("/_ui/send", content="{")
    assert broken.json()["error"] == "invalid_json"
    assert (await slack.say(SAM, "/weather"))["message"] == "/weather is not a valid command."


async def test_a_message_is_streamed_to_those_who_see_it(slack: Slack) -> None:
    async with Watch(slack, SAM) as sam, Watch(slack, DANA) as dana:
        await slack.client.chat_postMessage(channel=SUPPORT, text="staff only")
        await slack.client.chat_postEphemeral(channel=ACME, user=DANA, text="psst")
        await until(lambda: sam.changes and dana.changes)
        assert sam.changes == [{"kind": "message", "channel": SUPPORT}]
        assert dana.changes == [{"kind": "message", "channel": ACME}]


async def test_views_toasts_and_the_clock_are_streamed(slack: Slack) -> None:
    async with Watch(slack, SAM) as sam:
        trigger = slack.server.interactions.issue_trigger(SAM)
        await slack.client.views_open(trigger_id=trigger, view=modal())
        await until(lambda: sam.changes)
        assert sam.changes[0]["view"]["callback_id"] == "form"
        assert len(sam.changes[0]["stack"]) == 1
        await slack.say(SAM, "/onboard status")
        await until(lambda: "toast" in sam.kinds())
        slack.later(hours=1)
        await until(lambda: "clock" in sam.kinds())
    opened: list[Json] = []
    async with slack.http.stream("GET", "/_ui/stream", params={"persona": SAM}) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                opened.append(json.loads(line[6:]))
                break
    assert opened[0]["stack"][0]["callback_id"] == "form"


async def test_a_stream_does_not_hold_up_the_servers_end() -> None:
    async with running() as slack:
        watch = Watch(slack, SAM)
        await until(lambda: watch.changes)
        await slack.server.aclose()
        await asyncio.wait_for(watch._task, 60)


async def test_a_forged_button_value_reaches_the_app_as_it_was_forged(slack: Slack) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, action: Json) -> None:
        seen.append(action)
        await ack()

    async with slack.connected(app):
        posted = await slack.client.chat_postMessage(
            channel=ACME, text="x", blocks=[row(button("go", value="acme"))]
        )
        forged = {"type": "button", "value": "bondi"}
        await slack.click(DANA, posted["ts"], "go", value=forged)
    assert seen[0]["value"] == "bondi"


async def test_a_choice_in_a_message_arrives_with_the_messages_state(slack: Slack) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("pick")
    async def pick(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    options = [
        {"text": {"type": "plain_text", "text": one}, "value": one} for one in ("mine", "all")
    ]
    select = {"type": "static_select", "action_id": "pick", "options": options}
    async with slack.connected(app):
        posted = await slack.client.chat_postMessage(channel=ACME, text="x", blocks=[row(select)])
        chosen = {"type": "static_select", "selected_option": options[1]}
        state = {"row": {"pick": chosen}}
        await slack.click(SAM, posted["ts"], "pick", value=chosen, state=state)
    assert seen[0]["actions"][0]["selected_option"]["value"] == "all"
    assert seen[0]["state"]["values"] == state


class Panel:
    """A side panel with one action that works and one that cannot."""

    def __init__(self) -> None:
        self.done = False

    def list(self) -> PanelListing:
        action = PanelAction("acme:merge", "Merge ABC Plumbing", done=self.done)
        clock = PanelAction("clock:tomorrow-0900", "Move to tomorrow 09:00 (Sydney)")
        return PanelListing([PanelGroup("acme", "Acme", [action])], [clock])

    async def run(self, action_id: str) -> str:
        if action_id == "acme:merge":
            self.done = True
            return "Two vendors are one now."
        if action_id == "clock:tomorrow-0900":
            raise PanelActionError("The clock is held by a test.")
        raise UnknownPanelActionError(f"This world has no action {action_id}.")


async def test_the_side_panel_lists_runs_and_refuses() -> None:
    async with running(panel=Panel()) as slack, Watch(slack, DANA) as dana:
        listed = (await slack.http.get("/_ui/world")).json()
        assert listed["groups"][0]["actions"][0]["done"] is False
        assert listed["clock_actions"][0]["id"] == "clock:tomorrow-0900"
        answer = await slack.ui("world", id="acme:merge")
        assert answer == {"ok": True, "message": "Two vendors are one now."}
        await until(lambda: "world" in dana.kinds())
        listed = (await slack.http.get("/_ui/world")).json()
        assert listed["groups"][0]["actions"][0]["done"] is True
        assert (await slack.ui("world", id="clock:tomorrow-0900"))["error"] == "action_failed"
        assert (await slack.ui("world", id="nope"))["error"] == "unknown_action"


async def test_a_stand_in_alone_has_an_empty_panel(slack: Slack) -> None:
    listed = (await slack.http.get("/_ui/world")).json()
    assert (listed["groups"], listed["clock_actions"]) == ([], [])
    assert (await slack.ui("world", id="x"))["error"] == "unknown_action"


async def test_the_pages_files_come_with_types_and_a_strict_policy(
    slack: Slack, tmp_path: Path
) -> None:
    page = tmp_path / "page"
    (page / "js").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html><title>x</title>")
    (page / "js" / "main.js").write_text("export {};")
    (page / "notes.txt").write_text("not for the page")
    (tmp_path / "secret.js").write_text("outside")
    app = create_slack_app(
        small_world(),
        clock=slack.clock,
        log=slack.log,
        faults=slack.server.faults,
        page=page,
    )
    async with serve(app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        index = await http.get("/")
        script = await http.get("/static/js/main.js")
        missing = [
            (await http.get(f"/static/{name}")).status_code
            for name in ("none.js", "notes.txt", "..%2fsecret.js", "js")
        ]
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    policy = index.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert missing == [404, 404, 404, 404]
    assert slack.log.entries() == []
