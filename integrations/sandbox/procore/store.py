"""One Procore company as it stands now: the world's records by id, and what follows from them."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Protocol, TypeVar

from integrations.sandbox.world import generate
from integrations.sandbox.world.kept import Kept
from integrations.sandbox.world.model_procore import (
    ProcoreCompany,
    ProcoreCostCode,
    ProcoreCostCodeList,
    ProcoreProject,
    ProcoreTemplate,
    ProcoreUser,
    ProcoreVendor,
    TemplateType,
)

# Procore's newer ids are beyond 32 bits; those of a world begin here unless the file gives them.
_FIRST_ID = 562_949_953_421_312
_KINDS = ("user", "template", "project", "list", "code", "vendor")

CREATED = datetime(2025, 2, 3, 22, 15, tzinfo=UTC)
"""When records of a world file say they were made."""


class _HasId(Protocol):
    id: int | None


_R = TypeVar("_R", bound=_HasId)


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One cost code with what its place in the list gives it."""

    id: int
    parent_id: int | None
    own_code: str
    full_code: str
    name: str
    active: bool
    is_parent: bool
    path: tuple[tuple[int, str], ...]
    origin_id: str | None = None


class _Records:
    """A company's records with their ids, as its world has them; stores share and never change it.

    Bulk data is made when somebody first asks for it.
    """

    def __init__(self, company: ProcoreCompany) -> None:
        self.company = company
        self.next: dict[str, int] = {}
        self.taken: set[int] = set()
        self.trees: dict[int, list[CodeRow]] = {}
        self.texts: dict[str, dict[int, bytes]] = {}
        self.users = self._by_id("user", company.users)
        self.templates = self._by_id("template", company.permission_templates)

    @cached_property
    def projects(self) -> dict[int, ProcoreProject]:
        rows, wanted = self.company.projects, self.company.generate
        if wanted is not None:
            rows += generate.projects(wanted.seed, wanted.projects)
        return self._by_id("project", rows)

    @cached_property
    def lists(self) -> dict[int, ProcoreCostCodeList]:
        rows, wanted = self.company.cost_code_lists, self.company.generate
        if wanted is not None and wanted.cost_codes:
            if not rows:
                rows.append(ProcoreCostCodeList(name="Standard Cost Codes"))
            known = {one.code for one in rows[0].codes}
            made = generate.cost_codes(wanted.cost_codes)
            rows[0].codes += [one for one in made if one.code not in known]
        return self._by_id("list", rows)

    @cached_property
    def codes(self) -> dict[int, dict[int, ProcoreCostCode]]:
        for one in self.lists.values():
            self._reserve(one.codes)
        return {list_id: self._by_id("code", one.codes) for list_id, one in self.lists.items()}

    @cached_property
    def vendors(self) -> dict[int, ProcoreVendor]:
        rows, wanted = self.company.vendors, self.company.generate
        if wanted is not None:
            rows += generate.vendors(wanted.seed, wanted.vendors, wanted.duplicates)
        return self._by_id("vendor", rows)

    def _reserve(self, rows: Iterable[_HasId]) -> None:
        self.taken |= {one.id for one in rows if one.id is not None}

    def _by_id(self, kind: str, rows: list[_R]) -> dict[int, _R]:
        self._reserve(rows)
        made: dict[int, _R] = {}
        for one in rows:
            if one.id is None:
                place, one.id = _free_id(self.company.id, kind, self.next.get(kind, 0), self.taken)
                self.next[kind] = place
                self.taken.add(one.id)
            made[one.id] = one
        return made


def _free_id(company_id: int, kind: str, place: int, *taken: Container[int]) -> tuple[int, int]:
    """The next place of a kind of record whose id nobody has, and the id."""
    first = _FIRST_ID + company_id % 100_000 * 10_000_000 + _KINDS.index(kind) * 1_000_000
    place += 1
    while any(first + place in one for one in taken):
        place += 1
    return place, first + place


_RECORDS = Kept(_Records)


