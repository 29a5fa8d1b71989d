"""The merge plan: blockers first, the least that hangs on a record first, nothing left out."""

from bot.domain.merge_plan import merge_steps, record_url
from bot.domain.model import System
from bot.domain.records import Party

KEEP = Party("1", "Bondi Hotel", weight=900)
LIGHT = Party("2", "Bondi Hotel Pty Ltd", weight=1)
HEAVY = Party("3", "The Bondi Hotel", weight=50, blockers=("has sub-customers or projects",))


def test_in_quickbooks_what_is_below_a_record_goes_first_and_the_lightest_is_merged_first():
    steps = merge_steps(System.QBO, KEEP, [HEAVY, LIGHT])
    assert [step.split(" ")[0] for step in steps] == ["Move", "Edit", "Edit"]
    assert "id 3" in steps[0]
    assert "id 2" in steps[1]
    assert all('exactly "Bondi Hotel"' in step for step in steps[1:])


def test_in_procore_links_are_cleared_and_everything_is_merged_into_the_primary():
    connected = Party("4", "Bondi Hotel (NSW)", keep_rank=2)
    synced = Party("5", "Bondi-Hotel", keep_rank=1)
    steps = merge_steps(System.PROCORE, KEEP, [connected, synced])
    assert [step.split(" ")[0] for step in steps] == ["Unlink", "Disconnect", "Look", "Directory"]
    assert 'primary "Bondi Hotel" (id 1)' in steps[-1]
    assert "id 4" in steps[-1]
    assert "id 5" in steps[-1]


def test_links_lead_to_the_very_record_where_its_address_is_known():
    assert record_url(System.QBO, LIGHT).endswith("nameId=2")
    assert record_url(System.PROCORE, LIGHT) == ""
