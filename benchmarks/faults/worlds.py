"""The customers that the matrix is run over: three of the demo's, and a generated one."""

from dataclasses import dataclass

from benchmarks.faults.rig import SUPPORT, Rig
from integrations.sandbox.world.loader import load_demo
from integrations.sandbox.world.model import World
from integrations.sandbox.world.model_procore import ProcoreGenerate, ProcorePerPage
from integrations.sandbox.world.model_qbo import QboGenerate, QboRole, QboUser

GENERATED = "darwin"
"""The demo customer whose bulk data is made anew here, in another size and from another seed."""

FEW = 12


@dataclass(frozen=True)
class Made:
    """``slug`` of a world; ``support`` has the support user signed in itself as well."""

    slug: str
    support: bool = False
    generated: bool = False


MADE: dict[str, Made] = {
    "acme": Made("acme"),
    "bondi": Made("bondi"),
    "cairns": Made("cairns"),
    "cairns, support signed in": Made("cairns", support=True),
    "generated": Made(GENERATED, support=True, generated=True),
}


def make(name: str, *, thin: bool = False) -> Rig:
    """A rig of one of ``MADE``; ``thin`` leaves out what only makes lists long."""
    made, world = MADE[name], load_demo()
    if made.generated:
        world = _generated(world)
    return Rig(thinned(world) if thin else world, made.slug, support=made.support)


def thinned(world: World) -> World:
    """The world with a handful of made-up vendors beside those that it names."""
    companies = [
        one.model_copy(update={"generate": one.generate.model_copy(update={"vendors": FEW})})
        if one.generate is not None
        else one
        for one in world.procore.companies
    ]
    procore = world.procore.model_copy(update={"companies": companies})
    return world.model_copy(update={"procore": procore})


def _generated(world: World) -> World:
    """Lists of several pages on both sides, with nulls; the support user may enter."""
    known = next(one for one in world.customers if one.slug == GENERATED)
    procore = next(one for one in world.procore.companies if one.id == known.procore_company)
    qbo = next(one for one in world.qbo.companies if one.realm_id == known.qbo_realm)
    users = [
        one.model_copy(update={"active": True, "all_projects": "Project Admin"})
        if one.email == SUPPORT
        else one
        for one in procore.users
    ]
    # What has no value is null in places, as Procore's own answers have it.
    behaviour = {"per_page": ProcorePerPage(max=60), "blanks": "mixed"}
    pages = procore.settings.model_copy(update=behaviour)
    bulk = ProcoreGenerate(seed=2026, vendors=150, duplicates=6, cost_codes=130, projects=70)
    procore = procore.model_copy(update={"users": users, "settings": pages, "generate": bulk})
    rows = QboGenerate(seed=2026, customers=1_010, jobs=40, duplicates=4, cost_codes=130)
    support = QboUser(
        email=SUPPORT, given_name="Interfy", family_name="Support", role=QboRole.COMPANY_ADMIN
    )
    qbo = qbo.model_copy(update={"generate": rows, "users": [*qbo.users, support]})
    known = known.model_copy(update={"procore_authorised_by": "jack@darwin.example"})
    return world.model_copy(
        update={
            "customers": [known],
            "procore": world.procore.model_copy(update={"companies": [procore]}),
            "qbo": world.qbo.model_copy(update={"companies": [qbo]}),
        }
    )
