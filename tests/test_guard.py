"""Nothing but loopback is reachable, and the guard notices who tries."""

import socket

import pytest

from tests.guard import Outside, is_here


def test_a_connection_outside_is_refused_before_it_is_tried() -> None:
    with socket.socket() as tried, pytest.raises(Outside, match=r"192\.0\.2\.1"):
        tried.connect(("192.0.2.1", 80))


def test_a_name_outside_is_not_even_looked_up() -> None:
    with pytest.raises(Outside, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


def test_this_machine_is_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert is_here("::1")
    assert not is_here("0.0.0.0")
