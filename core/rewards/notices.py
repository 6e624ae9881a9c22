"""What receivers hear of a payday, and the clock."""

from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import T, Text
from core.kernel.view import Paragraph, Tone, View
from core.ledger import said, write_amount
from core.pools import NoSuchPool, Pool, load_pool
from core.reputation import MILLI

POINT_DECIMALS = len(str(MILLI)) - 1


@drawing("rewards.paused")
def paused(call: Call, pool: int) -> View:
    """The answer to the clock while payments are paused."""
    text = T("The payday of the pool {pool} waits.", pool=pool_of(call, pool).name)
    return View(None, (Paragraph(text),), tone=Tone.QUIET)


@drawing("rewards.ended")
def ended(call: Call, pool: int) -> View:
    """The answer to the clock at a payday."""
    text = T("The payday of the pool {pool} is over.", pool=pool_of(call, pool).name)
    return View(None, (Paragraph(text),), tone=Tone.QUIET)


@drawing("rewards.handed")
def handed_out(_: Call, pool: int, n: int) -> View:
    """The answer to the clock after a portion."""
    text = T("{n} members got their part of the pool {pool}.", n=n, pool=pool)
    return View(None, (Paragraph(text),), tone=Tone.QUIET)


@drawing("rewards.received")
def received(
    call: Call, pool: int, start_ms: int, end_ms: int, part: int, milli: int, took_part: int
) -> View:
    """The notice to who got something; drawn for each of many, so its ids say it all."""
    of = pool_of(call, pool)
    text = T(
        "You get {amount} from the pool {pool} for the time from {start} to {end} ({why}).",
        amount=said(part, of.asset),
        pool=of.name,
        start=from_ms(start_ms),
        end=from_ms(end_ms),
        why=why(milli, took_part=bool(took_part)),
    )
    return View(None, (Paragraph(text),), tone=Tone.PASSED)


def why(milli: int, *, took_part: bool) -> Text:
    """Say what a part was for."""
    points = T(f"{write_amount(milli, POINT_DECIMALS)} points received")
    if not took_part:
        return points
    return T("{points}, took part", points=points) if milli else T("took part")


def pool_of(call: Call, number: int) -> Pool:
    """Return a pool that something was drawn for; raises Gone."""
    try:
        return load_pool(call, number)
    except NoSuchPool as error:
        raise Gone from error
