"""When the chain is ahead of the books: payments stop until two admins say that they may go on.

That is so where a database was restored from an old backup, or another program uses the key.
"""

from collections.abc import Iterable

from bot.chain.books import Books

REPORTED, ACCEPTED = "reported", "accepted"


class Freezer:
    """Freezes payments of a community, once for each thing that should not be."""

    def __init__(self, books: Books) -> None:
        """Take the books, which keep what was frozen and accepted."""
        self._books = books

    async def hold(self, community: int, what: str, why: str) -> bool:
        """Return whether to wait: until payments were frozen for this and resumed again."""
        name = f"frozen.{community}.{what}"
        mark = await self._books.mark(name)
        if mark == ACCEPTED:
            return False
        if mark != REPORTED:
            await self._books.report(community, "chain frozen", why=why)
            await self._books.set_mark(name, REPORTED)
            return True
        if await self._books.is_paused(community):
            return True
        await self._books.set_mark(name, ACCEPTED)
        return False

    async def check_nonce(self, head: int, communities: Iterable[int]) -> bool:
        """Return whether the key was used more often than the books know, and that is not settled.

        `head` is how many transactions of the key the chain has.
        """
        last = await self._books.last_nonce()
        floor = await self._books.mark("floor")
        if floor is None:
            # A key may have been used before the bot got it, such as to deploy the timelock.
            await self._books.set_mark("floor", str(head))
            floor = str(head)
        known = max(int(floor), 0 if last is None else last + 1)
        if head <= known:
            return False
        why = f"the signer's key has sent {head} transactions, and this database knows of {known}"
        # Every community has to hear of it, so no short cut.
        held = [await self.hold(one, f"nonce.{head}", why) for one in communities]
        if any(held):
            return True
        await self._books.set_mark("floor", str(head))
        return False
