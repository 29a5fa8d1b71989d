"""Who may do what: the full product of people, actions and customers."""

from collections.abc import Iterator
from itertools import product

from bot.domain.access import (
    FOR_CUSTOMERS,
    FOR_EVERYBODY,
    Action,
    Actor,
    Refusal,
    Standing,
    authorise,
)
from bot.words.refusals import refused

OWN, OTHER = 1, 2
STAFF_ONLY = {
    Action.NEW,
    Action.LINK,
    Action.LIST,
    Action.WAIVE,
    Action.PAUSE,
    Action.RESUME,
    Action.ARCHIVE,
    Action.ACCEPT,
    Action.SEND_BACK,
    Action.DOCTOR,
    Action.RISKS,
    Action.NUDGE,
    Action.PROVE,
}
PLACES = list(product([None, OWN], [None, OWN, OTHER]))


def actor(standing: Standing, linked: int | None) -> Actor:
    return Actor("UCASEY", "TACME", "CEXT" if linked else "", standing, linked)


def wherever() -> Iterator[tuple[Action, int | None, int | None]]:
    """Every action, in every channel, on every customer."""
    return ((action, *place) for action in Action for place in PLACES)


def test_staff_may_do_everything_everywhere():
    turned_away = [
        (action, linked, target)
        for action, linked, target in wherever()
        if not authorise(actor(Standing.STAFF, linked), action, target).allowed
    ]
    assert turned_away == []


def test_other_bots_may_do_nothing():
    for action, linked, target in wherever():
        answer = authorise(actor(Standing.BOT, linked), action, target)
        assert not answer.allowed, (action, linked, target)
        assert answer.refusal, (action, linked, target)


def test_a_member_reaches_the_customer_of_its_channel_and_no_other():
    for action, linked, target in wherever():
        answer = authorise(actor(Standing.MEMBER, linked), action, target)
        own = linked is not None and target == linked
        may = action in FOR_EVERYBODY or (own and action not in STAFF_ONLY)
        assert answer.allowed is may, (action, linked, target)
        assert bool(answer.refusal) is not may, (action, linked, target)


def test_nobody_but_staff_ever_reaches_another_customer():
    """The tenant wall: help and the (empty) Home tab name no customer."""
    known = [None, 1, 2, 3]
    people = [Standing.MEMBER, Standing.BOT]
    reached = [
        (standing, linked, target, action)
        for standing, linked, target, action in product(people, known, known, Action)
        if target != linked and action not in FOR_EVERYBODY
        if authorise(actor(standing, linked), action, target).allowed
    ]
    assert reached == []


def test_what_staff_alone_may_do_is_written_down_here_too():
    assert set(Action) - FOR_CUSTOMERS == STAFF_ONLY
    assert {Action.HELP, Action.HOME} == FOR_EVERYBODY


def test_a_refusal_says_who_can_and_names_nobody():
    for action in STAFF_ONLY:
        why = authorise(actor(Standing.MEMBER, OWN), action, OWN).refusal
        assert why is Refusal.STAFF_ONLY, action
        refusal = refused(why, action)
        assert "Interfy staff" in refusal, action
        assert action.value in refusal, action
        assert "UCASEY" not in refusal, action
        assert "{" not in refusal, action


def test_outside_every_customers_channel_people_are_told_where_to_go():
    why = authorise(actor(Standing.MEMBER, None), Action.STATUS, OTHER).refusal
    assert why is Refusal.NOT_HERE
    assert "in the channel that Interfy shares" in refused(why, Action.STATUS)


def test_a_forged_customer_is_refused_without_saying_whether_it_exists():
    there = authorise(actor(Standing.MEMBER, OWN), Action.STATUS, OTHER).refusal
    nowhere = authorise(actor(Standing.MEMBER, OWN), Action.STATUS, 99_999).refusal
    assert there == nowhere == Refusal.OTHER_CUSTOMER
    assert "only Interfy staff" in refused(Refusal.OTHER_CUSTOMER, Action.STATUS)
