"""What the client of a person lets them type. This file turns Python values into options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from tests.platforms.discord_server import command_limits as kinds
from tests.platforms.discord_server.permissions import ADMINISTRATOR, allows
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.channels import Channel
    from tests.platforms.discord_server.people import Member


class Nameable:
    """What an option can point at: a member, a channel, a role."""

    option_kind: ClassVar[int]

    @property
    def channel_kind(self) -> int | None:
        """The type of channel, where it is one."""
        return None

    @property
    def named_id(self) -> int:
        """The id that stands in the option."""
        raise NotImplementedError

    def describe(self, resolved: Json) -> None:
        """Add itself to what travels beside the options, which carry only ids."""
        raise NotImplementedError


Value = str | int | float | bool | Nameable | None

DM_CONTEXT, GUILD_CONTEXT = 1, 0


class WouldNotSend(AssertionError):
    """The person's client would refuse to send this; `raw=True` sends it all the same."""


class Line:
    """A command being typed: its declaration, and the path down to the leaf."""

    def __init__(self, command: Json, path: list[Json]) -> None:
        self.command = command
        self.path = path

    @property
    def declared(self) -> list[Json]:
        """The options of the leaf."""
        leaf = self.path[-1] if self.path else self.command
        return list(leaf.get("options") or [])

    def body(self, options: list[Json], resolved: Json) -> Json:
        """The `data` of the interaction."""
        for step in reversed(self.path):
            options = [{"type": step["type"], "name": step["name"], "options": options}]
        body: Json = {
            "id": self.command["id"],
            "name": self.command["name"],
            "type": kinds.CHAT_INPUT,
            "options": options,
        }
        if "guild_id" in self.command:
            body["guild_id"] = self.command["guild_id"]
        if resolved:
            body["resolved"] = resolved
        return body


def find_line(member: Member, channel: Channel, words: str, *, raw: bool = False) -> Line:
    """The command a person has typed, if their client offers it to them here."""
    first, *rest = words.split()
    commands = _known(member, channel) if raw else _offered(member, channel)
    command = next((c for c in commands if c["name"] == first), None)
    if command is None and raw:
        steps = [{"type": kinds.SUB_COMMAND, "name": word} for word in rest]
        return Line({"id": "1", "name": first, "options": []}, steps)
    if command is None:
        raise WouldNotSend(f"/{first} is not offered to {member.name} in {channel}")
    path: list[Json] = []
    options = command["options"]
    for word in rest:
        step = next((option for option in options if option["name"] == word), None)
        if step is None or step["type"] not in (kinds.SUB_COMMAND, kinds.SUB_GROUP):
            raise WouldNotSend(f"/{words}: there is no {word!r}")
        path.append(step)
        options = step.get("options") or []
    if any(option["type"] in (kinds.SUB_COMMAND, kinds.SUB_GROUP) for option in options):
        raise WouldNotSend(f"/{words} needs a subcommand")
    return Line(command, path)


def _known(member: Member, channel: Channel) -> list[Json]:
    """Everything declared for this place; a guild's own command hides a global one."""
    scopes = [0] if channel.guild is None else [channel.guild.id, 0]
    return [command for scope in scopes for command in member.world.commands.get(scope, [])]


def _offered(member: Member, channel: Channel) -> list[Json]:
    guild = channel.guild
    if member.user.is_bot or channel.deleted:
        return []
    if guild is not None and not (guild.has_bot and member.id in guild.members):
        return []
    return [c for c in _known(member, channel) if _is_offered(c, member, channel)]


def _is_offered(command: Json, member: Member, channel: Channel) -> bool:
    if command["type"] != kinds.CHAT_INPUT:
        return False
    context = DM_CONTEXT if channel.guild is None else GUILD_CONTEXT
    if command["contexts"] is not None and context not in command["contexts"]:
        return False
    needed = command["default_member_permissions"]
    if needed is None or channel.guild is None:
        return True
    # No bits at all means: administrators only.
    return allows(member.permissions, int(needed) or ADMINISTRATOR)


def fill(
    line: Line, given: Mapping[str, Value], *, raw: bool = False, partial: bool = False
) -> tuple[list[Json], Json]:
    """The typed options and the objects they name; WouldNotSend says what the client would."""
    declared = {option["name"]: option for option in line.declared}
    if not raw:
        _check_names(declared, given, partial=partial)
    options: list[Json] = []
    resolved: Json = {}
    for name, value in given.items():
        if value is None:
            continue
        kind = declared[name]["type"] if name in declared else _guess(value)
        sent = value if raw else _checked(declared[name], value, partial=partial)
        plain = str(sent.named_id) if isinstance(sent, Nameable) else sent
        options.append({"name": name, "type": kind, "value": plain})
        # Suggestions are asked for with ids alone.
        if isinstance(sent, Nameable) and not partial:
            sent.describe(resolved)
    return options, resolved


def _check_names(declared: dict[str, Json], given: Mapping[str, Value], *, partial: bool) -> None:
    for name in given:
        if name not in declared:
            raise WouldNotSend(f"there is no option {name!r}, only {sorted(declared)}")
    for name, option in declared.items():
        if option.get("required") and given.get(name) is None and not partial:
            raise WouldNotSend(f"{name!r} is required")


def _guess(value: Value) -> int:
    if isinstance(value, bool):
        return kinds.BOOLEAN
    if isinstance(value, int):
        return kinds.INTEGER
    if isinstance(value, float):
        return kinds.NUMBER
    return value.option_kind if isinstance(value, Nameable) else kinds.STRING


# What fits an option, by the kind of the value; the rest take their own kind only.
FITTING = {
    kinds.MENTIONABLE: (kinds.USER, kinds.ROLE),
    kinds.NUMBER: (kinds.INTEGER, kinds.NUMBER),
}


def _checked(option: Json, value: Value, *, partial: bool) -> Value:
    name, kind = option["name"], option["type"]
    if _guess(value) not in FITTING.get(kind, (kind,)):
        raise WouldNotSend(f"{name!r} is an option of type {kind} and does not take {value!r}")
    if option.get("choices"):
        return _chosen(option, value)
    if isinstance(value, str) and not partial:
        _check_text(option, value)
    elif isinstance(value, int | float):
        _check_number(option, value)
    wanted = option.get("channel_types")
    if wanted and isinstance(value, Nameable) and value.channel_kind not in wanted:
        raise WouldNotSend(f"{name!r} takes no channel of type {value.channel_kind}")
    return value


def _chosen(option: Json, value: Value) -> Value:
    for choice in option["choices"]:
        if value in (choice["value"], choice["name"]):
            chosen: Value = choice["value"]
            return chosen
    listed = [choice["name"] for choice in option["choices"]]
    raise WouldNotSend(f"{option['name']!r} takes one of {listed}, not {value!r}")


def _check_text(option: Json, value: str) -> None:
    least = option.get("min_length") or 0
    most = option.get("max_length") or kinds.TEXT_LENGTH_MAX
    if option.get("required"):
        least = max(least, 1)
    if not least <= len(value) <= most:
        said = f"{option['name']!r} takes {least} to {most} characters, not {len(value)}"
        raise WouldNotSend(said)


def _check_number(option: Json, value: float) -> None:
    least = option.get("min_value", -kinds.SAFE_INTEGER_MAX)
    most = option.get("max_value", kinds.SAFE_INTEGER_MAX)
    if not least <= value <= most:
        raise WouldNotSend(f"{option['name']!r} takes {least} to {most}, not {value}")
