"""The figures of this process, as Prometheus reads them; ``bot.services.metrics`` names them."""

from collections.abc import Callable, Mapping
from typing import cast

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics import MetricWrapperBase

from bot.services.metrics import METRICS, Kind, Metric


def _histogram(metric: Metric, registry: CollectorRegistry) -> MetricWrapperBase:
    return Histogram(
        metric.name, metric.help, metric.labels, registry=registry, buckets=metric.buckets
    )


def _counter(metric: Metric, registry: CollectorRegistry) -> MetricWrapperBase:
    return Counter(metric.name, metric.help, metric.labels, registry=registry)


def _gauge(metric: Metric, registry: CollectorRegistry) -> MetricWrapperBase:
    return Gauge(metric.name, metric.help, metric.labels, registry=registry)


MAKERS: Mapping[Kind, Callable[[Metric, CollectorRegistry], MetricWrapperBase]] = {
    Kind.HISTOGRAM: _histogram,
    Kind.COUNTER: _counter,
    Kind.GAUGE: _gauge,
}


class Metrics:
    """``Meter`` over a registry of its own, so that two bots in one process don't mix."""

    def __init__(self) -> None:
        # The library's own times of creation would double every counter's lines.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # The library types it not.
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._made = {m.name: MAKERS[m.kind](m, self._registry) for m in METRICS}

    def count(self, metric: Metric, *labels: str) -> None:
        """One more."""
        cast("Counter", self._of(metric, labels)).inc()

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """One more value of a histogram."""
        cast("Histogram", self._of(metric, labels)).observe(value)

    def set(self, metric: Metric, value: float, *labels: str) -> None:
        """What a gauge shows now."""
        cast("Gauge", self._of(metric, labels)).set(value)

    def clear(self, metric: Metric) -> None:
        """Forget a gauge's labels: what is not set anew is not there any more."""
        self._made[metric.name].clear()

    def render(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)

    def _of(self, metric: Metric, labels: tuple[str, ...]) -> MetricWrapperBase:
        made = self._made[metric.name]
        return made.labels(*labels) if labels else made
