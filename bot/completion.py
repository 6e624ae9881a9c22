"""Completing half-typed options, the same on every platform that can."""

from bot.database.port import Readers
from core.kernel.feature import House
from core.kernel.fields import Choices, Lookup, Suggestion, Typing
from core.kernel.words import skeleton

SUGGESTIONS_MAX = 25

PEOPLE_MAX = 1000

_PEOPLE = """
select distinct m.name
  from space s
  join account a on a.community = s.community and a.platform = s.platform
  join member m on m.id = a.member
 where s.platform = ? and s.space = ? and m.name <> ''
 order by m.name limit ?"""
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

    async def people(self, platform: str, space: str, typed: str) -> list[str]:
        """Return at most 25 names of members in a space that begin with what is typed."""
        rows = await self._readers.all(_PEOPLE, (platform, space, PEOPLE_MAX))
        wanted = skeleton(typed)
        names = [str(row[0]) for row in rows if skeleton(str(row[0])).startswith(wanted)]
        return names[:SUGGESTIONS_MAX]

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
