"""Every request passes here: token, audit, faults, floods, method. This file is the HTTP side."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from tests.platforms.telegram_server.asks import Ask, read_ask
from tests.platforms.telegram_server.audit import ApiCall
from tests.platforms.telegram_server.editing import Editing
from tests.platforms.telegram_server.faults import Fault, Faults, Harm
from tests.platforms.telegram_server.floods import Floods
from tests.platforms.telegram_server.looking import Looking
from tests.platforms.telegram_server.menus import Menus
from tests.platforms.telegram_server.refusals import (
    Json,
    Refusal,
    not_found,
    too_many,
    unauthorized,
)
from tests.platforms.telegram_server.sending import Sending
from tests.platforms.telegram_server.updates import OTHER_POLLER
from tests.platforms.telegram_server.webhooks import Webhook
from tests.platforms.telegram_server.world import World

BODY_BYTES_MAX = 200 * 1024 * 1024
GET_UPDATES = "getUpdates"
STATUS_TEXTS = {
    401: "Unauthorized",
    409: f"Conflict: {OTHER_POLLER}",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}

Method = Callable[[Ask], Any]


def methods(world: World, webhook: Webhook, menus: Menus) -> dict[str, Method]:
    """The whole interface by name, as the documentation spells it."""
    sending, editing, looking = Sending(world), Editing(world), Looking(world)
    found: dict[str, Method] = {
        "getMe": looking.me,
        "logOut": lambda _: True,
        "close": lambda _: True,
        "setWebhook": webhook.set_webhook,
        "deleteWebhook": webhook.delete_webhook,
        "getWebhookInfo": webhook.webhook_info,
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "sendChatAction": sending.send_chat_action,
        "editMessageText": editing.edit_text,
        "editMessageCaption": editing.edit_caption,
        "editMessageMedia": editing.edit_media,
        "editMessageReplyMarkup": editing.edit_markup,
        "deleteMessage": editing.delete_message,
        "pinChatMessage": editing.pin_message,
        "unpinChatMessage": editing.unpin_message,
        "answerCallbackQuery": editing.answer_callback,
        "getChat": looking.chat,
        "getChatMember": looking.member,
        "getChatAdministrators": looking.administrators,
        "getChatMemberCount": looking.member_count,
        "leaveChat": looking.leave,
        "setMyCommands": menus.set_commands,
        "getMyCommands": menus.get_commands,
        "deleteMyCommands": menus.delete_commands,
    }
    for name in ("setMyName", "setMyDescription", "setMyShortDescription"):
        found[name] = partial(menus.set_profile, name.lower())
    return found


class Door:
    """Takes requests one by one through everything that may happen to them."""

    def __init__(
        self, world: World, faults: Faults, floods: Floods, webhook: Webhook, menus: Menus
    ) -> None:
        self.world = world
        self.faults = faults
        self.floods = floods
        self.methods = methods(world, webhook, menus)
        # The platform compares names in lower case; faults, floods and tests know one spelling.
        self.names = {name.lower(): name for name in (*self.methods, GET_UPDATES)}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, and tell whoever waits that something has changed."""
        try:
            return await self._handle(request)
        finally:
            self.world.watch.changed()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        typed = request.match_info["method"]
        name = self.names.get(typed.lower(), typed)
        is_ours = request.match_info["token"] == self.world.token
        call = ApiCall(name, {}, is_ours)
        if name == GET_UPDATES:
            self.world.audit.polls += 1
        else:
            self.world.audit.calls.append(call)
        if self.faults.is_down:
            return _broken(request, call, None)
        try:
            ask = await read_ask(request)
        except Refusal as refusal:
            return _respond(call, refusal.body, refusal.code)
        call.arguments = ask.arguments
        fault = self.faults.take(name, ask.chat_id)
        if fault is not None and (early := await self._strike_before(request, call, fault)):
            return early
        response: web.StreamResponse = await self._do(request, call, ask)
        if fault is not None:
            response = await self._strike_after(request, call, fault, response)
        return response

    async def _strike_before(
        self, request: web.Request, call: ApiCall, fault: Fault
    ) -> web.StreamResponse | None:
        if fault.harm is Harm.HOLD and not fault.is_after:
            self.world.watch.changed()
            await fault.gate.wait()
        elif fault.harm is Harm.FAIL:
            return _broken(request, call, fault.status, fault.description)
        elif fault.harm is Harm.LIMIT:
            return _respond(call, too_many(fault.retry_after_s).body, 429)
        return None

    async def _strike_after(
        self, request: web.Request, call: ApiCall, fault: Fault, response: web.StreamResponse
    ) -> web.StreamResponse:
        if fault.harm is Harm.LOSE:
            return _broken(request, call, fault.status, fault.description)
        if fault.harm is Harm.HOLD and fault.is_after:
            self.world.watch.changed()
            await fault.gate.wait()
        return response

    async def _do(self, request: web.Request, call: ApiCall, ask: Ask) -> web.Response:
        try:
            result = self._method(request, call)(ask)
            if inspect.isawaitable(result):
                result = await result
        except Refusal as refusal:
            return _respond(call, refusal.body, refusal.code)
        except Exception as mistake:  # noqa: BLE001 - ours, so the test has to hear of it
            self.world.mistakes.append(mistake)
            return _respond(call, _error(501, repr(mistake)), 501)
        call.is_done = True
        return _respond(call, {"ok": True, "result": result}, 200)

    def _method(self, request: web.Request, call: ApiCall) -> Method:
        if not call.is_authorized:
            number, _, secret = request.match_info["token"].partition(":")
            raise unauthorized() if number.isdigit() and secret else not_found()
        if call.method == GET_UPDATES:
            return partial(self._get_updates, request)
        method = self.methods.get(call.method)
        if method is None:
            raise not_found()

        def limited(ask: Ask) -> Any:
            self.floods.use(call.method, ask.chat_id)
            return method(ask)

        return limited

    def _get_updates(self, request: web.Request, ask: Ask) -> Awaitable[list[Json]]:
        updates = self.world.updates
        if not updates.has_webhook:
            updates.allow(ask.names("allowed_updates"))
        limit = ask.number("limit") or 100
        timeout_s = ask.number("timeout")

        def is_alive() -> bool:
            return request.transport is not None and not request.transport.is_closing()

        return updates.poll(ask.number("offset"), limit, timeout_s, is_alive)


def _error(code: int, description: str) -> Json:
    return {"ok": False, "error_code": code, "description": description}


def _respond(call: ApiCall, body: Json, status: int) -> web.Response:
    call.code = status
    call.description = body.get("description", "")
    return web.Response(
        body=json.dumps(body).encode(), status=status, content_type="application/json"
    )


def _broken(
    request: web.Request, call: ApiCall, status: int | None, description: str = ""
) -> web.Response:
    if status is None:
        call.code = 0
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    said = description or STATUS_TEXTS.get(status, "Bad Gateway")
    return _respond(call, _error(status, said), status)
