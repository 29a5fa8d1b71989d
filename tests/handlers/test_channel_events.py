"""What happens to channels, as Slack tells it over the socket; and linking them."""

import json
from dataclasses import replace

from bot.domain.customer import CardRef, Channel
from tests.handlers.kit import Bot, shown, text_entry
from tests.sandbox.slack_kit import ACME, BOT, DANA, GENERAL, GUEST, OLD, SAM, SUPPORT


async def follow(bot: Bot, **edits: object) -> None:
    """Change the world, and wait for what the bot makes of it."""
    await bot.slack.edit(**edits)
    await bot.settle()
    await bot.services.sender.pump()


async def edit_channel(bot: Bot, channel: str = ACME, **edits: object) -> None:
    await follow(bot, channels=[{"id": channel, **edits}])


async def look_around(bot: Bot, days: int = 0) -> None:
    """What the bot looks at once a day, and what comes of it."""
    if days:
        bot.slack.later(days=days)
    await bot.app.look_around()
    await bot.settle()
    await bot.services.sender.pump()


async def channels(bot: Bot, customer_id: int = 1) -> list[Channel]:
    return list((await bot.services.customers.view(customer_id)).channels)


async def story(bot: Bot) -> list[str]:
    return [entry.action for entry in await bot.services.customers.history(1)]


async def told(bot: Bot) -> str:
    """The newest line in the support channel."""
    return await bot.last(SAM, SUPPORT)


async def test_an_archived_channel_rests_and_goes_on_when_it_is_back(bot: Bot) -> None:
    """Staff hear of both once; the customer's other channel stands in meanwhile."""
    await edit_channel(bot, is_archived=True, by=SAM)
    assert (await channels(bot))[0].closed == "archived"
    assert "was archived" in await told(bot)
    assert "`/onboard link acme`" in await told(bot)
    await edit_channel(bot, is_archived=False, by=SAM)
    assert (await channels(bot))[0].closed == ""
    assert "takes messages again" in await told(bot)
    assert (await story(bot))[:2] == ["opened", "archived"]


async def test_a_channel_made_private_is_followed_by_its_other_events(bot: Bot) -> None:
    """Private channels have events of their own names."""
    await edit_channel(bot, is_private=True)
    await edit_channel(bot, name="acme-quietly")
    await edit_channel(bot, is_archived=True)
    assert (await story(bot))[:2] == ["archived", "channel renamed"]


async def test_a_channel_made_private_is_seen_within_a_day_and_said_once(bot: Bot) -> None:
    """Slack tells an app that reads no messages nothing of it; the bot works on meanwhile."""
    await look_around(bot)
    assert (await channels(bot))[0].kind == "public"
    before = await bot.read(SAM, SUPPORT)
    await edit_channel(bot, is_private=True)
    await look_around(bot)
    assert await bot.read(SAM, SUPPORT) == before, "each channel is looked at once a day"
    for _ in range(2):
        bot.slack.later(days=1)
        await look_around(bot)
    assert (await bot.read(SAM, SUPPORT))[len(before) :] == [await told(bot)]
    assert f"<#{ACME}>, the channel of Acme, is private now" in await told(bot)
    assert (await story(bot))[0] == "private"
    assert "Acme" in await bot.say(DANA, "@OneCore status")


async def test_a_channel_made_public_is_seen_at_the_next_event(bot: Bot) -> None:
    """Whatever happens to it next has Slack asked about the channel itself, too."""
    await edit_channel(bot, is_private=True)
    await look_around(bot)
    await edit_channel(bot, is_private=False)
    await edit_channel(bot, name="acme-openly")
    assert (await story(bot))[:2] == ["public", "channel renamed"]
    assert "is public now: everybody in your workspace can find" in await told(bot)


async def test_what_no_event_told_is_seen_on_the_next_look(bot: Bot) -> None:
    """Events can be lost: out of it, archived, shared with nobody any more, and back again."""
    channel = bot.slack.server.state.channels[ACME]
    channel.is_archived = True
    await look_around(bot)
    assert (await channels(bot))[0].closed == "archived"
    channel.is_archived, shared_with = False, channel.shared_with
    channel.shared_with = []
    await look_around(bot, days=1)
    found = (await channels(bot))[0]
    assert (found.closed, found.team_id) == ("", "")
    assert "no longer shared" in await told(bot)
    channel.shared_with = shared_with
    await look_around(bot, days=1)
    assert (await channels(bot))[0].team_id == "T0ACME"
    channel.members.remove(BOT)
    await look_around(bot, days=1)
    assert (await channels(bot))[0].closed == "left"
    assert "`/invite @OneCore`" in await told(bot)


