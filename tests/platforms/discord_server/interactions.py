"""One interaction, from the keystroke to the last edit. This file is what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from tests.platforms.discord_server.messages import Button, Look, Message
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.channels import Channel
    from tests.platforms.discord_server.people import Member
    from tests.platforms.discord_server.world import World


class Kind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """How a bot may answer at first."""

    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(frozen=True)
class Choice:
    """One suggestion under an option being typed."""

    name: str
    value: str | int | float


class Interaction:
    """One act of a person and everything the bot answered. Tests call it an answer."""

    def __init__(
        self,
        actor: Member,
        channel: Channel,
        kind: Kind,
        body: Json,
        *,
        source: Message | None = None,
        is_late: bool = False,
    ) -> None:
        self.world: World = actor.world
        self.actor = actor
        self.channel = channel
        self.kind = kind
        self.source = source
        # The platform refuses every answer, as if the three seconds were over.
        self.is_late = is_late
        # The platform refuses the token, as if the fifteen minutes were over.
        self.is_expired = False
        self.id = self.world.new_id()
        self.token = f"interaction-token-{self.id}"
        self.callback: Callback | None = None
        self.deferred_ephemeral = False
        self.original: Message | None = None
        self.is_updated = False
        self.followups: list[Message] = []
        self.modal: Json | None = None
        self.choices: list[Choice] | None = None
        # The codes with which the platform refused answers to it, in order.
        self.refused: list[int] = []
        self.payload = self._payload(body)
        self.world.interactions[self.token] = self

    def __repr__(self) -> str:
        return f"<{self.kind.name} by {self.actor.name}: {self.callback and self.callback.name}>"

    # What the person sees

    @property
    def message(self) -> Message:
        """The answer: what was sent for it, or the message that was updated."""
        if self.callback == Callback.DEFER_UPDATE and self.followups:
            return self.followups[-1]
        if self.original is None:
            raise AssertionError(f"there is no message: {self!r}; {self.world.audit.tail()}")
        return self.original

    @property
    def messages(self) -> list[Message]:
        """The answer and its follow-ups."""
        first = [] if self.original is None else [self.original]
        return first + self.followups

    @property
    def text(self) -> str:
        """Everything visible of the answer: text, embeds, buttons."""
        return self.message.text

    @property
    def embeds(self) -> tuple[Json, ...]:
        """The embeds of the answer."""
        return self.message.embeds

    @property
    def buttons(self) -> list[Button]:
        """The buttons of the answer."""
        return self.message.buttons

    @property
    def is_ephemeral(self) -> bool:
        """Tell whether only the asker sees the answer."""
        return self.message.is_ephemeral

    @property
    def states(self) -> list[Look]:
        """How the answer has looked, oldest first; a deferral is the first state."""
        return self.message.history

    @property
    def is_failed(self) -> bool:
        """Tell whether the client shows "The application did not respond"."""
        return self.callback is None and self.is_late and bool(self.refused)

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether a first answer has arrived, be it only a deferral."""
        return self.callback is not None

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing more has to come: it does not say "thinking" any more."""
        if self.callback is None:
            return self.is_failed
        if self.callback == Callback.DEFER_UPDATE:
            return self.is_updated or bool(self.followups)
        if self.callback == Callback.DEFER:
            assert self.original is not None
            return self.original.deleted or not self.original.look.is_loading
        return True

    async def acknowledged(self, within_s: float | None = None) -> None:
        """Wait for the first answer."""
        await self.world.watch.wait_for(lambda: self.is_acknowledged, within_s, self._missing)

    async def settled(self, within_s: float | None = None) -> None:
        """Wait until the answer is complete."""
        await self.world.watch.wait_for(lambda: self.is_settled, within_s, self._missing)

    def _missing(self) -> str:
        mistakes = [repr(mistake) for mistake in self.world.mistakes]
        return f"{self!r} refused {self.refused}; {self.world.audit.tail()} {mistakes or ''}"

    # What the platform does

    def deliver(self) -> None:
        """Send it to the bot; a second time is the duplicate that a replay makes."""
        gateway = self.world.gateway
        assert gateway is not None
        if not gateway.sessions:
            raise AssertionError("no client has identified: await server.ready() first")
        gateway.dispatch("INTERACTION_CREATE", self.payload)

    def expire(self) -> None:
        """Let the fifteen minutes of its token be over."""
        self.is_expired = True

    def metadata(self) -> Json:
        """What a message says about the interaction it answers."""
        owners = {"0": str(self.channel.guild.id if self.channel.guild else 0)}
        return {
            "id": str(self.id),
            "type": int(self.kind),
            "user": self.actor.user.as_json(),
            "authorizing_integration_owners": owners,
        }

    def _payload(self, body: Json) -> Json:
        guild = self.channel.guild
        channel = self.channel.as_json()
        payload: Json = {
            "id": str(self.id),
            "application_id": str(self.world.application_id),
            "type": int(self.kind),
            "data": body,
            "token": self.token,
            "version": 1,
            "channel_id": str(self.channel.id),
            "channel": channel,
            "app_permissions": str(self.channel.bot_permissions),
            "locale": self.actor.user.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if self.source is not None:
            payload["message"] = self.source.as_json()
        if guild is None:
            return {**payload, "context": 1, "user": self.actor.user.as_json()}
        channel["permissions"] = str(self.actor.permissions)
        return {
            **payload,
            "context": 0,
            "guild_id": str(guild.id),
            "guild_locale": guild.locale,
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "member": self.actor.as_json(with_permissions=True),
        }
