"""The websocket: sessions, sequence numbers, replay. This file is the gateway's side of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.platforms.discord_server.audit import Identify
from tests.platforms.discord_server.lines import Line, Session
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.guilds import Guild
    from tests.platforms.discord_server.world import World

HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 1, 2, 3, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11

FRAME_BYTES_MAX = 4096
HEARTBEAT_INTERVAL_MS = 41_250
INTENTS_MAX = 1 << 26

INTENT_GUILDS = 1 << 0
INTENT_MEMBERS = 1 << 1
INTENT_PRESENCES = 1 << 8
INTENT_GUILD_MESSAGES = 1 << 9
INTENT_DIRECT_MESSAGES = 1 << 12
INTENT_MESSAGE_CONTENT = 1 << 15
INTENT_EVENTS = 1 << 16
PRIVILEGED = INTENT_MEMBERS | INTENT_PRESENCES | INTENT_MESSAGE_CONTENT

ENDS_SESSION = (1000, 1001, 4007, 4009)

# The first prefix that fits decides; an event that stands nowhere is told to everybody.
NEEDED = (
    ("GUILD_MEMBERS_CHUNK", 0),
    ("GUILD_MEMBER", INTENT_MEMBERS),
    ("GUILD_SCHEDULED", INTENT_EVENTS),
    ("GUILD", INTENT_GUILDS),
    ("CHANNEL", INTENT_GUILDS),
    ("THREAD", INTENT_GUILDS),
    ("MESSAGE", INTENT_GUILD_MESSAGES),
)


def needed_intent(event: str, *, is_private: bool) -> int:
    """The intent without which a client is not told of an event."""
    for prefix, intent in NEEDED:
        if event.startswith(prefix):
            return INTENT_DIRECT_MESSAGES if is_private and prefix == "MESSAGE" else intent
    return 0


class Gateway:
    """All sessions, and the ways in which a gateway fails its clients."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.lines: list[Line] = []
        # The privileged intents that the developer has switched on for the application.
        self.enabled_intents = 0
        self.heartbeat_interval_ms = HEARTBEAT_INTERVAL_MS
        self.acks_heartbeats = True
        self.is_down = False
        # Whether a new session is told of its servers only when `tell_guilds` is called.
        self.is_slow = False

    @property
    def is_connected(self) -> bool:
        """Tell whether a client has a session and listens."""
        return any(session.line is not None for session in self.sessions.values())

    # What happens to the client

    def drop(self) -> None:
        """Cut every connection; the sessions can be resumed."""
        for line in tuple(self.lines):
            line.drop()
        self.world.watch.changed()

    def close(self, code: int) -> None:
        """Close every connection with a code; 4004 and 4010 to 4014 are final for the client."""
        for line in tuple(self.lines):
            line.close(code)

    def invalidate(self, *, can_resume: bool = False) -> None:
        """Send Invalid Session; unless it can be resumed, the sessions are forgotten."""
        for line in tuple(self.lines):
            line.send({"op": INVALID_SESSION, "d": can_resume, "s": None, "t": None})
        if not can_resume:
            self.sessions.clear()

    def ask_to_reconnect(self) -> None:
        """Send Reconnect, as the platform does before it restarts a node."""
        for line in tuple(self.lines):
            line.send({"op": RECONNECT, "d": None, "s": None, "t": None})

    def forget_sessions(self) -> None:
        """Let the next RESUME fail, as after a long outage."""
        self.sessions.clear()

    # What the world tells

    def dispatch(self, event: str, body: Json, *, is_private: bool = False) -> None:
        """Tell every session that has the intent for it."""
        needed = needed_intent(event, is_private=is_private)
        for session in self.sessions.values():
            if session.intents & needed == needed:
                session.push(event, self._as_heard(event, body, session, is_private=is_private))
        self.world.watch.changed()

    def dispatch_guild(self, guild: Guild) -> None:
        """Tell of a guild that the bot has joined."""
        for session in self.sessions.values():
            if session.intents & INTENT_GUILDS:
                everybody = bool(session.intents & INTENT_MEMBERS)
                session.push("GUILD_CREATE", guild.as_json(with_everybody=everybody))

    def _as_heard(self, event: str, body: Json, session: Session, *, is_private: bool) -> Json:
        """Blank the words of others unless the client may read message content."""
        if not event.startswith("MESSAGE_") or "author" not in body or is_private:
            return body
        if session.intents & INTENT_MESSAGE_CONTENT or self.world.bot.mention in body["content"]:
            return body
        if body["author"]["id"] == str(self.world.bot.id):
            return body
        return {**body, "content": "", "embeds": [], "components": [], "attachments": []}

    # What the client says

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until either side hangs up."""
        if self.is_down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        line = Line(request, socket)
        self.lines.append(line)
        hello = {"heartbeat_interval": self.heartbeat_interval_ms, "_trace": []}
        line.send({"op": HELLO, "d": hello, "s": None, "t": None})
        if request.query.get("v") != "10":
            line.close(4012)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(line, message.data)
        finally:
            self._hung_up(line)
        return socket

    def _hung_up(self, line: Line) -> None:
        self.lines.remove(line)
        line.forget()
        code = line.closed_with or line.socket.close_code or 1006
        self.world.audit.closes.append(code)
        # A clean goodbye ends the session, and so do two codes of ours; anything else leaves
        # it to be resumed.
        if code in ENDS_SESSION and line.session is not None:
            self.sessions.pop(line.session.id, None)
        self.world.watch.changed()

    def _hear(self, line: Line, text: str) -> None:
        if len(text.encode()) > FRAME_BYTES_MAX:
            line.close(4002)
            return
        try:
            frame = json.loads(text)
            op, body = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            line.close(4002)
            return
        hearers: dict[int, Callable[[Line, Json], None]] = {
            HEARTBEAT: self._beat,
            IDENTIFY: self._identify,
            RESUME: self._resume,
            REQUEST_MEMBERS: self._send_members,
            PRESENCE: self._ignore,
        }
        if op not in hearers:
            line.close(4001)
        elif line.session is None and op in (PRESENCE, REQUEST_MEMBERS):
            line.close(4003)
        else:
            hearers[op](line, body)
        self.world.watch.changed()

    def _ignore(self, line: Line, body: Json) -> None:
        """A presence changes nothing that a test looks at."""

    def _beat(self, line: Line, _: Json) -> None:
        self.world.audit.heartbeats += 1
        if self.acks_heartbeats:
            line.send({"op": HEARTBEAT_ACK, "d": None, "s": None, "t": None})

    def _identify(self, line: Line, body: Json) -> None:
        intents = int(body.get("intents", -1))
        is_authorized = body.get("token") == self.world.token
        shard = tuple(body["shard"]) if "shard" in body else None
        self.world.audit.identifies.append(Identify(intents, is_authorized, shard))
        if (code := self._reason_to_close(line, intents, shard, is_ours=is_authorized)) is not None:
            line.close(code)
            return
        # Sessions nobody listens to any more belonged to an earlier run of the same client.
        live = {key: value for key, value in self.sessions.items() if value.line is not None}
        session = Session(f"session-{self.world.new_id()}", intents)
        self.sessions = {**live, session.id: session}
        session.line, line.session = line, session
        self._welcome(session)

    def _reason_to_close(
        self, line: Line, intents: int, shard: tuple[int, ...] | None, *, is_ours: bool
    ) -> int | None:
        if line.session is not None:
            return 4005
        if not is_ours:
            return 4004
        if shard is not None and not 0 <= shard[0] < shard[1]:
            return 4010
        if not 0 <= intents < INTENTS_MAX:
            return 4013
        if intents & PRIVILEGED & ~self.enabled_intents:
            return 4014
        return None

    def _welcome(self, session: Session) -> None:
        guilds = [guild for guild in self.world.guilds.values() if guild.has_bot]
        body: Json = {
            "v": 10,
            "user": {**self.world.bot.as_json(), "verified": True, "mfa_enabled": False},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(self.world.application_id), "flags": 0},
            "private_channels": [],
        }
        session.push("READY", body)
        if session.intents & INTENT_GUILDS and not self.is_slow:
            self._tell_guilds(session, guilds)

    def tell_guilds(self) -> None:
        """Tell every session of the servers that it had to wait for."""
        self.is_slow = False
        for session in self.sessions.values():
            self._tell_guilds(
                session, [guild for guild in self.world.guilds.values() if guild.has_bot]
            )

    def _tell_guilds(self, session: Session, guilds: list[Guild]) -> None:
        everybody = bool(session.intents & INTENT_MEMBERS)
        for guild in guilds:
            # `unavailable: false` marks a guild that came back; a joined one lacks the key.
            body = {**guild.as_json(with_everybody=everybody), "unavailable": False}
            session.push("GUILD_CREATE", body)

    def _resume(self, line: Line, body: Json) -> None:
        if body.get("token") != self.world.token:
            line.close(4004)
            return
        session = self.sessions.get(str(body.get("session_id")))
        if session is None:
            line.send({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return
        sequence = int(body.get("seq") or 0)
        if sequence > len(session.events):
            line.close(4007)
            return
        if session.line is not None:
            session.line.drop()
        session.line, line.session = line, session
        session.replay_after(sequence)
        self.world.audit.resumes += 1
        session.push("RESUMED", {"_trace": []})

    def _send_members(self, line: Line, body: Json) -> None:
        session = line.session
        assert session is not None
        guild = self.world.guilds.get(int(body["guild_id"]))
        if guild is None:
            return
        wanted = {int(user_id) for user_id in body.get("user_ids") or []}
        prefix = str(body.get("query") or "").lower()
        found = [
            seat.as_json()
            for seat in guild.members.values()
            if (seat.id in wanted if wanted else seat.name.lower().startswith(prefix))
        ]
        # The whole list is for those with the intent; anybody may look a few people up.
        if not wanted and not prefix and not session.intents & INTENT_MEMBERS:
            line.close(4014)
            return
        chunk = {"guild_id": str(guild.id), "members": found, "chunk_index": 0, "chunk_count": 1}
        session.push("GUILD_MEMBERS_CHUNK", {**chunk, "nonce": body.get("nonce")})
