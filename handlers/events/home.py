"""The Home tab: every onboarding for staff, a pointer for everybody else."""

from handlers.blocks.home import build_home, build_pointer, remembered
from handlers.call import Call
from handlers.ids import Filter


async def home_opened(call: Call) -> None:
    """Somebody opened the Home tab: the filter chosen last time still holds."""
    metadata = str(call.origin.view.get("private_metadata") or "")
    await show_home(call, remembered(metadata))


async def show_home(call: Call, wanted: Filter) -> None:
    """Publish it for this person."""
    if not call.actor.is_staff:
        await call.replies.publish_home(build_pointer())
        return
    rows = await call.services.customers.portfolio()
    await call.replies.publish_home(build_home(rows, wanted, call.user))
