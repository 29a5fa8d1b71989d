"""Makes vendor and site files with known duplicates: the corruption model of README.md.

Everything follows from the seed. ``cluster`` is the truth: rows of one cluster are one party.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.matching import vocabulary as words

FIELDS = ("id", "name", "email", "phone", "street", "city", "state", "postcode", "abn", "website")
_NEAR = (
    "wa qes wrd etf ryg tuh yij uok ipl ol qsz adwx sfec dgrv fhtb gjyn hkum jli ko asx zc xv cb vn"
)
_KEYS = dict(zip("qwertyuiopasdfghjklzxcvb", _NEAR.split(), strict=True))
_LEGAL = (("Pty Ltd", 70), ("", 10), ("Pty Limited", 5), ("Ltd", 4), ("Trust", 3), ("Inc", 8))
_FORMS = {
    "Pty Ltd": ("Pty Ltd", "PTY LTD", "Pty. Ltd.", "P/L", "Pty Limited", "Proprietary Limited", ""),
    "Pty Limited": ("Pty Ltd", "P/L", "Pty Limited", ""),
    "Ltd": ("Ltd", "Limited", "Ltd.", ""),
    "Inc": ("Inc", "Inc.", "Incorporated", ""),
    "Trust": ("Trust", ""),
    "": ("",),
}


@dataclass
class Firm:
    """One made-up party: what is true of it, before anybody types it in."""

    cluster: int
    base: list[str]
    legal: str
    place: tuple[str, str, str]
    street: str
    phone: str
    abn: str
    domain: str
    webmail: str
    suffix: str = ""
    rows: int = 1
    others: list[str] = field(default_factory=list)


def abn(rng: random.Random) -> str:
    """Eleven digits with valid check digits (modulus 89)."""
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    tail = [rng.randrange(10) for _ in range(9)]
    rest = sum(weight * digit for weight, digit in zip(weights[2:], tail, strict=True))
    for first in range(10, 100):
        a, b = divmod(first, 10)
        if ((a - 1) * 10 + b + rest) % 89 == 0:
            return f"{first}{''.join(map(str, tail))}"
    raise AssertionError("every nine digits have check digits")


def typo(text: str, rng: random.Random) -> str:
    """One typing error: a letter swapped, dropped, doubled or hit beside."""
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    near = _KEYS.get(text[at].lower())
    return text[:at] + rng.choice(near) + text[at + 1 :] if near else text


def _invented(rng: random.Random) -> str:
    """A surname nobody has, so that 100,000 firms need not share 300 names."""
    start, end = rng.choice(words.STARTS), rng.choice(words.ENDS)
    return start + rng.choice("aeiou") + rng.choice("lmnrst") + end


def _base(rng: random.Random) -> list[str]:
    head = rng.random()
    if head < 0.35:
        first = [rng.choice(words.SURNAMES)]
    elif head < 0.55:
        first = [_invented(rng)]
    elif head < 0.85:
        first = [rng.choice(words.BRANDS)]
    elif head < 0.93:
        first = ["".join(rng.choice("ABCDEGHJKLMNPRSTVW") for _ in range(rng.choice((2, 3))))]
    else:
        first = [rng.choice(words.SURNAMES), "&", rng.choice(words.SURNAMES)]
    if rng.random() < 0.35:
        first.append(rng.choice(words.BRANDS))
    name = [*first, rng.choice(list(words.TRADES))]
    if rng.random() < 0.2:
        name += ["&", rng.choice(list(words.TRADES))]
    if rng.random() < 0.35:
        name.append(rng.choice(list(words.TAILS)))
    return name


def _phone(state: str, rng: random.Random) -> str:
    if rng.random() < 0.4:
        return "04" + "".join(rng.choice("0123456789") for _ in range(8))
    return f"0{words.AREA[state]}" + "".join(rng.choice("23456789") for _ in range(8))


def _street(rng: random.Random) -> str:
    return (
        f"{rng.randrange(1, 320)} {rng.choice(words.STREETS)} {rng.choice(words.STREET_TYPES)[0]}"
    )


class _Registers:
    """What the world gives once only: a registered company name, a domain, a mailbox."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, rng: random.Random) -> list[str]:
        """A name that no unrelated firm has."""
        base = _base(rng)
        while not self._take(" ".join(base).casefold()):
            base = _base(rng)
        return base

    def address(self, name: str, rest: str) -> str:
        """``name`` and ``rest``, with the first number behind the name that is still free."""
        number = 1
        while not self._take(found := f"{name}{number if number > 1 else ''}{rest}"):
            number += 1
        return found

    def _take(self, key: str) -> bool:
        if key in self._taken:
            return False
        self._taken.add(key)
        return True


