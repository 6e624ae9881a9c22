"""Completing half-typed options, the same on every platform that can."""

from bot.database.port import Readers
from core.kernel.feature import House
from core.kernel.fields import Choices, Lookup, Suggestion, Typing
from core.kernel.words import skeleton

SUGGESTIONS_MAX = 25

_COMMUNITY = "select community from space where platform = ? and space = ?"


class Completion:
    """Answers what an option could become."""

    def __init__(self, house: House, readers: Readers) -> None:
        """Take the declarations and where rows are read."""
        self._house = house
        self._readers = readers

    async def community(self, platform: str, space: str) -> int | None:
        """Return the community of a space, None where there is none yet."""
        rows = await self._readers.all(_COMMUNITY, (platform, space))
        return int(rows[0][0]) if rows else None

    async def suggest(self, path: str, option: str, typing: Typing) -> list[Suggestion]:
        """Return at most 25 completions that contain what is typed."""
        found = self._house.commands.get(path)
        declared = found.declaration if found else None
        options = {one.name: one for one in declared.options} if declared else {}
        domain = options[option].domain if option in options else None
        match domain.suggest if domain else None:
            case None:
                return []
            case Choices(choose):
                return list(choose(typing, self._house))[:SUGGESTIONS_MAX]
            case Lookup(sql, args, read):
                rows = await self._readers.all(sql, args(typing))
                all_of = [one for row in rows for one in read(row)]
                wanted = skeleton(typing.typed)
                fitting = [
                    one for one in all_of if wanted in skeleton(one.label) or wanted == one.value
                ]
                return fitting[:SUGGESTIONS_MAX]
