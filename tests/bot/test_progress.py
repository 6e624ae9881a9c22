"""What long work says meanwhile: one line on a terminal, out of the way of results, then gone."""

import io

from bot import verify
from bot.progress import CLEAR, Progress
from tests.world import World


class Terminal(io.StringIO):
    """Somewhere where somebody looks on."""

    def isatty(self) -> bool:
        return True


class Watch:
    """A clock that the test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_takes_long_says_so_and_leaves_nothing_behind() -> None:
    terminal, watch = Terminal(), Watch()
    progress = Progress(terminal, watch)
    progress.at("community 1, votes")
    watch.now = 1.0
    progress.draw()
    assert terminal.getvalue() == ""
    watch.now = 7.4
    progress.draw()
    assert terminal.getvalue() == f"{CLEAR}community 1, votes ... 7 s"
    with progress.aside():
        terminal.write("votes: 3 checked\n")
    assert terminal.getvalue().endswith(f"7 s{CLEAR}votes: 3 checked\n")
    with progress:
        progress.draw()
    assert terminal.getvalue().endswith(f"7 s{CLEAR}")


def test_where_nobody_looks_on_nothing_is_said() -> None:
    file, watch = io.StringIO(), Watch()
    with Progress(file, watch) as progress:
        progress.at("community 1, votes")
        watch.now = 60.0
    assert file.getvalue() == ""


def test_each_check_is_told_before_it_begins(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    told: list[str] = []
    for n, _ in enumerate(verify.checks(world.tx, world.house, told.append), start=1):
        assert len(told) == n
    assert told[0] == "community 1, journal entries"
    assert "community 1, proposals" in told