def _firm(cluster: int, registers: _Registers, rng: random.Random) -> Firm:
    base = registers.name(rng)
    place = rng.choice(words.PLACES)
    slug = "".join(filter(str.isalnum, "".join(base[:3]).lower()))[:16]
    legal = rng.choices([form for form, _ in _LEGAL], [weight for _, weight in _LEGAL])[0]
    own = rng.random() > 0.33
    return Firm(
        cluster, base, legal, place, _street(rng), _phone(place[1], rng), abn(rng),
        registers.address(slug, rng.choice((".com.au", ".net.au", ".com"))) if own else "",
        registers.address(slug[:12], f"@{rng.choice(words.WEBMAIL)}"),
        rows=rng.choices((1, 2, 3, 4, 5), (78, 15, 4.5, 1.7, 0.8))[0],
    )  # fmt: skip


def _sister(firm: Firm, cluster: int, rng: random.Random) -> Firm:
    """Another firm of the family: same domain, phone and address, its own ABN and one more word."""
    extra = rng.choice((*words.SISTERS, f"({firm.place[1]})"))
    return Firm(
        cluster, [*firm.base, extra], firm.legal, firm.place, firm.street, firm.phone, abn(rng),
        firm.domain, firm.webmail, rows=rng.choice((1, 1, 2)),
    )  # fmt: skip


def _branch(firm: Firm, cluster: int, place: words.Place, rng: random.Random) -> Firm:
    """Another place of the same company: same ABN and domain, own phone and address."""
    return Firm(
        cluster, firm.base, firm.legal, place, _street(rng), _phone(place[1], rng), firm.abn,
        firm.domain, firm.webmail, rng.choice((f" - {place[0]}", f" ({place[0]})", f" {place[0]}")),
        rng.choice((1, 1, 2)),
    )  # fmt: skip


def _namesake(firm: Firm, cluster: int, rng: random.Random) -> Firm:
    """A stranger of the same name in another state."""
    place = rng.choice([place for place in words.PLACES if place[1] != firm.place[1]])
    slug = "".join(firm.base[:2]).lower().replace("&", "")[:10]
    return Firm(
        cluster, firm.base, firm.legal, place, _street(rng), _phone(place[1], rng), abn(rng),
        f"{slug}{place[1].lower()}.com.au", f"{slug}{place[1].lower()}@{rng.choice(words.WEBMAIL)}",
    )  # fmt: skip


def firms(count: int, rng: random.Random) -> Iterator[Firm]:
    """Firms until their rows make ``count``: families, branches and namesakes among them."""
    made = cluster = 0
    registers = _Registers()
    while made < count:
        firm = _firm(cluster, registers, rng)
        family = [firm]
        kind = rng.random()
        if kind < 0.03:
            family.append(_sister(firm, cluster + 1, rng))
        elif kind < 0.045:
            places = rng.sample(words.PLACES, rng.choice((2, 3, 4)))
            family = [_branch(firm, cluster + n, place, rng) for n, place in enumerate(places)]
        elif kind < 0.06:
            family.append(_namesake(firm, cluster + 1, rng))
        for each in family:
            each.rows = min(each.rows, count - made)
            made += each.rows
            if each.rows:
                yield each
        cluster += len(family)


def _shorten(word: str, rng: random.Random) -> str:
    forms = words.TRADES.get(word) or words.TAILS.get(word)
    return rng.choice(forms) if forms and rng.random() < 0.22 else word