async def test_a_pending_invitation_is_named_and_its_acceptance_told(bot: Bot) -> None:
    """Who is only invited reads nothing yet, so the channel is not taken for shared."""
    bot.slack.server.join(bot.slack.server.state.channels[GENERAL], BOT)
    await bot.services.customers.create("Bondi Build", SAM)
    await follow(bot, channels=[{"id": GENERAL, "invite": "T0ACME"}])
    assert "isn't accepted yet" in await bot.say(SAM, "/onboard link bondi-build", GENERAL)
    await look_around(bot)
    assert (await channels(bot, 2))[0].team_id == ""
    await edit_channel(bot, GENERAL, share_with="T0ACME")
    assert (await channels(bot, 2))[0].team_id == "T0ACME"
    assert "the channel of Bondi Build, is shared with another workspace now" in await told(bot)


async def test_slack_that_does_not_answer_changes_nothing(bot: Bot) -> None:
    before = await channels(bot)
    said = {"kind": "body", "status": 500, "body": {"ok": False, "error": "internal_error"}}
    rule = {"match": {"path": "conversations.info"}, "fault": said}
    answer = await bot.slack.http.post("/_world/faults", json=rule)
    assert answer.status_code == 200
    await look_around(bot)
    (now,) = await channels(bot)
    assert replace(now, looked_at=None) == before[0]


async def test_a_deleted_channel_takes_no_messages(bot: Bot) -> None:
    await edit_channel(bot, deleted=True)
    assert (await channels(bot))[0].closed == "deleted"
    assert "was deleted" in await told(bot)


async def test_the_bot_put_out_and_let_in_again(bot: Bot) -> None:
    """Only the bot's own coming and going matters."""
    before = len(await bot.read(SAM, SUPPORT))
    await follow(bot, memberships=[{"channel": ACME, "user": DANA, "joined": False}])
    await follow(bot, memberships=[{"channel": ACME, "user": DANA}])
    assert len(await bot.read(SAM, SUPPORT)) == before
    await follow(bot, memberships=[{"channel": ACME, "user": BOT, "joined": False}])
    assert (await channels(bot))[0].closed == "left"
    assert "`/invite @OneCore`" in await told(bot)
    await follow(bot, memberships=[{"channel": ACME, "user": BOT}])
    assert (await channels(bot))[0].closed == ""


async def test_shared_and_unshared(bot: Bot) -> None:
    await edit_channel(bot, unshare_with="T0ACME")
    assert (await channels(bot))[0].team_id == ""
    assert "no longer shared" in await told(bot)
    await edit_channel(bot, share_with="T0ACME")
    assert (await channels(bot))[0].team_id == "T0ACME"
    assert "is shared with another workspace" in await told(bot)


async def test_everything_moves_with_a_channels_id(carded: Bot) -> None:
    """The card is the same message and is kept true; what is said there works."""
    ts = (await carded.card())["ts"]
    await edit_channel(carded, new_id="C0ACMENEW")
    assert await carded.services.customers.card(1) == CardRef(1, "C0ACMENEW", ts)
    assert "another id" in await told(carded)
    await carded.say(DANA, "@OneCore done qbo-support-user", "C0ACMENEW")
    card = next(m for m in await carded.slack.seen(DANA, "C0ACMENEW") if m["ts"] == ts)
    assert f"attested by <@{DANA}>" in shown(card)


async def test_a_channel_of_nobody_is_nobodys_news(bot: Bot) -> None:
    before = await bot.read(SAM, SUPPORT)
    await edit_channel(bot, OLD, is_archived=False)
    await edit_channel(bot, OLD, name="older")
    assert await bot.read(SAM, SUPPORT) == before


async def test_removed_from_slack_it_rests_and_goes_on_after_the_next_installation(
    bot: Bot,
) -> None:
    """Nothing is lost and nothing is tried meanwhile; a late event of an older one is harmless."""
    installation = bot.services.installation
    pump = installation.while_installed(bot.services.sender.pump)
    await bot.slack.edit(uninstall=True)
    await bot.settle()
    assert not await installation.is_installed()
    await bot.services.decisions.stuck(1, DANA, "Where is everybody?")
    assert await pump() == 0
    assert await bot.app.look_again() == 0
    await bot.slack.edit(reinstall=True)
    assert await bot.app.look_again() == 1
    assert await installation.is_installed()
    assert await pump() == 1
    assert "Where is everybody?" in await told(bot)


