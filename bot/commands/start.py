"""``onboard serve``: the bot for real. Nothing of the stand-ins is loaded for it."""

import asyncio

from bot.logs import set_up_logs
from bot.memory import give_back_at_once
from bot.serving import run
from bot.settings import load_settings


def serve() -> None:
    """Run the bot for real: Socket Mode with SLACK_APP_TOKEN, else signed HTTP."""
    settings = load_settings()
    give_back_at_once()
    set_up_logs(settings.log_level, settings.log_format)
    asyncio.run(run(settings))
