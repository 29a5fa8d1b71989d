"""Whole sign-ins: private link, the system's own page, back to ours.

`test_no_token_left`, `test_in_the_demo` and the walks do them over sockets.
"""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from bot.domain.customer import Grant, Purpose
from bot.domain.model import System
from bot.domain.signin import LIFE
from bot.services.errors import UserError
from bot.storage.tables import Row
from tests.connect.rig import (
    ACME,
    BIG,
    BONDI,
    CAIRNS,
    DANA,
    INTERFY,
    LIAM,
    RUTH,
    SMALL,
    Reading,
    Rig,
    running_rig,
)


async def test_quickbooks_is_connected_by_whoever_signs_in(rig: Rig):
    """Realm from the callback, identity from OpenID, history, a check, and what is next."""
    page = await rig.sign_in(System.QBO, DANA)
    assert page.status_code == 200
    said = Reading(page).text
    assert "QuickBooks is connected" in said
    assert "Acme Constructions Pty Ltd" in said
    assert "Next: connect Procore" in said
    found = await rig.stored(System.QBO)
    assert found is not None
    assert (found.external_id, found.connected_by, found.grant) == (ACME, DANA, Grant.REFRESH_TOKEN)
    assert found.account_name == "Acme Constructions Pty Ltd"
    assert found.tokens.refresh_expires_at == rig.clock.now() + timedelta(days=101)
    assert found.tokens.hard_expires_at == rig.clock.now() + timedelta(days=1825)
    assert len(await rig.history("connect")) == 1
    assert await rig.kind("qbo-duplicate-customers") == "verified"
    assert rig.board.shown[-1] == (rig.customer.id, None)


async def test_procore_is_connected_with_pkce(rig: Rig):
    link = await rig.link(System.PROCORE)
    away = await rig.browser.get(link)
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{rig.url}/oauth/procore/callback"]
    page = await rig.sign_in(System.PROCORE, DANA)
    assert "Procore is connected" in page.text
    found = await rig.stored(System.PROCORE)
    assert found is not None
    assert (found.external_id, found.connected_by) == (str(BIG), DANA)
    assert await rig.kind("procore-support-user") == "verified"


@pytest.mark.parametrize("offered", [True, False])
async def test_quickbooks_is_connected_with_pkce_where_it_is_offered(offered: bool):
    async with running_rig(pkce=offered) as rig:
        away = await rig.browser.get(await rig.link(System.QBO))
        asked = parse_qs(urlsplit(away.headers["location"]).query)
        assert asked.get("code_challenge_method") == (["S256"] if offered else None)
        await rig.sign_in(System.QBO, DANA)
        assert await rig.stored(System.QBO) is not None


@pytest.mark.parametrize(
    ("system", "pkce"), [(System.PROCORE, False), (System.QBO, True), (System.QBO, False)]
)
async def test_a_code_slipped_into_another_sign_in_is_refused_by_pkce(system: System, pkce: bool):
    """Each sign-in has its own verifier; the last case shows that nothing else refuses it."""
    realm = {"realm_id": ACME} if system is System.QBO else {}
    async with running_rig(pkce=pkce) as rig:
        theirs = await rig.code_of(await rig.link(system, by="U0RUTH"), email=DANA, **realm)
        away = await rig.browser.get(await rig.link(system))
        state = parse_qs(urlsplit(away.headers["location"]).query)["state"][0]
        path = "procore" if system is System.PROCORE else "quickbooks"
        page = await rig.browser.get(
            f"{rig.url}/oauth/{path}/callback",
            params={"code": theirs, "state": state, "realmId": ACME},
        )
        await rig.services.drain()
        refused = system is System.PROCORE or pkce
        assert ("doesn't accept the sign-in" in Reading(page).text) is refused
        assert (await rig.stored(system) is None) is refused


async def test_a_realm_that_was_changed_on_the_way_back_is_not_connected(rig: Rig):
    """The realm comes in the open; the sign-in has to open that very company."""
    link = await rig.link(System.QBO)
    state = parse_qs(urlsplit((await rig.browser.get(link)).headers["location"]).query)["state"][0]
    code = await rig.code_of(link, email=DANA, realm_id=ACME)
    page = await rig.browser.get(
        f"{rig.url}/oauth/quickbooks/callback",
        params={"code": code, "state": state, "realmId": BONDI},
    )
    assert "QuickBooks wasn't connected" in Reading(page).text
    assert await rig.stored(System.QBO) is None


async def test_a_cancelled_sign_in_changes_nothing(rig: Rig):
    page = await rig.consent(await rig.link(System.QBO), deny="1")
    assert "Nothing was connected" in page.text
    assert await rig.stored(System.QBO) is None


async def test_nothing_on_a_page_is_more_than_text(rig: Rig):
    """Names come from outside; the page is kept by nobody and runs nothing."""
    page = await rig.sign_in(System.PROCORE, LIAM)
    assert "Bondi &lt;Build&gt; &amp; Co" in page.text
    assert "Acme &lt;Co&gt;" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_state_works_once(rig: Rig):
    """The callback's own address, opened a second time."""
    page = await rig.sign_in(System.QBO, DANA)
    again = await rig.browser.get(page.url)
    assert again.status_code == 410
    assert "used already" in again.text
    assert "used already" in (await rig.browser.get(page.url.copy_with(query=page.url.query))).text


