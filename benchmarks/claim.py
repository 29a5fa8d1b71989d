"""``make claim NAME=…``: remake one claim, print its figures, keep them in build/claims/."""

import json
import sys
from pathlib import Path

from benchmarks.registry import CLAIMS, run

FOLDER = Path("build/claims")


def main(arguments: list[str]) -> int:
    """Exit code 0 only if the claim holds."""
    name = arguments[0] if arguments else ""
    if name not in CLAIMS:
        print(f'There is no claim called "{name}". Say NAME= one of: {", ".join(sorted(CLAIMS))}.')
        return 2
    holds, figures = run(name)
    FOLDER.mkdir(parents=True, exist_ok=True)
    report = {"claim": name, "holds": holds, "figures": figures}
    (FOLDER / f"{name}.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    width = max(len(key) for key in figures)
    for key, value in figures.items():
        print(f"{key:<{width}}  {value}")
    print(f"{'claim':<{width}}  {name}: {'holds' if holds else 'DOES NOT HOLD'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
