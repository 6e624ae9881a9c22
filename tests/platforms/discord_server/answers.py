"""Callbacks and interaction webhooks. This file is how a bot answers what a person did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.platforms.discord_server.components import check_modal
from tests.platforms.discord_server.interactions import Callback, Choice, Interaction, Kind
from tests.platforms.discord_server.limits import FLAG_EPHEMERAL, FLAG_LOADING
from tests.platforms.discord_server.messages import Look, Message
from tests.platforms.discord_server.posting import Ask, compose, post
from tests.platforms.discord_server.refusals import (
    Errors,
    Json,
    Refusal,
    already_answered,
    expired_token,
    unknown_channel,
    unknown_interaction,
    unknown_message,
    unknown_webhook,
)
from tests.platforms.discord_server.world import World

CHOICES_MAX = 25
CHOICE_MAX = 100

# What may answer what: menus and buttons may be updated, only typing gets suggestions, and
# a modal cannot open another one.
ANSWERS: dict[Kind, tuple[Callback, ...]] = {
    Kind.COMMAND: (Callback.MESSAGE, Callback.DEFER, Callback.MODAL),
    Kind.COMPONENT: (
        Callback.MESSAGE,
        Callback.DEFER,
        Callback.DEFER_UPDATE,
        Callback.UPDATE,
        Callback.MODAL,
    ),
    Kind.AUTOCOMPLETE: (Callback.CHOICES,),
    Kind.MODAL: (Callback.MESSAGE, Callback.DEFER, Callback.DEFER_UPDATE, Callback.UPDATE),
}


class Answers:
    """The routes below `/interactions` and `/webhooks`."""

    def __init__(self, world: World) -> None:
        self.world = world

    def callback(self, ask: Ask, interaction_id: str, token: str) -> Json | None:
        """Take the first answer."""
        interaction = self.world.interactions.get(token)
        if interaction is None or str(interaction.id) != interaction_id:
            raise unknown_interaction()
        try:
            self._answer(ask, interaction)
        except Refusal as refusal:
            interaction.refused.append(refusal.code)
            raise
        finally:
            self.world.watch.changed()
        return (
            self._receipt(interaction) if ask.query.get("with_response") in ("1", "true") else None
        )

    def _answer(self, ask: Ask, interaction: Interaction) -> None:
        if interaction.is_late:
            raise unknown_interaction()
        if interaction.callback is not None:
            raise already_answered()
        body = ask.json
        callback = self._kind_of_answer(interaction, body)
        content = body.get("data") or {}
        takers: dict[Callback, Callable[[Ask, Interaction, Json], None]] = {
            Callback.MESSAGE: self._send,
            Callback.DEFER: self._defer,
            Callback.DEFER_UPDATE: self._defer_update,
            Callback.UPDATE: self._update,
            Callback.CHOICES: self._suggest,
            Callback.MODAL: self._open_modal,
        }
        takers[callback](ask, interaction, content)
        interaction.callback = callback

    def _kind_of_answer(self, interaction: Interaction, body: Json) -> Callback:
        errors = Errors()
        allowed = ANSWERS[interaction.kind]
        # A modal that was opened by a command has no message to update.
        if interaction.kind == Kind.MODAL and interaction.source is None:
            allowed = (Callback.MESSAGE, Callback.DEFER)
        errors.choice(("type",), body.get("type"), [int(callback) for callback in allowed])
        errors.refuse_if_any()
        return Callback(body["type"])

    def _send(self, ask: Ask, interaction: Interaction, content: Json) -> None:
        look = compose(ask, content)
        interaction.original = self._post(interaction, look, content)

    def _post(self, interaction: Interaction, look: Look, content: Json) -> Message:
        is_private = bool(int(content.get("flags") or 0) & FLAG_EPHEMERAL)
        if interaction.channel.deleted:
            raise unknown_channel()
        return post(
            interaction.channel,
            self.world.bot,
            look,
            body=content,
            seen_only_by=interaction.actor.user if is_private else None,
            interaction=interaction.metadata(),
        )

    def _defer(self, _: Ask, interaction: Interaction, content: Json) -> None:
        flags = int(content.get("flags") or 0)
        interaction.deferred_ephemeral = bool(flags & FLAG_EPHEMERAL)
        interaction.original = self._post(interaction, Look(flags=FLAG_LOADING), content)

    def _defer_update(self, _: Ask, interaction: Interaction, __: Json) -> None:
        interaction.original = interaction.source

    def _update(self, ask: Ask, interaction: Interaction, content: Json) -> None:
        source = interaction.source
        if source is None or source.deleted:
            raise unknown_message()
        source.edit(compose(ask, content, source.look))
        interaction.original = source
        interaction.is_updated = True

    def _suggest(self, _: Ask, interaction: Interaction, content: Json) -> None:
        errors = Errors()
        choices = errors.objects(("data", "choices"), content.get("choices"))
        errors.length(("data", "choices"), choices, CHOICES_MAX)
        for place, choice in enumerate(choices):
            at = ("data", "choices", place)
            errors.text((*at, "name"), choice.get("name"), CHOICE_MAX, 1)
            value = choice.get("value")
            if isinstance(value, str) or value is None:
                errors.text((*at, "value"), value, CHOICE_MAX, 1)
        errors.refuse_if_any()
        interaction.choices = [Choice(choice["name"], choice["value"]) for choice in choices]

    def _open_modal(self, _: Ask, interaction: Interaction, content: Json) -> None:
        check_modal(content)
        interaction.modal = content

    def _receipt(self, interaction: Interaction) -> Json:
        told: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        assert interaction.callback is not None
        resource: Json = {"type": int(interaction.callback)}
        message = interaction.original
        if message is not None:
            told |= {
                "response_message_id": str(message.id),
                "response_message_loading": message.look.is_loading,
                "response_message_ephemeral": message.is_ephemeral,
            }
            resource["message"] = message.as_json()
        return {"interaction": told, "resource": resource}

    # /webhooks/{application}/{token} ...

    def _find(self, application: str, token: str) -> Interaction:
        interaction = self.world.interactions.get(token)
        if interaction is None or application != str(self.world.application_id):
            raise unknown_webhook()
        if interaction.is_expired:
            raise expired_token()
        if interaction.callback is None:
            raise unknown_webhook()
        return interaction

    def _message(self, interaction: Interaction, which: str) -> Message:
        if which in ("@original", str(interaction.original and interaction.original.id)):
            found = interaction.original
        else:
            asked = [message for message in interaction.followups if str(message.id) == which]
            found = asked[0] if asked else None
        if found is None or found.deleted:
            raise unknown_message()
        return found

    def follow_up(self, ask: Ask, application: str, token: str) -> Json | None:
        """Send one more message; after a deferral the first one fills its place."""
        interaction = self._find(application, token)
        if interaction.callback == Callback.CHOICES:
            raise unknown_webhook()
        original = interaction.original
        look = compose(ask, ask.json)
        if original is not None and original.look.is_loading and not original.deleted:
            # Whether it is ephemeral was fixed by the deferral, whatever this body says.
            original.edit(look)
            return original.as_json()
        message = self._post(interaction, look, ask.json)
        interaction.followups.append(message)
        self.world.watch.changed()
        return message.as_json()

    def read(self, _: Ask, application: str, token: str, which: str) -> Json:
        """Show a message of the interaction."""
        return self._message(self._find(application, token), which).as_json()

    def edit(self, ask: Ask, application: str, token: str, which: str) -> Json:
        """Change a message of the interaction; this ends "thinking"."""
        interaction = self._find(application, token)
        message = self._message(interaction, which)
        look = compose(ask, ask.json, message.look)
        if message is interaction.original:
            interaction.is_updated = True
        message.edit(replace(look, flags=look.flags & ~FLAG_LOADING))
        return message.as_json()

    def delete(self, _: Ask, application: str, token: str, which: str) -> None:
        """Remove a message of the interaction."""
        self._message(self._find(application, token), which).delete()
