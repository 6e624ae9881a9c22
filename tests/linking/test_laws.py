"""Whatever happens before and after a link: nobody counts twice, and anyone can check it."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.drawing import few
from tests.laws.test_replay import check
from tests.linking.pairs import asked, code_for, confirm, faults
from tests.world import World

NAMES = ("ana*", "anna", "annie", "ben")
LINES = (
    "/poll Lunch? Pizza | Soup closes_in=2h",
    "/poll Dinner? Pizza | Soup closes_in=3h secret=true",
    "/poll Music? jazz | folk | rock closes_in=3h multiple=true",
    "/propose Paint the hall closes_in=2h",
    "/vote 1 1",
    "/vote 1 2",
    "/vote 3 1 | 2",
    "/vote 3 2",
    "/vote 4 for",
    "/withdraw 2",
    "/tip @ana 5 for the roof",
    "/tip @anna 5 for the door",
    "/tip @annie 3 for the door",
    "/tip @ben 2 for the wall",
    "/undo",
    "/reverse 1 a mistake",
    "/leave 5",
    "/hide me on",
    "/hide me off",
    "/pool create jar EUR",
    "/pool fund jar 100 Cakes",
    "/pool request jar 5 @anna Rope closes_in=1h",
    "/vote 5 for",
    "/pause payments",
    "/resume payments",
    "/forget me yes",
    "/link",
)
turns = st.one_of(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(LINES)),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES[:3])),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["Pizza", "Soup", "jazz", "folk"])),
    st.tuples(st.just("time"), st.integers(1, 70)),
)
Turn = tuple[str, str | int]


def lived(folder: Path, week: list[Turn]) -> World:
    """Return a world in which these things happened; a name among them is somebody to link."""
    world = World(folder)
    for who, what in week:
        person = world.member(who)
        if isinstance(what, int):
            world.advance(minutes=what)
        elif what in NAMES:
            other = world.member(what)
            other.says(f"/link {code_for(person)}" if not waits(world, who) else "/link")
            for one in (person, other):
                confirm(one, asked(one))
        elif what.startswith("/"):
            person.says(what)
        elif any(
            what == str(button.label.values.get("option", button.label.template))
            for delivery in world.deliveries
            for button in delivery.shown.view.buttons
        ):
            person.presses(what)
        check_counts(world)
    return world


def waits(world: World, who: str) -> bool:
    """Whether somebody is asked to confirm already, so that no new code is given."""
    return "Link two accounts?" in world.member(who).says("/link")


def check_counts(world: World) -> None:
    turnouts = world.tx.all(
        "select r.turnout, (select count(*) from ballot b where b.proposal = r.proposal)"
        "  from running r"
    )
    assert all(turnout == n for turnout, n in turnouts)
    assert world.tx.all("select 1 from balance where amount < 0") == []
    assert faults(world) == []


@few
@given(week=st.lists(turns, min_size=4, max_size=25))
def test_any_week_with_links_adds_up_and_is_replayed(
    tmp_path_factory: object, week: list[Turn]
) -> None:
    make = tmp_path_factory.mktemp  # type: ignore[attr-defined]
    begin: list[Turn] = [("ana*", line) for line in LINES[:4]]
    settings: list[Turn] = [
        ("ana*", "/config set open_per_member 20"),
        ("ana*", "/config set payment_delay 1h"),
        ("ana*", "/config set quorum 1"),
    ]
    world = lived(make("then"), [*settings, *begin, *week])
    # What was erased cannot be asked for again.
    if not world.tx.all("select 1 from journal where command = 'forget me'"):
        check(world, make("again"))
    world.close()


def test_a_week_with_links_is_replayed(tmp_path: Path) -> None:
    (tmp_path / "then").mkdir()
    (tmp_path / "again").mkdir()
    week: list[Turn] = [("ana*", line) for line in LINES[:4]]
    week += [(name, line) for line in LINES[4:14] for name in ("ben", "anna", "annie")]
    week += [("anna", "Soup"), ("ana*", "Pizza"), ("time", 3), ("annie", "anna"), ("time", 1)]
    week += [("ana*", "annie"), ("anna", "/undo"), ("annie", "/link"), ("time", 60)]
    week += [("anna", "/vote 1 2"), ("time", 300)]
    world = lived(tmp_path / "then", week)
    assert len(world.tx.all("select 1 from linked")) == 2
    check(world, tmp_path / "again")
    world.close()
