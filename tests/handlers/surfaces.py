"""Every message and view that the builders can make, over every world."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.burndown import Day
from bot.domain.catalogue import catalogue
from bot.domain.customer import HistoryEntry, News, Purpose
from bot.domain.lifecycle import Stage
from bot.domain.model import Gate, StatusKind, System
from bot.domain.progress import Standing
from bot.services import health, notices
from bot.services.burndown import BurnDown
from bot.services.changes import Changes, ItemChange, Since
from bot.services.notices import Line
from bot.services.ports import Busy
from bot.services.recheck import Cooling
from bot.services.views import (
    Change,
    CheckOutcome,
    CustomerView,
    Filter,
    Portfolio,
    PortfolioRow,
    ReminderSettings,
)
from handlers.blocks import card, diagnosis, forms, history, home, modals, notes, signin, talk
from handlers.blocks.base import Message
from handlers.blocks.notices import build_notice
from handlers.blocks.risks import build_risks
from handlers.blocks.spoken import in_words
from handlers.escape import escape
from handlers.ids import ActionId
from handlers.values import FormState, Sealer
from tests.handlers.lists import lists
from tests.handlers.worlds import LONG, NOW, SUPPORT, customer, worlds

SEALED = Sealer("x").seal(FormState("C" * 20, "U" * 20, 10**17, "q" * 40, "1" * 20))
PAGES = (1, 2, 134, 9_999)


def messages() -> Iterator[tuple[str, Message]]:
    """Name and message."""
    for name, view in worlds().items():
        for what, message in _of_a_customer(view):
            yield f"{what}: {name}", message
    for kind, notice in all_notices().items():
        yield f"notice {kind}", build_notice(notice, SUPPORT, "https://x.slack.com/archives/C/p1")
    rows = [row(name=LONG, idle=n) for n in range(300)]
    for wanted in Filter:
        yield f"list {wanted}", talk.build_list(portfolio(rows), wanted)
    yield "empty list", talk.build_list(portfolio([]), Filter.ALL)
    yield "problem", notes.build_problem(escape(LONG) * 5, LONG * 5)
    ill = [health.Line(LONG, state, LONG, LONG) for state in health.State for _ in range(40)]
    yield "diagnosis", diagnosis.build_diagnosis(ill)
    yield "invited", notes.build_invited()
    for news in News:
        notice = notices.ChannelNotice(LONG, "acme", 7, news, "C0ACME")
        yield f"news {news}", build_notice(notice, SUPPORT)
    yield "stale", notes.build_stale("Old.")
    yield "broken", notes.build_broken("7F3K2")
    yield "button", notes.build_button(escape(LONG), ActionId.STUCK, LONG, "7")
    for name, built in lists():
        yield f"in words {name}", in_words(built, "What it says.", "match acme")
    for name, view in worlds().items():
        for status in view.report.statuses[:2]:
            steps = modals.build_how_to_fix(status, SUPPORT, SEALED)
            yield f"fix in words {name}, {status.requirement.id}", in_words(steps, "So.", "fix it")
            found = modals.build_details(status, SUPPORT, SEALED)
            yield f"in words {name}, {status.requirement.id}", in_words(found, "So.", "details it")
        yield f"risks in words {name}", in_words(build_risks(view, SUPPORT, SEALED), "So.", "risks")


def _of_a_customer(view: CustomerView) -> Iterator[tuple[str, Message]]:
    busy = Busy({requirement.id: "page 12 of 41" for requirement in catalogue()})
    settings = ReminderSettings(NOW + timedelta(days=1), on=True, snoozed_until=None)
    entry = HistoryEntry(7, NOW, "U0DANA", "waive", LONG)
    everything = tuple(requirement.id for requirement in catalogue())
    changes = tuple(Change(item, "unmet", "verified", better=True) for item in everything)
    yield "card", card.build_card(view, SUPPORT)
    yield "busy card", card.build_card(view, SUPPORT, busy)
    yield "summary", card.build_card(view, SUPPORT, live=False)
    yield "retired", card.build_retired(view.customer.name, "https://x.slack.com/archives/C/p1")
    yield "first card", talk.build_first_card(view.customer)
    for system in System:
        for purpose in Purpose:
            link = "https://onboard.example/connect/" + "t" * 43
            made = signin.build_link(view.customer, system, purpose, SUPPORT, link, NOW, NOW)
            yield f"link {system} {purpose}", made
    yield "help", talk.build_help(view.customer, "/onboard", staff=True)
    yield "help for others", talk.build_help(None, "@OneCore", staff=False)
    one = talk.build_help_with("connect", "@OneCore", staff=True)
    assert one is not None
    yield "help with one", one
    yield "checked", talk.build_checked(CheckOutcome(view, everything, changes), SUPPORT)
    yield "checked one", talk.build_checked(CheckOutcome(view, everything[:1], ()), SUPPORT)
    cooling = Cooling(view, everything, 4, 6, None)  # type: ignore[arg-type]
    yield "cooling", talk.build_cooling(cooling, SUPPORT)
    yield "too early", talk.build_too_early(view, view.report.open_items, SUPPORT)
    yield "handed over", talk.build_handed_over(view, already=True)
    yield "settings", talk.build_settings(view.customer, settings, NOW)
    yield "changes answer", history.build_changes_answer(view.customer, all_changed())
    yield "history", history.build_history(view.customer, [entry] * 500)


def views() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and view."""
    for name, view in worlds().items():
        for status in view.report.statuses:
            what = f"{name}, {status.requirement.id}"
            for page in PAGES:
                built = modals.build_details(status, SUPPORT, SEALED, page)
                yield f"details {page}: {what}", built
            yield f"fix: {what}", modals.build_how_to_fix(status, SUPPORT, SEALED)
            yield f"done: {what}", forms.build_done_form(status, SUPPORT, SEALED)
            yield f"assign: {what}", forms.build_assign_form(status, SUPPORT, SEALED)
            yield f"waive: {what}", forms.build_waive_form(status, SUPPORT, SEALED)
        yield f"risks: {name}", build_risks(view, SUPPORT, SEALED)
        yield f"stuck: {name}", forms.build_stuck_form(view.customer.name, SEALED)
        yield f"send back: {name}", forms.build_send_back_form(view.customer.name, SEALED)
    drawn = BurnDown(LONG, tuple(Day(NOW.date(), n % 9, n % 7, True) for n in range(300)))
    for since in (Since.REMINDER, "2026-11-12"):
        what = customer(name=LONG), all_changed(), drawn
        yield f"changes {since}", history.build_changes(*what, SEALED, since, LONG)
    yield "new", forms.build_new_form(SEALED)
    yield "link", forms.build_link_form(SEALED)
    yield from lists()
    rows = [row(name=LONG, idle=n) for n in range(300)]
    for wanted in Filter:
        middle = replace(portfolio(rows), before=home.PAGE)
        yield f"home {wanted}", home.build_home(middle, wanted, escape(LONG))
        yield f"empty home {wanted}", home.build_home(portfolio([]), wanted)
    yield "pointer", home.build_pointer()


