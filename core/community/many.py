"""Many members at once: who of them is still there, and a notice to each."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from core.community import store
from core.kernel.call import Call
from core.kernel.drawing import Drawing, subject_of
from core.kernel.outbox import Kind, Letter
from core.kernel.view import Drawn

# So many are looked up with one statement; databases bound the values of one.
CHUNK = 1_024


def reachable(call: Call, members: Iterable[int]) -> set[int]:
    """Return those of some members behind whom somebody still stands."""
    return {who for chunk in _chunks(members) for who in _reached(call, chunk)}


def tell_each(call: Call, drawing: Drawing, ids: Mapping[int, tuple[int | str, ...]]) -> None:
    """Send each member a notice with ids of their own, as `tell` does."""
    for chunk in _chunks(ids):
        for asked, (member, platform) in _reached(call, chunk).items():
            letter = Letter(
                key=call.letter_key("notice"),
                kind=Kind.NOTICE,
                platform=platform,
                community=call.community.id,
                space=None,
                subject=subject_of(Drawn(drawing.name, ids[asked])),
                member=member,
            )
            call.queue(letter)


def _reached(call: Call, chunk: Sequence[int]) -> dict[int, tuple[int, str]]:
    return store.reached(call.tx, call.community.id, chunk)


def _chunks(members: Iterable[int]) -> Iterable[list[int]]:
    left = iter(members)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
