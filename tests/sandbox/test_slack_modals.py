"""Modals, external selects and the Home tab, driven with slack_bolt's own app."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from tests.sandbox.slack_kit import (
    ACME,
    DANA,
    SAM,
    Slack,
    button,
    code_of,
    modal,
    row,
    section,
    text_input,
    until,
)

Json = dict[str, Any]


async def _open_modal(straight: Slack, app: AsyncApp, user: str, view: Json) -> Json:
    """Let a person's click open a view, and return it."""
    opened: list[Json] = []

    @app.action("open")
    async def open_view(ack: Any, body: Json, client: Any) -> None:
        await ack()
        answer = await client.views_open(trigger_id=body["trigger_id"], view=view)
        opened.append(answer["view"])

    posted = await straight.client.chat_postMessage(
        channel=ACME, text="x", blocks=[row(button("open"))]
    )
    await straight.click(user, posted["ts"], "open")
    await until(lambda: opened)
    return opened[0]


async def test_a_submission_from_outside_names_the_persons_team_and_what_was_entered(
    straight: Slack,
) -> None:
    app, seen = straight.bolt(), list[Json]()

    @app.view("form")
    async def submitted(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    async with straight.connected(app):
        view = await _open_modal(straight, app, DANA, modal(text_input("note"), text_input("why")))
        state = {
            "note": {"value": {"type": "plain_text_input", "value": "done"}},
            "forged": {"value": {"type": "plain_text_input", "value": "x"}},
        }
        body = {"persona": DANA, "view_id": view["id"]}
        answer = await straight.ui("submit", **body, state=state)
        assert answer["errors"] == {"why": "Please complete this required field."}
        assert seen == []
        state["why"] = {"value": {"type": "plain_text_input", "value": "it is"}}
        assert (await straight.ui("submit", persona=SAM, view_id=view["id"]))["ok"] is False
        answer = await straight.ui("submit", **body, state=state)
    assert (answer["ok"], answer["response_action"]) == (True, None)
    payload = seen[0]
    assert payload["team"]["id"] == payload["user"]["team_id"] == "T0ACME"
    assert payload["view"]["app_installed_team_id"] == "T0INTERFY"
    assert payload["view"]["state"]["values"] == {
        "note": {"value": {"type": "plain_text_input", "value": "done"}},
        "why": {"value": {"type": "plain_text_input", "value": "it is"}},
    }
    assert straight.server.interactions.stack(DANA) == []


@pytest.mark.parametrize(
    ("response", "stack"),
    [
        ({"response_action": "clear"}, []),
        ({"response_action": "errors", "errors": {"note": "No"}}, ["Form"]),
        (
            {"response_action": "update", "view": modal(title={"type": "plain_text", "text": "B"})},
            ["B"],
        ),
        (
            {"response_action": "push", "view": modal(title={"type": "plain_text", "text": "B"})},
            ["Form", "B"],
        ),
    ],
    ids=lambda value: value.get("response_action") if isinstance(value, dict) else "",
)
async def test_an_acknowledgement_may_steer_the_modal(
    straight: Slack, response: Json, stack: list[str]
) -> None:
    app = straight.bolt()

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**response)

    async with straight.connected(app):
        view = await _open_modal(straight, app, SAM, modal(text_input("note", optional=True)))
        answer = await straight.ui("submit", persona=SAM, view_id=view["id"], state={})
    assert answer["response_action"] == response["response_action"]
    assert answer.get("errors") == response.get("errors")
    titles = [one["title"]["text"] for one in straight.server.interactions.stack(SAM)]
    assert titles == stack


async def test_a_view_that_slack_refuses_in_an_answer_is_a_visible_failure(straight: Slack) -> None:
    app = straight.bolt()

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(response_action="update", view=modal(section("x" * 3001)))

    async with straight.connected(app):
        view = await _open_modal(straight, app, SAM, modal(text_input("note", optional=True)))
        answer = await straight.ui("submit", persona=SAM, view_id=view["id"], state={})
    assert answer["ok"] is False
    assert straight.delivered("toast")[0]["text"] == "We had some trouble connecting. Try again?"
    assert straight.delivered("bad_response")[0]["error"] == "invalid_arguments"


