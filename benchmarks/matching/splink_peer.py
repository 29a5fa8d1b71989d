"""Splink 5 on a vendor file, as its own tutorial would do it: unsupervised, with tight blocking.

Run by the Python that has splink (``pip install splink`` into an environment of its own):
``PYTHON splink_peer.py VENDORS.csv PAIRS.csv``. Names, phones and numbers are cleaned first, as
anybody would; the weights are estimated from the file itself, the threshold is the reader's.
"""

import csv
import logging
import re
import sys
from pathlib import Path

import pyarrow as pa
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_LEGAL = re.compile(
    r"\b(the trustee for|family trust|trust|pty|ltd|limited|proprietary|p l|inc|incorporated|llc)\b"
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_WEBMAIL = ("gmail", "bigpond", "outlook", "hotmail", "optusnet", "icloud", "yahoo", "iinet")


def _cleaned(row: dict[str, str]) -> dict[str, str | None]:
    name = _NOT_LETTERS.sub(" ", row["name"].lower().replace("&", " and "))
    name = " ".join(_LEGAL.sub(" ", name).split())
    domain = row["email"].lower().rpartition("@")[2]
    site = re.sub(r"^(https?://)?(www\.)?|/.*$", "", row["website"].lower())
    own = site or ("" if domain.partition(".")[0] in _WEBMAIL else domain)
    cleaned = {
        "name": name,
        "words": " ".join(sorted(name.split())),
        "start": name.replace(" ", "")[:6],
        "abn": re.sub(r"\D", "", row["abn"]),
        "phone": re.sub(r"\D", "", row["phone"])[-9:],
        "email": row["email"].lower(),
        "domain": own,
        "street": row["street"].lower(),
        "postcode": row["postcode"],
    }
    return {"unique_id": row["id"], **{key: value or None for key, value in cleaned.items()}}


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(
                term_frequency_adjustments=True
            ),
            cl.ExactMatch("abn"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("email"),
            cl.ExactMatch("domain"),
            cl.LevenshteinAtThresholds("street", [2]),
            cl.ExactMatch("postcode"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("abn"),
            block_on("phone"),
            block_on("email"),
            block_on("domain"),
            block_on("words"),
            block_on("start"),
        ],
    )


def main(source: Path, target: Path) -> None:
    """Write ``a,b,probability`` for every pair of 0.01 and more."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    with source.open(newline="", encoding="utf-8") as file:
        rows = [_cleaned(row) for row in csv.DictReader(file)]
    api = DuckDBAPI()
    table = api.register(pa.Table.from_pylist(rows))
    linker = Linker(table, _settings())
    linker.training.estimate_probability_two_random_records_match(
        [block_on("abn"), block_on("words")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (block_on("words"), block_on("domain")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01)
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for each in found.as_record_list():
            writer.writerow(
                (each["unique_id_l"], each["unique_id_r"], round(each["match_probability"], 6))
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
