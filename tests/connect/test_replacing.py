"""People's decisions are about one company: another one does not inherit them, and none is lost."""

import pytest

from bot.domain.customer import Purpose
from bot.domain.model import Attestation, System
from tests.connect.rig import ACME, BIG, BONDI, DANA, INTERFY, LIAM, SMALL, Reading, Rig

CODE, TARGET = "1:2", "account:7"
PUT_AWAY = "1 mapped cost code, 1 “not a duplicate”, 1 record to keep, 1 item marked as done"


async def decide(rig: Rig) -> None:
    """One decision of each kind about QuickBooks, and one about Procore's vendors."""
    now, customer_id = rig.clock.now(), rig.customer.id
    async with rig.core.store.transaction() as tx:
        await tx.decisions.choose(customer_id, CODE, TARGET, "U0DANA", now)
        names = {"1": "Jack Doe", "2": "Jack Doe Jnr"}
        for system in System:
            await tx.decisions.dismiss(customer_id, system, names, "U0DANA", now)
        await tx.decisions.keep(customer_id, System.QBO, "5", frozenset("56"), "U0DANA", now)
        await tx.decisions.attest(customer_id, "qbo-support-user", Attestation("U0DANA", now))


async def standing(rig: Rig) -> tuple[int, int, int, int, int]:
    """How many hold: mappings, QuickBooks' and Procore's dismissals, records to keep, words."""
    async with rig.core.store.transaction() as tx:
        of = rig.customer.id
        reviewed = {system: await tx.decisions.reviewed(of, system) for system in System}
        return (
            len(await tx.decisions.choices(of)),
            len(reviewed[System.QBO].dismissals),
            len(reviewed[System.PROCORE].dismissals),
            len(reviewed[System.QBO].kept),
            len(await tx.decisions.attestations(of)),
        )


async def test_another_realm_puts_decisions_away_and_the_old_one_brings_them_back(rig: Rig):
    """Whoever confirms is told how many; what is about Procore alone stays."""
    await rig.sign_in(System.PROCORE, DANA)
    await rig.sign_in(System.QBO, DANA)
    await decide(rig)
    before = await standing(rig)
    page = await rig.sign_in(System.QBO, LIAM, realm=BONDI)
    assert f"comes back with it: {PUT_AWAY}." in Reading(page).text
    await rig.press(page, "no")
    assert await standing(rig) == before == (1, 1, 1, 1, 1)
    page = await rig.press(await rig.sign_in(System.QBO, LIAM, realm=BONDI), "yes")
    assert f"Put away with the company before, to come back with it: {PUT_AWAY}." in page.text
    await rig.services.drain()
    assert await standing(rig) == (0, 0, 1, 0, 0)
    page = await rig.press(await rig.sign_in(System.QBO, DANA, realm=ACME), "yes")
    assert f"Come back with this company: {PUT_AWAY}." in page.text
    assert await standing(rig) == before
    assert await rig.history("decisions put away") == [f"QuickBooks: {PUT_AWAY}"]
    assert await rig.history("decisions brought back") == [f"QuickBooks: {PUT_AWAY}"]
    async with rig.core.store.transaction() as tx:
        assert await tx.decisions.choices(rig.customer.id) == {CODE: TARGET}


async def test_disconnecting_keeps_them_and_another_company_after_it_puts_them_away(rig: Rig):
    await rig.sign_in(System.QBO, DANA)
    await decide(rig)
    await rig.connect.disconnect(rig.customer.id, System.QBO, Purpose.CUSTOMER, "U0DANA")
    assert await standing(rig) == (1, 1, 1, 1, 1)
    page = await rig.sign_in(System.QBO, LIAM, realm=BONDI)
    assert PUT_AWAY in page.text
    assert await standing(rig) == (0, 0, 1, 0, 0)


async def test_a_mapping_comes_back_only_when_both_its_companies_do(rig: Rig):
    """Put away with the realm; meanwhile Procore is another company too."""
    await rig.sign_in(System.PROCORE, DANA)
    await rig.sign_in(System.QBO, DANA)
    await decide(rig)
    await rig.press(await rig.sign_in(System.QBO, LIAM, realm=BONDI), "yes")
    await rig.press(await rig.sign_in(System.PROCORE, LIAM), "yes")
    assert await standing(rig) == (0, 0, 0, 0, 0)
    await rig.press(await rig.sign_in(System.QBO, DANA), "yes")
    assert await standing(rig) == (0, 1, 0, 1, 1)
    await rig.press(await rig.sign_in(System.PROCORE, DANA), "yes")
    assert await standing(rig) == (1, 1, 1, 1, 1)
    await rig.services.drain()


async def test_the_service_accounts_refusal_says_what_is_at_stake(rig: Rig):
    await rig.sign_in(System.PROCORE, LIAM)
    await decide(rig)
    with pytest.raises(Exception, match="1 mapped cost code, 1 “not a duplicate”"):
        await rig.connect.service_account(rig.customer.id, str(BIG), "U0SAM")
    found = await rig.stored(System.PROCORE)
    assert found is not None
    assert found.external_id == str(SMALL)


async def test_the_support_users_sign_in_moves_nothing(rig: Rig):
    await rig.sign_in(System.QBO, DANA)
    await decide(rig)
    before = await standing(rig)
    await rig.sign_in(System.QBO, INTERFY, Purpose.SUPPORT)
    await rig.connect.disconnect(rig.customer.id, System.QBO, Purpose.SUPPORT, "U0SAM")
    assert await standing(rig) == before
    await rig.services.drain()
