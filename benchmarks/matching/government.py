"""Makes a government's supplier list with known duplicates: names only, as buyers type them.

A register of contracts differs from a builder's vendor file: half are consultants, agencies,
councils and universities, typing errors are few, and what differs is the legal form, "The", "&",
an acronym behind the name, "Dept", "Australia", a plural. Everything follows from the seed.
"""

import random
from itertools import pairwise

from benchmarks.matching import vocabulary as words
from benchmarks.matching.data import FIELDS, numbered, typo

_LEGAL = {
    "Pty Ltd": ("Pty Ltd", "PTY LTD", "Pty. Ltd.", "Pty Limited", "P/L", "Pty. Limited", ""),
    "Limited": ("Limited", "Ltd", "Ltd.", ""),
    "Incorporated": ("Incorporated", "Inc", "Inc."),
    "": ("",),
}
_SHORT = {
    "Department": ("Dept", "Dept."), "University": ("Univ", "Uni"), "Australian": ("Aust",),
    "Services": ("Service", "Svcs"), "Technology": ("Tech", "Technologies"),
    "Systems": ("System",), "Solutions": ("Solution",), "Management": ("Mgmt",),
    "International": ("Intl", "Int'l"), "Consulting": ("Consultants",), "Group": ("Grp",),
    "Government": ("Govt",), "Association": ("Assoc", "Assn"), "Facilities": ("Facility",),
    "Communications": ("Communication",), "Centre": ("Center", "Ctr"), "Engineering": ("Eng",),
    "Institute": ("Inst",), "National": ("Nat", "Natl"),
}  # fmt: skip


def _agency(rng: random.Random) -> tuple[list[str], str]:
    topic = rng.choice(words.TOPICS).split()
    place = rng.choice(words.PLACES)[0]
    names = (
        ["Department", "of", *topic],
        ["University", "of", place],
        [place, "City", "Council"],
        ["Australian", "Institute", "of", *topic],
        ["National", *topic, "Commission"],
        [rng.choice(words.BRANDS), "University"],
        [place, "Hospital"],
        ["Australian", *topic, "Association"],
    )
    kind = rng.randrange(len(names))
    return names[kind], "Incorporated" if kind == 7 else ""


def _firm(rng: random.Random) -> tuple[list[str], str]:
    chance = rng.random()
    if chance < 0.25:
        head = [rng.choice(words.SURNAMES), "&", rng.choice(words.SURNAMES)]
    elif chance < 0.4:
        head = [rng.choice(words.BRANDS) + rng.choice(words.BRANDS).lower()]
    elif chance < 0.5:
        head = ["".join(rng.choice("ABCDEGHJKLMNPRSTVW") for _ in range(3))]
    else:
        head = [rng.choice(words.BRANDS)]
        if rng.random() < 0.4:
            head.append(rng.choice((*words.BRANDS, *words.SURNAMES)))
    head += rng.choice(words.BUSINESSES).split()
    if rng.random() < 0.2:
        head.append(rng.choice(("Services", "Group", "International", "Solutions", "Australia")))
    return head, rng.choice(("Pty Ltd", "Pty Ltd", "Pty Ltd", "Limited", ""))


def _relative(name: list[str], legal: str, rng: random.Random) -> tuple[list[str], str]:
    """Another party with most of the name: another business of the brand, another state's."""
    if "of" in name or "Council" in name or "Hospital" in name:
        return [*name, f"({rng.choice(words.PLACES)[1]})"], legal
    begin = name[: 1 if "&" not in name else 3]
    others = [
        other
        for other in ("Property", "Holdings", *words.BUSINESSES)
        if not {word[:6] for word in other.split()} & {word[:6] for word in name}
    ]
    return [*begin, *rng.choice(others).split()], legal


def _acronym(name: list[str]) -> str:
    return "".join(word[0] for word in name if word[0].isupper())


def _word(word: str, rng: random.Random) -> str:
    return rng.choice(_SHORT[word]) if word in _SHORT and rng.random() < 0.15 else word


def _spaced(name: str, rng: random.Random) -> str:
    """A space won or lost, or a hyphen for it."""
    chance = rng.random()
    if chance < 0.02:
        return name.replace(" ", "", 1)
    if chance < 0.05:
        return name.replace(" ", "-", 1)
    if chance < 0.07:
        for first, second in pairwise(name):
            if first.islower() and second.isupper():
                return name.replace(first + second, f"{first} {second}", 1)
    return name


def _written(name: list[str], legal: str, rng: random.Random) -> str:
    parts = [_word(word, rng) for word in name]
    if rng.random() < 0.4:
        parts = ["and" if part == "&" else part for part in parts]
    text = _spaced(" ".join(parts), rng)
    if rng.random() < 0.12:
        text = typo(text, rng)
    acronym = _acronym(name)
    if len(acronym) >= 3 and rng.random() < 0.1:
        text += rng.choice((f" ({acronym})", f" - {acronym}"))
    elif legal and rng.random() < 0.06:
        text += rng.choice((" Australia", " (Australia)", " (Aust)"))
    text = f"{text} {rng.choice(_LEGAL[legal])}".strip()
    if rng.random() < (0.08 if legal else 0.25):
        text = f"The {text}"
    if legal and rng.random() < 0.02:
        text = f"The Trustee for {text} Trust"
    if rng.random() < 0.02:
        text = text[:40].strip()
    return text.upper() if rng.random() < 0.35 else text


def government(count: int, seed: int = 20261122) -> tuple[list[dict[str, str]], list[int]]:
    """``count`` rows of a supplier list in random order, and the cluster of each."""
    rng = random.Random(seed)
    rows: list[tuple[dict[str, str], int]] = []
    taken: set[str] = set()
    while len(rows) < count:
        first = _agency(rng) if rng.random() < 0.3 else _firm(rng)
        family = [first, _relative(*first, rng)] if rng.random() < 0.12 else [first]
        for name, legal in family:
            if " ".join(name) in taken:
                continue
            taken.add(" ".join(name))
            for _ in range(rng.choices((1, 2, 3, 4), (68, 24, 6, 2))[0]):
                row = dict.fromkeys(FIELDS, "") | {"name": _written(name, legal, rng)}
                rows.append((row, len(taken)))
    return numbered(rows[:count], rng)
