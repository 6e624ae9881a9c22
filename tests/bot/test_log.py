"""Nobody can read a token in the log; this file is about what the log says and never says."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from io import StringIO

import pytest

from bot import log as logs
from bot.settings import Log

TOKEN = "MTExMjIyMzMzNDQ0NTU1NjY2.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
TELEGRAM = "7000000001:AAH-abcdefghijklmnopqrstuvwxyz_01234"
CONFIGURED = "short+odd/one"
logger = logging.getLogger("bot.test")


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, *logs.QUIETER, *logs.OURS, "telegram")]
    levels = [each.level for each in loggers]
    hooks = sys.excepthook, threading.excepthook
    yield
    logs.take_down()
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)
    sys.excepthook, threading.excepthook = hooks


@pytest.fixture(params=[False, True], ids=["lines", "json"])
def out(request: pytest.FixtureRequest) -> StringIO:
    return start(json=request.param)


def start(*, json: bool = False, **levels: str) -> StringIO:
    stream = StringIO()
    logging.getLogger("telegram").setLevel(logging.NOTSET)  # as other tests do not leave it
    logs.set_up(Log.model_validate({"json": json, **levels}), [CONFIGURED, TOKEN], stream)
    return stream


class Rude:
    def __str__(self) -> str:
        raise RuntimeError(CONFIGURED)


def fail(error: Exception) -> None:
    raise error


def test_a_line_is_for_people() -> None:
    out = start()
    logger.info("ready in %d ms", 40)
    at, line = out.getvalue().split("Z ", 1)
    assert len(at) == len("2025-01-31 10:00:00")
    assert line == "INFO    bot.test: ready in 40 ms\n"


def test_a_json_line_is_for_programs() -> None:
    out = start(json=True)
    logger.warning("ready: %s", "Zoë\n")
    line = json.loads(out.getvalue())
    assert line.pop("at").endswith("Z")
    assert line == {"level": "warning", "logger": "bot.test", "message": "ready: Zoë\n"}


def test_a_secret_in_the_message_is_replaced(out: StringIO) -> None:
    logger.info("using %s as the token" % TOKEN)  # noqa: G002, UP031 -- as a careless line does it
    assert "using [secret] as the token" in out.getvalue()


def test_a_secret_in_the_arguments_is_replaced(out: StringIO) -> None:
    logger.info("using %s and %r", CONFIGURED, {"token": CONFIGURED})
    logger.info("using %(token)s", {"token": CONFIGURED})
    assert out.getvalue().count("[secret]") == 3
    assert CONFIGURED not in out.getvalue()


def test_a_secret_in_an_exception_is_replaced(out: StringIO) -> None:
    try:
        try:
            fail(KeyError(CONFIGURED))
        except KeyError as error:
            raise ValueError(f"no answer from /bot{TELEGRAM}/getMe") from error
    except ValueError:
        logger.exception("failed with %s", CONFIGURED, stack_info=True)
    text = out.getvalue()
    assert "KeyError: '[secret]'" in text
    assert "no answer from /bot[secret]/getMe" in text
    assert CONFIGURED not in text
    assert TELEGRAM not in text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"GET https://api.telegram.org/bot{TELEGRAM}/getMe", "org/bot[secret]/getMe"),
        ("GET http://127.0.0.1/file/bot12:abc/x.png", "/file/bot[secret]/x.png"),
        ("GET /bot12%3Aabc/getMe", "/bot[secret]/getMe"),
        (f"telegram {TELEGRAM}!", "telegram [secret]!"),
        ("{'Authorization': 'Bot abcdefghijklmnopqrstuvw.x'}", "'Bot [secret]'"),
        ("Authorization: Bearer abcdefghijklmnopqrstuvw=", "Bearer [secret]"),
        (f"discord {TOKEN[:-1]}C", "discord [secret]"),
        ("POST /webhooks/12/aW50ZXJhY3Rpb246MTIzNDU2Nzg5/messages", "/webhooks/12/[secret]/mess"),
        ("POST /interactions/12/aW50ZXJhY3Rpb246MTIzNDU2Nzg5/callback", "/12/[secret]/callback"),
        ("postgresql://ana:hunter2@db/moot", "//ana:[secret]@db/moot"),
        ("GET /?token=short%2Bodd%2Fone", "token=[secret]"),
    ],
)
def test_what_looks_like_a_secret_is_replaced(out: StringIO, said: str, written: str) -> None:
    logger.info("%s", said)
    assert written in out.getvalue()


@pytest.mark.parametrize(
    "said",
    [
        "The bot bot.platforms.discord.adapter is ready",
        "Bot ready at 10:30:00, proposal 123456789012345678 closes",
        "https://discord.com/api/v10/channels/1/messages",
        "sqlite:////srv/folkmoot.db and folkmoot.example.org:8080",
        "journal head 3b83ef96387f14655fc854ddc3c6bd57",
    ],
)
def test_what_is_no_secret_stays(out: StringIO, said: str) -> None:
    logger.info("%s", said)
    assert said in out.getvalue()


def test_a_line_that_cannot_be_put_together_harms_nobody(
    out: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.info("%d votes", CONFIGURED)
    logger.info("%s", Rude())
    logger.info(Rude())
    assert "%d votes (not formatted: TypeError)" in out.getvalue()
    assert CONFIGURED not in out.getvalue() + capsys.readouterr().err


def test_every_handler_is_cleaned_also_those_of_others(caplog: pytest.LogCaptureFixture) -> None:
    own = logging.StreamHandler(StringIO())
    library = logging.getLogger("some.library")
    library.addHandler(own)
    try:
        start()
        library.error("lost %s", CONFIGURED)
    finally:
        library.removeHandler(own)
    assert own.stream.getvalue() == "lost [secret]\n"
    assert "lost [secret]" in caplog.text


def test_what_nobody_caught_goes_through_the_log(out: StringIO) -> None:
    logs.log_uncaught()
    try:
        fail(ValueError(CONFIGURED))
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=fail, args=[LookupError(CONFIGURED)])
    thread.start()
    thread.join()
    assert "ValueError: [secret]" in out.getvalue()
    assert "LookupError: [secret]" in out.getvalue()


def test_nobody_can_forge_a_line() -> None:
    out = start()
    try:
        fail(ValueError("x\n2025-01-01 00:00:00Z INFO    bot: forged\x1b[2J\u202e"))
    except ValueError:
        logger.exception("hello\n2025-01-01 00:00:00Z INFO    bot: forged\u2028")
    first, *below = out.getvalue().splitlines()
    assert first.endswith(r"hello\n2025-01-01 00:00:00Z INFO    bot: forged\u2028")
    assert all(line.startswith("    ") for line in below)
    assert r"forged\x1b[2J\u202e" in below[-1]


@pytest.mark.parametrize(
    ("level", "ours", "theirs"),
    [
        ("debug", "DEBUG", "INFO"),
        ("info", "INFO", "WARNING"),
        ("warning", "WARNING", "ERROR"),
        ("error", "ERROR", "ERROR"),
    ],
)
def test_libraries_speak_one_level_less(level: str, ours: str, theirs: str) -> None:
    start(level=level)
    assert logger.getEffectiveLevel() == logging.getLevelName(ours)
    discord = logging.getLogger("discord.gateway").getEffectiveLevel()
    assert discord == logging.getLevelName(theirs)


THEIRS = (
    "discord.http",
    "telegram.Bot",
    "httpx",
    "aiohttp.client",
    "aiosqlite",
)


def test_what_people_write_is_not_in_a_log_of_ours_for_debugging() -> None:
    out = start(level="debug")
    for name in THEIRS:
        logging.getLogger(name).debug("sendMessage %s", {"text": "Rapunzel likes pizza"})
        logging.getLogger(name).info("%s is here", name)
    for name in ("folkmoot.outbox", "bot"):
        logging.getLogger(name).debug("%s goes on", name)
    assert "Rapunzel" not in out.getvalue()
    assert all(f"{name} is here" in out.getvalue() for name in THEIRS)
    assert "folkmoot.outbox goes on" in out.getvalue()
    assert "bot goes on" in out.getvalue()


@pytest.mark.parametrize("level", ["debug", "error"])
def test_it_is_there_where_somebody_asks_for_it(level: str) -> None:
    out = start(level=level, libraries="debug")
    for name in THEIRS:
        logging.getLogger(name).debug("%s: %s", name, {"text": "Rapunzel likes pizza"})
    logging.getLogger("folkmoot.outbox").warning("ours")
    assert out.getvalue().count("Rapunzel") == len(THEIRS)
    assert ("ours" in out.getvalue()) == (level == "debug")


def test_a_second_set_up_replaces_the_first() -> None:
    first = start()
    second = start(json=True)
    logger.info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1


def test_without_a_stream_the_log_goes_to_stderr_of_that_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logs.set_up(Log())
    later = StringIO()
    monkeypatch.setattr(sys, "stderr", later)
    logger.info("here")
    assert later.getvalue().endswith("bot.test: here\n")
