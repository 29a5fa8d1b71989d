"""A party made ready for comparison: its names and strong keys, normalised once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter

from bot.domain.matching.addresses import Place, place
from bot.domain.matching.identifiers import email_key, own_domain, phone_key, tax_key
from bot.domain.matching.names import NameForm, name_forms
from bot.domain.records import Party

# The first digit of an Australian landline after +61 tells the states it can stand in.
_AREAS = {
    "2": frozenset({"nsw", "act"}),
    "3": frozenset({"vic", "tas"}),
    "7": frozenset({"qld"}),
    "8": frozenset({"sa", "wa", "nt"}),
}
_REGIONS = {
    "nz": "NZ", "newzealand": "NZ", "us": "US", "usa": "US", "unitedstates": "US", "ca": "CA",
    "canada": "CA", "gb": "GB", "uk": "GB", "unitedkingdom": "GB",
}  # fmt: skip


@dataclass(slots=True)
class Ready:
    """One party, normalised; phones, emails and domains each once, in tuples: sets of one are big.

    ``areas`` are the Australian area digits of its landlines; ``states`` where it may stand, by
    its address and landlines, empty for unknown.
    """

    id: str
    names: tuple[NameForm, ...]
    tax: str
    masked: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    domains: tuple[str, ...]
    place: Place
    areas: frozenset[str]
    states: frozenset[str]
    parent_id: str | None

    def __reduce__(self) -> tuple[type["Ready"], tuple[object, ...]]:
        return Ready, _FIELDS(self)

    @property
    def has_identity(self) -> bool:
        """Whether anything but phone and address is known beside the name."""
        return bool(self.tax or self.emails or self.domains)

    @property
    def is_bare(self) -> bool:
        """Whether nothing is known but the name."""
        return not (self.has_identity or self.phones or self.place.known or self.masked)

    def words(self) -> set[str]:
        """Every word of its names, once."""
        if len(self.names) == 1:
            return set(self.names[0].words)
        return {word for form in self.names for word in form.words}

    def shared_keys(self) -> list[str]:
        """Everything whose being shared is evidence, each with a prefix for its kind."""
        return [*self.strong_keys(), *("w" + word for word in self.words())]

    def strong_keys(self) -> list[str]:
        """Those of ``shared_keys`` that are more than single words of a name; some twice."""
        keys = ["p" + value for value in self.phones]
        if self.tax:
            keys.append("t" + self.tax)
        for value in self.emails:
            keys.append("e" + value)  # noqa: PERF401 - most have none or one.
        for value in self.domains:
            keys.append("d" + value)  # noqa: PERF401
        where = self.place
        if where.number and where.street:
            keys.append(f"a{where.number} {where.street[:3]} {where.postcode}")
        if where.box:
            keys.append(f"b{where.box} {where.postcode or where.city}")
        for form in self.names:
            keys.append("n" + form.squash)
            if form.full != form.squash:  # Most names: all three are one.
                keys += ("n" + form.typed, "n" + form.full)
            elif form.typed != form.squash:
                keys.append("n" + form.typed)
        return keys


_FIELDS = attrgetter(*Ready.__slots__)


@lru_cache(maxsize=1024)
def _same(values: frozenset[str]) -> frozenset[str]:
    """One object for equal sets: most records hold no or the same few values."""
    return values


@lru_cache(maxsize=1024)
def _states(state: str, areas: frozenset[str]) -> frozenset[str]:
    """Where a party may stand: in the state of its address, else where its landlines are."""
    return frozenset([state] if state else [each for n in areas for each in _AREAS[n]])


def _keys(key: Callable[[str], str], texts: Sequence[str]) -> tuple[str, ...]:
    """The keys of ``texts`` that are not empty, each once; most records have one or none."""
    if len(texts) > 1:
        return tuple(dict.fromkeys(filter(None, map(key, texts))))
    found = key(texts[0]) if texts else ""
    return (found,) if found else ()


@lru_cache(maxsize=1024)
def _region(country: str) -> str:
    """Where a country's phone numbers are dialled; Australia where it is unknown."""
    return _REGIONS.get("".join(country.casefold().split()), "AU")


def make_ready(party: Party) -> Ready:
    """Normalise a party."""
    forms = name_forms(party.name)
    for other in party.other_names:
        if len(other) > 4 and " " in other.strip():
            forms += tuple(form for form in name_forms(other) if form not in forms)
    country = party.address.country
    region = _region(country) if country else "AU"
    to_phone = phone_key if region == "AU" else partial(phone_key, region=region)
    phones = _keys(to_phone, party.phones)
    emails = _keys(email_key, party.emails)
    addresses = (*emails, party.website) if party.website else emails
    tax = "" if party.tax_id_masked or not party.tax_id else tax_key(party.tax_id)
    masked = "".join(filter(str.isdecimal, party.tax_id)) if party.tax_id_masked else ""
    where = place(party.address)
    areas = _areas(phones)
    return Ready(
        party.id,
        forms,
        tax,
        masked,
        phones,
        emails,
        _keys(own_domain, addresses),
        where,
        areas,
        _states(where.state, areas),
        party.parent_id,
    )


_NONE: frozenset[str] = frozenset()


def _areas(phones: tuple[str, ...]) -> frozenset[str]:
    """The Australian area digits of the landlines among E.164 numbers."""
    found = [n[3] for n in phones if n.startswith("+61") and n[3:4] in _AREAS]
    return _same(frozenset(found)) if found else _NONE


def _counted(party: Ready, names: set[str]) -> set[str]:
    """The words that one more record of a list holds, those that count.

    ``names`` are the names seen so far. Where nothing but the name is known, a firm that stands
    in a list five times must not make its own words look common: a name's words count once.
    """
    if not party.is_bare:
        return party.words()
    new = {word for form in party.names if form.squash not in names for word in form.words}
    names.update(form.squash for form in party.names)
    return new


def count_keys(parties: Sequence[Ready]) -> Counter[str]:
    """How many records hold each key: what many share says little.

    ``N`` and a name count how many parties must stand behind it: those with different ABNs or in
    different states are namesakes for certain. What only one holds is not counted: it is most.
    """
    return counted(parties, Counter(chain.from_iterable(set(p.strong_keys()) for p in parties)))


def counted(parties: Sequence[Ready], strong: Mapping[str, int]) -> Counter[str]:
    """As ``count_keys``, where ``strong`` are the counts of the parties' strong keys."""
    names: set[str] = set()
    words = Counter(chain.from_iterable(_counted(party, names) for party in parties))
    counts = Counter({key: count for key, count in strong.items() if count > 1})
    counts.update({"w" + word: count for word, count in words.items() if count > 1})
    told: dict[str, tuple[set[str], set[str]]] = {}
    for party in parties:
        name = party.names[0].squash
        if "n" + name in counts:
            taxes, states = told.setdefault(name, (set(), set()))
            if party.tax and party.tax[0] != "o":
                taxes.add(party.tax)
            if party.place.state:
                states.add(party.place.state)
    for name, (taxes, states) in told.items():
        counts["N" + name] = max(len(taxes), len(states))
    return counts
