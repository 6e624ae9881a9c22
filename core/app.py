"""The one door: find out who asks and where, allow, run, record, present."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from core.community.settings import ZONE
from core.kernel import agenda, codec, doubt, outbox, rights
from core.kernel.call import Call
from core.kernel.canonical import decode, encode
from core.kernel.clock import Clock, to_ms
from core.kernel.command import Command, Declaration, May
from core.kernel.directory import Directory
from core.kernel.drawing import outcome_of, redraw, subject_of
from core.kernel.errors import Broken, Gone, Unavailable, UserError, keep, recall
from core.kernel.feature import House
from core.kernel.held import Spoiled
from core.kernel.journal import seal_texts
from core.kernel.outbox import Presented
from core.kernel.reading import GivenTwice, read_command
from core.kernel.request import Asker, Kind, Request
from core.kernel.setting import Settings
from core.kernel.text import Code, CommandName, T, tells_time
from core.kernel.tx import Store
from core.kernel.unit import Chance, Unit
from core.kernel.view import Drawn, Paragraph, Tone, View

_LOG = logging.getLogger("folkmoot.door")

# Numbers under which buttons are stored; more digits are no number of ours.
NUMBER_DIGITS_MAX = 15


class Reply(NamedTuple):
    """What the asker gets: a view, and what became of the request.

    `is_posted` says that the same is sent to where it was asked, for everybody there to read.
    """

    shown: Presented
    error: UserError | None = None
    is_bug: bool = False
    is_unavailable: bool = False
    is_posted: bool = False


class App:
    """The core as one object: a house of features behind one door."""

    def __init__(
        self,
        house: House,
        directory: Directory,
        clock: Clock,
        chance: Chance,
        button_bytes: Mapping[str, int],
    ) -> None:
        """Take the parts; `button_bytes` says what fits a button on each platform (0: none)."""
        self.house = house
        self.directory = directory
        self.clock = clock
        self.chance = chance
        self._button_bytes = button_bytes

    def unit(self, tx: Store) -> Unit:
        """Start a batch on an open transaction."""
        return Unit(tx, self.clock, self.chance)

    def prepare(self, unit: Unit, requests: Sequence[Request]) -> None:
        """Look up what a batch needs with one statement each: kept outcomes, who is asking."""
        unit.look_up([request.id for request in requests])
        self.directory.meet(unit, requests)

    def answer(self, unit: Unit, request: Request) -> Reply:
        """Run one request; what fails is taken back alone.

        Raises Broken, Spoiled or Unavailable, which concern the whole batch; nothing else.
        """
        unit.start()
        try:
            kept = unit.kept.get(request.id)
            reply = self._run(unit, request) if kept is None else self._again(unit, request, kept)
        except (Broken, Spoiled, Unavailable):
            raise
        except UserError as error:
            unit.drop()
            return self._refuse(unit, request, error)
        except Exception:  # noqa: BLE001 - the one place where a bug is caught
            unit.drop()
            return self.bug(unit, request)
        unit.tx.keep()
        return reply

    def call(self, unit: Unit, request: Request) -> Call:
        """Return the context of a request: its community, the asking member, the settings."""
        if request.place is None and request.asker.kind is Kind.PERSON:
            raise rights.NotHere
        if request.place is not None:
            community, space = self.directory.find(unit, request.place)
        else:
            community, space = self.directory.community(unit, request.community or 0), None
        visitor = None
        if request.asker.kind is Kind.PERSON:
            visitor = self.directory.member(unit, community.id, request.asker)
        settings = self.directory.settings(unit, community.id)
        return Call(self.house, unit, request, community, space, visitor, settings)

    def present(self, call: Call, view: View, platform: str) -> Presented:
        """Return a view with the people it names and a code for each button."""
        people = self.directory.people(call.tx, view.members) if view.members else {}
        most = self._button_bytes.get(platform, 0)
        codes = []
        for button in view.buttons:
            code = codec.button_code(button.command)
            if len(code.encode()) > most:
                code = f"#{codec.number(call.tx, call.community.id, code)}"
            codes.append(code)
        return Presented(view, people, tuple(codes), call.settings[ZONE])

    def draw(self, unit: Unit, row: outbox.Row) -> Presented:
        """Draw a row of the outbox as things stand now; raises Gone."""
        asker = Asker(kind=Kind.WORKER)
        request = Request("", "", {}, asker, community=row.community)
        call = self.call(unit, request)
        return self.present(call, redraw(call, row.subject), row.platform)

    def undelivered(self, unit: Unit, row: outbox.Row, trouble: str) -> None:
        """Tell the features that a card cannot be shown, so that somebody is told why."""
        request = Request(f"undelivered:{row.key}", "", {}, Asker(kind=Kind.WORKER))
        call = self.call(unit, replace(request, community=row.community))
        name, *ids = decode(row.subject)
        for feature in self.house.features:
            if feature.undelivered is not None:
                feature.undelivered(call, Drawn(name, tuple(ids)), trouble)

    def _run(self, unit: Unit, request: Request) -> Reply:
        call = self.call(unit, request)
        path, args = (
            (request.command, request.args)
            if request.press is None
            else self._open(call, request.press)
        )
        declared, command = self._read(request, path)
        rights.check(call, self.directory, declared, command)
        if command is None:
            if request.twice:
                raise GivenTwice(option=request.twice)
            command = read_command(call, declared, args)
        if declared.may is May.AUTHOR_OR_ADMINS:
            rights.check_author(call, command)
        if type(command) is doubt.Again:
            command = doubt.confirmed(call, command)
            declared = command.declaration
            rights.check(call, self.directory, declared, command)
        elif declared.asks_again and (seq := doubt.before(call, self._digest(call, command))):
            return self._ask_back(call, seq)
        before = unit.tx.writes
        view = command.run(call)
        has_written = unit.tx.writes != before
        subject = None if view.drawn is None else subject_of(view.drawn)
        is_posted = call.is_posted_here(subject)
        if has_written:
            self._record(call, command, subject, is_posted=is_posted)
        if request.message and (card := self.house.card_of(command)) is not None:
            self.directory.retire(call, card, request.message)
        if request.agenda is not None:
            agenda.done(unit.tx, *request.agenda)
        for changed in call.refreshed:
            outbox.refresh(unit.tx, changed)
        reply = Reply(self.present(call, view, request.asker.platform), is_posted=is_posted)
        # Last: of a command that fails up to here, nobody may know what it left.
        unit.learn(call.known, stands=call.is_vouching or not has_written)
        return reply

    def _open(self, call: Call, press: str) -> tuple[str, Mapping[str, Any]]:
        """Return what a button's code asks for; it can be forged, so nothing is trusted."""
        code: str | None = press
        if press.startswith("#"):
            digits = press[1:]
            is_number = digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS_MAX
            code = codec.stored(call.tx, call.community.id, int(digits)) if is_number else None
        joined, version, args = codec.split_code(code or "")
        found = self.house.joined.get(joined)
        declared = None if found is None else found.declaration
        # A button of another version would be read by places that may mean something else now.
        if declared is None or declared.version != version:
            raise codec.UnknownButton(command=CommandName("proposals"))
        return declared.path, codec.named(declared, args)

    def _read(self, request: Request, path: str) -> tuple[Declaration, Command | None]:
        """Return the declaration asked for, and the command itself where we stored it."""
        found = self.house.commands.get(path)
        declared = None if found is None else found.declaration
        is_person = request.asker.kind is Kind.PERSON
        is_open = declared is not None and declared.is_for_persons is is_person
        if declared is None or not is_open or not (declared.is_typed or request.press):
            raise rights.unknown(path, self.house.declarations if is_person else ())
        if not request.is_stored:
            return declared, None
        return declared, self.house.restored(declared.path, request.version, request.args)

    def _record(
        self, call: Call, command: Command, subject: str | None, *, is_posted: bool
    ) -> None:
        """Write the journal's line and keep the outcome."""
        declared = command.declaration
        if subject is None:
            raise TypeError(f"{declared.path} changed something: its answer must be a drawing")
        if declared.asks_again:
            doubt.note(call, self._digest(call, command))
        request = call.request
        if call.seen:
            call.fact("seen", call.seen)
        digests, secrets = seal_texts(command.sealed_texts, call.unit.chance.draw)
        line = (
            call.now_ms,
            declared.path,
            declared.version,
            str(request.asker.kind),
            call.visitor.id if call.visitor else None,
            request.id,
            command.shown_args % digests,
            encode(call.facts),
        )
        call.unit.pages.write(call.community.id, line, [*secrets, *call.secrets])
        outcome = outcome_of(subject, is_posted=is_posted)
        call.unit.keep(request.id, call.community.id, outcome)

    def _ask_back(self, call: Call, seq: int) -> Reply:
        """Ask whether to do again what an entry did; the second delivery is asked the same."""
        subject = doubt.question.subject(seq)
        call.unit.keep(call.request.id, call.community.id, outcome_of(subject, is_posted=False))
        return Reply(self.present(call, doubt.question(call, seq), call.actor.platform))

    def _digest(self, call: Call, command: Command) -> str:
        asked = [command.declaration.path, command.dumped]
        return self.directory.salted(call.tx, call.community.id, asked)

    def _again(self, unit: Unit, request: Request, written: str) -> Reply:
        """Give the second delivery of a request the first one's answer."""
        kept = decode(written)
        if "error" in kept:
            raise recall(kept)
        call = self.call(unit, request)
        try:
            view = redraw(call, kept["drawn"])
        except Gone:
            view = View(blocks=(Paragraph(T("This was done already.")),))
        shown = self.present(call, view, request.asker.platform)
        return Reply(shown, is_posted=kept.get("posted", False))

    def _refuse(self, unit: Unit, request: Request, error: UserError) -> Reply:
        if request.agenda is not None:
            self._put_off(unit, request)
        elif request.id not in unit.kept:
            unit.keep(request.id, None, encode(keep(error)))
        view = View(blocks=(Paragraph(error.text),), tone=Tone.FAILED)
        people = self.directory.people(unit.tx, view.members) if view.members else {}
        # Looked up only where it is needed: to read is to send what other ballots have waiting.
        zone = self._zone(unit, request) if tells_time(error.text) else "UTC"
        return Reply(Presented(view, people, (), zone), error)

    def _zone(self, unit: Unit, request: Request) -> str:
        """Return the zone in which a refusal tells times; the default where nobody was yet."""
        found = request.place and self.directory.at(unit.tx, request.place)
        settings = self.directory.settings(unit, found) if found else Settings({})
        return settings[ZONE]

    def bug(self, unit: Unit, request: Request) -> Reply:
        """Answer that something went wrong, and log the error that is being handled."""
        ref = hashlib.sha256(request.id.encode()).hexdigest()[:8]
        _LOG.exception("bug (ref %s) in %s, request %s", ref, request.command, request.id)
        if request.agenda is not None:
            self._put_off(unit, request)
        text = T("Something went wrong on my side (ref {ref}). Nothing was changed.", ref=Code(ref))
        view = View(blocks=(Paragraph(text),), tone=Tone.FAILED)
        return Reply(Presented(view, {}, (), "UTC"), is_bug=True)

    def _put_off(self, unit: Unit, request: Request) -> None:
        assert request.agenda is not None
        key, due_ms = request.agenda
        tries = agenda.failed(unit.tx, key, due_ms, to_ms(self.clock.now()))
        if tries == agenda.TRIES_MAX:
            _LOG.error("agenda row %s failed %d times", key, tries)
            self.directory.warn(self.call(unit, request), f"{request.command} failed {tries} times")
