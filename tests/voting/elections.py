"""This file is random elections for any method, drawn from what the method itself declares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from core.voting import METHODS, Lot, Method, Result
from core.voting.kinds.bounds import Bounds
from core.voting.limits import check_limits

Row = tuple[bytes, int]
Limits = dict[str, "int | Sequence[int]"]

# Each law runs on every method, so an eighth of the profile's examples is hundreds a law already.
law = settings(
    max_examples=max(10, settings.default.max_examples // 8) if settings.default else 20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

NAMES = ("Berlin", "Lisbon", "Porto", "Évora", "Praha", "Wien", "Oslo", "Roma")
METHOD_IDS = sorted(METHODS)


@dataclass(frozen=True)
class Election:
    """A question and its packed ballots, with weights."""

    options: tuple[str, ...]
    rows: tuple[Row, ...]
    seats: int
    limits: Limits

    def count(self, method: Method, *, lot: Lot | None = None) -> Result:
        return method.count(self.rows, self.options, seats=self.seats, lot=lot, **self.limits)

    def having(self, rows: Sequence[Row]) -> "Election":
        return replace(self, rows=tuple(rows))

    def moved(self, order: Sequence[int], method: Method) -> "Election":
        """Return the same election with its options listed in another order."""
        rows = [(bytes(packed[i] for i in order), weight) for packed, weight in self.rows]
        limits = {
            name: [value[i] for i in order]
            if method.limits[name].is_each and not isinstance(value, int)
            else value
            for name, value in self.limits.items()
        }
        options = tuple(self.options[i] for i in order)
        return Election(options, tuple(rows), self.seats, limits)


def fixed_lot() -> Lot:
    """Return a lot whose seed does not hang on the ballots."""
    return Lot(b"k" * 32, "laws", ())


def bounds_of(method: Method, n_options: int, limits: Limits) -> Bounds:
    return method.kind.bounds(check_limits(method.title, method.limits, limits, n_options))


@st.composite
def marks(draw: st.DrawFn, bounds: Bounds, n_options: int) -> bytes:
    """Draw the marks of one ballot within bounds; blank ones too."""
    if bounds.is_ranking:
        order = draw(st.permutations(range(n_options)))
        n_ranked = draw(st.integers(0, n_options))
        given, rank = [0] * n_options, 0
        for place, option in enumerate(order[:n_ranked]):
            rank += int(place == 0 or not bounds.may_tie or draw(st.integers(0, 3)) > 0)
            given[option] = rank
        return bytes(given)
    top = st.integers(0, bounds.top)
    given = draw(st.lists(top, min_size=n_options, max_size=n_options))
    for option in range(n_options):
        if not bounds.fault(given):
            break
        given[option] = 0
    return bytes(given)


@st.composite
def elections(
    draw: st.DrawFn,
    method: Method,
    *,
    options_least: int = 1,
    ballots_most: int = 12,
    seats_most: int = 3,
) -> Election:
    n_options = draw(st.integers(options_least, 5))
    limits: Limits = {}
    for name, limit in method.limits.items():
        numbers = st.integers(limit.least, min(limit.most, limit.least + 120))
        if limit.is_each:
            limits[name] = draw(st.lists(numbers, min_size=n_options, max_size=n_options))
        elif limit.is_required or draw(st.booleans()):
            limits[name] = draw(numbers)
    bounds = bounds_of(method, n_options, limits)
    weights = st.one_of(st.integers(0, 4), st.just(1), st.integers(0, 10**20))
    rows = draw(st.lists(st.tuples(marks(bounds, n_options), weights), max_size=ballots_most))
    seats = draw(st.integers(1, seats_most)) if method.is_for_several_seats else 1
    return Election(NAMES[:n_options], tuple(rows), seats, limits)
