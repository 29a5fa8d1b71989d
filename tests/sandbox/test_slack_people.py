"""What people say and click, as Bolt receives it; over a socket where ``slack`` is asked."""

from typing import Any

from tests.sandbox.slack_kit import (
    ACME,
    BOT,
    DANA,
    GENERAL,
    SAM,
    SUPPORT,
    Slack,
    button,
    code_of,
    keeping,
    modal,
    row,
    section,
    until,
)

Json = dict[str, Any]


def _events(kept: list[Json], kind: str) -> list[Json]:
    return [one for one in kept if one.get("event", {}).get("type") == kind]


async def test_a_command_carries_the_persons_words_with_people_as_references(
    straight: Slack,
) -> None:
    app, seen = straight.bolt(), list[Json]()

    @app.command("/onboard")
    async def onboard(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack("Only you see this")

    async with straight.connected(app):
        assert (await straight.say(SAM, "/onboard assign codes @dana in #general"))["ok"]
    assert seen[0]["text"] == f"assign codes <@{DANA}|dana> in <#{GENERAL}|general>"
    assert (seen[0]["team_id"], seen[0]["channel_id"], seen[0]["user_id"]) == (
        "T0INTERFY",
        ACME,
        SAM,
    )
    assert [one["text"] for one in await straight.seen(SAM)] == ["Only you see this"]
    assert await straight.seen(DANA) == []


async def test_a_command_may_answer_in_the_channel(slack: Slack) -> None:
    app = slack.bolt()

    @app.command("/onboard")
    async def onboard(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="For all", response_type="in_channel")

    async with slack.connected(app):
        await slack.say(SAM, "/onboard status")
        await until(lambda: slack.delivered("post"))
    assert [one["text"] for one in await slack.seen(DANA)] == ["For all"]


async def test_an_external_persons_command_is_refused_in_slacks_words(straight: Slack) -> None:
    app = straight.bolt()
    kept = keeping(app)
    async with straight.connected(app):
        answer = await straight.say(DANA, "/onboard status")
    assert (answer["ok"], answer["error"]) == (False, "not_a_command")
    assert answer["message"].startswith("/onboard is not a valid command. In Slack Connect")
    assert kept == []


async def test_a_command_does_not_work_in_a_thread(straight: Slack) -> None:
    said = await straight.say(SAM, "hello")
    answer = await straight.say(SAM, "/onboard status", thread_ts=said["ts"])
    assert answer["error"] == "not_in_thread"


async def test_a_mention_from_outside_arrives_as_slack_connect_sends_it(straight: Slack) -> None:
    app = straight.bolt()
    kept = keeping(app)

    @app.event("app_mention")
    async def mention(context: Json, say: Any) -> None:
        await say(f"Hello <@{context['user_id']}>")

    @app.event("message")
    async def message() -> None:
        pass

    async with straight.connected(app):
        await straight.say(DANA, "@OneCore help & <!channel>")
        await until(lambda: straight.delivered("post"))
        await until(lambda: _events(kept, "message"))
    mention_body = _events(kept, "app_mention")[0]
    assert mention_body["event"]["text"] == f"<@{BOT}> help &amp; &lt;!channel&gt;"
    assert mention_body["team_id"] == "T0INTERFY"
    assert mention_body["is_ext_shared_channel"]
    assert mention_body["authorizations"][0]["team_id"] == "T0INTERFY"
    assert mention_body["event"]["user_team"] == "T0ACME"
    assert mention_body["event"]["team"] == "T0INTERFY"
    message_body = _events(kept, "message")[0]
    assert (message_body["team_id"], message_body["context_team_id"]) == ("T0ACME", "T0INTERFY")
    assert message_body["event"]["user_team"] == message_body["event"]["source_team"] == "T0ACME"
    assert message_body["event"]["channel_type"] == "channel"


async def test_a_mention_where_the_bot_is_not_reaches_nobody(straight: Slack) -> None:
    app = straight.bolt()
    kept = keeping(app)
    await straight.edit(ack_seconds=0.1)
    async with straight.connected(app):
        await straight.say(SAM, "@OneCore hello", channel=GENERAL)
        await straight.say(SAM, "/onboard help", channel=SUPPORT)
    assert [one.get("command") for one in kept] == ["/onboard"]


async def _post_card(straight: Slack) -> str:
    posted = await straight.client.chat_postMessage(
        channel=ACME, text="card", blocks=[section("card"), row(button("go", value="v1"))]
    )
    return str(posted["ts"])


async def test_a_click_from_outside_names_the_installing_team_and_the_persons_own(
    slack: Slack,
) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="Done", replace_original=False)

    async with slack.connected(app):
        ts = await _post_card(slack)
        assert (await slack.click(DANA, ts, "go"))["ok"]
        await until(lambda: slack.delivered("ephemeral"))
    body = seen[0]
    assert (body["team"]["id"], body["user"]["team_id"]) == ("T0INTERFY", "T0ACME")
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": ACME,
        "is_ephemeral": False,
    }
    assert (body["actions"][0]["value"], body["message"]["text"]) == ("v1", "card")
    assert (await slack.seen(DANA))[-1]["ephemeral"]


