"""What is made when it is first needed: a start does not wait for what nobody has asked for yet."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class Later(Generic[T]):
    """Something that is made once, by whoever needs it first, in whatever thread."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self.made: T | None = None
        """None until somebody needed it."""

    def get(self) -> T:
        """It, made now unless it was made before; what making it raises is raised each time."""
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made


class _StandIn:
    """Looks like what it stands for; the first thing that is asked of it has that made."""

    def __init__(self, meant: Later[Any]) -> None:
        self._meant = meant

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it is there.
        return getattr(self._meant.get(), name)


def later(make: Callable[[], T]) -> T:
    """What ``make`` makes, as soon as anything of it is asked for; until then nothing is made."""
    return cast("T", _StandIn(Later(make)))
