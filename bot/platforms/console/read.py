"""What a line in the room means: who speaks, and a command, a press or just talk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.platforms.console import CHANNEL, NAME, SPACE
from bot.platforms.grammar import Spoken, parse
from core.kernel.clock import from_ms
from core.kernel.command import Declaration
from core.kernel.fields import OptionKind
from core.kernel.request import AccountRef, Asker, ChannelRef, Place, Request
from core.kernel.words import clean, is_visible, skeleton

NAME_MAX = 32
# With its marks and what blanks stand around it.
WRITTEN_MAX = 4 * NAME_MAX
_WORD = r"[^\s:*/@|#\"=]+"
_NAME = re.compile(rf"@?({_WORD}(?: {_WORD})*)(\*?)")
# In the room everybody has been there since it was made.
_ALWAYS = from_ms(0)
HERE = Place(NAME, SPACE, CHANNEL, space_name="the room")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks; admins are marked with a star."""

    name: str
    is_admin: bool = False

    @property
    def account(self) -> str:
        """The name as it is compared: Ana and ana are one person."""
        return skeleton(self.name)


@dataclass(frozen=True, slots=True)
class Line:
    """A line taken apart; `speaker` is None where none was named."""

    speaker: Speaker | None
    said: str


def take_apart(line: str) -> Line:
    """Return who speaks and what; a line that starts with / names nobody."""
    before, colon, after = line.partition(":")
    said = after.strip()
    speaker = read_name(before) if colon and not before.lstrip().startswith("/") else None
    if speaker is None or not _may_follow(after) or (" " in speaker.name and not _is_asked(said)):
        return Line(None, line.strip())
    return Line(speaker, said)


def _may_follow(after: str) -> bool:
    """Whether what follows a colon sets it apart: `ana: hello`, `ana:/me`, not `http://`."""
    return not after or after[0].isspace() or (after[0] == "/" and after[1:2].isalnum())


def _is_asked(said: str) -> bool:
    """Whether this is more than talk, in which a colon may stand after any words."""
    return said.startswith("/") or is_press(said)


def read_name(written: str) -> Speaker | None:
    """Return a speaker from `ana`, `ana*` or `Anna Lena`, None where that is no name."""
    found = _NAME.fullmatch(" ".join(written.split())) if len(written) <= WRITTEN_MAX else None
    name = clean(found[1]) if found else ""
    # A name nobody could see or that is no letters at all would be nobody's.
    if found is None or len(found[1]) > NAME_MAX or not is_visible(name) or not skeleton(name):
        return None
    return Speaker(name, bool(found[2]))


def is_press(said: str) -> bool:
    """Whether somebody presses a button: a bare number."""
    return said.isascii() and said.isdigit()


def asker_of(speaker: Speaker) -> Asker:
    """Return the asking account; the room vouches for what its operator typed."""
    return Asker(
        platform=NAME,
        account=speaker.account,
        name=speaker.name,
        is_admin=speaker.is_admin,
        joined_at=_ALWAYS,
    )


def request_of(
    speaker: Speaker, said: str, request_id: str, commands: Mapping[str, Declaration]
) -> Request:
    """Return the request of a typed command or a press."""
    asker = asker_of(speaker)
    if is_press(said):
        return Request(request_id, "", {}, asker, HERE, press=f"#{said}")
    spoken = parse(said, commands)
    return Request(
        request_id,
        spoken.command,
        _refs(spoken),
        asker,
        HERE,
        is_overheard=True,
        twice=spoken.twice,
    )


def _refs(spoken: Spoken) -> dict[str, object]:
    """Return the arguments with people and channels as the room knows them."""
    kinds = {one.name: one.kind for one in spoken.declared.options} if spoken.declared else {}
    found: dict[str, object] = {}
    for name, text in spoken.args.items():
        kind = kinds.get(name)
        if kind is OptionKind.MEMBER and (mentioned := read_name(text)) is not None:
            account = mentioned.account
            found[name] = AccountRef(NAME, account, mentioned.name, joined_at=_ALWAYS)
        elif kind is OptionKind.CHANNEL and text.strip("# "):
            found[name] = ChannelRef(text.strip().removeprefix("#"))
        else:
            found[name] = text
    return found
