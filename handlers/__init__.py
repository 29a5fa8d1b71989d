"""Everything Slack, both directions: payloads in, listeners, blocks out, delivery.

``build_slack_app`` makes the Bolt app; ``poster.SlackMessenger`` and ``board.CardBoard`` implement
the services' ports. Nothing is built at import time.
"""

from handlers.app import SlackApp, build_slack_app
from handlers.config import SlackConfig
from handlers.listeners import register

__all__ = ["SlackApp", "SlackConfig", "build_slack_app", "register"]
