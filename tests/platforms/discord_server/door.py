"""Every request passes here: audit, faults, limits, token, route. This file is the HTTP side."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from tests.platforms.discord_server.answers import Answers
from tests.platforms.discord_server.audit import RestCall
from tests.platforms.discord_server.commands import Commands
from tests.platforms.discord_server.faults import Fault, Faults, Harm
from tests.platforms.discord_server.posting import Ask, Upload
from tests.platforms.discord_server.rates import Rates
from tests.platforms.discord_server.refusals import Json, Refusal, unauthorized
from tests.platforms.discord_server.rest import Rest
from tests.platforms.discord_server.world import World

API_PREFIX = "/api/v10"
BODY_BYTES_MAX = 200 * 1024 * 1024

Reply = Json | list[Json] | None


@dataclass(frozen=True)
class Route:
    """One method and path; `{}` stands for an id or a token, and is handed to the handler."""

    method: str
    template: str
    handler: Callable[..., Any]
    needs_token: bool = True

    def match(self, path: str) -> tuple[str, ...] | None:
        """The values in the path, or None if it is another route."""
        found = re.fullmatch(re.escape(self.template).replace(r"\{\}", "([^/]+)"), path)
        return found.groups() if found else None

    def take(self, ask: Ask, values: tuple[str, ...], *, is_ours: bool) -> Reply:
        """Hand the request to its handler; raises Refusal, at first for a wrong token."""
        if self.needs_token and not is_ours:
            raise unauthorized()
        reply: Reply = self.handler(ask, *values)
        return reply


def routes(world: World) -> list[Route]:
    """The whole interface; fixed words stand before `{}` where both would match."""
    rest, commands, answers = Rest(world), Commands(world), Answers(world)
    mine, theirs = "/applications/{}/commands", "/applications/{}/guilds/{}/commands"
    hook = "/webhooks/{}/{}"
    return [
        Route("GET", "/gateway", rest.gateway, needs_token=False),
        Route("GET", "/gateway/bot", rest.gateway_for_bot),
        Route("GET", "/users/@me", rest.me),
        Route("GET", "/users/@me/guilds", rest.my_guilds),
        Route("DELETE", "/users/@me/guilds/{}", rest.leave_guild),
        Route("POST", "/users/@me/channels", rest.open_dm),
        Route("GET", "/users/{}", rest.user),
        Route("GET", "/oauth2/applications/@me", rest.application),
        Route("GET", "/applications/@me", rest.application),
        Route("GET", mine, commands.held),
        Route("PUT", mine, commands.replace),
        Route("POST", mine, commands.add),
        Route("DELETE", mine + "/{}", commands.remove),
        Route("GET", theirs, commands.held),
        Route("PUT", theirs, commands.replace),
        Route("POST", theirs, commands.add),
        Route("DELETE", theirs + "/{}", commands.remove_from),
        Route("GET", "/guilds/{}", rest.guild),
        Route("GET", "/guilds/{}/channels", rest.guild_channels),
        Route("GET", "/guilds/{}/members", rest.members),
        Route("GET", "/guilds/{}/members/{}", rest.member),
        Route("POST", "/guilds/{}/scheduled-events", rest.start_event),
        Route("GET", "/channels/{}", rest.channel),
        Route("POST", "/channels/{}/typing", rest.typing),
        Route("GET", "/channels/{}/messages", rest.history),
        Route("POST", "/channels/{}/messages", rest.send),
        Route("GET", "/channels/{}/messages/{}", rest.read),
        Route("PATCH", "/channels/{}/messages/{}", rest.edit),
        Route("DELETE", "/channels/{}/messages/{}", rest.delete),
        Route("POST", "/channels/{}/messages/{}/threads", rest.start_thread),
        Route("POST", "/interactions/{}/{}/callback", answers.callback, needs_token=False),
        Route("POST", hook, answers.follow_up, needs_token=False),
        Route("GET", hook + "/messages/{}", answers.read, needs_token=False),
        Route("PATCH", hook + "/messages/{}", answers.edit, needs_token=False),
        Route("DELETE", hook + "/messages/{}", answers.delete, needs_token=False),
    ]


class Door:
    """Takes requests one by one through everything that may happen to them."""

    def __init__(self, world: World, faults: Faults, rates: Rates) -> None:
        self.world = world
        self.faults = faults
        self.rates = rates
        self.routes = routes(world)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, and tell whoever waits that something has changed."""
        try:
            return await self._handle(request)
        finally:
            self.world.watch.changed()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(API_PREFIX)
        is_ours = request.headers.get("Authorization") == f"Bot {self.world.token}"
        call = RestCall(request.method, path, None, is_ours, dict(request.query))
        self.world.audit.calls.append(call)
        if self.faults.is_down:
            return _broken(request, call, None)
        ask = await _read(request)
        call.json = ask.body
        fault = self.faults.take(request.method, path)
        if fault is not None and (early := await self._strike_before(request, call, fault)):
            return early
        response: web.StreamResponse = self._do(call, ask)
        if fault is not None:
            response = await self._strike_after(request, call, fault, response)
        return response

    async def _strike_before(
        self, request: web.Request, call: RestCall, fault: Fault
    ) -> web.StreamResponse | None:
        if fault.harm is Harm.HOLD and not fault.is_after:
            self.world.watch.changed()
            await fault.gate.wait()
        elif fault.harm is Harm.FAIL:
            return _broken(request, call, fault.status)
        elif fault.harm is Harm.LIMIT:
            return _limited(call, fault.retry_after_s, fault.is_global, {}, via=fault.has_via)
        return None

    async def _strike_after(
        self, request: web.Request, call: RestCall, fault: Fault, response: web.StreamResponse
    ) -> web.StreamResponse:
        if fault.harm is Harm.LOSE:
            return _broken(request, call, fault.status)
        if fault.harm is Harm.HOLD and fault.is_after:
            self.world.watch.changed()
            await fault.gate.wait()
        return response

    def _do(self, call: RestCall, ask: Ask) -> web.Response:
        route, values = self._route(call)
        if route is None:
            return _respond(call, {"message": "404: Not Found", "code": 0}, 404, {})
        is_inside, headers = self.rates.use(call.method, call.path, route.template)
        if not is_inside:
            left_s = float(headers["X-RateLimit-Reset-After"])
            return _limited(call, left_s, False, headers, via=True)
        try:
            reply: Reply = route.take(ask, values, is_ours=call.is_authorized)
        except Refusal as refusal:
            call.code = refusal.code
            return _respond(call, refusal.body, refusal.status, headers)
        except Exception as mistake:  # noqa: BLE001 - ours, so the test has to hear of it
            self.world.mistakes.append(mistake)
            return _respond(call, {"message": repr(mistake), "code": 0}, 501, headers)
        call.is_done = True
        return _respond(call, reply, 204 if reply is None else 200, headers)

    def _route(self, call: RestCall) -> tuple[Route | None, tuple[str, ...]]:
        for route in self.routes:
            if route.method == call.method and (found := route.match(call.path)) is not None:
                return route, found
        return None, ()