class ProcoreStore:
    """A company's records as they stand in one sandbox.

    The records themselves are shared with other sandboxes of the same company: an edit puts
    another one in the place of a record, and changes none.
    """

    def __init__(self, company: ProcoreCompany) -> None:
        self.company = company.model_copy()
        self._records = _RECORDS.of(company)
        self._next: dict[str, int] = {}
        self._taken: set[int] = set()
        self._trees = self._records.trees
        self._texts = self._records.texts
        self.changed: dict[int, datetime] = {}
        self.users = dict(self._records.users)
        self.templates = dict(self._records.templates)

    @cached_property
    def projects(self) -> dict[int, ProcoreProject]:
        """Projects by id."""
        return dict(self._records.projects)

    @cached_property
    def lists(self) -> dict[int, ProcoreCostCodeList]:
        """Cost code lists by id; generated codes go to the first, or to one of their own."""
        return dict(self._records.lists)

    @cached_property
    def codes(self) -> dict[int, dict[int, ProcoreCostCode]]:
        """Cost codes by id, by list id."""
        return {list_id: dict(rows) for list_id, rows in self._records.codes.items()}

    @cached_property
    def vendors(self) -> dict[int, ProcoreVendor]:
        """Directory companies by id."""
        return dict(self._records.vendors)

    @property
    def id(self) -> int:
        """The company's id."""
        return self.company.id

    # -- looking up -----------------------------------------------------------------------

    def user_of(self, email: str) -> ProcoreUser | None:
        """The user with this e-mail address, active or not."""
        wanted = email.casefold()
        return next((one for one in self.users.values() if one.email.casefold() == wanted), None)

    def service_user(self, client_id: str) -> ProcoreUser | None:
        """The user that an app is when it signs in as itself."""
        users = self.users.values()
        return next((one for one in users if one.service_account == client_id), None)

    def template(self, name: str | None, kind: TemplateType) -> ProcoreTemplate | None:
        """A permission template by name."""
        found = (one for one in self.templates.values() if one.type is kind and one.name == name)
        return next(found, None)

    def level(self, user: ProcoreUser, tool: str) -> int:
        """A user's level (1 to 4) for a company tool; Directory admins have all tools."""
        levels = self.company_levels(user)
        return 4 if levels.get("directory") == 4 else levels.get(tool, 1)

    def company_levels(self, user: ProcoreUser) -> dict[str, int]:
        """A user's levels at company level, from the template or set one by one."""
        template = self.template(user.company_template, TemplateType.COMPANY)
        return template.levels if template else user.rights

    def vendor_named(self, name: str) -> ProcoreVendor | None:
        """A vendor by its name."""
        return next((one for one in self.vendors.values() if one.name == name), None)

    def assigned(self, user: ProcoreUser, project: ProcoreProject) -> tuple[bool, str | None]:
        """Whether a user is on a project, and the name of the project template."""
        for one in user.projects:
            if one.project in {project.name, project.number}:
                return True, one.template
        return user.all_projects is not None, user.all_projects

    def visible_projects(self, user: ProcoreUser) -> list[ProcoreProject]:
        """What a user may see: company admins everything, others what they are on."""
        rows = self.projects.values()
        if self.level(user, "directory") == 4:
            return list(rows)
        return [one for one in rows if self.assigned(user, one)[0]]

    def tree(self, list_id: int) -> list[CodeRow]:
        """The codes of a list in the order of the file, each with its place."""
        if list_id not in self._trees:
            self._trees[list_id] = _plant(self.codes[list_id])
        return self._trees[list_id]

    def texts(self, shape: str) -> dict[int, bytes]:
        """The rows that were written in this shape since the last change, as JSON, by id.

        Here goes only what depends on nothing but the company's records and the shape's name.
        """
        return self._texts.setdefault(f"{self.company.settings.blanks} {shape}", {})

    def updated_at(self, record_id: int) -> datetime:
        """When a record last changed."""
        return self.changed.get(record_id, CREATED)

    # -- changing -------------------------------------------------------------------------

    def new_id(self, kind: str) -> int:
        """The next free id of this kind of record."""
        place = max(self._next.get(kind, 0), self._records.next.get(kind, 0))
        taken = (self._records.taken, self._taken)
        self._next[kind], made = _free_id(self.id, kind, place, *taken)
        self._taken.add(made)
        return made

    def touch(self, record_id: int, now: datetime) -> None:
        """Note that a record changed; what was derived from it is made anew."""
        self.changed[record_id] = now
        self._trees, self._texts = {}, {}


def _plant(codes: dict[int, ProcoreCostCode]) -> list[CodeRow]:
    by_code = {one.code: key for key, one in codes.items()}
    parents = {key: _parent_code(one, by_code) for key, one in codes.items()}
    is_parent = {by_code[code] for code in parents.values() if code is not None}
    rows: dict[int, CodeRow] = {}
    for key, one in codes.items():
        above = parents[key]
        rows[key] = CodeRow(
            id=key,
            parent_id=None if above is None else by_code[above],
            own_code=one.code if above is None else _own(one.code, above),
            full_code=one.code,
            name=one.name,
            active=one.status == "active",
            is_parent=key in is_parent,
            path=(),
            origin_id=one.origin_id,
        )
    return [replace(row, path=_path(row, rows)) for row in rows.values()]


def _parent_code(code: ProcoreCostCode, known: dict[str, int]) -> str | None:
    if code.parent is not None:
        return code.parent if code.parent in known else None
    text = code.code
    for cut in range(len(text) - 1, 0, -1):
        if text[cut] in "-. " and text[:cut].rstrip() in known:
            return text[:cut].rstrip()
    return None


def _own(code: str, above: str) -> str:
    return code[len(above) :].lstrip("-. ") if code.startswith(above) else code


def _path(row: CodeRow, rows: dict[int, CodeRow]) -> tuple[tuple[int, str], ...]:
    steps: list[tuple[int, str]] = []
    at: CodeRow | None = row
    while at is not None and len(steps) < len(rows):
        steps.append((at.id, f"{at.full_code} - {at.name}"))
        at = None if at.parent_id is None else rows.get(at.parent_id)
    return tuple(reversed(steps))
