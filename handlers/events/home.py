"""The Home tab: every onboarding for staff, a pointer for everybody else."""

from handlers.blocks.home import PAGE, build_home, build_pointer
from handlers.call import Call
from handlers.values import HomeState, home_state


async def home_opened(call: Call) -> None:
    """Somebody opened the Home tab: the filter and the page of last time still hold."""
    await show_home(call, kept(call))


def kept(call: Call) -> HomeState:
    """What the Home tab shows that was opened or pressed in."""
    return home_state(str(call.origin.view.get("private_metadata") or ""))


async def show_home(call: Call, state: HomeState, done: str = "") -> None:
    """Publish it for this person."""
    if not call.actor.is_staff:
        await call.replies.publish_home(build_pointer())
        return
    portfolio = await call.services.portfolio.show(state.only, call.user, PAGE, state.page)
    await call.replies.publish_home(build_home(portfolio, state.only, done))
