"""Reading a customer's whole state inside a transaction; several use cases start with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.customer import Customer, Tokens
from bot.domain.evaluate import Judgements, make_report
from bot.domain.model import CheckContext, Finding, Report, SupportIdentity
from bot.domain.reminders import local_day
from bot.services.ports import Clock, Transaction
from bot.services.views import CustomerView


async def read_judgements(tx: Transaction, customer_id: int) -> Judgements:
    """What people decided about the customer's items."""
    return Judgements(
        await tx.decisions.attestations(customer_id),
        await tx.decisions.waivers(customer_id),
        await tx.decisions.assignments(customer_id),
    )


async def read_context(
    tx: Transaction, customer: Customer, support: SupportIdentity
) -> CheckContext:
    """What the customer's checks may know besides the snapshot."""
    return CheckContext(
        support=support,
        mode=customer.mode,
        choices=await tx.decisions.choices(customer.id),
        reviewed=await tx.decisions.all_reviewed(customer.id),
        handover=customer.handover,
        timezone=customer.timezone,
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """What a customer's report is made of, read once."""

    findings: Mapping[str, Finding]
    judgements: Judgements
    today: date

    def report(self, newer: Mapping[str, Finding] | None = None) -> Report:
        """The report that this makes, with ``newer`` findings in place of the stored ones."""
        return make_report({**self.findings, **(newer or {})}, self.judgements, self.today)


async def read_stored(tx: Transaction, customer: Customer, clock: Clock) -> Stored:
    """What the customer's report is made of today."""
    return Stored(
        await tx.findings.load(customer.id),
        await read_judgements(tx, customer.id),
        local_day(clock.now(), customer.timezone),
    )


async def read_report(tx: Transaction, customer: Customer, clock: Clock) -> Report:
    """The report that the stored findings and decisions make today."""
    return (await read_stored(tx, customer, clock)).report()


async def read_view(
    tx: Transaction, customer: Customer, clock: Clock, report: Report | None = None
) -> CustomerView:
    """Everything that a customer's card shows; tokens stay behind.

    ``report`` is the customer's present one, where the caller has it already.
    """
    connections = await tx.connections.of(customer.id)
    return CustomerView(
        customer,
        report or await read_report(tx, customer, clock),
        tuple(await tx.customers.channels(customer.id)),
        tuple(replace(connection, tokens=Tokens()) for connection in connections),
        clock.now(),
    )


async def read_views(
    tx: Transaction, ids: Collection[int], clock: Clock
) -> Mapping[int, CustomerView]:
    """What the cards of these customers show, in as few statements as for one of them."""
    customers = await tx.read_ahead(sorted(ids))
    connections = await tx.connections.shown(ids)
    return {
        one.id: CustomerView(
            one,
            await read_report(tx, one, clock),
            tuple(await tx.customers.channels(one.id)),
            tuple(connections.get(one.id, ())),
            clock.now(),
        )
        for one in customers
    }


async def existing(tx: Transaction, customer_id: int) -> Customer:
    """The customer.

    Raises:
        KeyError: there is none; only ids that we handed out get here.
    """
    customer = await tx.customers.by_id(customer_id)
    if customer is None:
        raise KeyError(customer_id)
    return customer
