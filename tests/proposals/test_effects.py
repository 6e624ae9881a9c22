"""What was voted on is, byte for byte, what runs: all of it or nothing, and tried again by few."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import Field

from bot.platforms import console
from bot.platforms.console.room import Room
from bot.verify import checks
from core.features import FEATURES
from core.kernel import agenda, state
from core.kernel.call import Call
from core.kernel.canonical import decode, digest, encode
from core.kernel.clock import to_ms
from core.kernel.command import Command, DeclarationError, May, declare
from core.kernel.errors import UserError
from core.kernel.feature import Feature, House
from core.kernel.fields import Sealed
from core.kernel.rights import AdminsOnly, UnknownCommand
from core.kernel.text import T, Text
from core.kernel.view import View
from core.proposals import open_proposal
from core.proposals.effects import EFFECTS_MAX, NothingToRetry, TooLateToRetry, pack
from tests.asking import ask, refused, request, somebody
from tests.world import World, due_request


class NotToday(UserError):
    """It cannot be rung {n} times. Try later."""


class Ring(Command, name="ring", may=May.DECISION, carried_by="proposal"):
    """Ring a bell; the bell refuses while it is tied."""

    bell: str = Field(description="which bell")

    def described(self, _: Call) -> Text:
        """Say which."""
        return T("Ring the bell {bell}.", bell=self.bell)

    def run(self, call: Call) -> View:
        """Ring it, and leave a trace of every kind."""
        state.put(call.tx, self.bell, str(call.decision))
        call.new_id("ring")
        call.lot("ring")
        call.seal(f"ring {self.bell}", self.bell)
        call.fact("rung", self.bell)
        call.know(("bell", self.bell), 1)
        if state.get(call.tx, "tied") == self.bell:
            raise NotToday(n=2)
        if state.get(call.tx, "cracked") == self.bell:
            raise RuntimeError("nobody thought of that")
        return View()


class Bells(Command, name="bells"):
    """Propose to ring some bells."""

    bells: Sealed[str] = Field(description="which")
    purpose: Sealed[str] = Field(default="Feast", description="why")

    def run(self, call: Call) -> View:
        """Open the proposal."""
        call.fact("title", "purpose")
        carried = [Ring(bell=bell) for bell in self.bells.split()]
        return open_proposal(call, self.purpose, "", None, carried)


@pytest.fixture
def tower(tmp_path: Path) -> Iterator[World]:
    """A room with bells, where one vote is enough."""
    world = World(tmp_path)
    house = House((*FEATURES, Feature("bells", (Ring, Bells))), {console.NAME: console.ADMINS})
    world.app.house = world.house = house
    world.room = Room(house, world.lines.append)
    world.member("ana*").says("/config set quorum 1")
    yield world
    world.close()


def decided(world: World, bells: str, choice: str = "for") -> None:
    world.member("ben").says(f"/bells {bells}")
    world.member("ben").says(f"/vote 1 {choice}")
    world.advance(days=3)


def rung(world: World, bell: str) -> str | None:
    return state.get(world.tx, bell)


def tie(world: World, bell: str, how: str = "tied") -> None:
    world.tx.begin()
    state.put(world.tx, how, bell)
    world.tx.commit()


def tamper(world: World, effects: str, *, digested: bool = False) -> None:
    world.tx.run("update proposal set effects = ?", (effects,))
    if digested:
        world.tx.run("update proposal set effects_digest = ?", (digest(effects),))


def faults(world: World) -> str:
    return repr([one for _, found in checks(world.tx, world.house) for one in found.faults])


def test_what_passed_is_carried_out_under_the_vote_s_number(tower: World) -> None:
    decided(tower, "high low")
    assert (rung(tower, "high"), rung(tower, "low")) == ("1", "1")
    assert "Ring the bell high." in tower.card(1)
    assert faults(tower) == "[]"


@pytest.mark.parametrize("choice", ["against", "abstain"])
def test_what_did_not_pass_is_not_carried_out(tower: World, choice: str) -> None:
    decided(tower, "high", choice)
    assert rung(tower, "high") is None
    tower.member("ana*").is_refused("/retry 1", NothingToRetry)


def test_nobody_can_ask_for_an_effect(tower: World) -> None:
    tower.member("ana*").is_refused("/ring high", UnknownCommand)
    with refused(tower, UnknownCommand) as replies:
        replies.append(ask(tower, "", press="ring:high", asker=somebody("ana", is_admin=True)))


def test_all_effects_or_none(tower: World) -> None:
    tie(tower, "low")
    decided(tower, "high low")
    assert rung(tower, "high") is None
    assert "Passed, not carried out: It cannot be rung 2 times." in tower.card(1)
    (line,) = tower.tx.all("select facts, seq from journal where command = 'proposal close'")
    facts = decode(line[0])
    assert facts.keys() == {"result", "outcome", "carried"}, "no trace of what was undone"
    assert not tower.tx.all("select * from sealed where seq = ?", (line[1],))
    assert faults(tower) == "[]"


def test_a_bug_in_an_effect_takes_the_whole_close_back(tower: World) -> None:
    ben = tower.member("ben")
    ben.says("/bells high low")
    ben.says("/vote 1 for")
    tie(tower, "low", "cracked")
    tower.advance(days=2, hours=23)
    tower.clock.set(tower.clock.now() + timedelta(hours=1))
    (row,) = tower.tx.all(agenda.DUE, (to_ms(tower.clock.now()), 1))
    before = tower.dump()
    told = tower.batch.run([due_request(agenda.due_from(row)), request("proposals")])
    assert [one.value.is_bug for one in told] == [True, False]
    after = tower.dump()
    assert [name for name in before if after[name] != before[name]] == ["agenda"], "it is put off"
    tie(tower, "", "cracked")
    tower.advance(minutes=1)
    assert (rung(tower, "high"), rung(tower, "low")) == ("1", "1")
    assert faults(tower) == "[]"


@pytest.mark.parametrize(
    "effects",
    [
        '[["ring",1,{"bell":"low"}]]',
        '[["ring",1,{"bell":"high"}],["ring",1,{"bell":"high"}]]',
        '[["ring", 1,{"bell":"high"}]]',
        "[]",
        "",
        "nonsense",
    ],
)
def test_effects_that_were_tampered_with_do_not_run(tower: World, effects: str) -> None:
    tower.member("ben").says("/bells high")
    tower.member("ben").says("/vote 1 for")
    tamper(tower, effects)
    assert "what it carries is not what was voted on" in faults(tower)
    tower.advance(days=3)
    assert (rung(tower, "high"), rung(tower, "low")) == (None, None)
    card = " ".join(tower.card(1).split())
    assert "What would run is not what was voted on, so nothing was done." in card


@pytest.mark.parametrize(
    "effects", ['[["setup",1,{"name":"x"}]]', '[["nothing",1,{}]]', '[["ring",9,{}]]', "{", "3"]
)
def test_not_even_with_a_digest_that_fits_does_anything_else_run(
    tower: World, effects: str
) -> None:
    tower.member("ben").says("/bells high")
    tower.member("ben").says("/vote 1 for")
    tamper(tower, effects, digested=True)
    assert "its rule is not the one it opened with (effects)" in faults(tower)
    tower.advance(days=3)
    assert "Passed, not carried out" in tower.card(1)
    assert tower.tx.one("select name from community") == ("the room",)


def test_what_was_tampered_with_is_not_retried_either(tower: World) -> None:
    tie(tower, "high")
    decided(tower, "high")
    tie(tower, "")
    tamper(tower, encode([["ring", 1, {"bell": "low"}]]))
    answer = tower.member("ana*").says("/retry 1")
    assert "still cannot be carried out: What would run is not what was voted on" in " ".join(
        answer.split()
    )
    assert rung(tower, "low") is None


def test_the_author_is_told_that_nothing_came_of_it_and_why(tower: World) -> None:
    tie(tower, "high")
    decided(tower, "high")
    told = " ".join(tower.member("ben").private[-1].split())
    assert "Passed: 1 for, 0 against. It is not carried out: It cannot be rung 2 times." in told
    assert "An admin can try again: /retry 1" in told
    assert "It is not carried out: It cannot" in " ".join(tower.public[-1].split())
    assert "It is not carried out." in " ".join(tower.member("ben").says("/proposals").split())


def test_an_admin_retries_and_others_cannot(tower: World) -> None:
    tie(tower, "high")
    decided(tower, "high")
    tower.member("ben").is_refused("/retry 1", AdminsOnly)
    ana = tower.member("ana*")
    assert "#1 still cannot be carried out: It cannot be rung" in ana.says("/retry 1")
    assert rung(tower, "high") is None
    tie(tower, "")
    assert "#1 is carried out now." in ana.presses("Try again (admins)", 1)
    assert rung(tower, "high") == "1"
    assert "not carried out" not in tower.card(1)
    ana.is_refused("/retry 1", NothingToRetry)
    assert faults(tower) == "[]"


def test_a_retry_by_an_admin_whom_nobody_knew_leaves_only_that_admin(tower: World) -> None:
    tie(tower, "high")
    decided(tower, "high")
    tower.member("zoe*").says("/retry 1")
    (facts,) = tower.tx.one("select facts from journal order by seq desc limit 1") or ()
    assert [kind for kind, _ in decode(facts)["ids"]] == ["member"]
    assert "drawn" not in decode(facts)


@pytest.mark.parametrize("ms", [0, 1])
def test_a_retry_is_possible_for_thirty_days(tower: World, ms: int) -> None:
    tie(tower, "high")
    decided(tower, "high")
    tie(tower, "")
    tower.advance(days=30, milliseconds=ms)
    if ms:
        tower.member("ana*").is_refused("/retry 1", TooLateToRetry)
        assert rung(tower, "high") is None
    else:
        assert "is carried out now" in tower.member("ana*").says("/retry 1")


@pytest.mark.parametrize("line", ["/propose Sing", "/poll Lunch? a | b"])
def test_what_carries_nothing_is_not_retried(tower: World, line: str) -> None:
    tower.member("ana*").says(line)
    tower.member("ana*").says("/vote 1 1")
    tower.member("ana*").is_refused("/retry 1", NothingToRetry)
    tower.advance(days=3)
    tower.member("ana*").is_refused("/retry 1", NothingToRetry)


@pytest.mark.parametrize(
    "carried",
    [
        '{"at_ms":1,"error":null,"tries":1}',
        None,
        '{"at_ms":1,"error":{"error":"NotToday","facts":{"n":2}},"tries":1}',
    ],
)
def test_verify_finds_another_account_of_what_was_carried_out(
    tower: World, carried: str | None
) -> None:
    decided(tower, "high")
    tower.tx.run("update proposal set carried = ?", (carried,))
    assert "it was not carried out as the journal says" in faults(tower)


def test_a_request_is_titled_by_its_purpose(tower: World) -> None:
    decided(tower, "high")
    tower.tx.run("update proposal set title = 'Fast', content = null")
    assert "its title is not what was voted on" in faults(tower)


def test_only_what_says_so_can_be_carried_and_only_so_much(tower: World) -> None:
    def job(unit: object) -> None:
        setup = tower.house.command("setup", name="x")
        with pytest.raises(TypeError, match="cannot be carried"):
            pack([setup])

    tower.job(job)
    with pytest.raises(TypeError, match="effects"):
        pack([Ring(bell="x")] * (EFFECTS_MAX + 1))
    pack([Ring(bell="x")] * EFFECTS_MAX)


def test_what_a_decision_may_carry_says_in_full_what_it_is() -> None:
    class Silent(Command):
        """Do something."""

        def run(self, _: Call) -> View:
            return View()

    with pytest.raises(DeclarationError, match="in full"):
        declare(Silent, name="silent", may=May.DECISION, carried_by="proposal")


def test_two_proposals_that_carry_other_things_are_not_the_same(tower: World) -> None:
    ben = tower.member("ben")
    ben.says("/bells high")
    assert "#2 is open" in ben.says("/bells low")
    assert "is open already" in ben.says("/bells high")


def test_the_request_that_closes_carries_out_once(tower: World) -> None:
    decided(tower, "high")
    before = tower.dump()
    row = tower.tx.one("select request from journal where command = 'proposal close'")
    assert row is not None
    tower.ask(request("proposal close", {}, id=row[0], asker=somebody("ben")))
    assert tower.dump() == before
