"""The tables of the app's installations in other workspaces; see ``tables`` for the rest."""

from datetime import datetime

from bot.storage.rows import Row, moment, text_of


class InstallationRow(Row, table=True):
    """The app in one workspace; its name and both tokens are the vault's ciphertext."""

    __tablename__ = "installation"

    team_id: str = text_of(primary_key=True)
    team_name: str = text_of()
    bot_user: str = text_of()
    scopes: str = text_of()
    access_token: str = text_of()
    refresh_token: str = text_of()
    expires_at: datetime | None = moment(default=None, index=True)
    installed_by: str = text_of()
    installed_at: datetime = moment()
    broken: str = text_of()


class InstallStateRow(Row, table=True):
    """An installation that somebody began; ``key`` is a hash. It goes when it is used."""

    __tablename__ = "install_state"

    key: str = text_of(primary_key=True)
    expires_at: datetime = moment(index=True)
