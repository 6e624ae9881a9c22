"""What people read about the community itself."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core.community import store
from core.kernel.call import Call
from core.kernel.command import Declaration, May
from core.kernel.drawing import drawing
from core.kernel.duration import write_duration
from core.kernel.fields import Option
from core.kernel.text import ChannelName, Code, CommandName, T, Text
from core.kernel.view import Block, Fields, Items, Note, Paragraph, Tone, View

WHAT_FORGETTING_DOES = T(
    "I will erase your name, your account and the texts you wrote, and withdraw what you have "
    "open. Your votes stay counted without your name, so that results can still be verified. "
    "What is owed to you can no longer be handed over: ask for it before. What I told others in "
    "private, and old news, stays where it is. This cannot be undone."
)

_WHO: dict[May, Text] = {
    May.ANYONE: T("anyone"),
    May.MEMBERS: T("members"),
    May.ADMINS: T("admins"),
    May.AUTHOR_OR_ADMINS: T("the author or an admin"),
}
_PURPOSES: dict[str, Text] = {
    "proposals": T("Proposals and polls"),
    "treasury": T("Money matters"),
    "admin": T("Messages for admins"),
}


@drawing("community.ready")
def ready(call: Call) -> View:
    """The answer to `setup`: first steps."""
    assert call.space is not None
    steps = (
        T(
            "Open a poll: {command}",
            command=Code("/poll Lunch? Pizza | Soup"),
        ),
        T("Propose something: {command}", command=Code("/propose Paint the hall")),
        T("See and change the rules: {a} and {b}", a=_cmd("config show"), b=_cmd("config set")),
        T("Choose a channel for admin messages: {a}", a=Code("/channel admin")),
        T("Show everybody what I can do: {a}", a=_cmd("help")),
    )
    missing = call.place.missing if call.place is not None else ()
    return View(
        T("{name} is ready", name=call.community.name),
        (
            Paragraph(_where(call)),
            *_lacking(", ".join(missing)),
            Items(steps),
            Note(T("An admin here is {admins}.", admins=_admins(call))),
        ),
        tone=Tone.PASSED,
    )


@drawing("community.welcome")
def welcome(call: Call, missing: str) -> View:
    """The one message after the bot has come into a space."""
    blocks: list[Block] = [
        Paragraph(
            T(
                "I help you to decide together: proposals and polls that close on time, count "
                "every vote once, and can be checked by anybody afterwards."
            )
        ),
        Items(
            (
                T("First, an admin types {a}.", a=_cmd("setup")),
                T("Then anybody can open a {a} or a {b}.", a=_cmd("poll"), b=_cmd("propose")),
                T("Everything else is in {a}.", a=_cmd("help")),
            )
        ),
    ]
    blocks += _lacking(missing)
    blocks.append(Note(T("An admin here is {admins}.", admins=_admins(call))))
    return View(T("Hello, I am Folkmoot"), tuple(blocks))


def _lacking(missing: str) -> list[Block]:
    if not missing:
        return []
    text = T("I still need these permissions to show votes: {missing}.", missing=missing)
    return [Paragraph(text)]


@drawing("community.warning")
def warning(_: Call, what: str) -> View:
    """What admins are told when the bot needs them."""
    text = T("This needs whoever runs me: {what}", what=what)
    return View(T("Something is wrong"), (Paragraph(text),), tone=Tone.FAILED)


@drawing("community.noted")
def noted(_: Call) -> View:
    """What our own workers get: nothing that anybody reads."""
    return View()


def settings(call: Call) -> View:
    """All settings in force."""
    rows = []
    for setting in call.house.settings.values():
        value = T("{value}", value=Code(call.settings.written(setting)))
        mark = T("") if call.settings.is_set(setting) else T(" (default)")
        line = T(
            "{value}{mark}: {description}",
            value=value,
            mark=mark,
            description=T(setting.description),
        )
        rows.append((T(setting.name), line))
    return View(
        T("Settings of {name}", name=call.community.name),
        (Fields(tuple(rows)), Note(T("An admin changes one with {a}.", a=_cmd("config set")))),
    )


def setting(call: Call, name: str) -> View:
    """One setting, explained."""
    one = call.house.settings[name]
    rows = (
        (T("now"), T("{value}", value=Code(call.settings.written(one)))),
        (T("default"), T("{value}", value=Code(one.write(one.default)))),
        (T("takes"), one.bounds),
    )
    return View(T(one.name), (Paragraph(T(one.description)), Fields(rows)))


@drawing("community.setting")
def changed(call: Call, name: str, before: str, after: str) -> View:
    """The answer to `config set`."""
    if before == after:
        same = T(
            "{setting} is now {after}, as it was before.", setting=Code(name), after=Code(after)
        )
        return View(None, (Paragraph(same),), tone=Tone.PASSED)
    line = T("{setting} is now {after}; it was {before}.", **_codes(name, before, after))
    undo = T("To undo: {command}", command=Code(f"/config set {name} {before}"))
    blocks: list[Block] = [Paragraph(line), Note(undo)]
    if call.house.settings[name].is_copied:
        blocks.append(Note(T("What is open already keeps the rules it opened with.")))
    return View(None, tuple(blocks), tone=Tone.PASSED)


@drawing("community.channel")
def channel_chosen(call: Call, purpose: str) -> View:
    """The answer to `channel`."""
    assert call.space is not None
    chosen = store.channel(call.tx, call.space.id, purpose)
    assert chosen is not None
    where = ChannelName(chosen.thread or chosen.channel)
    line = T("{what} will appear in {where}.", what=_PURPOSES[purpose], where=where)
    return View(None, (Paragraph(line),), tone=Tone.PASSED)


def me(call: Call) -> View:
    """What concerns the asker."""
    if call.visitor is None:
        text = T("You have not taken part here yet. See what is open: {a}", a=_cmd("proposals"))
        return View(None, (Paragraph(text),))
    member = call.visitor
    rows = ((T("first seen"), T("{at}", at=member.first_seen_at)),)
    blocks: list[Block] = [Fields(rows)]
    for feature in call.house.features:
        if feature.me is not None:
            blocks.extend(feature.me(call, member.id))
    return View(T("{who} in {name}", who=member.name, name=call.community.name), tuple(blocks))


@drawing("community.forgotten")
def forgotten(_: Call) -> View:
    """The answer to `forget me`."""
    text = T("Your name and your texts are erased. Your past votes stay counted, without a name.")
    return View(None, (Paragraph(text),))


def help_all(call: Call) -> View:
    """Every command with a sentence."""
    rows = [(_usage(one), T(one.help)) for one in call.house.declarations]
    more = T("More about one of them: {example}", example=Code("/help poll"))
    return View(T("What I can do"), (Fields(tuple(rows)), Note(more)))


def help_group(_: Call, group: Sequence[Declaration]) -> View:
    """The commands under one first word."""
    rows = [(_usage(one), T(one.help)) for one in group]
    return View(T("Commands"), (Fields(tuple(rows)),))


def help_one(_: Call, declared: Declaration) -> View:
    """One command, explained."""
    blocks: list[Block] = [Paragraph(T(declared.help))]
    if declared.options:
        rows = tuple((T(option.name), _option(option)) for option in declared.options)
        blocks.append(Fields(rows))
    blocks.append(Note(T("Who may ask: {who}.", who=_WHO[declared.may])))
    return View(_usage(declared), tuple(blocks))


def _usage(declared: Declaration) -> Text:
    parts = [
        f"<{option.name}>" if option.is_required else f"[{option.name}]"
        for option in declared.options
    ]
    options = T(" ".join(["", *parts]) if parts else "")
    return T("{command}{options}", command=CommandName(declared.path), options=options)


def _option(option: Option) -> Text:
    notes: list[Text] = []
    if option.choices:
        notes.append(T("one of: {choices}", choices=", ".join(option.choices)))
    if not option.is_required and option.default not in (None, ""):
        default = plain(option.default)
        notes.append(T("default {value}", value=Code(default)))
    text = T(option.description)
    for note in notes:
        text = T("{text}; {note}", text=text, note=note)
    return text


def plain(value: Any) -> str:
    """Return a value as it is typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return write_duration(value) if isinstance(value, timedelta) else str(value)


def _where(call: Call) -> Text:
    assert call.space is not None
    chosen = store.channel(call.tx, call.space.id, "proposals")
    if chosen is None:
        return T("Votes appear where somebody opens them.")
    return T("Votes will appear in {where}.", where=ChannelName(chosen.thread or chosen.channel))


def _admins(call: Call) -> str:
    platform = call.space.platform if call.space else call.actor.platform
    if not platform:
        spaces = store.spaces(call.tx, call.community.id)
        platform = spaces[0].platform if spaces else ""
    return call.house.admins.get(platform, "nobody")


def _cmd(path: str) -> CommandName:
    return CommandName(path)


def _codes(name: str, before: str, after: str) -> dict[str, Any]:
    return {"setting": Code(name), "before": Code(before), "after": Code(after)}
