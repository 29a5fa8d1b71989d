"""Each stored connection: does the key open it, does the system still answer, what is left."""

import asyncio
from collections.abc import Container, Mapping, Sequence

from bot.core import Core
from bot.domain.customer import Connection, Customer, Purpose
from bot.domain.findings import plural
from bot.domain.model import Cause, System
from bot.services.health import Line, State
from bot.settings import describe
from bot.storage.vault import SecretKeyError
from integrations.probe import Probe, Prober

AT_ONCE = 8
MOST = 40
"""Connections that are asked; of further ones only what is stored is told."""
SHOWN = 5
"""Customers that a line names."""
PATIENCE = 30.0
"""Seconds for one answer."""
FEW = {System.PROCORE: 100, System.QBO: 25}
"""With fewer requests left a full check may not get through."""
SIGN_IN = "Somebody has to sign in again: `connect procore` or `connect quickbooks` in its channel."
REMEDIES = {
    Cause.RECONNECT: (State.FAIL, SIGN_IN),
    Cause.NO_PERMISSION: (State.FAIL, "See who signed in, and what that login may see there."),
    Cause.RATE_LIMITED: (State.WARN, "Nothing to do: it is read again after the limit resets."),
}


async def connection_lines(core: Core, customers: Sequence[Customer]) -> list[Line]:
    """A line for the key, and one for each connection."""
    try:
        async with core.store.transaction() as tx:
            connections = await tx.connections.all()
            telling = {hook.customer_id for hook in await tx.hooks.all() if hook.is_live}
    except SecretKeyError as error:
        return [Line("secret key", State.FAIL, str(error), describe("onboard_secret_key"))]
    names = {customer.id: customer.slug for customer in customers}
    known = [one for one in connections if one.customer_id in names]
    opened = plural(len(connections), "stored connection")
    lines = [Line("secret key", State.PASS, f"opens {opened}")]
    if core.settings.procore_webhook_secret.get_secret_value():
        lines += _webhook_lines(known, names, telling)
    prober, room = Prober(core.reader.connector), asyncio.Semaphore(AT_ONCE)

    async def look(connection: Connection) -> Line:
        async with room:
            return await _line(prober, _name(names[connection.customer_id], connection), connection)

    lines += await asyncio.gather(*(look(one) for one in known[:MOST]))
    if len(known) > MOST:
        rest = known[MOST:]
        broken = sum(bool(one.broken) for one in rest)
        state = State.FAIL if broken else State.PASS
        text = f"{len(rest)} more were not asked; {broken} of them wait for a new sign-in"
        lines.append(Line("other connections", state, text, SIGN_IN if broken else ""))
    return lines


def _webhook_lines(
    known: Sequence[Connection], names: Mapping[int, str], telling: Container[int]
) -> list[Line]:
    """Which Procore companies tell of changes; nothing where none is connected."""
    asked = [
        one.customer_id
        for one in known
        if one.system is System.PROCORE and one.purpose is Purpose.CUSTOMER
    ]
    silent = [names[one] for one in asked if one not in telling]
    of_all = plural(len(asked), "company", "companies")
    text = f"Procore tells of changes in {len(asked) - len(silent)} of {of_all}"
    if not silent:
        return [Line("webhooks", State.PASS, text)] if asked else []
    some = ", ".join(silent[:SHOWN]) + (" …" if len(silent) > SHOWN else "")
    remedy = f"Looked at at night instead: {some}. Their history says why."
    return [Line("webhooks", State.WARN, text, remedy)]


def _name(slug: str, connection: Connection) -> str:
    proof = " (support user)" if connection.purpose is Purpose.SUPPORT else ""
    return f"connection {slug} {connection.system.label}{proof}"


async def _line(prober: Prober, name: str, connection: Connection) -> Line:
    if connection.broken:
        return Line(name, State.FAIL, connection.broken, SIGN_IN)
    if not prober.is_set_up(connection.system):
        text = f"can't be used: this app has no client id and secret for {connection.system.label}"
        return Line(name, State.UNKNOWN, text, "See the lines about settings above.")
    try:
        async with asyncio.timeout(PATIENCE):
            probe = await prober.probe(connection)
    except TimeoutError:
        probe = Probe(Cause.UNREACHABLE, f"{connection.system.label} took too long to answer.")
    if probe.cause is not None:
        again = "Ask again in a minute; the system, or the way to it, is down."
        state, remedy = REMEDIES.get(probe.cause, (State.UNKNOWN, again))
        return Line(name, state, probe.detail, remedy)
    return _allowance(name, connection.system, probe.left)


def _allowance(name: str, system: System, left: int | None) -> Line:
    if left is None:
        return Line(
            name, State.PASS, f"answers; {system.label} doesn't say what is left of its quota"
        )
    text = f"answers; {plural(left, 'request')} left"
    if left < FEW[system]:
        return Line(name, State.WARN, text, "Checks may have to wait until the quota resets.")
    return Line(name, State.PASS, text)
