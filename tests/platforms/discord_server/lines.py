"""One connection and what outlives it. This file is the wire of the gateway, with its replay."""

from __future__ import annotations

import asyncio
import json
import zlib

from aiohttp import web

from tests.platforms.discord_server.refusals import Json

DISPATCH = 0


class Session:
    """What the gateway keeps of one client, also while it is not connected."""

    def __init__(self, id_: str, intents: int) -> None:
        self.id = id_
        self.intents = intents
        self.events: list[Json] = []
        self.line: Line | None = None

    def push(self, event: str, body: Json) -> None:
        """Number an event, keep it for a replay, send it if somebody listens."""
        frame = {"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": body}
        self.events.append(frame)
        if self.line is not None:
            self.line.send(frame)

    def replay_after(self, sequence: int) -> None:
        """Send again what the client has not confirmed."""
        assert self.line is not None
        for frame in self.events[sequence:]:
            self.line.send(frame)


class Line:
    """One connection. Frames leave in the order in which they were sent, by one writer."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self.socket = socket
        self.session: Session | None = None
        # The code with which we hung up, if it was us.
        self.closed_with: int | None = None
        self._frames: asyncio.Queue[Json | int] = asyncio.Queue()
        is_compressed = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if is_compressed else None
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: Json) -> None:
        """Queue a frame."""
        self._frames.put_nowait(frame)

    def close(self, code: int) -> None:
        """Close properly, after everything that is queued."""
        self._frames.put_nowait(code)

    def drop(self) -> None:
        """Cut the TCP connection without a word."""
        self.forget()
        if self._request.transport is not None:
            self._request.transport.abort()

    def forget(self) -> None:
        """Leave the session, which then keeps what happens for a RESUME."""
        self._writer.cancel()
        if self.session is not None and self.session.line is self:
            self.session.line = None

    async def _write(self) -> None:
        try:
            while True:
                frame = await self._frames.get()
                if isinstance(frame, int):
                    self.closed_with = frame
                    await self.socket.close(code=frame)
                    return
                await self._put(json.dumps(frame))
        except (ConnectionError, RuntimeError):
            # The client hung up while we wrote; the reader of this line cleans up.
            return

    async def _put(self, text: str) -> None:
        if self._zlib is None:
            await self.socket.send_str(text)
            return
        packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(packed)
