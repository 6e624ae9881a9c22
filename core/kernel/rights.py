"""Who may ask: checked at the door, from what the platform vouches for at that moment."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from core.kernel.call import Call
from core.kernel.command import Command, Declaration, May
from core.kernel.directory import Directory
from core.kernel.errors import UserError
from core.kernel.request import Kind
from core.kernel.text import CommandName, T
from core.kernel.words import clean

# More of what was typed for a command is not repeated.
PATH_MAX = 40
# One letter of five may be wrong: nearer would miss slips, further would guess.
NEAR = 0.8

NEEDED_KIND: Mapping[May, Kind] = {
    May.CLOCK: Kind.CLOCK,
    May.DECISION: Kind.DECISION,
    May.SIGNER: Kind.SIGNER,
    May.WORKER: Kind.WORKER,
}


class UnknownCommand(UserError):
    """I know no command {command}. Type /help to see them all."""


class MistypedCommand(UnknownCommand):
    """I know no command {command}. Did you mean {near}? Type /help to see them all."""


class NoCommand(UserError):
    """There is no command after the slash. Type /help to see them all."""


class HalfACommand(UserError):
    """{command} needs another word. Type one of: {whole}."""


class NotForBots(UserError):
    """Bots and webhooks cannot take part; a person has to ask for this."""


class AdminsOnly(UserError):
    """Only an admin can do this, so please ask one. An admin is {admins}."""


class AuthorOrAdminsOnly(UserError):
    """Only the author or an admin can do this, so please ask one. An admin is {admins}."""


class AdminUnknown(UserError):
    """I could not find out whether you are an admin just now. Please try again in a minute."""


class NotHere(UserError):
    """This works in a group, not here. Open the group and ask there."""


def check(call: Call, directory: Directory, declared: Declaration, command: Command | None) -> None:
    """Refuse who may not ask for this; who may becomes a member where it takes one."""
    asker = call.actor
    if not declared.is_for_persons:
        if asker.kind is not NEEDED_KIND[declared.may] or command is None:
            raise UnknownCommand(command=declared.path)
        return
    if declared.may is May.ANYONE:
        return
    if asker.is_bot:
        raise NotForBots
    if declared.may is May.ADMINS and not _is_admins(call, declared):
        if asker.is_admin is None:
            raise AdminUnknown
        raise AdminsOnly(admins=_admins(call))
    call.visitor = directory.join(call)


def check_author(call: Call, command: Command) -> None:
    """Refuse who is neither the author nor an admin."""
    if command.author(call) == call.member.id or call.is_admins:
        return
    if call.actor.is_admin is None:
        raise AdminUnknown
    raise AuthorOrAdminsOnly(admins=_admins(call))


def _is_admins(call: Call, declared: Declaration) -> bool:
    """Whether an admin asks; for what concerns one space alone an admin of that space is one."""
    return call.is_admins_here if declared.is_local else call.is_admins


def _admins(call: Call) -> str:
    """Return who counts as admin where this is asked, in words."""
    return call.house.admins.get(call.actor.platform, "nobody")


def unknown(path: str, declared: Iterable[Declaration]) -> UserError:
    """Return what to say to a command that there is not: the first word of some, or none."""
    if not path:
        return NoCommand()
    paths = [one.path for one in declared]
    whole = [CommandName(one) for one in paths if one.split()[0] == path]
    if not whole:
        written = clean(path)[:PATH_MAX]
        near = get_close_matches(written, paths, n=1, cutoff=NEAR)
        if near:
            return MistypedCommand(command=written, near=CommandName(near[0]))
        return UnknownCommand(command=written)
    names = [f"c{n}" for n in range(len(whole))]
    listed = T(", ".join(f"{{{name}}}" for name in names), **dict(zip(names, whole, strict=True)))
    return HalfACommand(command=f"/{path}", whole=listed)