def _case(name: str, rng: random.Random) -> str:
    chance = rng.random()
    return name.upper() if chance < 0.18 else name.lower() if chance < 0.23 else name


def _parts(firm: Firm, rng: random.Random) -> list[str]:
    parts = [_shorten(word, rng) for word in firm.base]
    if rng.random() < 0.35:
        parts = ["and" if part == "&" else part for part in parts]
    if rng.random() < 0.07 and len(parts) > 2 and parts[-1] in words.TAILS:
        parts = parts[:-1]
    if rng.random() < 0.02 and len(parts) > 1:
        parts[0], parts[1] = parts[1], parts[0]
    return parts


def _garble(name: str, rng: random.Random) -> str:
    for chance in (0.24, 0.04):
        if rng.random() < chance:
            name = typo(name, rng)
    return name.replace(" ", "", 1) if rng.random() < 0.05 else name


def written_name(firm: Firm, rng: random.Random) -> str:
    """The firm's name as one more clerk types it."""
    name = _garble(" ".join(_parts(firm, rng)), rng)
    name += firm.suffix
    legal = rng.choice(_FORMS[firm.legal])
    style = rng.random()
    if style < 0.03:
        name = f"The Trustee for {name} Family Trust"
    elif style < 0.06:
        name = f"{' '.join(_base(rng))} Pty Ltd T/A {name}"
    elif legal:
        name = f"{name} {legal}"
    if rng.random() < 0.02 and not firm.suffix:
        name += f" ({firm.place[1]})"
    return _case(name[:30].strip() if rng.random() < 0.03 else name, rng)


def _written_phone(phone: str, rng: random.Random) -> str:
    style = rng.randrange(5)
    if phone.startswith("04"):
        spaced = f"{phone[:4]} {phone[4:7]} {phone[7:]}"
    else:
        spaced = f"{phone[:2]} {phone[2:6]} {phone[6:]}"
    return (
        phone,
        spaced,
        f"+61 {spaced[1:]}",
        f"61{phone[1:]}",
        f"({phone[:2]}) {phone[2:6]} {phone[6:]}",
    )[style]


