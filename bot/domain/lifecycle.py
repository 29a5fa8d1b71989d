"""The stages of a customer, and the only ways from one to another."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a customer is on its way to OneCore."""

    PREPARING = "preparing"
    READY = "ready"
    HANDED_OFF = "handed_off"
    ACCEPTED = "accepted"
    PAUSED = "paused"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        """The stage in words."""
        return self.value.replace("_", " ")


class Event(StrEnum):
    """What can happen to a customer's stage."""

    GATE_OPENED = "gate opened"
    GATE_CLOSED = "gate closed"
    HAND_OFF = "hand-off"
    ACCEPT = "accept"
    SEND_BACK = "send back"
    REGRESS = "regression found"
    PAUSE = "pause"
    RESUME = "resume"
    ARCHIVE = "archive"


class StageError(Exception):
    """The event, which is named, is not possible in this stage; ``bot.words.refusals`` says so."""


TABLE: dict[tuple[Stage, Event], Stage] = {
    (Stage.PREPARING, Event.GATE_OPENED): Stage.READY,
    (Stage.PREPARING, Event.GATE_CLOSED): Stage.PREPARING,
    (Stage.PREPARING, Event.PAUSE): Stage.PAUSED,
    (Stage.PREPARING, Event.ARCHIVE): Stage.ARCHIVED,
    (Stage.READY, Event.GATE_OPENED): Stage.READY,
    (Stage.READY, Event.GATE_CLOSED): Stage.PREPARING,
    (Stage.READY, Event.HAND_OFF): Stage.HANDED_OFF,
    (Stage.READY, Event.PAUSE): Stage.PAUSED,
    (Stage.READY, Event.ARCHIVE): Stage.ARCHIVED,
    (Stage.HANDED_OFF, Event.GATE_OPENED): Stage.HANDED_OFF,
    (Stage.HANDED_OFF, Event.ACCEPT): Stage.ACCEPTED,
    (Stage.HANDED_OFF, Event.SEND_BACK): Stage.PREPARING,
    (Stage.HANDED_OFF, Event.REGRESS): Stage.PREPARING,
    (Stage.HANDED_OFF, Event.ARCHIVE): Stage.ARCHIVED,
    (Stage.ACCEPTED, Event.GATE_OPENED): Stage.ACCEPTED,
    (Stage.ACCEPTED, Event.GATE_CLOSED): Stage.ACCEPTED,
    (Stage.ACCEPTED, Event.ARCHIVE): Stage.ARCHIVED,
    # A paused customer goes back to preparing; its next check finds out whether it is ready.
    (Stage.PAUSED, Event.RESUME): Stage.PREPARING,
    (Stage.PAUSED, Event.GATE_OPENED): Stage.PAUSED,
    (Stage.PAUSED, Event.GATE_CLOSED): Stage.PAUSED,
    (Stage.PAUSED, Event.ARCHIVE): Stage.ARCHIVED,
    (Stage.ARCHIVED, Event.RESUME): Stage.PREPARING,
}


def next_stage(stage: Stage, event: Event) -> Stage:
    """The stage after ``event``.

    Raises:
        StageError: the event is not possible in this stage.
    """
    try:
        return TABLE[stage, event]
    except KeyError:
        raise StageError(event.value) from None
