"""The Web API, driven by slack_sdk's own client; over a real socket where ``slack`` is asked."""

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack_kit import (
    ACME,
    BOT,
    CASEY,
    DANA,
    GENERAL,
    OLD,
    SAM,
    SECRET,
    STRANGER,
    SUPPORT,
    Slack,
    button,
    code_of,
    refused,
    row,
    running,
    section,
)


async def test_auth_test_names_the_home_workspace_and_the_bot(slack: Slack) -> None:
    answer = await slack.client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (
        "T0INTERFY",
        BOT,
        "B0ONECORE",
    )
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "not_authed"),
        ({"authorization": "Bearer xoxb-wrong"}, "invalid_auth"),
    ],
)
async def test_a_missing_or_unknown_token_is_refused(
    slack: Slack, headers: dict[str, str], code: str
) -> None:
    answer = await slack.http.post("/api/auth.test", headers=headers)
    assert answer.json() == {"ok": False, "error": code}


async def test_the_token_may_come_in_a_form_field(slack: Slack) -> None:
    answer = await slack.http.post("/api/auth.test", data={"token": slack.server.state.bot_token})
    assert answer.json()["ok"]


async def test_a_json_body_is_read_like_a_form(slack: Slack) -> None:
    headers = {"authorization": f"Bearer {slack.server.state.bot_token}"}
    body = {"channel": ACME, "text": "a", "blocks": [section("a")]}
    answer = await slack.http.post("/api/chat.postMessage", json=body, headers=headers)
    assert answer.json()["message"]["blocks"][0]["type"] == "section"


async def test_an_unknown_method_and_broken_json_are_named(slack: Slack) -> None:
    headers = {
        "authorization": f"Bearer {slack.server.state.bot_token}",
        "content-type": "application/json",
    }
    unknown = await slack.http.post("/api/chat.shout", headers=headers, content="{}")
    broken = await slack.http.post("/api/chat.postMessage", headers=headers, content="{")
    assert (unknown.json()["error"], broken.json()["error"]) == ("unknown_method", "invalid_json")


async def test_a_token_without_the_scope_is_told_which_one_it_needs(slack: Slack) -> None:
    granted = (await slack.http.post("/_world/grants", json={"scopes": ["users:read"]})).json()
    client = AsyncWebClient(granted["access_token"], base_url=slack.api)
    error = await refused(client.chat_postMessage(channel=ACME, text="x"))
    assert (error.response["error"], error.response["needed"]) == ("missing_scope", "chat:write")
    assert error.response["provided"] == "users:read"
    assert "email" not in (await client.users_info(user=DANA))["user"]["profile"]


async def test_the_app_token_opens_sockets_and_nothing_else(slack: Slack) -> None:
    client = AsyncWebClient(slack.server.state.app_token, base_url=slack.api)
    assert await code_of(client.auth_test()) == "not_allowed_token_type"
    opened = await client.apps_connections_open(app_token=slack.server.state.app_token)
    assert opened["url"].startswith(slack.url.replace("http", "ws"))


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("#ext-acme", "channel_not_found"),
        (SECRET, "channel_not_found"),
        (GENERAL, "not_in_channel"),
        (OLD, "is_archived"),
        (STRANGER, "channel_not_found"),
    ],
)
async def test_posting_where_the_bot_may_not_is_refused(
    straight: Slack, channel: str, code: str
) -> None:
    assert await code_of(straight.client.chat_postMessage(channel=channel, text="x")) == code


async def test_posting_needs_content_and_keeps_what_was_sent(straight: Slack) -> None:
    empty = straight.client.api_call("chat.postMessage", json={"channel": ACME, "text": " "})
    assert await code_of(empty) == "no_text"
    text = "Smith & Sons <!channel> 3 > 2 &amp;"
    answer = await straight.client.chat_postMessage(channel=ACME, text=text, unfurl_links=True)
    assert answer["message"]["text"] == text
    long = await straight.client.chat_postMessage(channel=ACME, text="x" * 40_001)
    assert len(long["message"]["text"]) == 40_000


