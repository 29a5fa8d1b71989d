"""Words for made-up firms, from ``vocabulary.txt`` beside this file."""

from pathlib import Path

Place = tuple[str, str, str]


def _sections() -> dict[str, list[str]]:
    text = (Path(__file__).parent / "vocabulary.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


def _words(lines: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


def _forms(lines: list[str]) -> dict[str, tuple[str, ...]]:
    pairs = (line.partition("=") for line in lines)
    return {
        word.strip(): tuple(form.strip() for form in forms.split(",") if form.strip())
        for word, _, forms in pairs
    }


def _place(line: str) -> Place:
    suburb, state, postcode = line.split(", ")
    return suburb, state, postcode


_ALL = _sections()
SURNAMES = _words(_ALL["surnames"])
BRANDS = _words(_ALL["brands"])
STREETS = _words(_ALL["streets"])
STARTS = _words(_ALL["starts"])
ENDS = _words(_ALL["ends"])
AGENCIES = tuple(_ALL["agencies"])
SITE_KINDS = tuple(_ALL["kinds"])
TOPICS = tuple(_ALL["topics"])
BUSINESSES = tuple(_ALL["businesses"])
TRADES = _forms(_ALL["trades"])
TAILS = _forms(_ALL["tails"])
PLACES: tuple[Place, ...] = tuple(_place(line) for line in _ALL["places"])
AREA = {"NSW": "2", "ACT": "2", "VIC": "3", "TAS": "3", "QLD": "7", "SA": "8", "WA": "8", "NT": "8"}
SISTERS = (
    "Holdings",
    "Hire",
    "Property",
    "Developments",
    "Investments",
    "Civil",
    "Rentals",
    "Finance",
)
STREET_TYPES = (
    ("Street", "St"),
    ("Road", "Rd"),
    ("Avenue", "Ave"),
    ("Drive", "Dr"),
    ("Lane", "Ln"),
    ("Court", "Ct"),
    ("Parade", "Pde"),
    ("Crescent", "Cres"),
    ("Place", "Pl"),
    ("Highway", "Hwy"),
)
WEBMAIL = (
    "gmail.com",
    "bigpond.com",
    "outlook.com",
    "hotmail.com",
    "optusnet.com.au",
    "icloud.com",
)
MAILBOXES = ("info", "accounts", "office", "sales", "admin", "estimating", "dave", "sarah", "tony")
