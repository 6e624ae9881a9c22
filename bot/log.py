"""The program's log, without secrets; this file is where logging is set up."""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

from bot.settings import Log

SECRET = "[secret]"  # noqa: S105 -- what stands in a secret's place

# What is ours, and what speaks of its own inner life, for which warnings are enough.
OURS = ("bot", "folkmoot")
QUIETER = ("aiosqlite", "alembic", "apscheduler", "asyncio", "discord", "httpcore", "httpx")
ONE_LESS = {"debug": "INFO", "info": "WARNING", "warning": "ERROR", "error": "ERROR"}
AT_MOST_INFO = {"debug": "INFO", "info": "INFO", "warning": "WARNING", "error": "ERROR"}

# What looks like a secret although nobody has configured it: the token that was replaced
# yesterday, an interaction's own token, the password in a database's address. Repetitions that
# can start anywhere are bounded, so that ten thousand letters cost no more than their number.
SHAPES = (
    r"(?<=/bot)\d+(?::|%3[Aa])[\w-]+",  # Telegram, in an address
    r"\b\d{6,20}(?::|%3[Aa])[\w-]{30,}",  # Telegram, alone
    r"(?<=\bBot )[\w.-]{20,}",  # Discord, in a header
    r"(?<=\bBearer )[\w.~+/=-]{20,}",
    r"[\w-]{18,40}\.[\w-]{6}\.[\w-]{27,}",  # Discord, alone
    r"(?<=/webhooks/)(\d+/)[\w.-]{20,}",
    r"(?<=/interactions/)(\d+/)[\w.-]{20,}",
    r"(?<=://)([^/\s:@]*:)[^/\s@]+(?=@)",
)


class Redact(logging.Filter):
    """Replaces secrets in all that a record can print, before a handler sees it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        plain = {secret for secret in secrets if secret}
        known = plain | {quote(secret, safe="") for secret in plain}
        # The longest first: a secret may begin like another one.
        exact = [re.escape(secret) for secret in sorted(known, key=len, reverse=True)]
        self._pattern = re.compile("|".join((*exact, *SHAPES)))

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.clean(_message(record)), None
        if record.exc_info:
            # A formatter prints exc_text where it stands, and never asks the exception again.
            record.exc_text = record.exc_text or _FORMAT.formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True

    def clean(self, text: str) -> str:
        """Return the text with each secret replaced."""
        return self._pattern.sub(_kept, text)


def _kept(match: re.Match[str]) -> str:
    # What a shape captures only leads to the secret, and says which request it was.
    return (match[match.lastindex] if match.lastindex else "") + SECRET


def _message(record: logging.LogRecord) -> str:
    # A line that cannot be put together is a bug, but stdlib would tell it with the bare
    # arguments on stderr, and an error raised here would reach whoever wanted to log.
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 -- any argument's __str__ may raise anything
        template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        return f"{template} (not formatted: {type(error).__name__})"


class Lines(logging.Formatter):
    """One line a record for people; what follows an error is set in, so that it is no record."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        message = _one_line(record.getMessage())
        head = f"{at:%Y-%m-%d %H:%M:%S}Z {record.levelname:<8}{record.name}: {message}"
        below = (line for text in _attached(self, record) for line in text.splitlines())
        return "\n".join((head, *(f"    {_one_line(line)}" for line in below)))


class JsonLines(logging.Formatter):
    """One JSON object a record, for programs that read logs."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        attached = _attached(self, record)
        if attached:
            line["error"] = "\n".join(attached)
        return json.dumps(line)


_FORMAT = logging.Formatter()


def _attached(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    trace = record.exc_text or (record.exc_info and formatter.formatException(record.exc_info))
    return [text for text in (trace, record.stack_info) if text]


def _one_line(text: str) -> str:
    # A name with a line break in it must not be able to write a line of the log.
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


class Output(logging.Handler):
    """Writes to the stream, or to whatever stderr is at that moment."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        try:
            stream = self._stream or sys.stderr
            stream.write(self.format(record) + "\n")
            stream.flush()
        except Exception:  # noqa: BLE001 -- a full disk must not stop what wanted to log
            self.handleError(record)


def set_up(log: Log, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send the log to the stream (None: stderr); a second call replaces the first.

    Libraries speak at "debug" only if that is asked for of them: there they tell what people
    write, and aiosqlite every value of every statement.
    """
    take_down()
    output = Output(stream)
    output.setFormatter(JsonLines() if log.is_json else Lines())
    root = logging.getLogger()
    root.addHandler(output)
    root.setLevel(log.libraries.upper() or AT_MOST_INFO[log.level])
    for name in QUIETER:
        logging.getLogger(name).setLevel(log.libraries.upper() or ONE_LESS[log.level])
    for name in OURS:
        logging.getLogger(name).setLevel(log.level.upper())
    redact = Redact(secrets)
    for handler in _handlers():
        handler.addFilter(redact)


def take_down() -> None:
    """Undo set_up but for the levels; other programs' handlers stay."""
    for handler in _handlers():
        for old in [f for f in handler.filters if isinstance(f, Redact)]:
            handler.removeFilter(old)
        if isinstance(handler, Output):
            logging.getLogger().removeHandler(handler)


def _handlers() -> set[logging.Handler]:
    loggers = [logging.getLogger(), *logging.Logger.manager.loggerDict.values()]
    return {h for logger in loggers if isinstance(logger, logging.Logger) for h in logger.handlers}


def log_uncaught() -> None:
    """Send what nobody caught, in any thread, through the log instead of bare to stderr."""

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            logging.getLogger("bot").critical("Nothing caught this", exc_info=(kind, error, trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