async def test_faulty_blocks_are_refused_with_their_pointer(straight: Slack) -> None:
    blocks = [section("fine"), row(button("a", "x" * 76))]
    error = await refused(straight.client.chat_postMessage(channel=ACME, text="t", blocks=blocks))
    assert error.response["error"] == "invalid_blocks"
    assert error.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"
    ]


async def test_blocks_that_are_too_much_together_are_refused(straight: Slack) -> None:
    blocks = [section("x" * 2900) for _ in range(5)]
    call = straight.client.chat_postMessage(channel=ACME, text="t", blocks=blocks)
    assert await code_of(call) == "msg_blocks_too_long"


async def test_an_update_replaces_text_and_blocks_and_marks_the_edit(straight: Slack) -> None:
    posted = await straight.client.chat_postMessage(channel=ACME, text="a", blocks=[section("a")])
    await straight.client.chat_update(channel=ACME, ts=posted["ts"], text="b")
    shown = (await straight.seen(DANA))[-1]
    assert (shown["text"], shown["blocks"], shown["edited"]["user"]) == ("b", [], BOT)
    too_long = straight.client.chat_update(channel=ACME, ts=posted["ts"], text="x" * 4001)
    assert await code_of(too_long) == "msg_too_long"


async def test_only_the_apps_own_messages_can_be_changed(straight: Slack) -> None:
    said = await straight.say(SAM, "mine")
    update = straight.client.chat_update(channel=ACME, ts=said["ts"], text="b")
    assert await code_of(update) == "cant_update_message"
    delete = straight.client.chat_delete(channel=ACME, ts=said["ts"])
    assert await code_of(delete) == "cant_delete_message"
    missing = straight.client.chat_update(channel=ACME, ts="1.000001", text="b")
    assert await code_of(missing) == "message_not_found"


async def test_an_ephemeral_message_is_seen_by_one_person_and_cannot_be_updated(
    straight: Slack,
) -> None:
    posted = await straight.client.chat_postEphemeral(channel=ACME, user=DANA, text="psst")
    assert [one["ephemeral"] for one in await straight.seen(DANA)] == [True]
    assert await straight.seen(CASEY) == []
    assert (await straight.client.conversations_history(channel=ACME))["messages"] == []
    update = straight.client.chat_update(channel=ACME, ts=posted["message_ts"], text="b")
    assert await code_of(update) == "message_not_found"
    outsider = straight.client.chat_postEphemeral(channel=SUPPORT, user=DANA, text="x")
    assert await code_of(outsider) == "user_not_in_channel"


