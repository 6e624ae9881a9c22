"""What a message says: which command, to whom, from where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import telegram
from telegram.constants import ChatType

from bot.platforms.grammar import Spoken, parse
from core.kernel.command import Declaration
from core.kernel.fields import Option, OptionKind
from core.kernel.request import Place

NAME = "telegram"

# The accounts in whose name Telegram shows what no person signs.
SERVICE_ID, ANONYMOUS_ID, CHANNEL_ID = 777000, 1087968824, 136817688

_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@(\w+))?(?=\s|$)")
# Stands for somebody who is named by a link while the line is taken apart; nobody can type it.
_LINK = "\ue000{}\ue001"
_LINKED = re.compile("\ue000(\\d+)\ue001")
_STRAY = dict.fromkeys([0xE000, 0xE001])


@dataclass(frozen=True, slots=True)
class Group:
    """The chat whose community is meant."""

    chat: int
    title: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to answer: a chat, a topic, the message that is answered.

    `asker` is told in private instead, where we may not write.
    """

    chat: int
    thread: int | None = None
    message: int | None = None
    is_private: bool = False
    asker: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A receiver as written: somebody known, or a username that has to be looked up."""

    user: telegram.User | None = None
    username: str = ""


@dataclass(slots=True)
class Wish:
    """A typed command on its way: what is asked so far, by whom, about which group."""

    request_id: str
    path: str
    declared: Declaration | None
    args: dict[str, Any]
    user: telegram.User
    spot: Spot
    group: Group
    receivers: dict[str, Named] = field(default_factory=dict)
    # Who was named by a username alone, and is still to be confirmed.
    doubtful: telegram.User | None = None
    # Where it was typed, if the answer goes elsewhere: in private.
    typed_at: Spot | None = None
    # The option that is given twice, for which the core refuses it.
    twice: str = ""

    def place(self, missing: tuple[str, ...]) -> Place:
        """The place of the request; in private it has no channel, so that no card moves there."""
        chat, spot = str(self.group.chat), self.typed_at or self.spot
        channel, thread = ("", "") if spot.is_private else (chat, str(spot.thread or ""))
        return Place(NAME, chat, channel, thread, self.group.title, missing)

    @property
    def missing(self) -> list[Option]:
        """The required options that are not there yet; none where the command is refused anyway."""
        if self.declared is None or self.twice:
            return []
        given = {*self.args, *self.receivers}
        return [one for one in self.declared.options if one.is_required and one.name not in given]


def spot_of(message: Any, asker: telegram.User | None = None) -> Spot:
    """Return where a message is answered, or a press on it."""
    is_topic = bool(getattr(message, "is_topic_message", False))
    thread = getattr(message, "message_thread_id", None) if is_topic else None
    is_private = message.chat.type == ChatType.PRIVATE
    number = asker.id if asker is not None and not is_private else None
    return Spot(message.chat.id, thread, message.message_id, is_private, number)


def group_of(message: Any) -> Group:
    """Return the group in which a message stands."""
    return Group(message.chat.id, message.chat.title or "")


def command_of(message: telegram.Message, username: str) -> tuple[str, bool] | None:
    """Return (first word, whether we are named) of a command for us, else None."""
    found = _COMMAND.match(message.text or "")
    if found is None:
        return None
    if found[2] is not None and found[2].casefold() != username.casefold():
        return None
    return found[1].casefold(), found[2] is not None


def spoken(
    message: telegram.Message, commands: Mapping[str, Declaration]
) -> tuple[Spoken, dict[str, Named]]:
    """Return what a line asks for, and who is named in it; in a reply that is the author.

    `two` receivers that differ are told apart by the caller: the written one is in the second
    value under the option's name, the replied-to author under "".
    """
    text, linked = _linked(message)
    author = replied_to(message)
    found = parse(text, commands)
    member = _member(found.declared)
    if member is not None and author is not None and not _is_named(found.args.get(member, "")):
        found = _without(member, text, found, commands)
    named: dict[str, Named] = {}
    args: dict[str, str] = {}
    for name, written in found.args.items():
        if name == member and _is_named(written):
            named[name] = _named(written, linked)
        else:
            args[name] = _LINKED.sub(lambda one: linked[int(one[1])][1], written)
    if author is not None:
        named[""] = Named(author)
    return replace(found, args=args), named


def receiver_in(message: telegram.Message) -> Named | None:
    """Return who is named in an answer to the question for a person."""
    text, linked = _linked(message)
    word = text.strip()
    return _named(word, linked) if _is_named(word) else None


def replied_to(message: telegram.Message) -> telegram.User | None:
    """Return the person whose message is answered; the note that opened a topic is no message."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return None
    if message.is_topic_message and replied.message_id == message.message_thread_id:
        return None
    return None if replied.sender_chat is not None else replied.from_user


def name_of(user: telegram.User) -> str:
    """Return what somebody is called."""
    return user.full_name


def _linked(message: telegram.Message) -> tuple[str, list[tuple[telegram.User, str]]]:
    """Return the text with a sign for each person who is named by a link, and these people."""
    text = (message.text or "").translate(_STRAY)
    mention = telegram.MessageEntity.TEXT_MENTION
    if text.isascii() and all(one.type != mention for one in message.entities):
        return text, []  # as nearly all are
    if len(text) != len(message.text or ""):
        return text, []
    raw = text.encode("utf-16-le", "surrogatepass")
    linked: list[tuple[telegram.User, str]] = []
    out, done = "", 0
    for one in sorted(message.entities, key=lambda one: one.offset):
        if one.type != mention or one.user is None:
            continue
        start, end = one.offset * 2, (one.offset + one.length) * 2
        name = raw[start:end].decode("utf-16-le", "replace")
        out += raw[done:start].decode("utf-16-le", "replace") + _LINK.format(len(linked))
        linked.append((one.user, name))
        done = end
    return out + raw[done:].decode("utf-16-le", "replace"), linked


def _member(declared: Declaration | None) -> str | None:
    """Return the name of the first required option that is a person."""
    options = declared.options if declared else ()
    found = (one.name for one in options if one.kind is OptionKind.MEMBER)
    return next(found, None)


def _without(member: str, text: str, found: Spoken, commands: Mapping[str, Declaration]) -> Spoken:
    """Read a reply again with the receiver left out."""
    declared = found.declared
    assert declared is not None
    others = tuple(one for one in declared.options if one.name != member)
    less = replace(declared, options=others)
    again = parse(text, {**commands, declared.path: less})
    return replace(found, args=again.args)


def _is_named(written: str) -> bool:
    word = written.strip()
    return word.startswith("@") or _LINKED.fullmatch(word) is not None


def _named(written: str, linked: list[tuple[telegram.User, str]]) -> Named:
    word = written.strip()
    found = _LINKED.fullmatch(word)
    if found is not None:
        return Named(linked[int(found[1])][0])
    return Named(username=word.removeprefix("@"))
