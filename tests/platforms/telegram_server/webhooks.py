"""Updates that are pushed. This file is setWebhook and what then posts to the bot, one by one."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp

from tests.platforms.telegram_server.asks import Ask
from tests.platforms.telegram_server.limits import SECRET_TOKEN, WEBHOOK_PORTS
from tests.platforms.telegram_server.refusals import Json, bad_request
from tests.platforms.telegram_server.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# The platform waits for seconds up to a minute between tries; a test has no time for that.
RETRY_S_DEFAULT = 0.02
POST_TIMEOUT_S = 60.0


class Webhook:
    """Where updates go, if not to a poller."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.retry_s = RETRY_S_DEFAULT
        # A self-hosted API server also takes plain http, and any port.
        self.is_self_hosted = False
        # What stands in front of bots: the public address, and where it leads.
        self.proxies: dict[str, str] = {}
        # What the bot answered to each post: 0 where there was no answer.
        self.answers: list[int] = []
        self.last_error = ""
        self._news = asyncio.Event()
        self._pusher: asyncio.Task[None] | None = None
        world.updates.on_add.append(self._news.set)

    def stand_in_front(self, public_url: str, local_url: str) -> None:
        """Be the bot's TLS proxy: `https://moot.example` leads to `http://127.0.0.1:8080`."""
        self.proxies[public_url.rstrip("/")] = local_url.rstrip("/")

    # What a bot asks for

    async def set_webhook(self, ask: Ask) -> bool:
        """Push from now on; an empty url ends it."""
        url = ask.text("url")
        if not url:
            return await self.delete_webhook(ask)
        self._check(url)
        secret = ask.text("secret_token")
        if secret and not re.fullmatch(SECRET_TOKEN, secret):
            raise bad_request("secret token contains unallowed characters")
        updates = self.world.updates
        updates.allow(ask.names("allowed_updates"))
        if ask.flag("drop_pending_updates"):
            updates.drop_pending()
        updates.end_poll("terminated by setWebhook request")
        updates.has_webhook = True
        await self._stop()
        self.url, self.secret = url, secret
        self.max_connections = ask.number("max_connections") or 40
        self._pusher = asyncio.create_task(self._push())
        return True

    async def delete_webhook(self, ask: Ask) -> bool:
        """Push no more; what waits is kept unless it is to be dropped."""
        if ask.flag("drop_pending_updates"):
            self.world.updates.drop_pending()
        self.world.updates.has_webhook = False
        self.url, self.secret = "", ""
        await self._stop()
        return True

    def webhook_info(self, _: Ask) -> Json:
        """How it goes."""
        told: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates.pending),
        }
        if self.url:
            told["max_connections"] = self.max_connections
            told["allowed_updates"] = sorted(self.world.updates.allowed)
        if self.last_error:
            told["last_error_date"] = int(self.world.now().timestamp())
            told["last_error_message"] = self.last_error
        return told

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if self.is_self_hosted and parts.scheme in ("http", "https"):
            return
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if parts.port is not None and parts.port not in WEBHOOK_PORTS:
            ports = "Webhook can be set up only on ports 80, 88, 443 or 8443"
            raise bad_request(f"bad webhook: {ports}")
        if self._target(url) is None:
            unknown = "Failed to resolve host: Name or service not known"
            raise bad_request(f"bad webhook: {unknown}")

    def _target(self, url: str) -> str | None:
        for public, local in self.proxies.items():
            if url == public or url.startswith((public + "/", public + "?")):
                return local + url.removeprefix(public)
        return url if self.is_self_hosted else None

    # The pushing

    async def _push(self) -> None:
        target = self._target(self.url)
        assert target is not None
        timeout = aiohttp.ClientTimeout(total=POST_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                self._news.clear()
                for update in self.world.updates.take_repeated():
                    await self._post(session, target, update)
                self.world.updates.end_repeating()
                if not self.world.updates.pending:
                    await self._news.wait()
                    continue
                update = self.world.updates.pending[0]
                if await self._post(session, target, update):
                    self.world.updates.confirm(update)
                else:
                    await asyncio.sleep(self.retry_s)

    async def _post(self, session: aiohttp.ClientSession, target: str, update: Json) -> bool:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(target, json=update, headers=headers) as response:
                status, reason = response.status, response.reason
        except (aiohttp.ClientError, TimeoutError):
            status, reason = 0, ""
            self.last_error = "Connection refused"
        else:
            if not 200 <= status < 300:
                self.last_error = f"Wrong response from the webhook: {status} {reason}"
        self.answers.append(status)
        self.world.watch.changed()
        return 200 <= status < 300

    async def _stop(self) -> None:
        pusher, self._pusher = self._pusher, None
        if pusher is not None:
            pusher.cancel()
            with suppress(asyncio.CancelledError):
                await pusher

    async def close(self) -> None:
        """Stop pushing; raises what went wrong inside of it, if anything did."""
        await self._stop()
