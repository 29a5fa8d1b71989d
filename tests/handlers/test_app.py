"""What building the Bolt app says to an operator's log."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.app import SlackApp


def test_a_token_in_the_environment_makes_bolt_warn_of_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Bolt reads the same variable as our settings, and would say that it ignores the token."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-from-the-environment")
    app = SlackApp(AsyncWebClient("xoxb-of-the-client"), "a signing secret")
    assert app.client.token == "xoxb-of-the-client"
    assert caplog.records == []
