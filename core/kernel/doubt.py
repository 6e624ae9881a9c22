"""Doubt: what somebody asks twice within a minute is asked back before it is done twice."""

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from core.kernel import journal
from core.kernel.audit import secrets
from core.kernel.canonical import decode
from core.kernel.clock import from_ms, span_ms
from core.kernel.command import Command
from core.kernel.drawing import drawing
from core.kernel.errors import Gone, UserError
from core.kernel.text import T
from core.kernel.tx import Tx
from core.kernel.view import Button, Note, Paragraph, Style, View

if TYPE_CHECKING:
    from core.kernel.call import Call

# Asked again within this, it may have been a slip of the hand.
SLIP = timedelta(seconds=60)
# The button waits so long; later nobody remembers what it would repeat.
WAITS = timedelta(minutes=10)

_LAST = """
select seq from asked where community = ? and member = ? and digest = ? and at_ms >= ?"""
_NOTE = """
insert into asked (community, member, digest, seq, at_ms) values (?, ?, ?, ?, ?)
on conflict (community, member, digest) do update
   set seq = excluded.seq, at_ms = excluded.at_ms"""
_NEWEST = "select 1 from asked where community = ? and member = ? and seq = ? and at_ms >= ?"
_PRUNE = "delete from asked where community = ? and member = ? and at_ms < ?"
_ERASE = "delete from asked where community = ? and member = ?"
_ERASE_ALL = "delete from asked where community = ?"


class NotYourButton(UserError):
    """Only who asked can confirm this. To do it yourself, type the command."""


class ConfirmedBefore(UserError):
    """This was confirmed before, or too long ago. To do it once more, type it again."""


class Again(Command, name="again", is_typed=False):
    """Do once more what one has just done; the door runs that command in the place of this."""

    entry: int = Field(ge=1, description="the journal's entry of the last time")

    def run(self, call: "Call") -> View:
        """Never: `confirmed` says what runs."""
        raise NotImplementedError


def before(call: "Call", digest: str) -> int | None:
    """Return the entry by which the asking member did exactly this within the last minute.

    `digest` stands for the command with all it says.
    """
    since = call.now_ms - span_ms(SLIP)
    found = call.tx.one(_LAST, (call.community.id, call.member.id, digest, since))
    return None if found is None else int(found[0])


@drawing("again.question")
def question(call: "Call", seq: int) -> View:
    """Ask back: shall what an entry did be done once more?"""
    done = journal.entry(call.tx, call.community.id, seq)
    if done is None or not _is_waiting(call, seq):
        raise Gone
    ago = call.now - from_ms(done.at_ms)
    when = T("{ago} ago", ago=ago) if ago >= timedelta(seconds=1) else T("just now")
    said = T("You did exactly this {when}. Nothing is done yet: shall I do it again?", when=when)
    return View(
        T("Again?"),
        (Paragraph(said), Note(T("The first time is entry {seq} of the journal.", seq=seq))),
        (Button(T("Yes, again"), Again(entry=seq), Style.MAIN),),
    )


def confirmed(call: "Call", again: Again) -> Command:
    """Return the command that a press confirms: the presser's own, and each time once."""
    said = journal.entry(call.tx, call.community.id, again.entry)
    if said is None or said.member != call.member.id:
        raise NotYourButton
    if not _is_waiting(call, again.entry):
        raise ConfirmedBefore
    sealed = secrets(call.tx, call.community.id, [again.entry])
    values = {name: decode(value) for (_, name), (_, value) in sealed.items() if value is not None}
    call.fact("again", again.entry)
    args_then = {name: values.get(name, value) for name, value in said.args.items()}
    return call.house.restored(said.command, said.version, args_then)


def _is_waiting(call: "Call", seq: int) -> bool:
    """Whether an entry is the asker's last of its kind, and young enough to be repeated."""
    if call.visitor is None:
        return False
    since = call.now_ms - span_ms(WAITS)
    return call.tx.one(_NEWEST, (call.community.id, call.visitor.id, seq, since)) is not None


def note(call: "Call", digest: str) -> None:
    """Remember that the asking member did this now."""
    community, member = call.community.id, call.member.id
    call.tx.run(_PRUNE, (community, member, call.now_ms - span_ms(WAITS)))
    call.tx.run(_NOTE, (community, member, digest, call.head().seq + 1, call.now_ms))


def erase(tx: Tx, community: int, member: int) -> None:
    """Forget what a member asked last."""
    tx.run(_ERASE, (community, member))


def erase_all(tx: Tx, community: int) -> None:
    """Forget what everybody asked last: it may name a member who is another one now."""
    tx.run(_ERASE_ALL, (community,))
