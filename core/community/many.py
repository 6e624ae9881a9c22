"""Many members at once: who of them is still there, who they are now, a notice to each."""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from core.community import codes, store
from core.community.telling import is_reachable
from core.kernel import outbox
from core.kernel.call import Call
from core.kernel.drawing import Drawing
from core.kernel.outbox import Kind, Letter

# So many are looked up with one statement; databases bound the values of one.
CHUNK = 1_024

Notice = tuple[int, tuple[int | str, ...]]


def reachable(call: Call, members: Collection[int]) -> set[int]:
    """Return those of some members behind whom somebody still stands."""
    found = set(members)
    asked = found.intersection(store.forgotten(call.tx, call.community.id))
    return found - {who for who in asked if not is_reachable(call, who)}


def persons(call: Call, members: Iterable[int]) -> list[int]:
    """Return who each member is now: another one, where two turned out to be one."""
    now = {who: into for who, (into, _) in codes.linked(call.tx, call.community.id).items()}
    return [now.get(who, who) for who in members]


def tell_each(call: Call, drawing: Drawing, notices: Iterable[Notice]) -> None:
    """Send members of today a notice each, given as (member, ids of what is drawn)."""
    key = call.letter_key("notices")
    left = iter(notices)
    while chunk := list(islice(left, CHUNK)):
        letters = _letters(call, f"{key}:{chunk[0][0]}", drawing, chunk)
        outbox.put_all(call.tx, letters, call.now_ms)


def _letters(call: Call, key: str, drawing: Drawing, chunk: Sequence[Notice]) -> list[Letter]:
    community = call.community.id
    platforms = store.platforms(call.tx, community, [member for member, _ in chunk])
    return [
        Letter(
            key=f"{key}:{at}",
            kind=Kind.NOTICE,
            platform=platforms[member],
            community=community,
            space=None,
            subject=drawing.subject(*ids),
            member=member,
        )
        for at, (member, ids) in enumerate(chunk)
        if member in platforms
    ]
