"""Settings: environment variables (and ``.env``) into one frozen object, with clear sentences.

Every setting has a description; ``.env.example`` and ``docs/settings.md`` are tested against
this module, and a missing or malformed setting is reported by name, with where to get it.
"""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.customer import DEFAULT_TIMEZONE
from bot.domain.model import SupportIdentity
from bot.domain.reminders import Ladder


class SettingsError(Exception):
    """A setting is missing or malformed; the message names each one and says what to do."""

    for_people = True


def _url(text: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f'"{text}" is not a web address; write it like https://example.com')
    return text.rstrip("/")


def _slack_api(text: str) -> str:
    """Slack's clients want a base address that ends in a slash; a bare host means its /api/."""
    address = _url(text)
    return f"{address}/" if urlsplit(address).path else f"{address}/api/"


def _ladder(text: str) -> str:
    try:
        Ladder(tuple(int(part) for part in text.split(",")))
    except ValueError:
        raise ValueError(f'"{text}" is not four growing numbers, such as 5,10,15,21') from None
    return text


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError(f'"{text}" is no time zone; write it like Australia/Sydney') from None
    return text


def _token(kind: str, prefix: str) -> AfterValidator:
    """Catches the common mix-up of Slack's token kinds; a stand-in may use a prefix of its own."""

    def check(secret: SecretStr) -> SecretStr:
        text = secret.get_secret_value()
        if any(text.startswith(other) for other in SLACK_PREFIXES if other != prefix):
            raise ValueError(f"this is another kind of Slack token; {kind} starts with {prefix}")
        if text.strip() != text or " " in text:
            raise ValueError("it has a space in it; copy it again")
        return secret

    return AfterValidator(check)


