"""What becomes of letters when a space gets another id: sent there, and some cards once more."""

from collections.abc import Iterable

from core.kernel.tx import Tx

_CARDS = """
select key, subject from outbox
 where space = ? and kind = 'card' and created_ms >= ? order by created_ms desc limit ?"""
# What was sent stands in the old place: a pointer there can be edited no more.
_MOVE = """
update outbox set channel = ?, thread = '', lease_ms = 0, message = '',
       sent_version = case when kind = 'pointer' then version else sent_version end
 where space = ?"""
_SHOW_ANEW = "update outbox set version = version + 1, due_ms = ?, trouble = '' where key = ?"


def cards(tx: Tx, space: int, since_ms: int, limit: int) -> list[tuple[str, str]]:
    """Return (key, subject) of the cards put since an instant, newest first."""
    return [(key, subject) for key, subject in tx.all(_CARDS, (space, since_ms, limit))]


def move(tx: Tx, space: int, channel: str, shown_anew: Iterable[str], now_ms: int) -> None:
    """Send what is for a space to another channel, and some cards there once more."""
    tx.run(_MOVE, (channel, space))
    tx.many(_SHOW_ANEW, [(now_ms, key) for key in shown_anew])