async def test_whoever_invites_the_bot_is_asked_whose_channel_it_is(bot: Bot) -> None:
    """By modal: start a customer here, or link one; only the inviter sees the question."""
    general = bot.slack.server.state.channels[GENERAL]
    bot.slack.server.join(general, BOT, SAM)
    await bot.settle()
    assert "Whose channel is this?" in await bot.last(SAM, GENERAL)
    await bot.services.customers.create("Bondi Build", SAM)
    await bot.press(SAM, "link_form", GENERAL)
    asked = await bot.slack.ui(
        "options",
        persona=SAM,
        source={"type": "view", "view_id": bot.form(SAM)["id"]},
        block_id="customer",
        action_id="customer",
        value="bond",
    )
    assert [one["value"] for one in asked["options"]] == ["bondi-build"]
    chosen = {"type": "external_select", "selected_option": asked["options"][0]}
    view = bot.form(SAM)
    state = {"customer": {"customer": chosen}}
    assert (await bot.slack.ui("submit", persona=SAM, view_id=view["id"], state=state))["ok"]
    await bot.settle()
    assert (await channels(bot, 2))[0].channel_id == GENERAL
    assert "isn't shared with another workspace" in await bot.last(SAM, GENERAL)


async def test_invited_by_somebody_who_is_not_staff_the_support_channel_hears_of_it(
    bot: Bot,
) -> None:
    """Whoever invited the bot is answered nothing: whose channel it is, staff decide."""
    general = bot.slack.server.state.channels[GENERAL]
    general.members.append(GUEST)
    before = await bot.read(GUEST, GENERAL)
    bot.slack.server.join(general, BOT, GUEST)
    await bot.settle()
    assert f"<@{GUEST}> invited me to <#{GENERAL}>" in await told(bot)
    assert [text for text in await bot.read(GUEST, GENERAL) if "customer" in text] == before[:0]


async def test_new_without_a_name_opens_the_form_and_links_where_it_was_opened(bot: Bot) -> None:
    bot.slack.server.join(bot.slack.server.state.channels[GENERAL], BOT)
    await bot.slack.say(SAM, "/onboard new", GENERAL)
    await bot.settle()
    await bot.submit(SAM, name=text_entry("Dubbo Drainage"))
    linked = await bot.services.customers.for_channel(GENERAL)
    assert linked is not None
    assert linked.slug == "dubbo-drainage"


async def test_an_archived_channel_is_not_linked(bot: Bot) -> None:
    """Slack takes no message there; a person in it may still have typed before it was frozen."""
    await bot.services.customers.create("Bondi Build", SAM)
    old = bot.slack.server.state.channels[OLD]
    answer = await bot.slack.say(SAM, "/onboard link bondi-build", OLD)
    await bot.settle()
    assert not answer["ok"] or old.is_archived
    assert await bot.services.customers.for_channel(OLD) is None


async def test_a_channel_linked_twice_asks_and_then_changes_hands_cleanly(carded: Bot) -> None:
    """The other customer's card goes, and what waits for it is not posted to strangers."""
    card = await carded.card()
    await carded.services.customers.create("Bondi", SAM)
    answer = await carded.say(SAM, "/onboard link bondi")
    assert "shows acme already" in answer
    assert "Should it show bondi instead?" in answer
    await carded.press(SAM, "suggestion")
    now = await carded.services.customers.for_channel(ACME)
    assert now is not None
    assert now.slug == "bondi"
    assert card["ts"] not in {message["ts"] for message in await carded.slack.seen(DANA)}
    await carded.services.decisions.attest(1, "qbo-support-user", SAM)
    await carded.settle()
    assert "Acme" not in json.dumps((await carded.slack.seen(DANA))[-2:])


async def test_a_second_channel_of_a_customer_says_where_reminders_stay(bot: Bot) -> None:
    bot.slack.server.join(bot.slack.server.state.channels[GENERAL], BOT)
    answer = await bot.say(SAM, "/onboard link acme", GENERAL)
    assert f"Reminders stay in <#{ACME}>" in answer
    first, second = await channels(bot)
    assert (first.channel_id, second.channel_id) == (ACME, GENERAL)
    async with bot.store.transaction() as tx:
        await tx.customers.save_channel(replace(first, closed="left"))
    assert (await channels(bot))[1] == second


async def test_a_click_from_the_customers_side_is_proof_and_one_from_home_is_not(bot: Bot) -> None:
    await bot.say(SAM, "/onboard link acme")
    await bot.press(SAM, "hello")
    assert "Ask somebody at the customer" in await bot.last(SAM)
    await bot.press(DANA, "hello")
    assert "your click reached me" in await bot.last(DANA)
    found = await bot.services.customers.history(1)
    assert [entry.detail for entry in found if entry.action == "hello"] == [
        "from T0ACME",
        "from T0INTERFY",
    ]
