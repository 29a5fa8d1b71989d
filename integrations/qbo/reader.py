"""The facts that are read from QuickBooks Online."""

from collections.abc import Awaitable, Callable

from bot.domain.records import Accounts, Identity, Party, QboCompany, QboPreferences, Target
from integrations.decode import Row, as_row, flag, mapped
from integrations.errors import (
    NoPermissionError,
    NotConnectedError,
    ReconnectError,
)
from integrations.http import both
from integrations.once import Once
from integrations.qbo import rows
from integrations.qbo.api import QboApi
from integrations.qbo.dialect import QboEndpoints
from integrations.qbo.lists import ACCOUNTS, CUSTOMERS, EMPLOYEES, ITEMS, SUPPLIERS, QboLists

OpenApi = Callable[[], Awaitable[QboApi]]


class QboReader:
    """Reads one company for the length of one snapshot.

    Args:
        api: opens the customer's own connection.
        support_api: opens the support user's own sign-in, where there is one.
        lists: the customer's own lists.
        endpoints: knows where userinfo is.
        support_email: whose sign-in counts as proof.
        once: what has been read in this snapshot already.
    """

    def __init__(
        self,
        *,
        api: QboApi,
        support_api: OpenApi,
        lists: QboLists,
        endpoints: QboEndpoints,
        support_email: str,
        once: Once,
    ) -> None:
        self._api = api
        self._support_api = support_api
        self._lists = lists
        self._once = once
        self._endpoints = endpoints
        self._email = support_email.strip().casefold()

    async def authoriser(self) -> tuple[Identity, str]:
        """Who signed in: the support user's own sign-in where that proves something.

        It does when its address is the support address and CompanyInfo of the customer's own
        realm answers it. Otherwise it is whoever made the customer's connection.
        """
        proven, doubt = await self._support_identity()
        if proven is not None:
            return proven, (
                "The support user signed in itself, and QuickBooks let it read this company."
            )
        found = await self._identity(self._api)
        if found.email.casefold() != self._email:
            return found, doubt
        await self._enter(self._api)
        return found, "QuickBooks let this sign-in read this company."

    async def accounts(self) -> tuple[Accounts, str]:
        """The whole chart of accounts, and whether account numbers are switched on."""
        # Without numbering the rows come without their numbers, and none of them counts as changed.
        listing = self._lists.read(ACCOUNTS, self._numbered)
        found, numbering = await both(listing, self._once.get("numbering", self._numbering))
        return Accounts(tuple(found), numbering), ""

    async def items(self) -> tuple[tuple[Target, ...], str]:
        """Every product, service, bundle and category."""
        return tuple(await self._lists.read(ITEMS)), ""

    async def customers(self) -> tuple[tuple[Party, ...], str]:
        """Every customer, sub-customer and project."""
        found = await self._lists.read(CUSTOMERS)
        parents = {party.parent_id for party in found}
        marked = await mapped(found, lambda one: rows.as_parent(one) if one.id in parents else one)
        return tuple(marked), ""

    async def suppliers(self) -> tuple[tuple[Party, ...], str]:
        """Every supplier, also the inactive ones: they hold their names."""
        return tuple(await self._lists.read(SUPPLIERS)), ""

    async def employees(self) -> tuple[tuple[Party, ...], str]:
        """Every employee, also the inactive ones."""
        return tuple(await self._lists.read(EMPLOYEES)), ""

    async def company(self) -> tuple[QboCompany, str]:
        """The company's plan and subscription."""
        return rows.company(await self._api.company_info()), ""

    async def preferences(self) -> tuple[QboPreferences, str]:
        """The preferences that decide what can be booked."""
        return rows.preferences(await self._preferences()), ""

    async def _preferences(self) -> Row:
        return await self._once.get("preferences", self._api.preferences)

    async def _numbered(self) -> str:
        return f"numbering {await self._once.get('numbering', self._numbering)}"

    async def _numbering(self) -> bool | None:
        try:
            found = await self._preferences()
        except NoPermissionError:
            return None
        return flag(as_row(found.get("AccountingInfoPrefs")), "UseAccountNumbers")

    async def _support_identity(self) -> tuple[Identity | None, str]:
        """The support user's identity, if it signed in itself and may enter this company.

        Otherwise None, and what became of its sign-in where there is one.
        """
        try:
            api = await self._support_api()
            if api.realm_id != self._api.realm_id:
                return None, ""
            found = await self._identity(api)
            if found.email.casefold() != self._email:
                return None, ""
            await self._enter(api)
        except NotConnectedError:
            return None, ""
        except ReconnectError:
            return None, "The support user signed in once, but would have to sign in again."
        except NoPermissionError:
            return None, "QuickBooks doesn't let the support user's own sign-in read this company."
        return found, ""

    async def _identity(self, api: QboApi) -> Identity:
        endpoints = await self._endpoints.get()
        return rows.identity(await api.userinfo(endpoints.userinfo))

    async def _enter(self, api: QboApi) -> None:
        await api.company_info()
