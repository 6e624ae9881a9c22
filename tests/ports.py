"""This file keeps ports free for programs that cannot be told to take any that is free."""

import socket


def held_port() -> int:
    """Return a port of this machine for a server that is started later, or again.

    It is bound until this process ends, so the system gives it to nobody else meanwhile, however
    many tests ask for one; nobody listens, so a server that reuses addresses can take it.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port: int = held.getsockname()[1]
    held.detach()
    return port