async def test_metadata_is_kept_and_comes_back_on_request(straight: Slack) -> None:
    metadata = {"event_type": "reminder", "event_payload": {"key": "acme:1"}}
    await straight.client.chat_postMessage(channel=ACME, text="a", metadata=metadata)
    plain = await straight.client.conversations_history(channel=ACME)
    full = await straight.client.conversations_history(channel=ACME, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata
    assert straight.delivered("post")[0]["metadata"] == metadata
    bad = straight.client.chat_postMessage(channel=ACME, text="a", metadata={"event_type": "x"})
    assert await code_of(bad) == "invalid_metadata_format"


async def test_history_pages_newest_first_and_leaves_replies_to_the_thread(straight: Slack) -> None:
    stamps = []
    for number in range(5):
        posted = await straight.client.chat_postMessage(channel=ACME, text=str(number))
        stamps.append(posted["ts"])
    await straight.client.chat_postMessage(channel=ACME, text="reply", thread_ts=stamps[0])
    first = await straight.client.conversations_history(channel=ACME, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await straight.client.conversations_history(channel=ACME, limit=3, cursor=cursor)
    texts = [one["text"] for one in [*first["messages"], *rest["messages"]]]
    assert texts == ["4", "3", "2", "1", "0"]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert rest["messages"][-1]["reply_count"] == 1
    thread = await straight.client.conversations_replies(channel=ACME, ts=stamps[0])
    assert [one["text"] for one in thread["messages"]] == ["0", "reply"]
    since = await straight.client.conversations_history(channel=ACME, oldest=stamps[3])
    assert [one["text"] for one in since["messages"]] == ["4"]
    including = await straight.client.conversations_history(
        channel=ACME, oldest=stamps[3], inclusive=True
    )
    assert [one["text"] for one in including["messages"]] == ["4", "3"]


async def test_broadcast_replies_show_in_the_channel_too(straight: Slack) -> None:
    posted = await straight.client.chat_postMessage(channel=ACME, text="card")
    await straight.client.chat_postMessage(
        channel=ACME, text="reminder", thread_ts=posted["ts"], reply_broadcast=True
    )
    history = await straight.client.conversations_history(channel=ACME)
    assert [one["text"] for one in history["messages"]] == ["reminder", "card"]


async def test_a_shared_channel_is_described_as_slack_connect_describes_it(straight: Slack) -> None:
    channel = (await straight.client.conversations_info(channel=ACME))["channel"]
    assert channel["is_ext_shared"]
    assert channel["connected_team_ids"] == ["T0ACME"]
    listed = (await straight.client.conversations_list())["channels"]
    assert all("connected_team_ids" not in one for one in listed)
    assert SECRET not in [one["id"] for one in listed]
    members = (await straight.client.conversations_members(channel=ACME))["members"]
    assert {DANA, CASEY, SAM, BOT} <= set(members)


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("conversations.info", {"channel": ACME}, "channels:read"),
        ("conversations.list", {"types": "public_channel,im"}, "im:read"),
        ("conversations.history", {"channel": ACME}, "channels:history"),
        ("conversations.open", {"users": SAM}, "im:write"),
        ("files.info", {"file": "F1"}, "files:read"),
    ],
)
async def test_each_kind_of_reading_has_its_own_scope(
    straight: Slack, method: str, arguments: dict[str, str], needed: str
) -> None:
    await straight.edit(scopes=[one for one in straight.server.state.app.scopes if one != needed])
    error = await refused(straight.client.api_call(method, params=arguments))
    assert (error.response["error"], error.response["needed"]) == ("missing_scope", needed)


async def test_people_lists_leave_externals_out_but_one_can_ask_for_them(straight: Slack) -> None:
    listed = [one["id"] for one in (await straight.client.users_list())["members"]]
    assert SAM in listed
    assert DANA not in listed
    dana = (await straight.client.users_info(user=DANA))["user"]
    assert (dana["team_id"], dana["is_stranger"]) == ("T0ACME", False)
    assert dana["profile"]["email"] == "dana@t0acme.example"
    assert (await straight.client.users_info(user=STRANGER))["user"]["is_stranger"]
    assert await code_of(straight.client.users_info(user="U0NOBODY")) == "user_not_found"
    found = await straight.client.users_lookupByEmail(email="SAM@t0interfy.example")
    assert found["user"]["id"] == SAM


async def test_user_groups_list_their_people(straight: Slack) -> None:
    groups = (await straight.client.usergroups_list(include_users=True))["usergroups"]
    assert groups[0]["users"] == [SAM, "U0PRIYA"]
    users = await straight.client.usergroups_users_list(usergroup="S0SUPPORT")
    assert users["users"] == [SAM, "U0PRIYA"]


async def test_joining_a_public_channel_lets_the_bot_post_there(straight: Slack) -> None:
    await straight.client.conversations_join(channel=GENERAL)
    assert (await straight.client.chat_postMessage(channel=GENERAL, text="hi"))["ok"]
    assert await code_of(straight.client.conversations_join(channel=SECRET)) == "channel_not_found"


async def test_a_direct_message_opens_once_and_a_stranger_gets_none(straight: Slack) -> None:
    first = await straight.client.conversations_open(users=DANA)
    again = await straight.client.conversations_open(users=[DANA])
    assert first["channel"]["id"] == again["channel"]["id"]
    posted = await straight.client.chat_postMessage(channel=DANA, text="just you")
    assert posted["channel"] == first["channel"]["id"]
    assert await code_of(straight.client.conversations_open(users=STRANGER)) == "user_not_found"


