"""Telegram, as far as a bot can tell. This file names what tests import.

    async with await TelegramServer.start() as server:       # .token .api_url
        chat = server.add_group("Makers")
        ana = server.add_user("Ana", username="ana_m")
        chat.join(ana, "administrator")
        ...                                                   # start the bot against the url
        await server.ready()
        ana.says(chat, "/poll Lunch? Pizza | Soup")
        card = await server.wait_for(lambda: chat.bot_last)
        answer = await ana.presses(card, "Pizza")
        assert "Pizza" in answer.text

What a person's client would not send raises WouldNotSend. Which messages of a group the bot
gets to see is in `privacy.py`. Faults are in `server.faults`, flood limits in `server.floods`,
pushing in `server.webhook`, the queue in `server.updates`, what the client did in `server.audit`.
"""

from tests.platforms.telegram_server.acts import WouldNotSend
from tests.platforms.telegram_server.chats import Chat, Topic
from tests.platforms.telegram_server.markup import Button
from tests.platforms.telegram_server.messages import Look, Message
from tests.platforms.telegram_server.people import User
from tests.platforms.telegram_server.presses import CallbackAnswer
from tests.platforms.telegram_server.server import TelegramServer
from tests.platforms.watch import StillWaiting

__all__ = [
    "Button",
    "CallbackAnswer",
    "Chat",
    "Look",
    "Message",
    "StillWaiting",
    "TelegramServer",
    "Topic",
    "User",
    "WouldNotSend",
]