async def _read(request: web.Request) -> Ask:
    query = dict(request.query)
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request, query)
    text = await request.text()
    try:
        return Ask(json.loads(text) if text else None, query)
    except ValueError:
        # The handler meets a body that is no object, and says so with the platform's code.
        return Ask([], query)


async def _read_multipart(request: web.Request, query: dict[str, str]) -> Ask:
    body: Json = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = json.loads(content)
        else:
            uploads.append(Upload(part.name or "", part.filename or "file", content))
    return Ask(body, query, uploads)


def _respond(call: RestCall, body: Reply, status: int, headers: dict[str, str]) -> web.Response:
    call.status = status
    if body is None:
        return web.Response(status=status, headers=headers)
    # The library compares the content type as a whole, so no charset may follow it.
    text = json.dumps(body).encode()
    return web.Response(
        body=text, status=status, headers={**headers, "Content-Type": "application/json"}
    )


def _broken(request: web.Request, call: RestCall, status: int | None) -> web.Response:
    if status is None:
        call.status = 0
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    return _respond(call, {"message": f"{status}: the server is unwell", "code": 0}, status, {})


def _limited(
    call: RestCall, retry_after_s: float, is_global: bool, headers: dict[str, str], *, via: bool
) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": retry_after_s}
    scope = "global" if is_global else "user"
    extra = {**headers, "Retry-After": f"{retry_after_s:.3f}", "X-RateLimit-Scope": scope}
    if is_global:
        extra["X-RateLimit-Global"] = "true"
    if via:
        extra["Via"] = "1.1 google"
    return _respond(call, {**body, "global": is_global}, 429, extra)