def _written_street(firm: Firm, rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.08:
        return f"PO Box {rng.randrange(100, 9000)}"
    street = _street(rng) if chance < 0.23 else firm.street
    for long, short in words.STREET_TYPES:
        if street.endswith(long) and rng.random() < 0.5:
            street = street.removesuffix(long) + short
    if rng.random() < 0.1:
        street = f"Unit {rng.randrange(1, 21)}, {street}"
    return typo(street, rng) if rng.random() < 0.08 else street


def _row(firm: Firm, rng: random.Random) -> dict[str, str]:
    row = dict.fromkeys(FIELDS, "")
    row["name"] = written_name(firm, rng)
    if rng.random() < 0.45:
        number = firm.abn if rng.random() > 0.006 else f"{firm.abn[:-1]}{rng.randrange(10)}"
        spaced = f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"
        row["abn"] = spaced if rng.random() < 0.5 else number
    if rng.random() < 0.7:
        phone = firm.phone if rng.random() > 0.22 else _phone(firm.place[1], rng)
        row["phone"] = _written_phone(phone, rng)
    if rng.random() < 0.65:
        at = f"{rng.choice(words.MAILBOXES)}@{firm.domain}" if firm.domain else firm.webmail
        row["email"] = at
    if firm.domain and rng.random() < 0.4:
        row["website"] = rng.choice(("http://", "https://www.", "www.", "")) + firm.domain
    if rng.random() < 0.7:
        row["street"] = _written_street(firm, rng)
        row["city"], row["state"], row["postcode"] = firm.place
    return row


def vendors(count: int, seed: int = 20261122) -> tuple[list[dict[str, str]], list[int]]:
    """``count`` rows of a vendor file in random order, and the cluster of each."""
    rng = random.Random(seed)
    made = list(firms(count, rng))
    rows = [(_row(firm, rng), firm.cluster) for firm in made for _ in range(firm.rows)]
    return numbered(rows, rng)


def numbered(
    rows: list[tuple[dict[str, str], int]], rng: random.Random
) -> tuple[list[dict[str, str]], list[int]]:
    rng.shuffle(rows)
    for number, (row, _) in enumerate(rows, 1):
        row["id"] = f"r{number}"
    return [row for row, _ in rows], [cluster for _, cluster in rows]


def suppliers(count: int, seed: int = 20261122) -> tuple[list[dict[str, str]], list[int]]:
    """Names only, without the namesakes, which no name tells apart."""
    rng = random.Random(seed)
    made = list(firms(count * 2, rng))
    heard: dict[str, int] = {}
    alone = [
        firm
        for firm in made
        if heard.setdefault("".join([*firm.base, firm.suffix]), firm.cluster) == firm.cluster
    ]
    rows = [
        (dict.fromkeys(FIELDS, "") | {"name": written_name(firm, rng)}, firm.cluster)
        for firm in alone
        for _ in range(firm.rows)
    ]
    return numbered(rows[:count], rng)


def garbled(count: int, seed: int = 20261122) -> tuple[list[dict[str, str]], list[int]]:
    """Names only, each party typed two to six times with many errors."""
    rng = random.Random(seed)
    rows: list[tuple[dict[str, str], int]] = []
    cluster = 0
    while len(rows) < count:
        name = " ".join(_base(rng))
        for _ in range(rng.choice((1, 1, 2, 3, 5))):
            text = name
            for _ in range(rng.choice((0, 1, 1, 2))):
                text = typo(text, rng)
            if rng.random() < 0.15:
                text = text.replace(" ", "", 1)
            rows.append((dict.fromkeys(FIELDS, "") | {"name": text.upper()}, cluster))
        cluster += 1
    return numbered(rows[:count], rng)


def sites(count: int, seed: int = 20261122) -> tuple[list[dict[str, str]], list[int]]:
    """Child-care sites of agencies, listed by several offices: branches share name and phone."""
    rng = random.Random(seed)
    rows: list[tuple[dict[str, str], int]] = []
    cluster = 0
    while len(rows) < count:
        agency = rng.choice(words.AGENCIES) if rng.random() < 0.6 else " ".join(_base(rng)[:2])
        kind = rng.choice(words.SITE_KINDS)
        head_office = _phone("NSW", rng)
        for _ in range(rng.choice((1, 1, 1, 2, 4, 8))):
            place = rng.choice(words.PLACES[:8])
            street = _street(rng)
            local = rng.choice((place[0], rng.choice(words.BRANDS), rng.choice(words.SURNAMES)))
            own = _phone("NSW", rng)
            for _ in range(rng.choice((1, 1, 2, 3))):
                row = dict.fromkeys(FIELDS, "")
                row["name"] = _site_name(agency, local, kind, rng)
                row["street"] = _site_street(street, rng)
                row["postcode"] = place[2] if rng.random() < 0.9 else ""
                if rng.random() < 0.85:
                    row["phone"] = _written_phone(head_office if rng.random() < 0.25 else own, rng)
                rows.append((row, cluster))
            cluster += 1
    return numbered(rows[:count], rng)


def _site_name(agency: str, local: str, kind: str, rng: random.Random) -> str:
    name = rng.choice(
        (
            f"{agency} {kind}",
            f"{agency} - {local}",
            f"{local} {kind}",
            f"{agency} {local} {kind}",
            f"{agency} {kind} - {local}",
            f"{agency} / {agency} {local}",
            agency,
        )
    )
    return _case(typo(name, rng) if rng.random() < 0.1 else name, rng)


def _site_street(street: str, rng: random.Random) -> str:
    for long, short in words.STREET_TYPES:
        if street.endswith(long):
            chance = rng.random()
            end = long if chance < 0.4 else short if chance < 0.85 else ""
            street = (street.removesuffix(long) + end).strip()
    return typo(street, rng) if rng.random() < 0.05 else street
