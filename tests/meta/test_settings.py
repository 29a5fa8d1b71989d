"""Settings, their documentation and their example agree; mistakes are told in sentences."""

from pathlib import Path

import pytest

from bot import docs
from bot.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).parents[2]
NAMES = [name.upper() for name in Settings.model_fields]


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's environment counts."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_example_names_every_setting_and_no_other():
    assert sorted(example()) == sorted(NAMES)


def test_the_examples_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch):
    for name, value in example().items():
        monkeypatch.setenv(name, value)
    assert load_settings(None) == Settings(_env_file=None)


def test_the_page_of_settings_is_what_the_code_makes():
    made = docs.render_settings()
    assert docs.SETTINGS_FILE.read_text(encoding="utf-8") == made, "run: python -m bot.docs"


def test_every_setting_says_where_to_get_it():
    assert all(field.description for field in Settings.model_fields.values())


def test_missing_settings_are_all_named_at_once():
    with pytest.raises(SettingsError) as caught:
        load_settings(None).require("slack_bot_token", "onboard_secret_key")
    assert "SLACK_BOT_TOKEN: Slack app > OAuth & Permissions" in str(caught.value)
    assert "onboard keys new" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-abc", "a bot token starts with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1-abc", "an app-level token starts with xapp-"),
        ("SLACK_BOT_TOKEN", "xoxb-1 abc", "it has a space in it"),
        ("PROCORE_API_URL", "api.procore.com", "is not a web address"),
        ("PORT", "http", "it is not a whole number"),
        ("PORT", "99999", "it is not less than or equal to 65535"),
        ("LOG_LEVEL", "loud", "it is none of DEBUG, INFO, WARNING, ERROR"),
        ("SMTP_URL", "mail.example", "is not a mail server's address"),
        ("ONBOARD_SECRET_KEY", "abc", "key 1 in it is not a key"),
    ],
)
def test_a_malformed_setting_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(None)
    assert name in str(caught.value)
    assert says in str(caught.value)
    if "TOKEN" in name:
        assert value not in str(caught.value)


def test_a_bare_slack_address_means_its_api(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:4300")
    assert load_settings(None).slack_api_url == "http://127.0.0.1:4300/api/"