def _secret_keys(secret: SecretStr) -> SecretStr:
    """Every one of the comma-separated keys must be one, so that a slip shows at the start."""
    for number, key in enumerate(_parts(secret.get_secret_value()), start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ValueError(f"key {number} in it is not a key (44 characters)") from None
    return secret


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _mail_server(text: str) -> str:
    """A mail server's address, or nothing."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        raise ValueError("it is not a mail server's address")
    return text


def _format(text: str) -> str:
    """One of the two."""
    if text.lower() not in FORMATS:
        raise ValueError(f"it is none of {', '.join(FORMATS)}")
    return text.lower()


def _level(text: str) -> str:
    """One of the levels, in any case."""
    if text.upper() not in LEVELS:
        raise ValueError(f"it is none of {', '.join(LEVELS)}")
    return text.upper()


Url = Annotated[str, AfterValidator(_url)]
Secret = SecretStr
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("text", "json")
NOTHING = SecretStr("")
SLACK_PREFIXES = ("xoxb-", "xapp-", "xoxp-")
GUIDE = SupportIdentity()


class Settings(BaseSettings):
    """Everything that can be set, from the environment or ``.env``."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    slack_bot_token: Annotated[Secret, _token("a bot token", "xoxb-")] = Field(
        NOTHING, description="Slack app > OAuth & Permissions > Bot User OAuth Token (xoxb-…)."
    )
    slack_app_token: Annotated[Secret, _token("an app-level token", "xapp-")] = Field(
        NOTHING,
        description="For Socket Mode: Slack app > Basic Information > App-Level Tokens, with the "
        "scope connections:write (xapp-…).",
    )
    slack_signing_secret: Secret = Field(
        NOTHING, description="For HTTP mode: Slack app > Basic Information > Signing Secret."
    )
    slack_client_id: str = Field(
        "",
        description="Lets other workspaces install the app: Slack app > Basic Information > App "
        "Credentials. Needs PUBLIC_URL; docs/slack.md has the set-up.",
    )
    slack_client_secret: Secret = Field(
        NOTHING, description="Slack app > Basic Information > App Credentials."
    )
    slack_api_url: Annotated[str, AfterValidator(_slack_api)] = Field(
        "https://slack.com/api/", description="Where Slack's Web API is; only changed for tests."
    )
    home_team_id: str = Field(
        "", description="The workspace of the support staff (T…); the bot's own team by default."
    )
    support_channel_id: str = Field(
        "",
        description="The internal channel that gets hand-offs and calls for help (C…): in Slack, "
        "open the channel's details; the id is at the bottom.",
    )
    staff_usergroup_id: str = Field(
        "",
        description="The user group whose members are staff (S…); by default every full member "
        "of the home workspace is.",
    )
    staff_lead_user_id: str = Field(
        "",
        description="Who in the home workspace is told when an onboarding doesn't move for the "
        "longest of ESCALATION_DAYS (U…); without it all staff are told again.",
    )
    escalation_days: Annotated[str, AfterValidator(_ladder)] = Field(
        "5,10,15,21",
        description="Working days without movement after which the owner, the channel, staff and "
        "the staff lead are told, each once.",
    )
    home_timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        DEFAULT_TIMEZONE,
        description="The support staff's time zone (an IANA name): the weekly digest comes to the "
        "support channel on Mondays at nine.",
    )
    procore_client_id: str = Field(
        "", description="developers.procore.com > your app > OAuth credentials."
    )
    procore_client_secret: Secret = Field(
        NOTHING, description="developers.procore.com > your app > OAuth credentials."
    )
    procore_api_url: Url = Field("https://api.procore.com", description="Procore's API.")
    procore_auth_url: Url = Field("https://login.procore.com", description="Procore's sign-in.")
    procore_webhook_secret: Secret = Field(
        NOTHING,
        description="The Authorization header of Procore's webhooks; with it and PUBLIC_URL the "
        "bot sets one up in each company; without it their address answers 404. "
        "docs/connections.md says how.",
    )
    qbo_client_id: str = Field(
        "", description="developer.intuit.com > your app > Keys & credentials."
    )
    qbo_client_secret: Secret = Field(
        NOTHING, description="developer.intuit.com > your app > Keys & credentials."
    )
    qbo_api_url: Url = Field(
        "https://quickbooks.api.intuit.com", description="QuickBooks Online's accounting API."
    )
    qbo_auth_url: Url = Field(
        "https://oauth.platform.intuit.com",
        description="Intuit's sign-in, or the base address of a server with a discovery document.",
    )
    qbo_userinfo_url: Url = Field(
        "",
        description="Who authorised a QuickBooks connection (OpenID Connect); found by itself "
        "from QBO_AUTH_URL and QBO_API_URL unless set.",
    )
    qbo_webhook_verifier: Secret = Field(
        NOTHING,
        description="developer.intuit.com > your app > Webhooks > Verifier token; without it the "
        "address for Intuit's webhooks answers 404.",
    )
    database_url: str = Field(
        "sqlite:///onboard.db",
        description="sqlite:///file.db for one process, postgresql://… for any number.",
    )
    onboard_secret_key: Annotated[Secret, AfterValidator(_secret_keys)] = Field(
        NOTHING,
        description="Encrypts stored tokens; make one with `onboard keys new`. Several keys, "
        "separated by commas: the first encrypts, the others still decrypt.",
    )
    public_url: Url = Field(
        "",
        description="Where people's browsers reach this app (https://…). Nobody can connect "
        "Procore or QuickBooks without it; docs/connections.md has the set-up.",
    )
    smtp_url: Annotated[str, AfterValidator(_mail_server)] = Field(
        "",
        description="Sends hand-offs by e-mail too: smtp://user:password@host:587 "
        "(smtps:// for TLS from the start).",
    )
    mail_from: str = Field("", description="The sender's address of hand-off e-mails.")
    host: str = Field(
        "0.0.0.0",  # noqa: S104 - a server in a container listens on all of them.
        description="The address that Slack over HTTP, the pages of signing in, /healthz, /readyz "
        "and /metrics are served on.",
    )
    port: int = Field(3000, ge=0, le=65535, description="The port for all of them.")
    log_level: Annotated[str, AfterValidator(_level)] = Field(
        "INFO",
        description="DEBUG, INFO, WARNING or ERROR. DEBUG shows the texts of unforeseen errors, "
        "which may quote a customer's data.",
    )
    log_format: Annotated[str, AfterValidator(_format)] = Field(
        "text", description="text for people, json for a log collector: one object a line."
    )
    metrics_token: Secret = Field(
        NOTHING, description="When set, /metrics asks for it as a bearer token."
    )
    support_email: str = Field(
        "support@interfy.com.au", description="The support user whom customers let in."
    )
    support_given_name: str = Field("Interfy", description="The support user's first name.")
    support_family_name: str = Field("Support", description="The support user's last name.")
    support_qbo_name: str = Field(
        "OneCore Connect Support", description="The support user's name in QuickBooks."
    )
    support_contact: str = Field("support@interfy.com.au", description="Where hand-off e-mails go.")
    guide_url: Url = Field(GUIDE.guide_url, description="The customer's guide.")
    procore_merge_url: Url = Field(
        GUIDE.procore_merge_url, description="How to merge companies in Procore."
    )
    qbo_merge_url: Url = Field(
        GUIDE.qbo_merge_url, description="How to merge customers in QuickBooks."
    )

    def support(self) -> SupportIdentity:
        """Whom customers let in, and where the guide is."""
        return SupportIdentity(
            self.support_email,
            self.support_given_name,
            self.support_family_name,
            self.support_qbo_name,
            self.support_contact,
            self.guide_url,
            self.procore_merge_url,
            self.qbo_merge_url,
        )

    def ladder(self) -> Ladder:
        """When whom is told that nothing moves."""
        days = tuple(int(part) for part in self.escalation_days.split(","))
        return Ladder(days, self.staff_lead_user_id)

    def require(self, *names: str) -> None:
        """Make sure that settings have a value.

        Raises:
            SettingsError: naming every one that is missing, and where to get it.
        """
        missing = [name for name in names if not _text(getattr(self, name))]
        if missing:
            lines = [f"  {n.upper()}: {describe(n)}" for n in missing]
            raise SettingsError(
                "These settings are missing; put them into the environment or into .env:\n"
                + "\n".join(lines)
            )


def _text(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def describe(name: str) -> str:
    """What a setting is and where to get it."""
    return Settings.model_fields[name].description or ""


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: naming every malformed setting, what is wrong, and where to get it. The
            value itself is never shown: it may be a secret.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False, include_input=False):
            name = str(problem["loc"][0]) if problem["loc"] else "settings"
            said = (
                problem["msg"].removeprefix("Value error, ").replace("Input should be", "it is not")
            )
            reason = "it is not a whole number" if problem["type"] == "int_parsing" else said
            lines.append(f"  {name.upper()}: {reason}. {describe(name)}")
        raise SettingsError("These settings can't be used:\n" + "\n".join(lines)) from None
