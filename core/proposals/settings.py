"""The settings of proposals and polls."""

from datetime import timedelta
from fractions import Fraction

from core.community.settings import read_switch, span, whole, write_span, write_switch
from core.kernel.duration import write_duration
from core.kernel.setting import Setting
from core.kernel.text import T

PERIOD_MIN = timedelta(minutes=1)
PERIOD_MAX = timedelta(days=90)
QUORUM_MAX = 1_000_000
OPEN_MAX = 100


def _read_threshold(written: str) -> Fraction:
    """Read `1/2`, `2/3` or `60%`: a share above 0 and at most 1, in small whole numbers."""
    text = written.strip().replace(" ", "")
    share = text.removesuffix("%")
    top, slash, bottom = share.partition("/")
    if text.endswith("%"):
        top, slash, bottom = share, "/", "100"
    if text == "1":
        return Fraction(1)
    if not slash or not all(part.isascii() and part.isdigit() for part in (top, bottom)):
        raise ValueError(written)
    if len(top) > 4 or len(bottom) > 4 or int(bottom) == 0 or not 0 < int(top) <= int(bottom):
        raise ValueError(written)
    return Fraction(int(top), int(bottom))


QUORUM = Setting(
    name="quorum",
    default=3,
    description="How many people must take part for a proposal to pass; abstaining counts.",
    bounds=T("a number of people from 0 to {most}", most=QUORUM_MAX),
    read=whole(0, QUORUM_MAX),
    write=str,
    is_copied=True,
)
THRESHOLD = Setting(
    name="threshold",
    default=Fraction(1, 2),
    description="The share of for among for and against that passes; 1/2 means more than half.",
    bounds=T("a fraction above 0 and up to 1, such as 1/2, 2/3 or 60%"),
    read=_read_threshold,
    write=str,
    choices=("1/2", "3/5", "2/3", "3/4", "4/5"),
    is_copied=True,
)
VOTING_PERIOD = Setting(
    name="voting_period",
    default=timedelta(days=3),
    description="How long a proposal is open when its author does not say.",
    bounds=T("a length of time from 1m to 90d, such as 36h or 3d"),
    read=span(PERIOD_MIN, PERIOD_MAX),
    write=write_duration,
    choices=("1d", "3d", "5d", "7d", "14d"),
    is_copied=True,
)
OPEN_PER_MEMBER = Setting(
    name="open_per_member",
    default=5,
    description="How many proposals and polls one member may have open at once.",
    bounds=T("a number from 1 to {most}", most=OPEN_MAX),
    read=whole(1, OPEN_MAX),
    write=str,
)
RESUBMIT_COOLDOWN = Setting(
    name="resubmit_cooldown",
    default=timedelta(days=7),
    description="How long a proposal that failed or was withdrawn cannot be made again unchanged.",
    bounds=T("0, or a length of time up to 90d, such as 36h or 7d"),
    read=span(timedelta(), PERIOD_MAX),
    write=write_span,
    choices=("0", "1d", "7d", "30d"),
)
ANNOUNCE = Setting(
    name="announce",
    default=True,
    description="Whether a result is also posted as a new message; off: only the card changes.",
    bounds=T("on or off"),
    read=read_switch,
    write=write_switch,
    choices=("on", "off"),
)
SETTINGS = (QUORUM, THRESHOLD, VOTING_PERIOD, OPEN_PER_MEMBER, RESUBMIT_COOLDOWN, ANNOUNCE)