async def test_a_file_is_uploaded_in_three_steps_and_read_by_members_only(
    slack: Slack,
) -> None:
    answer = await slack.client.files_upload_v2(
        channel=SUPPORT, filename="pack.csv", content="a,b\n1,2\n", initial_comment="The pack"
    )
    file_id = answer["file"]["id"]
    info = await slack.client.files_info(file=file_id)
    assert (info["file"]["mimetype"], info["file"]["size"]) == ("text/csv", 8)
    message = (await slack.seen(SAM, SUPPORT))[-1]
    assert (message["text"], message["files"][0]["id"]) == ("The pack", file_id)
    params = {"id": file_id, "persona": SAM}
    assert (await slack.http.get("/_ui/file", params=params)).text == "a,b\n1,2\n"
    params["persona"] = DANA
    assert (await slack.http.get("/_ui/file", params=params)).status_code == 404


async def test_reactions_and_pins_refuse_repeats(straight: Slack) -> None:
    ts = (await straight.client.chat_postMessage(channel=ACME, text="x"))["ts"]
    await straight.client.reactions_add(channel=ACME, timestamp=ts, name="tada")
    again = straight.client.reactions_add(channel=ACME, timestamp=ts, name="tada")
    assert await code_of(again) == "already_reacted"
    await straight.client.pins_add(channel=ACME, timestamp=ts)
    assert await code_of(straight.client.pins_add(channel=ACME, timestamp=ts)) == "already_pinned"
    assert len((await straight.client.pins_list(channel=ACME))["items"]) == 1


async def test_a_permalink_carries_channel_and_moment(straight: Slack) -> None:
    ts = (await straight.client.chat_postMessage(channel=ACME, text="x"))["ts"]
    link = (await straight.client.chat_getPermalink(channel=ACME, message_ts=ts))["permalink"]
    assert link == f"https://interfy.slack.com/archives/{ACME}/p{ts.replace('.', '')}"


async def test_a_channel_takes_a_short_burst_and_then_one_post_a_second() -> None:
    async with running(limits=True) as slack:
        for _ in range(3):
            await slack.client.chat_postMessage(channel=ACME, text="x")
        error = await refused(slack.client.chat_postMessage(channel=ACME, text="x"))
        assert (error.response.status_code, error.response["error"]) == (429, "ratelimited")
        assert error.response.headers["Retry-After"] == "1"
        assert (await slack.client.chat_postMessage(channel=SUPPORT, text="x"))["ok"]
        slack.later(seconds=1)
        assert (await slack.client.chat_postMessage(channel=ACME, text="x"))["ok"]


async def test_a_method_has_the_limit_of_its_tier() -> None:
    async with running(limits=True, wire=False) as slack:
        for _ in range(30):
            await slack.client.users_list()
        error = await refused(slack.client.users_list())
        assert (error.response["error"], error.response.headers["Retry-After"]) == (
            "ratelimited",
            "3",
        )
        assert (await slack.client.auth_test())["ok"]


async def test_an_injected_fault_speaks_slacks_words(slack: Slack) -> None:
    await slack.http.post(
        "/_world/faults",
        json={
            "match": {"path": "chat.postMessage"},
            "fault": {"kind": "status", "status": 429, "headers": {"Retry-After": "7"}},
        },
    )
    error = await refused(slack.client.chat_postMessage(channel=ACME, text="x"))
    assert (error.response["error"], error.response.headers["Retry-After"]) == ("ratelimited", "7")
    assert (await slack.client.chat_postMessage(channel=ACME, text="x"))["ok"]
    await slack.http.post("/_world/faults", json={"fault": {"kind": "revoked_token"}})
    assert await code_of(slack.client.auth_test()) == "token_revoked"


async def test_an_uninstalled_app_is_refused_everywhere(straight: Slack) -> None:
    await straight.edit(uninstall=True)
    assert await code_of(straight.client.auth_test()) == "account_inactive"


async def test_the_log_has_requests_and_messages_in_order_and_no_token(slack: Slack) -> None:
    await slack.client.chat_postMessage(channel=ACME, text="hello")
    answer: httpx.Response = await slack.http.get("/_world/log")
    entries = answer.json()["entries"]
    assert [one["kind"] for one in entries] == ["message", "request"]
    assert (entries[0]["op"], entries[0]["channel"], entries[0]["text"]) == ("post", ACME, "hello")
    assert entries[1]["path"] == "/api/chat.postMessage"
    assert slack.server.state.bot_token not in answer.text