async def test_a_link_is_over_after_ten_minutes(rig: Rig):
    link = await rig.link(System.QBO)
    consent = await rig.browser.get(link, follow_redirects=True)
    rig.clock.advance(LIFE)
    late = await rig.browser.get(link)
    assert (late.status_code, "expired" in late.text) == (410, True)
    page = await rig.choose(consent, email=DANA, realm_id=ACME)
    assert "expired" in page.text
    assert await rig.stored(System.QBO) is None


async def test_a_forged_or_foreign_state_is_refused(rig: Rig):
    """Unknown, signed by nobody, or made for the other system."""
    link = await rig.link(System.QBO)
    away = await rig.browser.get(link)
    state = parse_qs(urlsplit(away.headers["location"]).query)["state"][0]
    token = link.rsplit("/", 1)[1]
    for system, forged in (
        ("quickbooks", "nonsense"),
        ("quickbooks", ""),
        ("quickbooks", token),
        ("quickbooks", f"{token}.{'0' * 64}"),
        ("quickbooks", f"{token}.é"),
        ("procore", state),
        ("xero", state),
    ):
        answer = await rig.browser.get(
            f"{rig.url}/oauth/{system}/callback",
            params={"code": "c", "state": forged, "realmId": ACME},
        )
        assert answer.status_code == 404, (system, forged)
        assert "new link" in answer.text
    assert (await rig.browser.get(f"{rig.url}/connect/nonsense")).status_code == 404


async def test_another_persons_browser_cannot_finish(rig: Rig):
    """Somebody is lured to the consent page without ever opening the private link."""
    away = await rig.browser.get(await rig.link(System.QBO))
    async with httpx.AsyncClient() as victim:
        consent = await victim.get(away.headers["location"])
        address, fields = next(f for f in Reading(consent).forms if f[1].get("email") == DANA)
        page = await victim.post(address, data=fields, follow_redirects=True)
    assert page.status_code == 403
    assert "open the private link yourself" in page.text
    assert await rig.stored(System.QBO) is None


async def test_a_login_with_several_companies_is_asked_once(rig: Rig):
    page = await rig.sign_in(System.PROCORE, INTERFY)
    assert "Which one is Acme" in page.text
    assert await rig.stored(System.PROCORE) is None
    done = await rig.press(page, str(SMALL))
    assert "Procore is connected" in done.text
    found = await rig.stored(System.PROCORE)
    assert found is not None
    assert found.external_id == str(SMALL)
    again = await rig.press(page, str(BIG))
    assert again.status_code == 410
    found = await rig.stored(System.PROCORE)
    assert found is not None
    assert found.external_id == str(SMALL)


async def test_a_company_that_was_not_offered_cannot_be_chosen(rig: Rig):
    page = await rig.sign_in(System.PROCORE, INTERFY)
    assert (await rig.press(page, "1")).status_code == 404
    assert await rig.stored(System.PROCORE) is None


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_another_realm_asks_before_it_replaces(rig: Rig, answer: str):
    await rig.connected(System.QBO, DANA)
    page = await rig.sign_in(System.QBO, LIAM, realm=BONDI)
    assert "Replace the QuickBooks company?" in page.text
    found = await rig.stored(System.QBO)
    assert found is not None
    assert found.external_id == ACME
    done = await rig.press(page, answer)
    found = await rig.stored(System.QBO)
    assert found is not None
    assert found.external_id == (BONDI if answer == "yes" else ACME)
    assert ("is connected" if answer == "yes" else "Nothing was replaced") in done.text
    revoked = rig.requests(System.QBO, "/v2/oauth2/tokens/revoke")
    assert [one["status"] for one in revoked] == [200]
    await rig.services.checks.run(rig.customer.id, ["qbo-support-user"], "U0SAM")
    view = await rig.services.customers.view(rig.customer.id)
    finding = view.report.status("qbo-support-user").finding
    assert finding is not None
    assert finding.cause is None


async def test_the_same_company_is_connected_anew_without_asking(rig: Rig):
    await rig.connected(System.QBO, DANA)
    page = await rig.sign_in(System.QBO, INTERFY)
    assert "QuickBooks is connected" in page.text
    found = await rig.stored(System.QBO)
    assert found is not None
    assert found.connected_by == INTERFY


async def test_the_support_users_sign_in_proves_and_is_kept_apart(rig: Rig):
    await rig.sign_in(System.QBO, DANA)
    assert await rig.kind("qbo-support-user") == "unknown"
    page = await rig.sign_in(System.QBO, INTERFY, Purpose.SUPPORT)
    assert "items that this proves" in page.text
    assert await rig.kind("qbo-support-user") == "verified"
    assert await rig.kind("qbo-company-admin") == "verified"
    own = await rig.stored(System.QBO)
    assert own is not None
    assert own.connected_by == DANA


