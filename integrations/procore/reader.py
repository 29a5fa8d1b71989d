"""The five facts that are read from Procore."""

from collections.abc import Awaitable, Callable

from bot.domain.records import (
    AccessLevel,
    CompanyAccess,
    CostCodes,
    Party,
    PermissionTemplate,
    ProcoreUser,
    ProjectAccess,
    SupportUserLookup,
)
from integrations.decode import as_row, as_rows, ident, text
from integrations.errors import (
    IncompleteError,
    NoPermissionError,
    NotConnectedError,
    ReconnectError,
)
from integrations.http import both, together
from integrations.once import Once
from integrations.procore import rows
from integrations.procore.api import VENDORS_PER_PAGE, ProcoreApi
from integrations.procore.codes import read_cost_codes
from integrations.same import Same

LABEL = "Procore"
DIRECTORY = "directory"

OpenApi = Callable[[], Awaitable[ProcoreApi]]


class ProcoreReader:
    """Reads one company for the length of one snapshot; what facets share is read once.

    Args:
        api: opens the customer's own connection.
        support_api: opens the support user's own sign-in, where there is one.
        service_account: whether the customer's connection is a service account's.
        support_email: whom to look for.
        once: what has been read in this snapshot already.
        vendors: those that are held of an earlier reading.
    """

    def __init__(
        self,
        *,
        api: ProcoreApi,
        support_api: OpenApi,
        service_account: bool,
        support_email: str,
        once: Once,
        vendors: Same,
    ) -> None:
        self._api = api
        self._support_api = support_api
        self._service_account = service_account
        self._email = support_email.strip().casefold()
        self._once = once
        self._vendors = vendors

    async def support_user(self) -> tuple[SupportUserLookup, str]:
        """Who answers to the support address: an active user, else an inactive one."""
        active = await self._active()
        if active is not None:
            return SupportUserLookup(active=active), ""
        users = await self._api.all(
            f"v1.0/{self._api.in_company}/users/inactive",
            rows.user,
            noun="Procore inactive users",
        )
        return SupportUserLookup(inactive=self._named(users)), ""

    async def company_access(self) -> tuple[CompanyAccess, str]:
        """The support user's rights at company level."""
        return await self._once.get("company access", self._company_access), ""

    async def project_access(self) -> tuple[ProjectAccess, str]:
        """The support user's standing on every project that this login sees."""
        user = await self._shown()
        if user is None:
            return ProjectAccess(None), ""
        path = f"v1.0/{self._api.in_company}/users/{user.id}/project_assignments"
        listing = self._api.all(
            path,
            rows.assignment,
            {"filters[by_status]": "Active"},
            key="project_id",
            noun="Procore projects",
            never_empty=True,
        )
        assignments, access = await both(
            listing, self._once.get("company access", self._company_access)
        )
        if self._service_account and not assignments:
            raise NoPermissionError(
                "the connected service account isn't permitted to see any project."
            )
        names = {one.template_name for one in assignments}
        templates = await self._project_templates(names, user.default_project_template_id)
        value = ProjectAccess(user, tuple(assignments), tuple(templates), _is_company_admin(access))
        return value, self._project_scope(len(assignments))

    async def cost_codes(self) -> tuple[CostCodes, str]:
        """Every standard cost code of every list."""
        return await read_cost_codes(self._api)

    async def vendors(self) -> tuple[tuple[Party, ...], str]:
        """Every company vendor, also the inactive ones, by id.

        Whether ``/vendors`` holds inactive rows is not documented, so both lists are read and an
        id that is in both is taken from the first.
        """
        listed, inactive = await both(
            self._api.all(
                "v1.0/vendors",
                self._vendors.made(rows.vendor),
                {"company_id": self._api.company_id, "view": "extended"},
                per_page=VENDORS_PER_PAGE,
                noun="Procore vendors",
                never_empty=True,
            ),
            self._api.all(
                f"v1.0/{self._api.in_company}/vendors/inactive",
                self._vendors.made(rows.inactive_vendor),
                per_page=VENDORS_PER_PAGE,
                noun="Procore inactive vendors",
            ),
        )
        by_id = {party.id: party for party in [*inactive, *listed]}
        return tuple(by_id.values()), ""

    async def _active(self) -> ProcoreUser | None:
        return await self._once.get("active support user", self._find_active)

    async def _find_active(self) -> ProcoreUser | None:
        """The active user with exactly this address; the search itself looks at names too."""
        path, view = f"v1.3/{self._api.in_company}/users", {"view": "extended"}
        try:
            users = await self._api.all(
                path, rows.user, {**view, "filters[search]": self._email}, never_empty=True
            )
        except IncompleteError:
            # An empty answer that no header vouches for. The whole list cannot be empty: whoever
            # signed in is on it.
            users = await self._api.all(
                path, rows.user, view, noun="Procore users", never_empty=True
            )
        return self._named([user for user in users if user.is_active])

    def _named(self, users: list[ProcoreUser]) -> ProcoreUser | None:
        for user in users:
            if user.email.casefold() == self._email:
                return user
        if users and not any(user.email for user in users):
            raise NoPermissionError(
                "Procore doesn't show this login the e-mail addresses in the company directory."
            )
        return None

    async def _shown(self) -> ProcoreUser | None:
        return await self._once.get("support user's record", self._show)

    async def _show(self) -> ProcoreUser | None:
        """The user's own record: rows of the list may lack the permission templates."""
        listed = await self._active()
        if listed is None:
            return None
        shown = rows.user(await self._api.one(f"v1.3/{self._api.in_company}/users/{listed.id}"))
        return shown if shown.is_active else None

    async def _company_access(self) -> CompanyAccess:
        user = await self._shown()
        if user is None:
            return CompanyAccess(None)
        template, hidden = None, ""
        if user.company_template_id:
            try:
                template = await self._company_template(user.company_template_id)
            except NoPermissionError as error:
                hidden = (
                    "The support user has a company permission template, but "
                    f"I can't see what it allows: {error.detail}"
                )
        level = None
        if template is None:
            try:
                level = await self._signed_in_level()
            except ReconnectError:
                hidden = hidden or (
                    "The support user's rights are set one by one. It signed in to show them, "
                    "but would have to sign in again."
                )
        return CompanyAccess(user, template, hidden, level)

    async def _company_template(self, template_id: str) -> PermissionTemplate:
        found = await self._templates("company_tools", {template_id}, set())
        for template in found:
            if template.id == template_id:
                return template
        return await self._one_template(template_id)

    async def _project_templates(
        self, names: set[str], default_id: str | None
    ) -> list[PermissionTemplate]:
        return await self._templates("project_tools", {default_id or ""}, names)

    async def _templates(
        self, kind: str, ids: set[str], names: set[str]
    ) -> list[PermissionTemplate]:
        """The templates of a kind; those that matter have their levels, read singly if need be."""
        found = await self._api.whole(
            f"v1.0/{self._api.in_company}/permission_templates",
            {"filters[type]": kind, "view": "with_permissions"},
        )
        wanted = [row for row in found if text(row, "id") in ids or text(row, "name") in names]
        bare = [row for row in wanted if not rows.has_levels(row)]
        full = [rows.template(row) for row in found if row not in bare]
        return full + await together([self._one_template(text(row, "id")) for row in bare])

    async def _one_template(self, template_id: str) -> PermissionTemplate:
        path = f"v1.0/{self._api.in_company}/permission_templates/{template_id}"
        return rows.template(await self._api.one(path))

    async def _signed_in_level(self) -> int | None:
        """The Directory level that the support user's own sign-in reports, where there is one.

        ``settings/permissions`` is about whoever owns the token, so ``/me`` has to name the
        support address first.

        Raises:
            ReconnectError: there was a sign-in, and it is not accepted any more.
        """
        try:
            api = await self._support_api()
            me = await api.one("v1.0/me")
            if ident(me, "login", LABEL).casefold() != self._email:
                return None
            found = await api.one("v1.0/settings/permissions", {"company_id": self._api.company_id})
        except (NotConnectedError, NoPermissionError):
            return None
        for tool in as_rows(found.get("tools"), LABEL):
            if text(tool, "name").casefold() == DIRECTORY:
                return rows.access_level(as_row(tool))
        return None

    def _project_scope(self, count: int) -> str:
        seen = f"{count:,} active project{'' if count == 1 else 's'}"
        if self._service_account:
            return f"Covers the {seen} that the connected service account is permitted to see."
        return f"Covers the {seen} that the connected Procore login can see."


def _is_company_admin(access: CompanyAccess) -> bool | None:
    """Admin on the company Directory tool; None when neither template nor sign-in tells."""
    level = access.signed_in_directory_level
    if access.template is not None:
        level = access.template.level(DIRECTORY)
    return None if level is None else level == AccessLevel.ADMIN
