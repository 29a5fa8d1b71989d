"""The ``procore:`` section of a world file: clients, companies and what is in them."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from integrations.sandbox.world.base import Mistakes, Section

Id = Annotated[int, Field(ge=1, le=2**62)]
_LEVELS = {"none": 1, "read_only": 2, "standard": 3, "admin": 4}


def _level(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds.
    if not isinstance(value, str) or value.strip().isdecimal():
        return value
    level = _LEVELS.get(value.strip().lower().replace(" ", "_"))
    if level is None:
        raise ValueError(f"a level is {', '.join(_LEVELS)}, or 1 to 4; not {value!r}")
    return level


Level = Annotated[int, BeforeValidator(_level), Field(ge=1, le=4)]
Levels = dict[str, Level]
"""Tool (``directory``, ``admin``, …) to level: 1 none, 2 read_only, 3 standard, 4 admin."""


class ProcoreClient(Section):
    """An app registered with Procore; its credentials are for everybody to read."""

    id: str = "onecore-procore"
    secret: str = "procore-stand-in"  # noqa: S105 - a stand-in has no secrets.
    name: str = "OneCore"


class TemplateType(StrEnum):
    """Which tools a permission template is about."""

    COMPANY = "company_tools"
    PROJECT = "project_tools"


class ProcoreTemplate(Section):
    """A permission template; tools that ``levels`` leaves out stay unnamed."""

    id: Id | None = None
    name: str
    type: TemplateType = TemplateType.COMPANY
    levels: Levels = Field(default_factory=dict)


class ProcoreAssignment(Section):
    """A user's place on one project (its name or number) with a project template's name."""

    project: str
    template: str | None = None
    roles: list[str] = Field(default_factory=list)


class ProcoreUser(Section):
    """A person in the company directory.

    Rights at company level come from ``company_template`` (a template's name) or, set one by one,
    from ``rights``. ``all_projects`` names the project template under which the user is on every
    project; ``projects`` lists single ones. ``service_account`` makes it the user that the client
    of that id is when it asks for a token with client_credentials.
    """

    id: Id | None = None
    first_name: str
    last_name: str
    email: str
    active: bool = True
    job_title: str | None = None
    is_employee: bool = True
    company_template: str | None = None
    rights: Levels = Field(default_factory=dict)
    default_project_template: str | None = None
    add_to_new_projects: bool | None = None
    all_projects: str | None = None
    projects: list[ProcoreAssignment] = Field(default_factory=list)
    vendor: str | None = None
    service_account: str | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class ProcoreProject(Section):
    """A project."""

    id: Id | None = None
    name: str
    number: str | None = None
    active: bool = True
    is_demo: bool = False
    address: str = ""
    city: str = ""
    state_code: str = "NSW"
    zip: str = ""
    country_code: str = "AU"
    stage: str = "Course of Construction"
    project_type: str | None = None


class ProcoreCostCode(Section):
    """A standard cost code. ``code`` is the full code, as text ("03-300").

    ``parent`` is the full code of the code above; where left out it is the longest code of the
    list that this one continues after "-", "." or a space; "" says that there is none. In a file,
    ``"03-300 Footings"`` is short for ``{code: "03-300", name: Footings}``.
    """

    id: Id | None = None
    code: str
    name: str
    parent: str | None = None
    status: Literal["active", "inactive"] = "active"
    origin_id: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds.
        if not isinstance(value, str):
            return value
        code, _, name = value.strip().partition(" ")
        if not name.strip():
            msg = f"{value!r} has no name; write it as CODE NAME, or as {{code: …, name: …}}"
            raise ValueError(msg)
        return {"code": code, "name": name.strip()}


class ProcoreCostCodeList(Section):
    """A standard cost code list."""

    id: Id | None = None
    name: str
    is_erp_list: bool = False
    available_to_use_on_new_projects: bool = True
    codes: list[ProcoreCostCode] = Field(default_factory=list)


class ProcoreBusinessRegister(Section):
    """What a vendor is registered under; an ABN's digits."""

    type: Literal["abn", "acn", "ein", "nzbn"] = "abn"
    identifier: str
    verification_status: str = "active"


class ProcoreContact(Section):
    """A vendor's primary contact."""

    first_name: str = ""
    last_name: str = ""
    business_phone: str | None = None
    mobile_phone: str | None = None
    email_address: str | None = None


class ProcoreVendor(Section):
    """A company in the directory, in Procore's own field names; "" and null are both blank.

    ``abn`` is short for a business register of type abn. ``parent`` is another vendor's name.
    ``merge_blocked_by`` makes a merge fail with that reason.
    """

    id: Id | None = None
    name: str
    abbreviated_name: str | None = None
    trade_name: str = ""
    abn: str | None = None
    business_register: ProcoreBusinessRegister | None = None
    email_address: str | None = None
    business_phone: str = ""
    mobile_phone: str | None = None
    fax_number: str = ""
    website: str | None = None
    address: str = ""
    city: str = ""
    state_code: str = ""
    zip: str = ""
    country_code: str = "AU"
    license_number: str | None = None
    labor_union: str | None = None
    notes: str | None = None
    origin_id: str | None = None
    origin_code: str | None = None
    synced_to_erp: bool = False
    company_vendor: bool = False
    connected_to_company_id: int | None = None
    parent: str | None = None
    primary_contact: ProcoreContact | None = None
    active: bool = True
    merge_blocked_by: str | None = None


class ProcoreGenerate(Section):
    """Bulk data made from ``seed``; the same numbers make the same data on every machine.

    ``duplicates`` counts pairs: that many of the vendors are another vendor, written differently.
    """

    seed: int = 1
    vendors: int = Field(default=0, ge=0, le=200_000)
    duplicates: int = Field(default=0, ge=0)
    cost_codes: int = Field(default=0, ge=0, le=20_000)
    projects: int = Field(default=0, ge=0, le=5_000)


class ProcoreRateLimit(Section):
    """Requests allowed to one app in one company."""

    hourly: int = Field(default=36_000, ge=1)
    spike: int = Field(default=1_000, ge=1)
    spike_seconds: int = Field(default=10, ge=1)


class ProcorePerPage(Section):
    """Rows per page: what is given unasked, the most that is given, and caps by resource."""

    default: int = Field(default=100, ge=1)
    max: int = Field(default=2_000, ge=1)
    caps: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=lambda: {"projects": 300})


