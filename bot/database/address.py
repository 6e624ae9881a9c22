"""Where a PostgreSQL database is, taken from its url; what is shown of it has no password."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Address:
    """A url in parts."""

    url: str = field(repr=False)
    shown: str
    passwords: tuple[str, ...] = field(repr=False)
    words: dict[str, Any] = field(repr=False)


def is_postgres(url: str) -> bool:
    """Whether a url names a PostgreSQL database."""
    return url.partition(":")[0] in SCHEMES


def read_address(url: str) -> Address:
    """Read `postgresql://user:password@host:port/name?sslmode=require`; raises ValueError.

    Parts that are left out are libpq's own: PGHOST, PGPASSWORD, the password file and the like.
    """
    parts = urlsplit(url)
    more = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.removeprefix("/")) or more.get("dbname", "")
    host = unquote(parts.hostname or "") or more.get("host", "")
    words = more | {
        "dbname": name,
        "host": host,
        "port": parts.port or more.get("port"),
        "user": unquote(parts.username or "") or more.get("user"),
        "password": unquote(parts.password or "") or more.get("password"),
    }
    if not name or "/" in name or parts.fragment:
        raise ValueError("names no database")
    where = f"{host}:{words['port']}" if words["port"] and "/" not in host else host
    who = f"{words['user']}@" if words["user"] else ""
    secrets = (parts.password or "", words["password"] or "")
    return Address(
        url,
        f"postgresql://{who}{where}/{name}" if "/" not in where else f"postgresql:///{name}",
        tuple(dict.fromkeys(str(one) for one in secrets if one)),
        {key: value for key, value in words.items() if value},
    )
