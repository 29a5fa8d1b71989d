"""The Home tab: every onboarding for staff, a pointer for everybody else."""

from bot.services.views import Filter
from handlers.blocks.home import MOST_ROWS, build_home, build_pointer, remembered
from handlers.call import Call


async def home_opened(call: Call) -> None:
    """Somebody opened the Home tab: the filter chosen last time still holds."""
    metadata = str(call.origin.view.get("private_metadata") or "")
    await show_home(call, remembered(metadata))


async def show_home(call: Call, wanted: Filter) -> None:
    """Publish it for this person."""
    if not call.actor.is_staff:
        await call.replies.publish_home(build_pointer())
        return
    portfolio = await call.services.portfolio.show(wanted, call.user, MOST_ROWS)
    await call.replies.publish_home(build_home(portfolio, wanted))
