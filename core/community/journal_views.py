"""What people read of the journal: its newest entries and its head."""

from typing import Any

from core.community.fields import MEMBER_MARK
from core.community.views import plain
from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.fields import OptionKind
from core.kernel.journal import Entry
from core.kernel.request import Kind
from core.kernel.text import Code, MemberId, T, Text
from core.kernel.view import Items, Note, Paragraph, View

_NOBODY: dict[str, Text] = {
    Kind.CLOCK: T("the clock"),
    Kind.DECISION: T("a decision"),
    Kind.SIGNER: T("the signer"),
    Kind.WORKER: T("the bot"),
}


def journal(call: Call, last: int) -> View:
    """The newest entries and the head."""
    entries = call.journal(last)
    if not entries:
        return View(T("Journal"), (Paragraph(T("Nothing has happened here yet.")),))
    head = entries[0]
    return View(
        T("Journal of {name}", name=call.community.name),
        (
            Items(tuple(_entry(call, entry) for entry in entries)),
            Note(T("Head of the journal, entry {seq}: {hash}", **_head(head))),
            Note(T("Sealed values are kept as digests; texts can be erased, digests cannot.")),
        ),
    )


def _head(entry: Entry) -> dict[str, Any]:
    return {"seq": entry.seq, "hash": Code(entry.hash.hex())}


def _entry(call: Call, entry: Entry) -> Text:
    who: Any = MemberId(entry.member) if entry.member else _NOBODY.get(entry.kind, T("somebody"))
    said = [entry.command, *([f"#{entry.facts['number']}"] if "number" in entry.facts else [])]
    people = _people(call, entry)
    said += [
        f"{name}={'(sealed)' if isinstance(value, dict) else plain(value)}"
        for name, value in entry.args.items()
        if value not in (None, "") and name not in people
    ]
    named = T("".join(f" {name}={{{name}}}" for name in people), **people)
    return T(
        "{seq}. {at} {who}: {what}{named}",
        seq=entry.seq,
        at=from_ms(entry.at_ms),
        who=who,
        what=Code(" ".join(said)),
        named=named,
    )


def _people(call: Call, entry: Entry) -> dict[str, MemberId]:
    """Return whom an entry is about, by option: kept as numbers, read as names."""
    command = call.house.commands.get(entry.command)
    options = command.declaration.by_name if command is not None else {}
    return {
        name: MemberId(int(str(value).removeprefix(MEMBER_MARK)))
        for name, value in entry.args.items()
        if name in options and options[name].kind is OptionKind.MEMBER and value
    }