class ProcoreSettings(Section):
    """How Procore behaves towards this company.

    ``template_levels``: whether levels of permission templates can be read: ``visible``;
    ``list_only`` (show answers 403); ``hidden`` (show answers 403, the list leaves them out).
    ``blanks``: what becomes of keys without a value. The published schema lets none be null, so
    they are left out; Procore itself also sends ``null``. ``mixed``: some so, some so.
    """

    rate_limit: ProcoreRateLimit = Field(default_factory=ProcoreRateLimit)
    per_page: ProcorePerPage = Field(default_factory=ProcorePerPage)
    template_levels: Literal["visible", "list_only", "hidden"] = "visible"
    inactive_vendors_in_list: bool = False
    totals: bool = True
    segment_items_paged: bool = True
    app_connected: bool = True
    blanks: Literal["left_out", "null", "mixed"] = "left_out"


class ProcoreCompany(Section):
    """One Procore company. ``duplicate_groups`` names vendors that are one firm (side panel)."""

    id: Id
    name: str
    is_active: bool = True
    users: list[ProcoreUser] = Field(default_factory=list)
    permission_templates: list[ProcoreTemplate] = Field(default_factory=list)
    projects: list[ProcoreProject] = Field(default_factory=list)
    cost_code_lists: list[ProcoreCostCodeList] = Field(default_factory=list)
    vendors: list[ProcoreVendor] = Field(default_factory=list)
    duplicate_groups: list[list[str]] = Field(default_factory=list)
    generate: ProcoreGenerate | None = None
    settings: ProcoreSettings = Field(default_factory=ProcoreSettings)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = Mistakes()
        _check_directory(self, found)
        _check_codes(self, found)
        _check_vendors(self, found)
        found.raise_any("Company")
        return self


