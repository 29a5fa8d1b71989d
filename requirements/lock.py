"""Remake the hash-locked requirements from pyproject.toml.

``app.txt`` is what the product needs, ``dev.txt`` is that plus the tools. Both carry hashes
and no address, so that a clone installs the same files from whichever index it is set up for.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PYPROJECT = HERE.parent / "pyproject.toml"
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--no-annotate",
]


def compile_to(target: Path, *sources: str) -> None:
    """Resolve ``sources`` and write the pinned, hashed result to ``target``."""
    command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, "-o", str(target), *sources]
    subprocess.run(command, check=True, cwd=HERE.parent)  # noqa: S603 - our own arguments.


def main() -> None:
    """Lock the product first, then the tools on top of exactly those versions."""
    compile_to(HERE / "app.txt", "pyproject.toml")
    tools = tomllib.loads(PYPROJECT.read_text())["dependency-groups"]["dev"]
    # setuptools builds the editable install itself, without a network, under --no-build-isolation.
    wanted = [f"-c {HERE / 'app.txt'}", "setuptools>=77", "wheel", *tools]
    with tempfile.NamedTemporaryFile("w", suffix=".in") as extra:
        extra.write("\n".join(wanted) + "\n")
        extra.flush()
        compile_to(HERE / "dev.txt", "pyproject.toml", extra.name)


if __name__ == "__main__":
    main()
