"""Reading a customer's whole state inside a transaction; several use cases start with it."""

from dataclasses import replace

from bot.domain.customer import Customer, Tokens
from bot.domain.evaluate import Judgements, make_report
from bot.domain.model import CheckContext, Report, SupportIdentity, System
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
        reviewed={system: await tx.decisions.reviewed(customer.id, system) for system in System},
        handover=customer.handover,
    )


async def read_report(tx: Transaction, customer: Customer, clock: Clock) -> Report:
    """The report that the stored findings and decisions make today."""
    findings = await tx.findings.load(customer.id)
    today = local_day(clock.now(), customer.timezone)
    return make_report(findings, await read_judgements(tx, customer.id), today)


async def read_view(tx: Transaction, customer: Customer, clock: Clock) -> CustomerView:
    """Everything that a customer's card shows; tokens stay behind."""
    connections = await tx.connections.of(customer.id)
    return CustomerView(
        customer,
        await read_report(tx, customer, clock),
        tuple(await tx.customers.channels(customer.id)),
        tuple(replace(connection, tokens=Tokens()) for connection in connections),
        clock.now(),
    )


async def existing(tx: Transaction, customer_id: int) -> Customer:
    """The customer.

    Raises:
        KeyError: there is none; only ids that we handed out get here.
    """
    customer = await tx.customers.by_id(customer_id)
    if customer is None:
        raise KeyError(customer_id)
    return customer
