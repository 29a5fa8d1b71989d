"""The strong keys of a party: registered numbers, phones, mail addresses and web domains.

Check digits: Australian Business Register for the ABN (modulus 89), ASIC for the ACN (modulus 10),
GS1 for the NZBN (a 13-digit location number that begins with 94).
"""

import re
from functools import cache, lru_cache
from operator import mul
from typing import TYPE_CHECKING

from bot.domain.matching.lexicon import words

if TYPE_CHECKING:
    from tldextract import TLDExtract

_ABN_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_ACN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1)
_NOT_DIGITS = re.compile(r"\D+")
_AUSTRALIAN = re.compile(r"(?:\+61|61|0)([23478]\d{8})$")
_SPACING = str.maketrans("", "", " ()-")
_EXTENSION = re.compile(r"(?:ext?\.?|x|#)\s*\d{1,5}\s*$", re.IGNORECASE)
_PLAIN_HOST = re.compile(
    r"(?:https?://)?(?:www\.)?([a-z0-9-]+\.(?:com|net|org|com\.au|net\.au|org\.au))/?$"
)
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"@]+\.[a-z]{2,}", re.IGNORECASE)


def is_abn(digits: str) -> bool:
    """Whether eleven digits are an ABN by its check digits."""
    if len(digits) != 11 or not digits.isdecimal() or digits[0] == "0":
        return False
    # The register takes one off the first digit before it weighs the digits.
    total = sum(map(mul, _ABN_WEIGHTS, map(int, digits))) - _ABN_WEIGHTS[0]
    return bool(total % 89 == 0)


def is_acn(digits: str) -> bool:
    """Whether nine digits are an ACN by its check digit."""
    if len(digits) != 9 or not digits.isdecimal() or digits == "0" * 9:
        return False
    total = sum(w * int(digit) for w, digit in zip(_ACN_WEIGHTS, digits, strict=False))
    return (10 - total % 10) % 10 == int(digits[8])


def is_nzbn(digits: str) -> bool:
    """Whether thirteen digits are an NZBN: a location number of New Zealand (94…)."""
    if len(digits) != 13 or not digits.isdecimal() or not digits.startswith("94"):
        return False
    total = sum((3 if place % 2 else 1) * int(digit) for place, digit in enumerate(digits[:12]))
    return (10 - total % 10) % 10 == int(digits[12])


@lru_cache(maxsize=4096)
def tax_key(text: str) -> str:
    """A checked registered number as ``abn:…``, ``acn:…``, ``nzbn:…``; else ``other:…`` or ""."""
    digits = _NOT_DIGITS.sub("", text)
    if is_abn(digits):
        return f"abn:{digits}"
    if is_acn(digits):
        return f"acn:{digits}"
    if is_nzbn(digits):
        return f"nzbn:{digits}"
    return f"other:{digits}" if len(digits) >= 7 and len(set(digits)) > 1 else ""


def same_company(left: str, right: str) -> bool:
    """Equal keys, or an ABN whose last nine digits are the other's ACN."""
    if left == right:
        return bool(left)
    if left[-9:] != right[-9:]:
        return False
    return {left.partition(":")[0], right.partition(":")[0]} == {"abn", "acn"}


def phone_key(text: str, region: str = "AU") -> str:
    """E.164 where the number is possible in ``region`` or the US, else its digits; "" for none."""
    if region == "AU":
        # Nearly every number of an Australian company; phonenumbers says the same, more slowly.
        plain = _AUSTRALIAN.match(text.translate(_SPACING))
        if plain is not None:
            return f"+61{plain[1]}"
    return _parsed_phone(text, region)


@lru_cache(maxsize=4096)
def _parsed_phone(text: str, region: str) -> str:
    import phonenumbers

    written = _EXTENSION.sub("", text)
    digits = _NOT_DIGITS.sub("", written)
    if len(digits) < 6 or len(set(digits)) < 3:
        return ""
    # Ten digits without a leading zero are American; Australian ones begin with 0 or have nine.
    american = len(digits) == 10 and digits[0] in "23456789"
    for country in ("US", region) if american else (region, "US"):
        try:
            number = phonenumbers.parse(written, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return f"+{number.country_code}{number.national_number}"
    if region == "AU" and digits.startswith("61") and len(digits) == 11:
        return f"+{digits}"
    return digits


def email_key(text: str) -> str:
    """A mail address in lower case, without ``mailto:`` and tags; "" where there is none."""
    found = _EMAIL.search(text)
    if found is None:
        return ""
    name, _, domain = found[0].casefold().strip(".'").partition("@")
    return f"{name.partition('+')[0]}@{domain}"


@cache
def _extractor() -> "TLDExtract":
    import tldextract

    # The bundled list of public suffixes: nothing is ever fetched and no cache is written.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=8192)
def own_domain(text: str) -> str:
    """The registrable domain of a web or mail address, "" for a public mail or hosting domain."""
    host = text.strip().casefold().rpartition("@")[2]
    if "." not in host or " " in host:
        return ""
    plain = _PLAIN_HOST.match(host)
    # These few suffixes are most addresses, and nothing below them is a public suffix.
    domain = plain[1] if plain else _extractor()(host).top_domain_under_public_suffix
    return "" if domain in words("public_domains.txt") else domain
