"""Cost code numbers: what makes two of them the same, and where names hide them.

MasterFormat numbers are written with five or six digits and with or without separators, so
``03-300``, ``03300``, ``03 30 00`` and ``03-3000`` are one number; ``03-030`` is another.
"""

import re
from functools import lru_cache

_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
_LEADING = re.compile(
    r"""^\s*(?P<code>
        \d{1,2}[\s.\-]\d{2}[\s.\-]\d{2}(?:[.\-]\d{1,3})?   # 03 30 00, 03.30.00, 03 30 00.10
        | \d+(?:[.\-/]\d+)*                                # 5900, 03-300, 1.10
        | [A-Za-z]{1,3}\d+(?:[.\-]\d+)*                    # A100, SC-04
    )
    (?:\s*[\-\u2013\u2014:\u00b7.|]\s*|\s+)(?=[^\W\d_])""",
    re.VERBOSE,
)
_MASTERFORMAT_SHAPES = {(2, 3), (2, 4), (5,), (6,), (2, 2, 2)}


@lru_cache(maxsize=65536)
def code_key(code: str) -> str:
    """The canonical form of a number: equal keys are equal numbers; "" for no number.

    Five- and six-digit MasterFormat shapes become their six digits (``03-300`` → ``033000``);
    every other shape keeps its parts, each without leading zeros (``1.10`` stays apart from
    ``1.1``).
    """
    parts = [part for part in _SEPARATORS.split(code.strip().casefold()) if part]
    if not parts:
        return ""
    shape = tuple(map(len, parts))
    digits = "".join(parts)
    if digits.isdecimal() and shape in _MASTERFORMAT_SHAPES:
        return digits.ljust(6, "0")
    if len(parts) == 4 and shape[:3] == (2, 2, 2) and digits.isdecimal():
        return "".join(parts[:3]) + "." + parts[3]
    return ".".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)


@lru_cache(maxsize=65536)
def division_of(code: str) -> str:
    """The first two digits of a MasterFormat-like number, "" where it is of another shape."""
    parts = [part for part in _SEPARATORS.split(code.strip()) if part]
    if not parts or not "".join(parts).isdecimal():
        return ""
    if len(parts) == 1 and len(parts[0]) in (2, 5, 6):
        return parts[0][:2]
    return parts[0] if len(parts) > 1 and len(parts[0]) == 2 else ""


@lru_cache(maxsize=65536)
def split_leading_code(name: str) -> tuple[str, str]:
    """("5900", "Misc Costs") for "5900 Misc Costs"; ("", name) where no number leads."""
    found = _LEADING.match(name)
    if found is None:
        return "", name
    return found["code"].strip(), name[found.end() :].strip()