async def test_three_modals_lie_on_one_another_and_no_fourth(straight: Slack) -> None:
    app, results = straight.bolt(), list[str]()

    @app.action("more")
    async def more(ack: Any, body: Json, client: Any) -> None:
        await ack()
        view = modal(row(button("more")))
        answer = client.views_push(trigger_id=body["trigger_id"], view=view)
        if len(results) == 2:
            results.append(await code_of(answer))
        else:
            results.append((await answer)["view"]["id"])

    async with straight.connected(app):
        view = await _open_modal(straight, app, SAM, modal(row(button("more"))))
        top = view["id"]
        for number in range(1, 4):
            source = {"type": "view", "view_id": top}
            answer = await straight.ui(
                "action", persona=SAM, source=source, block_id="row", action_id="more"
            )
            assert answer["ok"]
            await until(lambda wanted=number: len(results) == wanted)
            top = results[-1]
    assert results[2] == "push_limit_reached"
    stack = straight.server.interactions.stack(SAM)
    assert [one["previous_view_id"] for one in stack] == [None, view["id"], results[0]]


async def test_an_update_keeps_what_was_entered_and_refuses_an_old_hash(straight: Slack) -> None:
    app = straight.bolt()
    async with straight.connected(app):
        view = await _open_modal(straight, app, SAM, modal(text_input("note"), row(button("x"))))
    entered = {"note": {"value": {"type": "plain_text_input", "value": "half a"}}}
    straight.server.delivery.ack_seconds = 0.01
    await straight.ui(
        "action",
        persona=SAM,
        source={"type": "view", "view_id": view["id"]},
        block_id="row",
        action_id="x",
        state=entered,
    )
    fresh = modal(text_input("note"), text_input("why"))
    updated = await straight.client.views_update(view_id=view["id"], hash=view["hash"], view=fresh)
    assert updated["view"]["id"] == view["id"]
    values = updated["view"]["state"]["values"]
    assert [values[one]["value"]["value"] for one in ("note", "why")] == ["half a", None]
    stale = straight.client.views_update(view_id=view["id"], hash=view["hash"], view=fresh)
    assert await code_of(stale) == "hash_conflict"
    assert await code_of(straight.client.views_update(view_id="V0", view=fresh)) == "not_found"


async def test_closing_a_modal_tells_the_app_that_asked_to_know(straight: Slack) -> None:
    app, closed = straight.bolt(), list[Json]()

    @app.view_closed("form")
    async def gone(ack: Any, body: Json) -> None:
        await ack()
        closed.append(body)

    async with straight.connected(app):
        view = await _open_modal(straight, app, SAM, modal(notify_on_close=True))
        assert (await straight.ui("close", persona=SAM, view_id=view["id"]))["ok"]
    assert closed[0]["view"]["id"] == view["id"]
    assert straight.server.interactions.stack(SAM) == []


async def test_an_external_select_asks_the_app_for_its_options(straight: Slack) -> None:
    app, asked = straight.bolt(), list[Json]()

    @app.options("target")
    async def options(ack: Any, body: Json) -> None:
        asked.append(body)
        option = {"text": {"type": "plain_text", "text": "Concrete"}, "value": "5"}
        await ack(options=[option])

    async with straight.connected(app):
        element = {"type": "external_select", "action_id": "target", "min_query_length": 0}
        posted = await straight.client.chat_postMessage(
            channel=ACME, text="x", blocks=[row(element)]
        )
        answer = await straight.ui(
            "options",
            persona=DANA,
            source={"type": "message", "channel": ACME, "ts": posted["ts"]},
            block_id="row",
            action_id="target",
            value="con",
        )
    assert answer["options"][0]["text"]["text"] == "Concrete"
    assert (asked[0]["value"], asked[0]["user"]["team_id"]) == ("con", "T0ACME")


async def test_opening_the_home_tab_lets_the_app_publish_it(straight: Slack) -> None:
    app, opened = straight.bolt(), list[Json]()

    @app.event("app_home_opened")
    async def home(event: Json, client: Any) -> None:
        opened.append(event)
        view = {"type": "home", "blocks": [section("Onboardings")]}
        await client.views_publish(user_id=event["user"], view=view)

    async with straight.connected(app):
        first = (await straight.http.get("/_ui/home", params={"persona": SAM})).json()
        await until(lambda: straight.delivered("home"))
        outside = (await straight.http.get("/_ui/home", params={"persona": DANA})).json()
        second = (await straight.http.get("/_ui/home", params={"persona": SAM})).json()
        await until(lambda: len(opened) == 2)
    assert first["view"] is None
    assert second["view"]["blocks"][0]["text"]["text"] == "Onboardings"
    assert (outside["view"], "work in progress" in outside["note"]) == (None, True)
    assert [one["user"] for one in opened] == [SAM, SAM]
