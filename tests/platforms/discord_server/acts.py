"""What a person does in a chat. This file is the part of the driver that tests talk to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from tests.platforms.discord_server.components import BUTTON, STRING_SELECT, TEXT_INPUT, walk
from tests.platforms.discord_server.interactions import Choice, Interaction, Kind
from tests.platforms.discord_server.messages import Message
from tests.platforms.discord_server.offers import Value, WouldNotSend, fill, find_line
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.channels import Channel
    from tests.platforms.discord_server.guilds import Guild
    from tests.platforms.discord_server.people import Member, User
    from tests.platforms.discord_server.world import World


class Acts:
    """The acts of a member. The `begin_` forms return at once, the others when it is answered."""

    world: World
    guild: Guild
    user: User

    def _me(self: Acts) -> Member:
        # Only members act; they are a class apart so that the state stays readable.
        return cast("Member", self)

    def _start(
        self,
        channel: Channel,
        kind: Kind,
        body: Json,
        *,
        source: Message | None = None,
        late: bool = False,
    ) -> Interaction:
        answer = Interaction(self._me(), channel, kind, body, source=source, is_late=late)
        answer.deliver()
        return answer

    def says(self, channel: Channel, text: str) -> Message:
        """Write an ordinary message."""
        return channel.write(self.user, text)

    def begin_slash(
        self,
        channel: Channel,
        command: str,
        /,
        *,
        raw: bool = False,
        late: bool = False,
        **given: Value,
    ) -> Interaction:
        """Type a command and do not wait for anything."""
        line = find_line(self._me(), channel, command, raw=raw)
        options, resolved = fill(line, given, raw=raw)
        return self._start(channel, Kind.COMMAND, line.body(options, resolved), late=late)

    async def slash(
        self,
        channel: Channel,
        command: str,
        /,
        *,
        raw: bool = False,
        late: bool = False,
        **given: Value,
    ) -> Interaction:
        """Type a command such as `"config set"` and wait until it is answered.

        The call is held against the synced declarations as the person's client would do it,
        and WouldNotSend is raised; `raw` sends it anyhow. `late` makes every answer come too
        late for the platform (10062) without any waiting.
        """
        answer = self.begin_slash(channel, command, raw=raw, late=late, **given)
        await answer.settled()
        return answer

    def begin_press(
        self,
        on: Message | Interaction,
        *,
        label: str | None = None,
        custom_id: str | None = None,
        raw: bool = False,
        late: bool = False,
    ) -> Interaction:
        """Press a button and do not wait for anything."""
        message = on.message if isinstance(on, Interaction) else on
        if raw:
            assert custom_id is not None
            pressed = custom_id
        else:
            pressed = self._pressable(message, label, custom_id)
        body = {"custom_id": pressed, "component_type": BUTTON}
        return self._start(message.channel, Kind.COMPONENT, body, source=message, late=late)

    def _pressable(self, message: Message, label: str | None, custom_id: str | None) -> str:
        self._check_sees(message)
        button = message.button(label=label, custom_id=custom_id)
        if button.is_disabled or button.url is not None:
            raise WouldNotSend(f"the button {button.label!r} cannot be pressed")
        return button.custom_id

    def _check_sees(self, message: Message) -> None:
        guild = message.channel.guild
        is_away = guild is not None and self.user.id not in guild.members
        is_gone = message.deleted or message.channel.deleted
        if is_away or is_gone or message.seen_only_by not in (None, self.user):
            raise WouldNotSend(f"{self.user.name} does not see {message}")
        if self.user.is_bot:
            raise WouldNotSend(f"{self.user.name} is a bot, and bots press nothing")

    async def press(
        self,
        on: Message | Interaction,
        *,
        label: str | None = None,
        custom_id: str | None = None,
        raw: bool = False,
        late: bool = False,
    ) -> Interaction:
        """Press a button, found by label or custom id; with `raw` any custom id, also a forged one.

        A stale button is one of an earlier look, whose id stands in
        `message.history[0].buttons[0].custom_id`; with `raw` the message may be deleted, too.
        """
        answer = self.begin_press(on, label=label, custom_id=custom_id, raw=raw, late=late)
        await answer.settled()
        return answer

    async def select(
        self, on: Message | Interaction, *labels: str, custom_id: str | None = None
    ) -> Interaction:
        """Choose from a menu by what stands on its options, or by their values."""
        message = on.message if isinstance(on, Interaction) else on
        self._check_sees(message)
        menus = [menu for menu in message.look.selects if menu["type"] == STRING_SELECT]
        menu = next((m for m in menus if custom_id in (None, m["custom_id"])), None)
        if menu is None:
            raise WouldNotSend(f"there is no menu {custom_id or ''} on: {message.text}")
        values = {option["label"]: option["value"] for option in menu["options"]}
        values |= {value: value for value in values.values()}
        if any(label not in values for label in labels):
            raise WouldNotSend(f"the menu has {sorted(values)}, not {labels}")
        if not menu.get("min_values", 1) <= len(labels) <= menu.get("max_values", 1):
            raise WouldNotSend(f"the menu does not take {len(labels)} options")
        body = {
            "custom_id": menu["custom_id"],
            "component_type": STRING_SELECT,
            "values": [values[label] for label in labels],
        }
        answer = self._start(message.channel, Kind.COMPONENT, body, source=message)
        await answer.settled()
        return answer

    async def submit(self, opened: Interaction, /, **fields: str) -> Interaction:
        """Fill in the modal that an answer opened; fields go by custom id, or by label."""
        answer = self.begin_submit(opened, **fields)
        await answer.settled()
        return answer

    def begin_submit(self, opened: Interaction, /, **fields: str) -> Interaction:
        """Fill in a modal and do not wait for anything."""
        modal = opened.modal
        if modal is None:
            raise WouldNotSend(f"no modal is open: {opened!r}")
        left = dict(fields)
        filled: list[Json] = []
        for part in modal["components"]:
            inputs = [inner for _, inner in walk([part]) if inner["type"] == TEXT_INPUT]
            for inner in inputs:
                label = inner.get("label") or part.get("label")
                key = inner["custom_id"] if inner["custom_id"] in left else label
                text = left.pop(key, inner.get("value") or "")
                _check_input(inner, text)
                entry = {"type": TEXT_INPUT, "custom_id": inner["custom_id"], "value": text}
                is_label = part["type"] != 1
                filled.append(
                    {"type": 18, "component": entry}
                    if is_label
                    else {"type": 1, "components": [entry]}
                )
        if left:
            raise WouldNotSend(f"the modal has no field {sorted(left)}")
        body = {"custom_id": modal["custom_id"], "components": filled}
        return self._start(opened.channel, Kind.MODAL, body, source=opened.source)

    async def completes(
        self,
        channel: Channel,
        command: str,
        option: str,
        typed: str | int | float = "",
        *,
        given: Mapping[str, Value] | None = None,
    ) -> list[Choice]:
        """Type into an option and return what the bot suggests."""
        answer = self.begin_completes(channel, command, option, typed, given=given)
        await answer.settled()
        return answer.choices or []

    def begin_completes(
        self,
        channel: Channel,
        command: str,
        option: str,
        typed: str | int | float = "",
        *,
        given: Mapping[str, Value] | None = None,
    ) -> Interaction:
        """Type into an option and do not wait for anything."""
        line = find_line(self._me(), channel, command)
        declared = {one["name"]: one for one in line.declared}
        if not declared.get(option, {}).get("autocomplete"):
            raise WouldNotSend(f"/{command} {option!r} asks the bot for nothing")
        options, _ = fill(line, given or {}, partial=True)
        # Half-typed input is sent as it stands, even where a number is expected.
        focused = {"name": option, "type": declared[option]["type"], "value": typed}
        options.append({**focused, "focused": True})
        return self._start(channel, Kind.AUTOCOMPLETE, line.body(options, {}))


def _check_input(field: Json, text: str) -> None:
    least = max(field.get("min_length") or 0, 1 if field.get("required", True) else 0)
    most = field.get("max_length") or 4000
    # An optional field may stay empty whatever its least length is.
    if (text or field.get("required", True)) and not least <= len(text) <= most:
        raise WouldNotSend(f"{field['custom_id']!r} takes {least} to {most} characters")
