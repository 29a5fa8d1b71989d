"""`/metrics`, `/healthz`, `/readyz`: what an operator's tools read; nobody is named there."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import Response
from starlette.routing import Route

from bot import docs
from bot.core import Core, NoBoard, open_core
from bot.demo import demo_settings, seed
from bot.figures import figures
from bot.metrics import Metrics
from bot.scheduling import Rounds
from bot.services.metered import MeteredMessenger
from bot.services.metrics import ACKS, INTERACTIONS, METRICS, Kind
from bot.services.ports import Outgoing, RetryLaterError, UndeliverableError
from bot.web import Figures, make_web
from integrations.sandbox.clock import WorldClock
from integrations.sandbox.runner import run_sandbox
from integrations.sandbox.world.loader import parse_world
from tests.called import nothing_is_connected
from tests.connect.rig import WORLD, database_of_its_own
from tests.fakes.messenger import FakeMessenger
from tests.handlers.kit import Bot, running_bot
from tests.sandbox.slack_kit import SAM


def read(text: bytes) -> dict[tuple[str, ...], float]:
    """Every sample by name and label values, in the order of the labels' names."""
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            found[(sample.name, *sample.labels.values())] = sample.value
    return found


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    # An allowance is told until its window ends: ten seconds would be over on a busy machine.
    acme = "      name: Acme Constructions\n      permission_templates"
    hour = acme.replace(
        "permission", "settings: {rate_limit: {spike_seconds: 3600}}\n      permission"
    )
    world = parse_world(
        WORLD.replace(acme, hour)
        + "customers: [{slug: acme, name: Acme, procore_company: 562949953441378}]\n"
    )
    with nothing_is_connected(), database_of_its_own():
        async with run_sandbox(world) as sandbox:
            settings = demo_settings(sandbox, "sqlite://")
            async with open_core(settings, sandbox.clock) as core:
                await seed(core, sandbox)
                yield core


async def test_what_a_check_and_a_queue_leave_behind(core: Core):
    services = core.services(MeteredMessenger(FakeMessenger(), core.metrics), NoBoard())
    acme = await services.customers.find("acme")
    await services.checks.run(acme.id, None, "test")
    async with core.store.transaction() as tx:
        await tx.outbox.add(
            Outgoing("k", "card", "C1", "{}"), core.clock.now() - timedelta(hours=1)
        )
    rounds = Rounds(core.metrics)
    found = read(await figures(core, services, rounds))
    assert found["onboard_checks_total", "cannot tell"] == 1
    assert found["onboard_check_seconds_count",] == 1
    assert found["onboard_findings_total", "procore-support-user", "met"] == 1
    assert found["onboard_api_calls_total", "200", "procore"] >= 3
    assert found["onboard_quota_left", "procore"] > 900
    assert found["onboard_customers", "preparing"] == 1
    assert found["onboard_outbox_waiting",] == 1
    assert 3600 <= found["onboard_outbox_age_seconds",] < 3700
    await services.sender.pump()
    found = read(await figures(core, services, rounds))
    assert found["onboard_outbox_waiting",] == 0
    assert found["onboard_messages_total", "card", "sent"] == 1
    assert isinstance(core.clock, WorldClock)
    core.clock.advance(timedelta(minutes=10))
    text = (await figures(core, services, rounds)).decode()
    assert read(text.encode())["onboard_slack_silence_seconds",] >= 600, "nothing ever came"
    for private in ("acme", "Acme", "562949953441378", "Bondi", "C1"):
        assert private not in text


async def test_how_messages_end_is_counted():
    messenger, metrics = FakeMessenger(), Metrics()
    metered = MeteredMessenger(messenger, metrics)
    message = Outgoing("k", "reminder", "C1", "{}")
    for error in (RetryLaterError("later", 1), UndeliverableError("gone")):
        messenger.before["C1"] = [error]
        with pytest.raises(type(error)):
            await metered.deliver(message)
    await metered.deliver(message)
    found = read(metrics.render())
    for outcome in ("later", "undeliverable", "sent"):
        assert found["onboard_messages_total", "reminder", outcome] == 1


async def test_interactions_and_their_acknowledgements_are_counted(bot: Bot):
    metrics = Metrics()
    tools = bot.app.registry._tools
    object.__setattr__(tools, "services", replace(tools.services, meter=metrics))
    await bot.say(SAM, "/onboard help")
    await bot.say(SAM, "/onboard stauts")
    found = read(metrics.render())
    assert found[f"{INTERACTIONS.name}", "command", "answered"] == 1
    assert found[f"{INTERACTIONS.name}", "command", "problem"] == 1
    assert found[f"{ACKS.name}_count", "command"] == 2
    assert bot.services.pulse._beat.heard_at is not None


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with running_bot() as running:
        yield running


async def answer_of(app, path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        return await client.get(path, headers=headers)


async def ready() -> str:
    return "the database doesn't answer (OperationalError)"


async def render() -> bytes:
    return b"onboard_up 1\n"


async def test_health_is_that_it_answers_and_readiness_that_it_can_work():
    web = make_web(None, ready, figures=Figures(render))
    assert (await answer_of(web, "/healthz")).json() == {"ok": True}
    not_ready = await answer_of(web, "/readyz")
    assert (not_ready.status_code, not_ready.json()["ok"]) == (503, False)
    assert "database" in not_ready.json()["reason"]
    assert (await answer_of(web, "/metrics")).text == "onboard_up 1\n"


async def test_figures_ask_for_their_token_where_there_is_one():
    web = make_web(None, ready, figures=Figures(render, "let-me-in"))
    assert (await answer_of(web, "/metrics")).status_code == 401
    assert (await answer_of(web, "/metrics", authorization="Bearer x")).status_code == 401
    assert (await answer_of(web, "/metrics", authorization="Bearer let-me-in")).status_code == 200


async def test_a_page_that_breaks_gives_a_reference_that_the_log_has(caplog):
    async def broken(_request) -> Response:
        raise ValueError("Smith & Sons Plumbing")

    web = make_web(None, ready, [Route("/page", broken)])
    answer = await answer_of(web, "/page")
    ref = re.search(r"\(ref ([2-9A-Z]{5})\)", answer.text)
    assert answer.status_code == 500
    assert ref is not None
    assert ref[1] in caplog.text
    assert "Smith" not in answer.text


def test_each_metric_is_described_and_documented():
    assert docs.METRICS_FILE.read_text(encoding="utf-8") == docs.render_metrics(), (
        "run: python -m bot.docs"
    )
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    for metric in METRICS:
        assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER)
        assert bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM)
        assert metric.help.endswith(".")
    shown = Metrics().render().decode()
    assert all(f"# TYPE {name.removesuffix('_total')}" in shown for name in names)