class ProcoreWorld(Section):
    """Everything that the Procore stand-in holds."""

    clients: list[ProcoreClient] = Field(default_factory=lambda: [ProcoreClient()])
    companies: list[ProcoreCompany] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = Mistakes()
        clients = [one.id for one in self.clients]
        found.repeats(("clients",), "client", clients)
        found.repeats(("companies",), "company", [one.id for one in self.companies])
        for number, company in enumerate(self.companies):
            for place, user in enumerate(company.users):
                at = ("companies", number, "users", place, "service_account")
                found.unknown(at, "client", user.service_account, clients)
        found.raise_any("Procore")
        return self


def _check_directory(company: ProcoreCompany, found: Mistakes) -> None:
    for part in ("users", "permission_templates", "projects", "vendors"):
        found.repeats((part,), "id", [one.id for one in getattr(company, part)])
    templates = company.permission_templates
    found.repeats(
        ("permission_templates",), "template", [(one.type, one.name) for one in templates]
    )
    found.repeats(("users",), "user", [one.email.casefold() for one in company.users])
    for number, user in enumerate(company.users):
        _check_user(company, user, ("users", number), found)


def _check_user(
    company: ProcoreCompany,
    user: ProcoreUser,
    at: tuple[str | int, ...],
    found: Mistakes,
) -> None:
    names: dict[TemplateType, list[str]] = {kind: [] for kind in TemplateType}
    for one in company.permission_templates:
        names[one.type].append(one.name)
    for_company, for_projects = names[TemplateType.COMPANY], names[TemplateType.PROJECT]
    found.unknown(
        (*at, "company_template"), "company_tools template", user.company_template, for_company
    )
    if user.company_template and user.rights:
        found.add((*at, "rights"), "a user has a company_template or rights, not both")
    for key in ("default_project_template", "all_projects"):
        found.unknown((*at, key), "project_tools template", getattr(user, key), for_projects)
    places = [key for one in company.projects for key in (one.name, one.number) if key]
    for place, assigned in enumerate(user.projects):
        here = (*at, "projects", place)
        if company.generate is None or not company.generate.projects:
            found.unknown((*here, "project"), "project", assigned.project, places)
        found.unknown(
            (*here, "template"), "project_tools template", assigned.template, for_projects
        )


def _check_codes(company: ProcoreCompany, found: Mistakes) -> None:
    lists = company.cost_code_lists
    found.repeats(("cost_code_lists",), "id", [one.id for one in lists])
    found.repeats(("cost_code_lists",), "list", [one.name for one in lists])
    for number, one in enumerate(lists):
        at = ("cost_code_lists", number, "codes")
        codes = [code.code for code in one.codes]
        found.repeats(at, "code", codes)
        found.repeats(at, "id", [code.id for code in one.codes])
        for place, code in enumerate(one.codes):
            if code.parent:
                found.unknown((*at, place, "parent"), "code", code.parent, codes)


def _check_vendors(company: ProcoreCompany, found: Mistakes) -> None:
    if company.generate is not None and company.generate.vendors:
        return  # The file may refer to vendors that are generated.
    names = {one.name for one in company.vendors}
    for number, vendor in enumerate(company.vendors):
        found.unknown(("vendors", number, "parent"), "vendor", vendor.parent, names)
    for number, group in enumerate(company.duplicate_groups):
        for place, name in enumerate(group):
            found.unknown(("duplicate_groups", number, place), "vendor", name, names)
