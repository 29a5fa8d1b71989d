"""Whether an OpenID identity is the support user's; both QuickBooks user requirements ask it."""

from bot.domain.model import SupportIdentity
from bot.domain.records import Identity


def identity_doubt(identity: Identity, support: SupportIdentity) -> str:
    """Why this identity does not prove the support user, as a sentence; "" when it does."""
    if identity.email.strip().casefold() != support.email.casefold():
        who = identity.given_name or "Somebody else"
        return (
            f"We can't see users through QuickBooks. {who} connected it, so it isn't proof for "
            f"{support.email}."
        )
    if not identity.email_verified:
        return f"{support.email} connected it, but Intuit hasn't verified that e-mail address yet."
    shown = f"{identity.given_name} {identity.family_name}".strip()
    wanted = f"{support.given_name} {support.family_name}"
    if shown.casefold() != wanted.casefold():
        under = f'under the name "{shown}"' if shown else "without a name"
        return f'{support.email} connected it {under}, not as "{wanted}".'
    return ""