def all_changed() -> Changes:
    """Every item stands otherwise than before."""
    stood = Standing(StatusKind.UNMET, "19,999 of 20,000"), Standing(StatusKind.NOT_CHECKED)
    items = tuple(ItemChange(known, *stood) for known in catalogue())
    return Changes("the last reminder", NOW, items, Stage.PREPARING, Stage.HANDED_OFF, 9, 9, 9)


def portfolio(rows: Sequence[PortfolioRow]) -> Portfolio:
    return Portfolio(tuple(rows), 2 * len(rows), 2 * len(rows), 1, {Stage.READY: 1})


def row(name: str = "Acme", idle: int = 0, **fields: Any) -> PortfolioRow:
    who = customer(name=name, owner="U0SAM", **fields)
    return PortfolioRow(who, Gate.READY, 3, 6, "customer", idle, "C0ACME")


def line(text: str = LONG) -> Line:
    return Line("cost-code-coverage", text, text, "unmet", "U0CASEY", "2026-11-27")


def all_notices(text: str = LONG) -> dict[str, notices.Notice]:
    """One of each kind, as long as it can be."""
    lines = tuple(line(text) for _ in range(30))
    whose: Any = {"customer": text, "slug": "acme", "customer_id": 7}
    when = datetime(2026, 11, 24, 3, 10, tzinfo=NOW.tzinfo)
    mentions = tuple(f"U0{n:08}" for n in range(40))
    made: list[notices.Notice] = [
        notices.ReminderNotice(
            day="2026-11-23",
            lines=lines,
            changes=(text,) * 20,
            mentions=mentions,
            idle_days=6,
            ready=True,
            **whose,
        ),
        notices.HandoffNotice(
            by="U0CASEY",
            at=when,
            timezone="Australia/Sydney",
            gate="ready with risks",
            required_met=6,
            required_total=6,
            verified=5,
            attested=1,
            waived=0,
            lines=lines,
            risks=lines,
            systems=(text, text),
            days_from_start=11,
            channel_id="C0ACME",
            pack_name=text,
            **whose,
        ),
        notices.PackNotice(parent_key="k", file_name=f"{text}.xlsx", content_base64="", **whose),
        notices.ConfirmationNotice(by="U0CASEY", at=when, timezone="Australia/Sydney", **whose),
        notices.AcceptedNotice(by="U0SAM", **whose),
        notices.SentBackNotice(by="U0SAM", reason=text * 5, **whose),
        notices.ReadyNotice(with_risks=True, **whose),
        notices.ReopenedNotice(lines=lines, **whose),
        notices.StuckNotice(by="U0DANA", why=text * 5, channel_id="C0ACME", **whose),
        notices.HeldNotice(lines=lines, **whose),
        notices.ReconnectNotice(system="qbo", purpose="customer", why=text, **whose),
        notices.ChannelNotice(news=News.LEFT, channel_id="C0ACME", **whose),
        notices.ExpiryNotice(
            system="procore", purpose="support", days=7, day="2026-11-30", **whose
        ),
        notices.DigestNotice(
            week="2026-11-30",
            open=900,
            stuck=1,
            stages=tuple((stage.label, 10**n) for n, stage in enumerate(Stage)),
            waiting=(("customers", 899), ("Interfy", 1)),
            needy=(notices.DigestLine(text, "ready", 3, 6, "customer", 9, True, "C0ACME"),) * 10,
            moved=(text,) * 15,
            moved_count=900,
        ),
        notices.ChartNotice("k", f"{text}.png", text, text, ""),
        notices.ParkedNotice(what="reminder", where="C0ACME", why=text, message=10**12, **whose),
        notices.EscalationNotice(idle_days=21, level=4, lines=lines, channel_id="C0ACME", **whose),
    ]
    return {notice.kind: notice for notice in made}