async def test_an_ephemeral_messages_click_comes_without_the_message(slack: Slack) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(delete_original=True)

    async with slack.connected(app):
        posted = await slack.client.chat_postEphemeral(
            channel=ACME, user=DANA, text="psst", blocks=[row(button("go"))]
        )
        await slack.click(DANA, posted["message_ts"], "go")
        await until(lambda: slack.delivered("delete"))
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"]
    assert await slack.seen(DANA) == []


async def test_nobody_clicks_in_a_channel_or_message_that_is_not_theirs(straight: Slack) -> None:
    posted = await straight.client.chat_postMessage(
        channel=SUPPORT, text="x", blocks=[row(button("go"))]
    )
    answer = await straight.click(DANA, posted["ts"], "go", channel=SUPPORT)
    assert answer["error"] == "channel_not_found"
    posted = await straight.client.chat_postEphemeral(
        channel=ACME, user=SAM, text="x", blocks=[row(button("go"))]
    )
    answer = await straight.click(DANA, posted["message_ts"], "go")
    assert answer["error"] == "message_not_found"
    answer = await straight.click(SAM, posted["message_ts"], "gone")
    assert answer["error"] == "action_not_found"


async def test_a_click_that_crosses_an_update_arrives_as_the_person_saw_it(straight: Slack) -> None:
    app, seen = straight.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, action: Json) -> None:
        seen.append(action)
        await ack()

    def rows(*values: str) -> list[Json]:
        return [{"type": "actions", "elements": [button("go", value=value)]} for value in values]

    async with straight.connected(app):
        posted = await straight.client.chat_postMessage(
            channel=ACME, text="x", blocks=rows("a", "b")
        )
        stale = posted["message"]["blocks"][0]["block_id"]
        await straight.client.chat_update(channel=ACME, ts=posted["ts"], text="x", blocks=rows("b"))
        source = {"type": "message", "channel": ACME, "ts": posted["ts"]}
        answer = await straight.ui(
            "action", persona=DANA, source=source, block_id=stale, action_id="go"
        )
    assert answer["ok"]
    assert seen[0]["value"] == "a"


async def test_a_response_url_takes_five_posts(straight: Slack) -> None:
    app, seen = straight.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)

    async with straight.connected(app):
        await straight.click(SAM, await _post_card(straight), "go")
    url = seen[0]["response_url"]
    for number in range(5):
        answer = await straight.http.post(url, json={"text": str(number)})
        assert answer.status_code == 200
    answer = await straight.http.post(url, json={"text": "six"})
    assert (answer.status_code, answer.json()["error"]) == (404, "used_url")


async def test_a_response_url_lives_thirty_minutes(straight: Slack) -> None:
    app, seen = straight.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)

    async with straight.connected(app):
        await straight.click(SAM, await _post_card(straight), "go")
    straight.later(minutes=31)
    answer = await straight.http.post(seen[0]["response_url"], json={"text": "late"})
    assert answer.json()["error"] == "expired_url"


async def triggers_of(straight: Slack, *commands: str) -> list[str]:
    """The trigger of each command that Sam types."""
    app, triggers = straight.bolt(), list[str]()

    @app.command("/onboard")
    async def onboard(ack: Any, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    async with straight.connected(app):
        for command in commands:
            await straight.say(SAM, command)
    return triggers


async def test_a_trigger_works_once_and_for_three_seconds(straight: Slack) -> None:
    triggers = await triggers_of(straight, "/onboard one", "/onboard two")
    opened = await straight.client.views_open(trigger_id=triggers[0], view=modal())
    assert opened["view"]["app_installed_team_id"] == "T0INTERFY"
    again = straight.client.views_open(trigger_id=triggers[0], view=modal())
    assert await code_of(again) == "exchanged_trigger_id"
    straight.later(seconds=3.1)
    late = straight.client.views_open(trigger_id=triggers[1], view=modal())
    assert await code_of(late) == "expired_trigger_id"
    wrong = straight.client.views_open(trigger_id="1.2.3", view=modal())
    assert await code_of(wrong) == "invalid_trigger_id"


async def test_a_trigger_lives_as_long_as_the_world_says(straight: Slack) -> None:
    await straight.edit(trigger_seconds=60)
    (trigger,) = await triggers_of(straight, "/onboard one")
    straight.later(seconds=59)
    assert (await straight.client.views_open(trigger_id=trigger, view=modal()))["ok"]
