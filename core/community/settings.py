"""The community's own settings; features add theirs in the same way."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.kernel.duration import read_duration, write_duration
from core.kernel.setting import Setting
from core.kernel.text import T

# The fact by which an entry of the journal says which setting has which value now.
SET = "set"


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers inside bounds; the word `people` may follow."""

    def read(written: str) -> int:
        digits = written.strip().removesuffix("people").removesuffix("person").strip()
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 12:
            raise ValueError(written)
        if not least <= int(digits) <= most:
            raise ValueError(written)
        return int(digits)

    return read


def span(least: timedelta, most: timedelta) -> Callable[[str], timedelta]:
    """Return a reader of durations inside bounds."""

    def read(written: str) -> timedelta:
        # Nothing at all needs no unit.
        found = timedelta() if written.strip() == "0" else read_duration(written)
        if not least <= found <= most:
            raise ValueError(written)
        return found

    return read


def write_span(value: timedelta) -> str:
    """Write a duration as `span` reads it; none at all is 0, which is the same in every unit."""
    return write_duration(value) if value else "0"


def read_switch(written: str) -> bool:
    """Read on or off."""
    word = written.strip().casefold()
    if word in {"on", "yes", "true"}:
        return True
    if word in {"off", "no", "false"}:
        return False
    raise ValueError(written)


def write_switch(value: bool) -> str:  # noqa: FBT001 - a codec takes the value alone
    """Write on or off."""
    return "on" if value else "off"


# Files beside the zones: another zone on each machine, or none. `right/` counts leap seconds.
_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})


def _zone(written: str) -> str:
    name = written.strip()
    if name in _OF_THE_MACHINE or name.startswith(("posix/", "right/")):
        raise ValueError(written)
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(written) from error


def _language(written: str) -> str:
    code = written.strip().casefold()
    if code not in LANGUAGES:
        raise ValueError(written)
    return code


LANGUAGES = ("en",)

ZONE = Setting(
    name="zone",
    default="UTC",
    description="The time zone in which times are read and written here.",
    bounds=T("a zone of the IANA list, such as Europe/Lisbon"),
    read=_zone,
    write=str,
    choices=(
        "UTC",
        "Europe/London",
        "Europe/Lisbon",
        "Europe/Berlin",
        "Europe/Kyiv",
        "Africa/Lagos",
        "Africa/Nairobi",
        "Asia/Kolkata",
        "Asia/Shanghai",
        "Asia/Tokyo",
        "Australia/Sydney",
        "America/Sao_Paulo",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
    ),
)
LANGUAGE = Setting(
    name="language",
    default="en",
    description="The language in which I speak here.",
    bounds=T("en (more languages will follow)"),
    read=_language,
    write=str,
    choices=LANGUAGES,
)
SETTINGS = (ZONE, LANGUAGE)
