"""Whether an OpenID identity is the support user's; both QuickBooks user requirements ask it."""

from dataclasses import asdict, dataclass

from bot.domain.facets import AUTHORISER
from bot.domain.findings import met, unknown, unread
from bot.domain.model import CheckContext, Failed, Finding, Snapshot, SupportIdentity
from bot.domain.records import Identity


@dataclass(frozen=True, slots=True)
class Proof:
    """What the support user's own sign-in to QuickBooks proves, and what to do without it.

    Both sentences may name the support identity's fields in braces.
    """

    proven: str
    manual: str

    def judge(self, snapshot: Snapshot, context: CheckContext) -> Finding:
        """Met when the support user itself authorised the connection; else nobody can tell."""
        read = snapshot.get(AUTHORISER)
        if isinstance(read, Failed):
            return unread(read)
        fields = asdict(context.support)
        doubt = identity_doubt(read.value, context.support)
        if doubt:
            return unknown(doubt, self.manual.format(**fields), scope=read.scope)
        return met(self.proven.format(**fields), scope=read.scope)


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
