"""The customer contacted Interfy support: the hand-off itself."""

from bot.domain.findings import met, unmet
from bot.domain.model import CheckContext, Finding, Grade, Link, Requirement, Role, Snapshot


def check(snapshot: Snapshot, context: CheckContext) -> Finding:  # noqa: ARG001 - every check has this shape.
    """Met once somebody pressed Contact Interfy support with the gate open."""
    if context.handover is None:
        return unmet(
            "Interfy support hasn't been contacted yet.",
            "Press Contact Interfy support once everything required is done.",
        )
    if context.handover.accepted_by:
        return met("Interfy support has accepted the hand-off.")
    return met("Interfy support has been contacted.")


REQUIREMENT = Requirement(
    id="contact-support",
    order=90,
    grade=Grade.HAND_OFF,
    title="Interfy support has been contacted",
    short="contact support",
    why="It tells Interfy that you are ready, and hands over everything checked here.",
    who=Role.PROCORE_ADMIN,
    steps=("When everything required is done, press Contact Interfy support on the card.",),
    links=(Link("Interfy's guide", "{guide_url}"),),
    needs=(),
    check=check,
    known_by="The hand-off itself.",
    attestable=False,
)
