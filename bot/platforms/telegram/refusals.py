"""What only Telegram makes us refuse. Each class is a fact with its own sentence."""

from core.kernel.errors import UserError
from core.kernel.outbox import Presented
from core.kernel.view import Paragraph, Tone, View


class NotInTheGroup(UserError):
    """You are not a member of this group, so you cannot take part in it. Join it first."""


class SeatUnknown(UserError):
    """I could not find out whether you are a member of the group. Please try again in a minute."""


class ChannelAsks(UserError):
    """A channel is nobody in particular, so it cannot vote, propose or own anything. Write as
    yourself in the group."""


class GoneMeanwhile(UserError):
    """That question is over: it was answered, or it is older than 10 minutes. Type the command
    again."""


class NotYours(UserError):
    """Only who asked can answer this. To do it yourself, type the command."""


class AdminsConfirm(UserError):
    """It was written in the name of the group, so only an admin can confirm it. Please ask one."""


class NeverSeen(UserError):
    """I have not seen @{username} write here in the last 30 days. Reply to a message of theirs
    instead, or ask them to write something to me here."""


class NotAReceiver(UserError):
    """I read "{written}" where a person belongs. Reply to a message of theirs, or write their
    @username."""


class TwoReceivers(UserError):
    """You reply to {replied}, but name {written}. Leave the name out, or do not reply."""


class NotHereButTopic(UserError):
    """On Telegram a channel is not named: ask in the group or topic that you mean, and leave it
    out."""


def shown(error: UserError) -> Presented:
    """Return an error as it is shown."""
    view = View(blocks=(Paragraph(error.text),), tone=Tone.FAILED)
    return Presented(view, {}, (), "UTC")
