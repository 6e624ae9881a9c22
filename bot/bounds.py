"""What a written setting must look like; each function is one kind of text."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.database.address import is_postgres, read_address

TOKEN_LENGTH_MAX = 200  # Discord's are about 70 characters
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,29})(\.[0-9]{1,36})?", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


# The functions below raise ValueError with what the value must be; an empty one means that the
# field's own description says it all.


def database_url(url: str) -> str:
    if url.startswith("postgresql+"):
        raise ValueError("must start with postgresql://, without the name of a driver")
    if is_postgres(url):
        return _postgres_url(url)
    name = url.removeprefix("sqlite:///")
    if url in {"sqlite:", "sqlite://", "sqlite:///"} or name == ":memory:":
        raise ValueError("must name a file: what is only in memory is lost when the bot stops")
    if "?" in name:
        raise ValueError("must end with the file's name; options after a ? are not understood")
    is_folder = name.endswith("/") or Path(name).name in {"", ".."}
    if name == url or is_folder or not name.isprintable():
        raise ValueError
    return url


def _postgres_url(url: str) -> str:
    try:
        read_address(url)
    except ValueError:  # its own words could repeat a password
        raise ValueError(
            "must be postgresql://user:password@host/name; signs such as @ : / # ? % in the "
            "password are written as %40 %3A %2F %23 %3F %25"
        ) from None
    if not url.isprintable() or " " in url:
        raise ValueError("must be postgresql://user:password@host/name, without spaces")
    return url


def bot_token(token: SecretStr) -> SecretStr:
    text = token.get_secret_value().strip()  # a token read from a file often ends with a newline
    if text.lower().startswith("bot "):
        raise ValueError('must be the token alone, without the word "Bot" before it')
    if len(text) > TOKEN_LENGTH_MAX or not all("!" <= c <= "~" for c in text):
        raise ValueError
    return SecretStr(text)


def telegram_token(token: SecretStr) -> SecretStr:
    text = token.get_secret_value().strip()
    number, _, secret = text.partition(":")
    if text and not (number.isascii() and number.isdigit() and secret):
        raise ValueError
    return bot_token(SecretStr(text))


def webhook_secret(secret: SecretStr) -> SecretStr:
    if _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()) is None:
        raise ValueError
    return secret


def webhook_address(url: str) -> str:
    return _address(url, "https", "http") if url else url


def listening(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16):
        raise ValueError
    return address


def _address(url: str, *schemes: str) -> str:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # its own words speak of IPv6 and integers
        raise ValueError from None
    # A password in an address would end up in other programs' logs; a query would be dropped.
    has_more = "@" in parts.netloc or "?" in url or "#" in url
    is_clean = url.isprintable() and " " not in url
    if parts.scheme not in schemes or not has_host or has_more or not is_clean:
        raise ValueError
    return url


def rest_address(url: str) -> str:
    return _address(url, "https", "http").rstrip("/")


def node_address(url: SecretStr) -> SecretStr:
    text = url.get_secret_value().strip()
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError from None
    is_clean = text.isprintable() and " " not in text
    if text and not (parts.scheme in {"https", "http"} and has_host and is_clean):
        raise ValueError
    return SecretStr(text)


def chain_address(written: str) -> str:
    from core.execution.address import ZERO, is_exact, is_shaped  # only where a chain is set

    if not is_shaped(written) or written == ZERO:
        raise ValueError
    if not is_exact(written):
        raise ValueError(
            "has capitals that do not fit its digits, so a letter may be wrong; copy it again from "
            "where it comes from, with capitals as they stand there"
        )
    return written


def amount_text(written: Any) -> Any:
    text = str(written) if isinstance(written, int) and not isinstance(written, bool) else written
    if isinstance(text, str) and _AMOUNT.fullmatch(text) is None:
        raise ValueError
    return text


def listed(tables: Any) -> Any:
    return tuple(tables) if isinstance(tables, list) else tables


def gateway_address(url: str | None) -> str | None:
    return _address(url, "wss", "ws") if url else None


def split(ids: Any) -> Any:
    # The environment has no lists: FOLKMOOT_DISCORD__GUILD_IDS=123,456. In the file such a text
    # is still refused, since its pieces are no whole numbers there.
    if isinstance(ids, str):
        ids = ids.strip("[] ").split(",")
    return tuple(ids) if isinstance(ids, list) else ids


def folder(name: Any) -> Any:
    if not isinstance(name, str):
        return name
    if not name.isprintable():
        raise ValueError
    try:
        return Path(name).expanduser() if name else None
    except RuntimeError:
        raise ValueError("starts with ~ and a user that does not exist here") from None


def lower(level: Any) -> Any:
    return level.lower() if isinstance(level, str) else level
