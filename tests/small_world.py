"""The demo world with a smaller Darwin: the same shape over several pages, in less time."""

from functools import cache

from integrations.sandbox.world.loader import load_demo
from integrations.sandbox.world.model import World

VENDORS, CODES, CUSTOMERS, JOBS = 2_100, 210, 1_050, 300


@cache
def small_demo() -> World:
    """Darwin keeps more than one page of every list that has pages."""
    world = load_demo().model_copy(deep=True)
    for company in world.procore.companies:
        if company.generate is not None and company.generate.vendors > VENDORS:
            company.generate.vendors = VENDORS
            company.generate.cost_codes = min(company.generate.cost_codes, CODES)
    for books in world.qbo.companies:
        if books.generate is not None and books.generate.customers > CUSTOMERS:
            books.generate.customers = CUSTOMERS
            books.generate.jobs = min(books.generate.jobs, JOBS)
            books.generate.cost_codes = min(books.generate.cost_codes, CODES)
    return world


@cache
def acme_alone() -> World:
    """One customer and its systems: where the clock jumps, nobody else is looked at meanwhile."""
    world = small_demo()
    (acme,) = (one for one in world.customers if one.slug == "acme")
    procore, qbo = world.procore, world.qbo
    own = [one for one in procore.companies if one.id == acme.procore_company]
    books = [one for one in qbo.companies if one.realm_id == acme.qbo_realm]
    alone = {
        "customers": [acme],
        "procore": procore.model_copy(update={"companies": own}),
        "qbo": qbo.model_copy(update={"companies": books}),
    }
    return world.model_copy(update=alone)
