"""What the page's side panel needs from the world: a list of actions, and a way to run one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PanelAction:
    """One button of the side panel. `done` and `disabled` are as of the moment of listing."""

    id: str
    label: str
    hint: str = ""
    done: bool = False
    disabled: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class PanelGroup:
    """The actions of one customer; `customer` is its slug, `name` what the page shows."""

    customer: str
    name: str
    actions: Sequence[PanelAction] = ()


@dataclass(frozen=True, slots=True)
class PanelListing:
    """Everything the side panel shows."""

    groups: Sequence[PanelGroup] = ()
    clock_actions: Sequence[PanelAction] = ()


class UnknownPanelActionError(LookupError):
    """There is no action of that id; the message is a sentence for the person."""


class PanelActionError(Exception):
    """The action could not be done now; the message is a sentence for the person."""


class WorldPanel(Protocol):
    """What the Slack stand-in calls; the sandbox runner implements it."""

    def list(self) -> PanelListing:
        """Return the actions as they stand now."""
        ...

    async def run(self, action_id: str) -> str:
        """Do one action.

        Returns:
            One sentence that says what changed.

        Raises:
            UnknownPanelActionError: No such action.
            PanelActionError: The action cannot be done in the world's present state.
        """
        ...


class EmptyPanel:
    """The panel of a stand-in that runs alone: no actions."""

    def list(self) -> PanelListing:
        """Return nothing to do."""
        return PanelListing()

    async def run(self, action_id: str) -> str:
        """Refuse: there is nothing to run."""
        raise UnknownPanelActionError(f"This world has no action {action_id}.")
