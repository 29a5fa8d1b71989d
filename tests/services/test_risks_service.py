"""Risks are read after a full check, with nothing read twice, and only where they are on."""

import pytest

from bot.domain import facets
from bot.domain.catalogue import risks
from bot.domain.customer import Customer
from bot.domain.model import Cause, Gate, Snapshot
from bot.domain.progress import STANDING
from bot.domain.records import QboCompany
from bot.services.changes import Since
from bot.services.errors import UserError
from tests.services.world import CASEY, STAFF, World, reminders, sydney

NEW = {"qbo.vendors", "qbo.employees", "qbo.company", "qbo.preferences"}


async def full(world: World, acme: Customer) -> None:
    """A full check with what follows it."""
    world.do.checks.then(world.do.risks.follow)
    await world.do.checks.run(acme.id, None, CASEY)
    await world.do.drain()


async def found(world: World, acme: Customer) -> dict[str, str]:
    report = (await world.do.customers.view(acme.id)).report
    return {s.requirement.id: s.kind.value for s in report.risks}


async def test_a_full_check_is_followed_by_the_risks_and_reads_nothing_twice(
    world: World, acme: Customer
) -> None:
    world.source.put(facets.COMPANY, QboCompany("QuickBooks Online Essentials", "PAID"))
    await full(world, acme)
    first, second = world.source.calls
    assert set(second.facets) == NEW
    assert not set(first.facets) & set(second.facets)
    kinds = await found(world, acme)
    assert kinds["risk-plan"] == "unmet"
    assert kinds["risk-subscription"] == "verified"
    assert await world.gate() is Gate.READY


async def test_one_item_reads_no_risk(world: World, acme: Customer) -> None:
    world.do.checks.then(world.do.risks.follow)
    await world.do.checks.run(acme.id, ["cost-code-coverage"], CASEY)
    await world.do.drain()
    assert len(world.source.calls) == 1
    assert await found(world, acme) == {}


async def test_what_could_not_be_read_by_the_check_is_not_asked_for_again(
    world: World, acme: Customer
) -> None:
    world.source.fail(facets.VENDORS, "Procore is down.", Cause.UNREACHABLE)
    await full(world, acme)
    assert set(world.source.calls[1].facets) == NEW
    assert (await found(world, acme))["risk-name-taken"] == "unknown"


async def test_a_look_that_breaks_is_logged_and_one_at_nobody_is_not(
    world: World, acme: Customer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.do.risks.follow(404, Snapshot())
    await world.do.drain()
    assert {record.levelname for record in caplog.records} <= {"INFO"}

    async def broken(*_: object, **__: object) -> Snapshot:
        raise KeyError("a facet")

    monkeypatch.setattr(world.source, "read", broken)
    world.do.risks.follow(acme.id, Snapshot())
    await world.do.drain()
    assert "could not be looked at" in caplog.text


async def test_switched_off_they_are_neither_read_nor_shown(world: World, acme: Customer) -> None:
    await full(world, acme)
    await world.do.risks.switch(acme.id, STAFF, "risks", on=False)
    assert await found(world, acme) == {}
    world.source.calls.clear()
    await full(world, acme)
    assert len(world.source.calls) == 1
    await world.do.risks.switch(acme.id, STAFF, "risks", on=True)
    assert "risk-plan" in await found(world, acme)
    assert await world.lines("risks off", "risks on") == ["risks", "risks"]
    with pytest.raises(UserError, match="on already"):
        await world.do.risks.switch(acme.id, STAFF, "risks", on=True)


async def test_one_that_is_off_saves_its_read(world: World, acme: Customer) -> None:
    resting = [risk.id for risk in risks() if facets.COMPANY in risk.needs]
    for item in resting:
        await world.do.risks.switch(acme.id, STAFF, item, on=False)
    await full(world, acme)
    assert set(world.source.calls[1].facets) == NEW - {"qbo.company"}
    assert not set(resting) & (await found(world, acme)).keys()


async def test_a_reminder_never_names_a_risk(world: World, acme: Customer) -> None:
    world.break_codes()
    world.source.put(facets.COMPANY, QboCompany("QuickBooks Online Essentials", "EXPIRED"))
    await full(world, acme)
    report = (await world.do.customers.view(acme.id)).report
    assert {s.requirement.id for s in report.open_items} == {"cost-code-coverage"}
    assert {s.requirement.id for s in report.risks_open} == {"risk-plan", "risk-subscription"}


async def test_a_risk_that_stands_otherwise_is_among_what_changed(
    world: World, acme: Customer
) -> None:
    """Looked at for the first time it is no change; from then on each change leaves a line."""
    world.source.put(facets.COMPANY, QboCompany("QuickBooks Online Essentials", "TRIAL"))
    world.break_codes()
    await full(world, acme)
    for since in Since:
        assert not any("risk: " in one for one in await sentences(world, acme, since))
    world.clock.set(sydney(24))
    assert len(await reminders(world)) == 1
    world.source.put(facets.COMPANY, QboCompany("QuickBooks Online Plus", "TRIAL"))
    await full(world, acme)
    for since in Since:
        assert "Done: risk: plan, unmet → verified" in await sentences(world, acme, since)
    await full(world, acme)
    assert not any("plan" in one for one in await sentences(world, acme, Since.RUN))
    assert await world.lines(STANDING) == ["risk-plan: unmet → verified"]


async def sentences(world: World, acme: Customer, since: Since) -> list[str]:
    return [one.sentence for one in (await world.do.changes.since(acme.id, since)).items]
