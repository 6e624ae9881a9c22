"""What a request asks. This file reads arguments the way the platform does: nearly all as text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.platforms.telegram_server.refusals import Json, bad_request


@dataclass(frozen=True)
class Upload:
    """One file of a multipart request."""

    name: str
    filename: str
    content: bytes


@dataclass
class Ask:
    """The arguments of one call, from the query, a form, a multipart body or JSON."""

    arguments: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """An argument as text; an absent one is empty."""
        value = self.arguments.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return json.dumps(value)

    def number(self, name: str) -> int:
        """An argument as a number; what is none counts as 0, as with the platform."""
        try:
            return int(self.text(name))
        except ValueError:
            return 0

    def flag(self, name: str) -> bool:
        """An argument as yes or no."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def json(self, name: str, complaint: str) -> Any:
        """An argument that is JSON inside of a text, or JSON as it is; absent is None."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(complaint) from None

    def names(self, name: str) -> list[str] | None:
        """An argument that is a list of words; absent or unreadable is None."""
        try:
            found = self.json(name, "unreadable")
        except Exception:  # noqa: BLE001 - the platform shrugs at it, too
            return None
        return [str(one) for one in found] if isinstance(found, list) else None

    @property
    def chat_id(self) -> str:
        """Where it is to happen."""
        return self.text("chat_id")


async def read_ask(request: web.Request) -> Ask:
    """Read a request in any of the forms the platform takes."""
    ask = Ask(dict(request.query))
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        ask.arguments.update(body)
    elif request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            content = bytes(await part.read())
            name = part.name or ""
            if part.filename is None:
                ask.arguments[name] = content.decode()
            else:
                ask.uploads[name] = Upload(name, part.filename, content)
    elif request.can_read_body:
        ask.arguments.update({key: str(value) for key, value in (await request.post()).items()})
    return ask
