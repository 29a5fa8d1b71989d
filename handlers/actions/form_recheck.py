"""*Re-check* within *How to fix*: the answer appears where it was asked for."""

from handlers.blocks.modals import build_how_to_fix
from handlers.blocks.talk import build_checked
from handlers.call import Call


async def form_recheck(call: Call) -> None:
    """Check this item, and show in the modal how it stands now; closed meanwhile, say it."""
    outcome = await call.services.checks.run(call.customer.id, [call.item], call.user)
    status = outcome.view.report.status(call.item)
    if not await call.replies.replace(build_how_to_fix(status, call.support, call.sealed())):
        await call.tell(build_checked(outcome, call.support))
