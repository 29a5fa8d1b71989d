"""The life of a customer: the whole product of stages and events."""

import pytest

from bot.domain.lifecycle import Event, Stage, StageError, next_stage
from bot.words.refusals import NOT_NOW

S, E = Stage, Event
TABLE = {
    S.PREPARING: {
        E.GATE_OPENED: S.READY,
        E.GATE_CLOSED: S.PREPARING,
        E.PAUSE: S.PAUSED,
        E.ARCHIVE: S.ARCHIVED,
    },
    S.READY: {
        E.GATE_OPENED: S.READY,
        E.GATE_CLOSED: S.PREPARING,
        E.HAND_OFF: S.HANDED_OFF,
        E.PAUSE: S.PAUSED,
        E.ARCHIVE: S.ARCHIVED,
    },
    S.HANDED_OFF: {
        E.GATE_OPENED: S.HANDED_OFF,
        E.ACCEPT: S.ACCEPTED,
        E.SEND_BACK: S.PREPARING,
        E.REGRESS: S.PREPARING,
        E.ARCHIVE: S.ARCHIVED,
    },
    S.ACCEPTED: {E.GATE_OPENED: S.ACCEPTED, E.GATE_CLOSED: S.ACCEPTED, E.ARCHIVE: S.ARCHIVED},
    S.PAUSED: {
        E.RESUME: S.PREPARING,
        E.GATE_OPENED: S.PAUSED,
        E.GATE_CLOSED: S.PAUSED,
        E.ARCHIVE: S.ARCHIVED,
    },
    S.ARCHIVED: {E.RESUME: S.PREPARING},
}
PRODUCT = [(stage, event) for stage in Stage for event in Event]
MOVES = [(s, e, t) for s, row in TABLE.items() for e, t in row.items()]
REFUSED = [(s, e) for s, e in PRODUCT if e not in TABLE[s]]


def test_an_event_moves_as_the_table_says():
    assert [(s, e, next_stage(s, e)) for s, e, _ in MOVES] == MOVES


@pytest.mark.parametrize("stage", Stage)
def test_any_other_event_is_refused_with_a_sentence_that_names_customer_and_stage(stage: Stage):
    for event in (event for row, event in REFUSED if row is stage):
        with pytest.raises(StageError, match=event.value):
            next_stage(stage, event)
        sentence = NOT_NOW[event].format(name="Acme", stage=stage.label)
        assert sentence.startswith("Acme is "), event
        assert stage.label in sentence, event
        assert sentence.endswith("."), event
        assert not set(sentence) & set("_{"), event


def test_the_product_is_covered_once():
    assert len(MOVES) + len(REFUSED) == len(PRODUCT) == len(Stage) * len(Event)


def test_support_is_reached_from_ready_only_and_acceptance_from_a_hand_off_only():
    assert [s for s, e, t in MOVES if t is Stage.HANDED_OFF and s is not t] == [Stage.READY]
    assert [s for s, e, t in MOVES if t is Stage.ACCEPTED and s is not t] == [Stage.HANDED_OFF]


def test_every_stage_can_be_reached():
    assert {t for _, _, t in MOVES} == set(Stage)
