"""What people read about a pause of all payments."""

from core.kernel.call import Call
from core.kernel.clock import from_ms, span_ms
from core.kernel.drawing import drawing
from core.kernel.text import CommandName, MemberId, T, Text
from core.kernel.view import Block, Note, Paragraph, Tone, View
from core.pools import store
from core.pools.model import ASK_FOR, SIGNER, Asked, Switch

WHAT = ("pause asked", "paused", "resume asked", "resumed")


@drawing("pools.switched")
def switched(_: Call, what: str, by: int, at_ms: int) -> View:
    """The answer to `pause payments` and `resume payments`, also posted for everybody."""
    who, at, until = MemberId(by), from_ms(at_ms), from_ms(at_ms + span_ms(ASK_FOR))
    pause, resume = CommandName("pause payments"), CommandName("resume payments")
    words = {
        "pause asked": T(
            "{who} asks to pause all payments. They go on until another admin confirms with "
            "{command}, before {until}.", who=who, command=pause, until=until,
        ),
        "paused": T(
            "All payments are paused since {at}, as {who} confirmed. They wait until two admins "
            "use {command}.", who=who, at=at, command=resume,
        ),
        "resume asked": T(
            "{who} asks to let payments go on. They stay paused until another admin confirms with "
            "{command}, before {until}.", who=who, command=resume, until=until,
        ),
        "resumed": T("Payments go on since {at}, as {who} confirmed.", who=who, at=at),
    }  # fmt: skip
    return View(None, (Paragraph(words[what]),), tone=Tone.PASSED)


def pause_blocks(call: Call) -> list[Block]:
    """Say that payments are paused, and what an admin waits to have confirmed."""
    asked = store.asked(call.tx, call.community.id)
    pause = asked.get(Switch.PAUSE)
    blocks: list[Block] = []
    if pause is not None and pause.done_ms is not None:
        blocks.append(Paragraph(_paused(pause, pause.done_ms)))
    lasts_ms = span_ms(ASK_FOR)
    open_ones = [one for one in asked.values() if one.done_ms is None]
    blocks += [Note(_asked(one)) for one in open_ones if call.now_ms < one.asked_ms + lasts_ms]
    return blocks


def _paused(pause: Asked, since_ms: int) -> Text:
    if pause.asked_by == SIGNER:
        return T(
            "The signer froze all payments {at}, because the chain and the books differ. They "
            "wait until two admins use {resume}.",
            at=from_ms(since_ms),
            resume=CommandName("resume payments"),
        )
    return T(
        "Payments are paused since {at}, by {a} and {b}.",
        at=from_ms(since_ms),
        a=MemberId(pause.asked_by),
        b=MemberId(pause.done_by or 0),
    )


def _asked(one: Asked) -> Text:
    command = CommandName(f"{one.what.value} payments")
    return T(
        "{who} asked for {command}; another admin has to confirm it.",
        who=MemberId(one.asked_by),
        command=command,
    )
