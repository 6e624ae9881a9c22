"""This file is the guard: nothing but loopback is reachable from a test."""

import sys
from ipaddress import ip_address
from typing import Any

NAMES = frozenset({None, "", "localhost", b"localhost"})
WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"})


class Outside(RuntimeError):
    """A test wanted to talk to somebody outside this machine."""


def set_up() -> None:
    """Refuse, from now on and for ever, what leads out of this process's machine."""
    sys.addaudithook(_watch)


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event not in WATCHED:
        return
    address = args[0] if event == "socket.getaddrinfo" else args[1]
    # A local socket's address is a path; a message on a connected one has none.
    host = address[0] if isinstance(address, tuple) else None
    if event == "socket.getaddrinfo":
        host = address
    if not is_here(host):
        raise Outside(f"{event} to {host!r}")


def is_here(host: str | bytes | None) -> bool:
    """Whether a host is this machine."""
    if host in NAMES:
        return True
    name = host.decode() if isinstance(host, bytes) else host or ""
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:  # another name: whoever asks for its address wants to go there
        return False
