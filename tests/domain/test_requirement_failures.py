"""What every check does with facts that could not be read; generated from the catalogue."""

import string
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import facets
from bot.domain.catalogue import catalogue, requirement
from bot.domain.model import (
    FOR_A_PERSON,
    Cause,
    CheckContext,
    Facet,
    Failed,
    Grade,
    MappingMode,
    Snapshot,
    SupportIdentity,
    Verdict,
)
from tests.fakes.facts import healthy, snapshot

PAIRS = [(known, facet) for known in catalogue() for facet in known.needs]
LIVE = [known for known in catalogue() if known.needs]


def test_the_catalogue_has_the_nine_requirements_of_the_guide_with_their_grades():
    grades = {known.id: known.grade for known in catalogue()}
    assert grades == {
        "procore-support-user": Grade.REQUIRED,
        "procore-company-admin": Grade.REQUIRED,
        "procore-project-access": Grade.OPTIONAL,
        "qbo-support-user": Grade.REQUIRED,
        "qbo-company-admin": Grade.REQUIRED,
        "cost-code-coverage": Grade.REQUIRED,
        "procore-duplicate-vendors": Grade.RECOMMENDED,
        "qbo-duplicate-customers": Grade.RECOMMENDED,
        "contact-support": Grade.HAND_OFF,
    }


def test_the_catalogue_comes_in_its_order_and_knows_no_other_id():
    orders = [known.order for known in catalogue()]
    assert orders == sorted(orders)
    with pytest.raises(KeyError):
        requirement("procore")


def test_every_facet_is_needed_by_some_requirement():
    needed = {facet.name for known in catalogue() for facet in known.needs}
    assert needed == {facet.name for facet in facets.ALL}


def test_a_customer_in_order_meets_every_live_requirement():
    for known in LIVE:
        finding = known.check(snapshot(healthy()), CheckContext())
        assert finding.verdict is Verdict.MET, (known.id, finding.summary)
        assert finding.cause is None, known.id


def test_a_failed_facet_leaves_its_requirement_unknown_with_the_reason():
    for (known, facet), cause in product(PAIRS, Cause):
        case = known.id, facet.name, cause
        facts = healthy() | {facet: Failed("The line was cut at page 3.", cause)}
        finding = known.check(snapshot(facts), CheckContext())
        assert (finding.verdict, finding.cause) == (Verdict.UNKNOWN, cause), case
        assert finding.summary == "The line was cut at page 3.", case
        assert finding.remedy, case
        assert finding.outage is (cause not in FOR_A_PERSON), case


def test_a_facet_that_nobody_read_is_a_failure_too():
    for known, facet in PAIRS:
        facts = healthy()
        del facts[facet]
        finding = known.check(snapshot(facts), CheckContext())
        not_read = Verdict.UNKNOWN, Cause.NOT_READ
        assert (finding.verdict, finding.cause) == not_read, (known.id, facet.name)
        assert facet.label in finding.summary, known.id


@given(failing=st.sets(st.sampled_from(facets.ALL)), mode=st.sampled_from(MappingMode))
def test_no_requirement_is_met_on_a_failed_facet(failing: set[Facet[object]], mode: MappingMode):
    """Whatever fails together: met only when all that counts was read; the rest is ignored."""
    facts = healthy()
    broken = snapshot(facts | dict.fromkeys(failing, Failed("Not now.", Cause.SERVER_ERROR)))
    context = CheckContext(mode=mode)
    unused = {MappingMode.ACCOUNT: facets.ITEMS, MappingMode.ITEM: facets.ACCOUNTS}.get(mode)
    for known in catalogue():
        finding = known.check(broken, context)
        if (set(known.needs) - {unused}) & failing:
            assert finding.verdict is Verdict.UNKNOWN, known.id
        else:
            only = snapshot({facet: facts[facet] for facet in known.needs})
            assert finding == known.check(only, context), known.id


def test_every_text_of_a_requirement_can_be_filled_with_the_support_identity():
    support = SupportIdentity(email="help@example.com")
    for known in catalogue():
        texts = [known.title, known.why, known.known_by, *known.steps]
        texts += [link.text for link in known.links] + [link.url for link in known.links]
        for text in texts:
            filled = known.filled(text, support)
            assert filled.strip(), known.id
            assert not set(filled) & set("{}"), (known.id, filled)
        parsed = (one for text in texts for one in string.Formatter().parse(text))
        fields = {name for _, name, _, _ in parsed if name}
        assert fields <= set(SupportIdentity.__dataclass_fields__), known.id
        assert known.short, known.id
        assert known.steps, known.id


def test_another_support_address_is_what_the_checks_speak_of():
    support = SupportIdentity(email="help@example.com")
    finding = requirement("procore-support-user").check(
        snapshot(healthy()), CheckContext(support=support)
    )
    assert "help@example.com" in finding.summary


def test_an_empty_snapshot_says_which_facts_were_not_read():
    read = Snapshot().get(facets.VENDORS)
    assert isinstance(read, Failed)
    assert read.reason == "The Procore company vendors were not read."


def test_a_newer_snapshot_is_laid_over_an_older_one_facet_by_facet():
    older = snapshot(healthy())
    failed = Failed("Gone.", Cause.UNREACHABLE)
    merged = older.merged(snapshot({facets.ITEMS: failed}))
    assert merged.get(facets.ITEMS) == failed
    assert merged.get(facets.VENDORS) == older.get(facets.VENDORS)
