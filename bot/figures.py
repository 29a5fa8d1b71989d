"""What ``/metrics`` answers: the counters as they are, and the gauges as they are just now."""

from bot.core import Core, release
from bot.scheduling import Rounds
from bot.services.hub import Services
from bot.services.metrics import (
    BROKEN,
    BUILD,
    CUSTOMERS,
    OUTBOX_AGE,
    OUTBOX_DEPTH,
    OUTBOX_PARKED,
    QUOTA_LEFT,
    ROUND_AGE,
    SILENCE,
    Metric,
)


async def figures(core: Core, services: Services, rounds: Rounds) -> bytes:
    """Everything in Prometheus' text format; three small queries are asked for it."""
    now = core.clock.now()
    async with core.store.transaction(first=True) as tx:
        backlog = await tx.outbox.backlog()
        stages = await tx.customers.stages()
        broken = await tx.connections.broken()
    metrics = core.metrics
    metrics.set(BUILD, 1, release())
    metrics.set(OUTBOX_DEPTH, backlog.waiting)
    metrics.set(OUTBOX_PARKED, backlog.parked)
    waited = (now - backlog.oldest_at).total_seconds() if backlog.oldest_at else 0.0
    metrics.set(OUTBOX_AGE, max(0.0, waited))
    metrics.set(SILENCE, max(0.0, (now - services.pulse.silent_since).total_seconds()))
    left = core.reader.connector.least_left()
    gauges: tuple[tuple[Metric, dict[str, float]], ...] = (
        (CUSTOMERS, dict(stages)),
        (BROKEN, dict(broken)),
        (QUOTA_LEFT, {str(system): float(count) for system, count in left.items()}),
        (ROUND_AGE, dict(rounds.ages())),
    )
    for metric, values in gauges:
        metrics.clear(metric)
        for label, value in values.items():
            metrics.set(metric, value, label)
    return metrics.render()
