"""One test over many examples.

To pytest each set of parameters is a test of its own: it is set up, reported three times and taken
down, which takes longer than most pure checks. What needs no fixture is tried here in one test,
and every example that fails is named.
"""

import functools
from collections.abc import Callable, Iterable
from inspect import Signature
from typing import Any


def each(examples: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Try a test with each of these; a tuple has several parameters, as with ``parametrize``.

    Raises:
        ExceptionGroup: What failed, each with a note that names the example.
    """
    tried = [one if isinstance(one, tuple) else (one,) for one in examples]
    assert tried, "without an example nothing is shown"

    def decorate(test: Callable[..., None]) -> Callable[[], None]:
        @functools.wraps(test)
        def all_of_them() -> None:
            failed = []
            for example in tried:
                try:
                    test(*example)
                except Exception as error:  # noqa: BLE001 - it is raised with the others.
                    error.add_note(f"with {example!r}")
                    failed.append(error)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(tried)} examples", failed)

        # Pytest takes what a test has as parameters for fixtures.
        all_of_them.__signature__ = Signature()  # type: ignore[attr-defined]
        return all_of_them

    return decorate