async def test_rights_set_one_by_one_are_proven_by_the_support_users_sign_in(rig: Rig):
    """It sees two companies; the customer's own is taken without asking."""
    await rig.sign_in(System.PROCORE, DANA)
    assert await rig.kind("procore-company-admin") == "unknown"
    page = await rig.sign_in(System.PROCORE, INTERFY, Purpose.SUPPORT)
    assert "Procore is connected" in page.text
    assert await rig.kind("procore-company-admin") == "verified"


@pytest.mark.parametrize("system", System)
async def test_anybody_else_is_no_support_user_and_the_live_sign_in_survives(
    rig: Rig, system: System
):
    await rig.connected(system, DANA)
    page = await rig.sign_in(system, DANA, Purpose.SUPPORT)
    assert page.status_code == 403
    assert f"not as {INTERFY}" in page.text
    assert await rig.stored(system, Purpose.SUPPORT) is None
    rig.clock.advance(timedelta(hours=2))
    item = "procore-support-user" if system is System.PROCORE else "qbo-duplicate-customers"
    await rig.services.checks.run(rig.customer.id, [item], "U0SAM")
    assert await rig.kind(item) == "verified"


async def test_the_support_user_in_another_company_proves_nothing(rig: Rig):
    await rig.connected(System.QBO, DANA)
    page = await rig.sign_in(System.QBO, INTERFY, Purpose.SUPPORT, realm=BONDI)
    assert "another company" in page.text
    assert await rig.stored(System.QBO, Purpose.SUPPORT) is None


async def test_a_service_account_is_connected_where_it_sees_the_company(rig: Rig):
    made = await rig.connect.service_account(rig.customer.id, str(BIG), "U0SAM")
    assert (made.grant, made.account_name) == (Grant.CLIENT_CREDENTIALS, "Acme Constructions")
    await rig.services.drain()
    assert await rig.kind("procore-support-user") == "verified"
    with pytest.raises(UserError, match="doesn't see Procore company 8090"):
        await rig.connect.service_account(rig.customer.id, str(SMALL), "U0SAM")


async def test_a_service_account_replaces_only_when_told_to(rig: Rig):
    await rig.sign_in(System.PROCORE, LIAM)
    with pytest.raises(UserError, match="connected now") as refused:
        await rig.connect.service_account(rig.customer.id, str(BIG), "U0SAM")
    assert refused.value.suggestion == f"connect acme procore service {BIG} replace"
    await rig.connect.service_account(rig.customer.id, str(BIG), "U0SAM", replace=True)
    found = await rig.stored(System.PROCORE)
    assert found is not None
    assert found.external_id == str(BIG)


async def test_a_server_fault_is_a_sentence(rig: Rig):
    rule = {
        "match": {"path": "/oauth2/v1/tokens/bearer"},
        "fault": {"kind": "status", "status": 503},
    }
    await rig.browser.post(f"{rig.sandbox.qbo_url}/_world/faults", json=rule)
    page = await rig.sign_in(System.QBO, DANA)
    assert "reports a fault" in page.text
    assert await rig.stored(System.QBO) is None


async def test_an_address_that_nobody_vouches_for_is_named_as_such_and_proves_nothing(rig: Rig):
    await rig.sign_in(System.QBO, RUTH, realm=CAIRNS)
    found = await rig.stored(System.QBO)
    assert found is not None
    assert found.connected_by == f"{RUTH} (not verified)"
    page = await rig.sign_in(System.QBO, INTERFY, Purpose.SUPPORT, realm=CAIRNS)
    assert page.status_code == 403
    assert "verified that e-mail address" in page.text
    assert await rig.stored(System.QBO, Purpose.SUPPORT) is None


async def test_nothing_secret_is_written_down(rig: Rig, caplog: pytest.LogCaptureFixture):
    """Neither tokens nor links nor codes: not in the database, not in our log."""
    caplog.set_level("DEBUG", "bot")
    caplog.set_level("DEBUG", "integrations")
    link = await rig.link(System.QBO)
    page = await rig.consent(link, email=DANA, realm_id=ACME)
    choice = await rig.sign_in(System.PROCORE, INTERFY)
    await rig.services.drain()
    live = rig.sandbox.live
    issued = [*live.qbo_tokens._access, *live.qbo_tokens._refresh]
    issued += [*live.procore_tokens._access, *live.procore_tokens._refresh]
    assert len(issued) == 4
    query = parse_qs(page.url.query.decode())
    waiting = Reading(choice).forms[0][1]["token"]
    secrets = [*issued, link.rsplit("/", 1)[1], query["code"][0], query["state"][0], waiting]
    async with rig.core.store.transaction() as tx:
        rows = [
            str((await tx.database.execute(select(table))).all())
            for table in Row.metadata.sorted_tables
        ]
    written = "\n".join([*rows, *(r.getMessage() for r in caplog.records if r.name[:3] == "bot")])
    for secret in secrets:
        assert secret not in written
