"""Channels, messages, people and guilds. This file is the plain part of the REST interface."""

from __future__ import annotations

from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server import refusals
from tests.platforms.discord_server.channels import Channel
from tests.platforms.discord_server.guilds import Guild
from tests.platforms.discord_server.limits import FLAG_EPHEMERAL, check_time
from tests.platforms.discord_server.messages import Look, Message
from tests.platforms.discord_server.people import Member, User
from tests.platforms.discord_server.posting import Ask, compose, post
from tests.platforms.discord_server.refusals import Errors, Json, Refusal
from tests.platforms.discord_server.world import World

# A nonce is remembered for a few minutes; here as long as the last messages of a channel.
NONCE_MEMORY = 200
EXTERNAL_EVENT = 3
# Privileged intent (presences, members, content) to the flag of small applications that have it.
INTENT_FLAGS = {1 << 8: 1 << 13, 1 << 1: 1 << 15, 1 << 15: 1 << 19}


class Rest:
    """The routes that need the bot's token."""

    def __init__(self, world: World) -> None:
        self.world = world

    # The bot itself

    def me(self, _: Ask) -> Json:
        """The bot's account."""
        return {**self.world.bot.as_json(), "verified": True, "mfa_enabled": False, "flags": 0}

    def application(self, _: Ask) -> Json:
        """The application behind the bot."""
        owner = User(self.world, "developer")
        return {
            "id": str(self.world.application_id),
            "name": self.world.bot.name,
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": owner.as_json(),
            "verify_key": "0" * 64,
            "flags": application_flags(self.world),
            "team": None,
            "integration_types_config": {"0": {}},
            "approximate_guild_count": len(self.world.guilds),
        }

    def gateway(self, _: Ask) -> Json:
        """Where the websocket is."""
        return {"url": self.world.gateway.url if self.world.gateway else ""}

    def gateway_for_bot(self, ask: Ask) -> Json:
        """Where the websocket is, and how many sessions may still be started."""
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return {**self.gateway(ask), "shards": 1, "session_start_limit": limit}

    # Places and people

    def my_guilds(self, _: Ask) -> list[Json]:
        """The guilds the bot is in."""
        seats = [guild for guild in self.world.guilds.values() if guild.has_bot]
        return [
            {
                "id": str(guild.id),
                "name": guild.name,
                "icon": None,
                "owner": False,
                "permissions": str(guild.bot_permissions),
                "features": [],
            }
            for guild in seats
        ]

    def guild(self, _: Ask, guild_id: str) -> Json:
        """One guild."""
        return self._guild(guild_id).as_json(with_everybody=False)

    def guild_channels(self, _: Ask, guild_id: str) -> list[Json]:
        """The channels of a guild."""
        channels = self._guild(guild_id).channels
        return [place.as_json() for place in channels if not place.deleted and not place.parent]

    def member(self, _: Ask, guild_id: str, user_id: str) -> Json:
        """One member, looked up by id; this needs no intent."""
        return self._member(guild_id, user_id).as_json()

    def members(self, ask: Ask, guild_id: str) -> list[Json]:
        """All members."""
        everybody = self._guild(guild_id).members.values()
        after, most = int(ask.query.get("after", 0)), int(ask.query.get("limit", 1))
        return [seat.as_json() for seat in everybody if seat.id > after][:most]

    def user(self, _: Ask, user_id: str) -> Json:
        """One account."""
        return self._user(user_id).as_json()

    def channel(self, _: Ask, channel_id: str) -> Json:
        """One channel."""
        return self._channel(channel_id).as_json()

    def open_dm(self, ask: Ask) -> Json:
        """The private channel with a person; opening it succeeds even if they take no messages."""
        return self._user(str(ask.json.get("recipient_id"))).open_dm().as_json()

    def leave_guild(self, _: Ask, guild_id: str) -> None:
        """The bot goes."""
        self._guild(guild_id).kick_bot()

    def start_event(self, ask: Ask, guild_id: str) -> Json:
        """Announce an event of a guild."""
        guild, body = self._guild(guild_id), ask.json
        if not rights.allows(guild.bot_permissions, rights.MANAGE_EVENTS):
            raise refusals.missing_permissions()
        self._check_event(body)
        event: Json = {**body, "id": str(self.world.new_id()), "guild_id": guild_id, "status": 1}
        event |= {"creator_id": str(self.world.bot.id), "entity_id": None, "user_count": 0}
        event.setdefault("channel_id", None)
        event.setdefault("entity_metadata", None)
        event.setdefault("scheduled_end_time", None)
        guild.events.append(event)
        self.world.emit("GUILD_SCHEDULED_EVENT_CREATE", event, guild)
        return event

    def _check_event(self, body: Json) -> None:
        errors = Errors()
        errors.text(("name",), body.get("name"), 100, 1)
        errors.text(("description",), body.get("description"), 1000)
        errors.choice(("privacy_level",), body.get("privacy_level"), (2,))
        errors.choice(("entity_type",), body.get("entity_type"), (1, 2, 3))
        start = check_time(errors, ("scheduled_start_time",), body.get("scheduled_start_time"))
        if start is not None and start <= self.world.now():
            code, message = "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule in the past."
            errors.add(("scheduled_start_time",), code, message)
        if body.get("entity_type") == EXTERNAL_EVENT:
            place = (body.get("entity_metadata") or {}).get("location")
            errors.text(("entity_metadata", "location"), place, 100, 1)
            if not body.get("scheduled_end_time"):
                errors.required(("scheduled_end_time",))
        errors.refuse_if_any()

    # Messages

    def send(self, ask: Ask, channel_id: str) -> Json:
        """Post a message; the same enforced nonce twice gives the message that stands."""
        channel, body = self._channel(channel_id), ask.json
        look = compose(ask, _without_ephemeral(body))
        self._check_rights(channel, look)
        self._check_reply(channel, body)
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce"):
            for message in channel.log[-NONCE_MEMORY:]:
                if message.nonce == str(nonce) and message.author is self.world.bot:
                    return message.as_json()
        return post(channel, self.world.bot, look, body=body).as_json()

    def read(self, _: Ask, channel_id: str, message_id: str) -> Json:
        """Show one message."""
        return self._message(channel_id, message_id).as_json()

    def history(self, ask: Ask, channel_id: str) -> list[Json]:
        """The last messages, newest first."""
        channel = self._channel(channel_id)
        self._need(channel, rights.READ_MESSAGE_HISTORY)
        before, after = int(ask.query.get("before", 1 << 63)), int(ask.query.get("after", 0))
        found = [note for note in channel.messages if after < note.id < before]
        return [note.as_json() for note in reversed(found)][: int(ask.query.get("limit", 50))]

    def edit(self, ask: Ask, channel_id: str, message_id: str) -> Json:
        """Change a message of the bot."""
        message = self._message(channel_id, message_id)
        if message.author is not self.world.bot:
            raise refusals.not_the_author()
        look = compose(ask, _without_ephemeral(ask.json), message.look)
        message.edit(look)
        return message.as_json()

    def delete(self, _: Ask, channel_id: str, message_id: str) -> None:
        """Remove a message."""
        message = self._message(channel_id, message_id)
        if message.author is not self.world.bot:
            self._need(message.channel, rights.MANAGE_MESSAGES)
        message.delete()

    def typing(self, _: Ask, channel_id: str) -> None:
        """Show that the bot is typing."""
        self._need(self._channel(channel_id), rights.SEND_MESSAGES)

    def start_thread(self, ask: Ask, channel_id: str, message_id: str) -> Json:
        """Open a thread under a message."""
        message = self._message(channel_id, message_id)
        channel = message.channel
        self._need(channel, rights.CREATE_PUBLIC_THREADS)
        errors = Errors()
        errors.text(("name",), ask.json.get("name"), 100, 1)
        errors.refuse_if_any()
        if channel.guild is None or channel.parent is not None:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        if message.id in self.world.channels:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        return channel.guild.add_thread(channel, str(ask.json["name"]), under=message).as_json()

    # Looking things up, with the refusals that belong to each

    def _guild(self, guild_id: str) -> Guild:
        guild = self.world.guilds.get(int(guild_id))
        if guild is None:
            raise refusals.unknown_guild()
        if not guild.has_bot:
            raise refusals.missing_access()
        return guild

    def _member(self, guild_id: str, user_id: str) -> Member:
        guild = self._guild(guild_id)
        if int(user_id) in guild.members:
            return guild.members[int(user_id)]
        self._user(user_id)
        raise refusals.unknown_member()

    def _user(self, user_id: str) -> User:
        if not user_id.isdigit() or int(user_id) not in self.world.users:
            raise refusals.unknown_user()
        return self.world.users[int(user_id)]

    def _channel(self, channel_id: str) -> Channel:
        channel = self.world.channels.get(int(channel_id))
        if channel is None or channel.deleted or (channel.parent and channel.parent.deleted):
            raise refusals.unknown_channel()
        is_reachable = channel.guild is None or channel.guild.has_bot
        if not is_reachable or not rights.allows(channel.bot_permissions, rights.VIEW_CHANNEL):
            raise refusals.missing_access()
        return channel

    def _message(self, channel_id: str, message_id: str) -> Message:
        message = self._channel(channel_id).find(int(message_id))
        if message is None:
            raise refusals.unknown_message()
        return message

    def _need(self, channel: Channel, right: int) -> None:
        if not rights.allows(channel.bot_permissions, right):
            raise refusals.missing_permissions()

    def _check_rights(self, channel: Channel, look: Look) -> None:
        """Whether the bot may write here, and this kind of thing."""
        if channel.recipient is not None:
            self._check_dm(channel.recipient)
            return
        in_thread = channel.parent is not None
        self._need(channel, rights.SEND_MESSAGES_IN_THREADS if in_thread else rights.SEND_MESSAGES)
        if look.embeds:
            self._need(channel, rights.EMBED_LINKS)
        if look.attachments:
            self._need(channel, rights.ATTACH_FILES)

    def _check_dm(self, person: User) -> None:
        guilds = [guild for guild in self.world.guilds.values() if guild.has_bot]
        if person.closed_dms or person.is_bot:
            raise refusals.closed_dms()
        if not any(person.id in guild.members for guild in guilds):
            message = "Cannot send messages to this user due to having no mutual guilds"
            raise Refusal(403, 50278, message)

    def _check_reply(self, channel: Channel, body: Json) -> None:
        reference = body.get("message_reference")
        if not reference:
            return
        if channel.guild and not rights.allows(
            channel.bot_permissions, rights.READ_MESSAGE_HISTORY
        ):
            message = "Cannot reply without permission to read message history"
            raise Refusal(400, 160002, message)
        found = channel.find(int(reference["message_id"]))
        if found is None and reference.get("fail_if_not_exists", True):
            errors = Errors()
            errors.add(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            errors.refuse_if_any()


def application_flags(world: World) -> int:
    """The flags by which a client learns which privileged intents are switched on."""
    enabled = world.gateway.enabled_intents if world.gateway else 0
    return sum(flag for intent, flag in INTENT_FLAGS.items() if enabled & intent)


def _without_ephemeral(body: Json) -> Json:
    """Only an interaction can answer for one person's eyes; elsewhere the flag is ignored."""
    return {**body, "flags": int(body.get("flags") or 0) & ~FLAG_EPHEMERAL}
