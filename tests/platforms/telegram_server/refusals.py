"""How the platform says no: code, description, parameters. This file is its vocabulary."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}


class Refusal(Exception):
    """One refused request, exactly as the client reads it."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(f"{code} {description} {parameters or ''}".strip())
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


def bad_request(reason: str) -> Refusal:
    """400; a sentence loses its capital, a constant such as `BUTTON_DATA_INVALID` keeps it."""
    is_constant = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    return Refusal(
        400, "Bad Request: " + (reason if is_constant else reason[0].lower() + reason[1:])
    )


def forbidden(reason: str) -> Refusal:
    """403: the bot may not speak to them or there."""
    return Refusal(403, f"Forbidden: {reason}")


def unauthorized() -> Refusal:
    """The token is well formed and wrong."""
    return Refusal(401, "Unauthorized")


def not_found() -> Refusal:
    """The token is malformed, or there is no such method."""
    return Refusal(404, "Not Found")


def conflict(reason: str) -> Refusal:
    """409: somebody else takes the updates."""
    return Refusal(409, f"Conflict: {reason}")


def too_many(retry_after_s: int) -> Refusal:
    """429, with the pause that is asked for in whole seconds."""
    text = f"Too Many Requests: retry after {retry_after_s}"
    return Refusal(429, text, {"retry_after": retry_after_s})


def upgraded(new_chat_id: int) -> Refusal:
    """The group lives on under another id."""
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refusal(400, text, {"migrate_to_chat_id": new_chat_id})


def chat_not_found() -> Refusal:
    """No such chat for this bot."""
    return bad_request("chat not found")


def not_modified() -> Refusal:
    """The edit changes nothing."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )


def query_too_old() -> Refusal:
    """The press was answered already, or waited too long, or never was."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")


def cannot_parse(reason: str) -> Refusal:
    """The text is not in the formatting it claims."""
    return bad_request(f"can't parse entities: {reason}")
