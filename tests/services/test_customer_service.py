"""Starting, linking, finding and listing customers."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain.customer import CardRef, Connection, Customer, Grant, Stuck, Tokens
from bot.domain.lifecycle import Stage
from bot.domain.model import Cause, System
from bot.services.customers import slug_of
from bot.services.errors import UnknownCustomerError, UserError
from bot.services.views import Filter
from tests.services.world import CASEY, HOME, STAFF, World, sydney


async def test_a_new_customer_is_stored_linked_scheduled_and_noted(world: World):
    acme = await world.do.customers.create(" Acme Constructions ", STAFF, HOME, "TACME")
    assert (acme.slug, acme.name, acme.stage) == (
        "acme-constructions",
        "Acme Constructions",
        Stage.PREPARING,
    )
    assert await world.do.customers.for_channel(HOME) == acme
    # It is nine o'clock now: the first reminder comes tomorrow.
    assert acme.next_reminder_at == sydney(24)
    assert await world.get() == acme
    assert await world.lines("new") == ["Acme Constructions"]


async def test_a_taken_name_is_refused_with_the_way_to_the_one_that_has_it(world: World):
    await world.customer("Acme")
    with pytest.raises(UserError, match='called "acme" already') as caught:
        await world.customer("ACME!", "COTHER")
    assert caught.value.suggestion == "status acme"
    assert await world.do.customers.for_channel("COTHER") is None


async def test_a_name_may_be_as_long_as_the_form_lets_it_be(world: World):
    assert (await world.customer("A" * 80)).name == "A" * 80
    with pytest.raises(UserError, match="80 characters and this one has 81"):
        await world.customer("B" * 81, "COTHER")
    assert await world.do.customers.for_channel("COTHER") is None


@pytest.mark.parametrize("name", ["", "  ", "!!!", "日本"])
def test_a_name_without_letters_or_digits_makes_no_customer(name: str):
    with pytest.raises(UserError, match="short name"):
        slug_of(name)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme", "acme"),
        ("O'Brien & Sons Pty. Ltd.", "o-brien-sons-pty-ltd"),
        ("x" * 39 + " " + "y" * 9, "x" * 39),
    ],
)
def test_short_names(name: str, slug: str):
    assert slug_of(name) == slug


async def test_a_channel_of_another_customer_is_refused_and_nothing_is_left_behind(
    world: World, acme: Customer
):
    with pytest.raises(UserError, match="shows acme already"):
        await world.customer("Bondi Build", HOME)
    with pytest.raises(UnknownCustomerError):
        await world.do.customers.find("bondi-build")
    await world.customer("Cairns Civil", "CCAIRNS")
    with pytest.raises(UserError, match="shows cairns-civil already"):
        await world.do.customers.link("acme", "CCAIRNS", "TACME", STAFF)
    found = await world.do.customers.for_channel("CCAIRNS")
    assert found is not None
    assert found.slug == "cairns-civil"


async def test_the_first_channel_is_the_primary_one_and_linking_twice_changes_nothing(world: World):
    acme = await world.customer(channel="")
    await world.do.customers.link("acme", "C1", "TACME", STAFF)
    await world.do.customers.link("acme", "C2", "TACME", STAFF)
    await world.do.customers.link("acme", "C1", "TACME", STAFF)
    channels = (await world.do.customers.view(acme.id)).channels
    assert [(c.channel_id, c.is_primary) for c in channels] == [("C1", True), ("C2", False)]
    assert (await world.lines("link"))[:2] == ["C1", "C2"]


@pytest.mark.parametrize(
    "typed", ["acme-constructions", " ACME-Constructions ", "Acme Constructions"]
)
async def test_a_customer_is_found_by_short_name_or_name_in_any_case(world: World, typed: str):
    acme = await world.customer("Acme Constructions")
    assert await world.do.customers.find(typed) == acme


async def test_a_typo_gets_the_nearest_customer(world: World):
    await world.customer("Acme")
    await world.customer("Bondi Build", "C2")
    with pytest.raises(UnknownCustomerError, match="Did you mean acme") as caught:
        await world.do.customers.find("acmee")
    assert (caught.value.nearest, caught.value.suggestion) == ("acme", "")
    with pytest.raises(UnknownCustomerError, match="`list` shows every customer") as far:
        await world.do.customers.find("zzzzzz")
    assert far.value.nearest == ""


async def test_the_beginning_of_a_word_is_enough_where_only_one_customer_has_it(world: World):
    await world.customer("Acme Constructions")
    await world.customer("Bondi Constructions", "C2")
    for typed in ("acme", "bon"):
        with pytest.raises(UnknownCustomerError, match=f"Did you mean {typed}[a-z]*-construct"):
            await world.do.customers.find(typed)
    for typed in ("co", "nstr", ""):
        with pytest.raises(UnknownCustomerError, match="`list` shows every customer"):
            await world.do.customers.find(typed)


async def test_an_archived_customer_is_found_but_not_suggested_and_not_listed(world: World):
    acme = await world.customer()
    await world.do.decisions.archive(acme.id, STAFF)
    assert (await world.do.customers.find("acme")).stage is Stage.ARCHIVED
    with pytest.raises(UnknownCustomerError, match="`list`"):
        await world.do.customers.find("acmee")
    assert (await world.do.portfolio.show()).rows == ()


async def test_an_unknown_id_is_a_programmers_error(world: World):
    with pytest.raises(KeyError):
        await world.get(99)
    with pytest.raises(KeyError):
        await world.do.customers.view(99)


async def test_a_view_shows_connections_without_their_tokens(world: World, acme: Customer):
    connection = Connection(
        acme.id, System.QBO, "9130", Grant.REFRESH_TOKEN, Tokens("access", "refresh")
    )
    async with world.store.transaction() as tx:
        await tx.connections.put(connection)
    (shown,) = (await world.do.customers.view(acme.id)).connections
    assert shown.external_id == "9130"
    assert shown.tokens == Tokens()


async def test_the_new_card_retires_the_old_one(world: World, acme: Customer):
    assert await world.do.customers.card(acme.id) is None
    assert await world.do.customers.set_card(acme.id, HOME, "1.0") is None
    assert await world.do.customers.set_card(acme.id, HOME, "2.0") == CardRef(acme.id, HOME, "1.0")
    assert await world.do.customers.card(acme.id) == CardRef(acme.id, HOME, "2.0")


async def test_history_comes_newest_first_and_limited(world: World, acme: Customer):
    for number in range(5):
        world.clock.move(minutes=1)
        await world.do.decisions.assign(acme.id, "cost-code-coverage", STAFF, f"U{number}", None)
    newest = await world.do.customers.history(acme.id, 2)
    assert [entry.detail for entry in newest] == [
        "cost-code-coverage to U4",
        "cost-code-coverage to U3",
    ]


async def test_the_portfolio_shows_the_most_stuck_first(world: World):
    for number, name in enumerate(["Paused", "Fresh", "Idle", "Stuck"]):
        await world.customer(name, f"C{number}")
    world.clock.set(sydney(27))
    await world.change(2, last_movement_at=world.clock.now())
    await world.change(4, stuck=Stuck(CASEY, world.clock.now(), "?"))
    await world.do.decisions.pause(1, STAFF)
    rows = (await world.do.portfolio.show()).rows
    assert [row.customer.name for row in rows] == ["Stuck", "Idle", "Fresh", "Paused"]
    by_name = {row.customer.name: row for row in rows}
    assert by_name["Idle"].idle_working_days == 4
    assert by_name["Fresh"].idle_working_days == 0
    assert by_name["Idle"].channel_id == "C2"
    assert (by_name["Idle"].required_met, by_name["Idle"].required_total) == (0, 5)


async def test_a_filter_shows_its_own_and_the_counts_are_of_everybody(world: World):
    for number, name in enumerate(["Ready", "Idle", "Stuck", "Fresh"], 1):
        await world.customer(name, f"C{number}")
    world.clock.move(days=20)
    moved = world.clock.now()
    await world.change(1, stage=Stage.READY, last_movement_at=moved)
    await world.change(3, stuck=Stuck(CASEY, moved, "?"), last_movement_at=moved)
    await world.change(4, last_movement_at=moved, owner=CASEY)
    await world.do.decisions.assign(2, "cost-code-coverage", STAFF, CASEY, None)

    async def names(wanted: Filter) -> list[str]:
        shown = await world.do.portfolio.show(wanted, STAFF)
        assert (shown.open, shown.stuck) == (4, 2)
        assert shown.stages == {Stage.READY: 1, Stage.PREPARING: 3}
        assert shown.found == len(shown.rows)
        return [row.customer.name for row in shown.rows]

    assert await names(Filter.ALL) == ["Stuck", "Idle", "Fresh", "Ready"]
    assert await names(Filter.STUCK) == ["Stuck", "Idle"]
    assert await names(Filter.READY) == ["Ready"]
    assert await names(Filter.MINE) == ["Stuck", "Idle", "Fresh", "Ready"]
    mine = (await world.do.portfolio.show(Filter.MINE, CASEY)).rows
    assert [row.customer.name for row in mine] == ["Idle", "Fresh"]


async def test_a_page_of_the_portfolio_takes_as_many_statements_as_one_line(world: World):
    for number in range(30):
        await world.customer(f"Acme {number}", f"C{number}")
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    heard = world.store._engine.sync_engine, "before_cursor_execute", note
    event.listen(*heard)
    taken = []
    for limit in (1, 20, None):
        statements.clear()
        shown = await world.do.portfolio.show(limit=limit)
        taken.append((len(shown.rows), shown.found, len(statements)))
    event.remove(*heard)
    assert taken == [(1, 30, taken[0][2]), (20, 30, taken[0][2]), (30, 30, taken[0][2])]
    assert taken[0][2] < 10
    last = await world.do.portfolio.show(limit=20, page=9)
    assert (last.before, len(last.rows)) == (20, 10)


async def test_the_portfolio_says_on_whom_a_customer_waits(world: World, acme: Customer):
    async def waiting() -> str:
        return ((await world.do.portfolio.show()).rows)[0].waiting_on

    world.break_codes()
    await world.do.checks.run(acme.id, None, STAFF)
    assert await waiting() == "customer"
    await world.do.decisions.stuck(acme.id, CASEY, "how?")
    assert await waiting() == "Interfy"
    await world.do.decisions.resume(acme.id, STAFF)
    world.mend()
    world.outage()
    await world.do.checks.run(acme.id, None, STAFF)
    assert await waiting() == "a system we can't read"
    world.outage(cause=Cause.NOT_CONNECTED)
    await world.do.checks.run(acme.id, None, STAFF)
    assert await waiting() == "customer"
    world.mend()
    await world.do.checks.run(acme.id, None, STAFF)
    assert await waiting() == "customer"
    await world.do.handoff.request(acme.id, CASEY)
    assert await waiting() == "Interfy"
    await world.do.handoff.accept(acme.id, STAFF)
    assert await waiting() == ""


async def test_idle_days_respect_weekends_and_holidays(world: World, acme: Customer):
    world.holidays.add(sydney(26, "12:00").date())
    world.clock.move(days=7)
    row = ((await world.do.portfolio.show()).rows)[0]
    assert row.idle_working_days == 4
    assert acme.created_at + timedelta(days=7) == world.clock.now()


async def test_the_inbox_takes_each_delivery_once(world: World):
    assert await world.do.inbox.accept("Ev1")
    assert not await world.do.inbox.accept("Ev1")
    assert await world.do.inbox.accept("Ev2")
