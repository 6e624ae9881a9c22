"""How the platform says no: status, code, nested errors. This file is its vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]


class Refusal(Exception):
    """One refused request, exactly as the client reads it."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} ({code}): {message} {errors or ''}".strip())
        self.status = status
        self.code = code
        self.body: Json = {"message": message, "code": code}
        if errors is not None:
            self.body["errors"] = errors


def unauthorized() -> Refusal:
    """Answer a request whose token is missing or wrong."""
    return Refusal(401, 0, "401: Unauthorized")


def unknown_channel() -> Refusal:
    """The channel is deleted or never was."""
    return Refusal(404, 10003, "Unknown Channel")


def unknown_guild() -> Refusal:
    """The guild does not exist for this bot."""
    return Refusal(404, 10004, "Unknown Guild")


def unknown_member() -> Refusal:
    """The user is not, or no longer, in the guild."""
    return Refusal(404, 10007, "Unknown Member")


def unknown_message() -> Refusal:
    """The message is deleted, ephemeral, or of another channel."""
    return Refusal(404, 10008, "Unknown Message")


def unknown_user() -> Refusal:
    """No such account."""
    return Refusal(404, 10013, "Unknown User")


def unknown_webhook() -> Refusal:
    """The interaction token is unknown, or the interaction is not answered yet."""
    return Refusal(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refusal:
    """The answer came after three seconds."""
    return Refusal(404, 10062, "Unknown interaction")


def unknown_command() -> Refusal:
    """No application command has this id."""
    return Refusal(404, 10063, "Unknown application command")


def already_answered() -> Refusal:
    """A second callback for one interaction."""
    return Refusal(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> Refusal:
    """The bot cannot see the channel, or is no longer in the guild."""
    return Refusal(403, 50001, "Missing Access")


def not_the_author() -> Refusal:
    """Only the author of a message may edit it."""
    return Refusal(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> Refusal:
    """Nothing to show."""
    return Refusal(400, 50006, "Cannot send an empty message")


def closed_dms() -> Refusal:
    """The person takes no direct messages, or is a bot."""
    return Refusal(403, 50007, "Cannot send messages to this user")


def missing_permissions() -> Refusal:
    """The bot sees the channel but lacks a right in it."""
    return Refusal(403, 50013, "Missing Permissions")


def expired_token() -> Refusal:
    """An interaction token lives fifteen minutes."""
    return Refusal(401, 50027, "Invalid Webhook Token")


class Errors:
    """Collects every mistake of one body, since the platform names all of them in one answer."""

    def __init__(self) -> None:
        self.tree: Json = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """File one mistake under its place in the body."""
        node = self.tree
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def required(self, path: Path) -> None:
        """A field is missing or empty."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def choice(self, path: Path, value: object, allowed: Iterable[object]) -> bool:
        """Hold `value` against a closed set."""
        options = tuple(allowed)
        if value in options:
            return True
        listed = ", ".join(str(option) for option in options)
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
        return False

    def length(self, path: Path, value: Sized, most: int, least: int = 0) -> None:
        """Hold the length of a text or list against its bounds."""
        if least <= len(value) <= most:
            return
        if least and not len(value):
            self.required(path)
        elif least:
            message = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)
        else:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def text(self, path: Path, value: object, most: int, least: int = 0) -> None:
        """Hold a text against its type and bounds; `None` counts as absent."""
        if value is None:
            if least:
                self.required(path)
        elif not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        else:
            # A text of blanks is trimmed to nothing before the platform measures it.
            self.length(path, value if value.strip() else "", most, least)

    def number(self, path: Path, value: object, least: float, most: float) -> None:
        """Hold a number against its bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < least:
            message = f"int value should be greater than or equal to {least}."
            self.add(path, "NUMBER_TYPE_MIN", message)
        elif value > most:
            message = f"int value should be less than or equal to {most}."
            self.add(path, "NUMBER_TYPE_MAX", message)

    def objects(self, path: Path, value: object) -> list[Json]:
        """The items of a list of objects; what is no such list is filed and read as empty."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        for place, item in enumerate(value):
            if not isinstance(item, dict):
                message = "Only dictionaries may be used in a DictType"
                self.add((*path, place), "DICT_TYPE_CONVERT", message)
        return [item for item in value if isinstance(item, dict)]

    def refuse_if_any(self) -> None:
        """Raise 50035 with everything that was filed."""
        if self.tree:
            raise Refusal(400, 50035, "Invalid Form Body", self.tree)
