"""The same reads one after the other: ``python benchmarks/reads/plain.py procore|qbo``.

Procore is read by a plain loop over ``urllib``; QuickBooks by python-quickbooks
where it is installed for this interpreter, else by a plain loop as well, which is quicker than it.
Standard input: where the stand-in is and how to sign in. Standard output: seconds, calls, rows and
what read. It imports nothing of this project, because it runs in other people's environments too.
"""

import json
import sys
import time
import urllib.parse
import urllib.request
from typing import Any

COMPANY, REALM, SUPPORT = "8092", "4620816365000000004", "support@interfy.com.au"
LISTS = ("Account", "Item", "Customer")


class Plain:
    """GETs, one at a time."""

    def __init__(self, place: dict[str, Any], headers: dict[str, str]) -> None:
        self._url = place["url"]
        self._headers = {"Authorization": f"Bearer {place['access_token']}", **headers}
        self.calls = self.rows = 0

    def get(self, path: str, **params: str) -> Any:  # noqa: ANN401 - JSON.
        asked = f"{self._url}{path}?{urllib.parse.urlencode(params)}"
        request = urllib.request.Request(asked, headers=self._headers)
        self.calls += 1
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def pages(self, path: str, size: int, **params: str) -> list[Any]:
        """Every row of a Procore list, until a page is short."""
        rows: list[Any] = []
        number = 0
        while True:
            number += 1
            page = self.get(path, **params, page=str(number), per_page=str(size))
            rows += page
            if len(page) < size:
                self.rows += len(rows)
                return rows


def procore(place: dict[str, Any]) -> tuple[Plain, str]:
    """What the bot reads of this company, whose support user does not exist."""
    plain = Plain(place, {"Procore-Company-Id": COMPANY})
    base = f"/rest/v1.0/companies/{COMPANY}"
    wbs = f"{base}/work_breakdown_structure/segments"
    search = {"view": "extended", "filters[search]": SUPPORT}
    plain.pages(f"/rest/v1.3/companies/{COMPANY}/users", 2000, **search)
    plain.pages(f"{base}/users/inactive", 2000)
    plain.pages("/rest/v1.0/vendors", 1000, company_id=COMPANY, view="extended")
    plain.pages(f"{base}/vendors/inactive", 1000)
    for one in plain.get("/rest/v1.0/standard_cost_code_lists", company_id=COMPANY):
        wanted = {"company_id": COMPANY, "standard_cost_code_list_id": str(one["id"])}
        plain.pages("/rest/v1.0/standard_cost_codes", 2000, **wanted)
    segment = next(one["id"] for one in plain.get(wbs) if one["type"] == "cost_code")
    for one in plain.get(f"{wbs}/{segment}/lists"):
        listed = {"segment_item_list_id": str(one["id"])}
        plain.pages(f"{wbs}/{segment}/segment_items", 2000, **listed)
    return plain, "a plain loop"


def qbo(place: dict[str, Any]) -> tuple[Plain, str]:
    """What the bot reads of this company."""
    plain = Plain(place, {"Accept": "application/json"})
    plain.get("/v1/openid_connect/userinfo")
    plain.get(f"/v3/company/{REALM}/preferences", minorversion="75")
    try:
        import quickbooks  # noqa: F401
    except ImportError:
        for entity in LISTS:
            everything(plain, entity)
        return plain, "a plain loop (python-quickbooks is not installed)"
    by_client(plain, place)
    return plain, "python-quickbooks"


def everything(plain: Plain, entity: str) -> None:
    rows = 0
    while True:
        query = f"SELECT * FROM {entity} WHERE Active IN (true,false) ORDERBY Id"
        query += f" STARTPOSITION {rows + 1} MAXRESULTS 1000"
        answer = plain.get(f"/v3/company/{REALM}/query", query=query, minorversion="75")
        page = answer["QueryResponse"].get(entity, [])
        rows += len(page)
        if len(page) < 1000:
            plain.rows += rows
            return


def by_client(plain: Plain, place: dict[str, Any]) -> None:
    """The lists through python-quickbooks, as its own guide reads them."""
    from intuitlib.client import AuthClient
    from quickbooks import QuickBooks, objects

    QuickBooks.api_url_v3 = QuickBooks.sandbox_api_url_v3 = f"{place['url']}/v3"
    auth = AuthClient(
        place["client"]["id"],
        place["client"]["secret"],
        "http://127.0.0.1:1/callback",
        environment=f"{place['there']}/.well-known/openid_configuration",
        access_token=place["access_token"],
    )
    company = QuickBooks(auth_client=auth, company_id=REALM, minorversion=75)
    for entity in LISTS:
        rows = 0
        while True:
            plain.calls += 1
            page = getattr(objects, entity).where(
                "Active IN (true,false)",
                order_by="Id",
                start_position=rows + 1,
                max_results=1000,
                qb=company,
            )
            rows += len(page)
            if len(page) < 1000:
                plain.rows += rows
                break


def main() -> None:
    place = json.load(sys.stdin)
    read = {"procore": procore, "qbo": qbo}[sys.argv[1]]
    began = time.perf_counter()
    plain, by = read(place)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "calls": plain.calls, "rows": plain.rows, "by": by}))


main()
