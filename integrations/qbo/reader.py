"""The four facts that are read from QuickBooks Online."""

from collections.abc import Awaitable, Callable

from bot.domain.records import Accounts, Identity, Party, Target
from integrations.decode import as_row, flag
from integrations.errors import (
    IncompleteError,
    NoPermissionError,
    NotConnectedError,
    ReconnectError,
)
from integrations.http import both
from integrations.qbo import rows
from integrations.qbo.api import QboApi
from integrations.qbo.dialect import QboEndpoints

OpenApi = Callable[[], Awaitable[QboApi]]


class QboReader:
    """Reads one company for the length of one snapshot.

    Args:
        api: opens the customer's own connection.
        support_api: opens the support user's own sign-in, where there is one.
        endpoints: knows where userinfo is.
        support_email: whose sign-in counts as proof.
    """

    def __init__(
        self, *, api: QboApi, support_api: OpenApi, endpoints: QboEndpoints, support_email: str
    ) -> None:
        self._api = api
        self._support_api = support_api
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
        listing = self._api.rows("Account", rows.account, "QuickBooks accounts")
        found, numbering = await both(listing, self._numbering())
        if not found:
            # QuickBooks creates accounts with every company and does not let the last ones go.
            raise IncompleteError("QuickBooks sent an empty chart of accounts.")
        return Accounts(tuple(found), numbering), ""

    async def items(self) -> tuple[tuple[Target, ...], str]:
        """Every product, service, bundle and category."""
        return tuple(await self._api.rows("Item", rows.item, "QuickBooks items")), ""

    async def customers(self) -> tuple[tuple[Party, ...], str]:
        """Every customer, sub-customer and project."""
        found = await self._api.rows("Customer", rows.customer, "QuickBooks customers")
        parents = {party.parent_id for party in found}
        return tuple(rows.as_parent(one) if one.id in parents else one for one in found), ""

    async def _numbering(self) -> bool | None:
        try:
            found = await self._api.preferences()
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
