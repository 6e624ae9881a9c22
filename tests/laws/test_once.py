"""A request counts once however often it comes, and the order of ballots decides nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.verify import checks
from core.kernel.canonical import decode
from core.kernel.request import Request
from tests.asking import request, somebody
from tests.laws.drawing import few
from tests.world import World

NAMES = ("ana", "ben", "cy", "dot", "eve")
LINES = ("vote", "tick", "wrong", "late", "propose", "withdraw", "extend", "set", "forget", "me")


def asked(at: int, what: str, who: str) -> Request:
    """Return one of some requests, with the id that its number gives it."""
    words = {
        "vote": ("vote", {"proposal": "1", "choice": str(at % 3 + 1)}, None),
        "tick": ("", {}, f"tick:2:{at % 3 + 1}"),
        "wrong": ("vote", {"proposal": "1", "choice": "nothing"}, None),
        "late": ("vote", {"proposal": "9", "choice": "1"}, None),
        "propose": ("propose", {"title": f"Door {at % 2}"}, None),
        "withdraw": ("withdraw", {"proposal": "1", "reason": f"Reason {at}"}, None),
        "extend": ("extend", {"proposal": "2", "by": "1h", "reason": f"Reason {at}"}, None),
        "set": ("config set", {"setting": "open_per_member", "value": str(at + 1)}, None),
        "forget": ("forget me", {"confirm": "yes"}, None),
        "me": ("journal", {}, None),
    }
    command, args, press = words[what]
    asker = somebody(who, is_admin=who == "ana")
    return request(command, args, press=press, asker=asker, id=f"room:law:{at}")


def opened(folder: Path) -> World:
    world = World(folder)
    world.member("zoe").says("/poll Lunch? Pizza | Soup | Rice")
    world.member("zoe").says("/poll Dinner? Pizza | Soup | Rice multiple=true")
    return world


@few
@given(
    what=st.lists(
        st.tuples(st.sampled_from(LINES), st.sampled_from(NAMES)), min_size=1, max_size=6
    ),
    repeats=st.lists(st.integers(0, 5), max_size=12),
    size=st.integers(1, 5),
)
def test_a_request_delivered_often_counts_once_and_gets_the_first_answer(
    tmp_path_factory: pytest.TempPathFactory,
    what: list[tuple[str, str]],
    repeats: list[int],
    size: int,
) -> None:
    requests = [asked(at, *one) for at, one in enumerate(what)]
    once = opened(tmp_path_factory.mktemp("once"))
    firsts = [once.batch.run([one])[0].value for one in requests]
    often = opened(tmp_path_factory.mktemp("often"))
    # Each comes first in its order; the repeats follow in any order, in batches of any size.
    order = list(range(len(requests)))
    deliveries = order + [at % len(requests) for at in repeats]
    for start in range(0, len(deliveries), size):
        part = deliveries[start : start + size]
        for at, told in zip(part, often.batch.run([requests[at] for at in part]), strict=True):
            first = firsts[at]
            assert type(told.value.error) is type(first.error)
            assert not told.value.is_bug
            if first.error is None:
                # Who was forgotten meanwhile is told only that it was done.
                gone = (None,) if ("forget", what[at][1]) in what else ()
                assert told.value.shown.view.drawn in (first.shown.view.drawn, *gone)
    # Many votes are one edit: only the versions of cards may differ.
    kept, alone = ({**one.dump(), "outbox": []} for one in (often, once))
    assert kept == alone
    assert not [fault for _, one in checks(often.tx, often.house) for fault in one.faults]
    once.close()
    often.close()


@few
@given(
    ballots=st.lists(st.sampled_from(("Pizza", "Soup", "Rice")), min_size=1, max_size=6),
    seed=st.randoms(use_true_random=False),
    kind=st.sampled_from(("", " secret=true", " multiple=true")),
)
def test_the_order_of_ballots_and_the_names_of_voters_decide_nothing(
    tmp_path_factory: pytest.TempPathFactory, ballots: list[str], seed: object, kind: str
) -> None:
    records = []
    for is_shuffled in (False, True):
        world = World(tmp_path_factory.mktemp("room"))
        world.member("ana").says(f"/poll Lunch? Pizza | Soup | Rice{kind}")
        cast = [(f"v{at}", choice) for at, choice in enumerate(ballots)]
        if is_shuffled:
            seed.shuffle(cast)  # type: ignore[attr-defined]
            cast = [(f"w{at}", choice) for at, (_, choice) in enumerate(cast)]
        for name, choice in cast:
            world.member(name).presses(choice, 1)
        world.advance(days=1)
        records.append(decode(world.tx.all("select result from proposal")[0][0]))
        world.close()
    assert records[0] == records[1]
