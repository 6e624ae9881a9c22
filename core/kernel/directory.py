"""How the door finds communities and people; the community feature answers."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from core.kernel.call import Call
from core.kernel.feature import CardOf
from core.kernel.outbox import Person
from core.kernel.people import Community, Member, Space
from core.kernel.request import Asker, Place, Request
from core.kernel.setting import Settings
from core.kernel.tx import Tx
from core.kernel.unit import Unit


class Directory(Protocol):
    """How the door finds communities and people; the community feature answers."""

    def find(self, unit: Unit, place: Place) -> tuple[Community, Space]:
        """Return the community of a place, founding it at its first command."""
        ...

    def at(self, tx: Tx, place: Place) -> int | None:
        """Return which community a place is of, None where there is none yet."""
        ...

    def community(self, unit: Unit, community: int) -> Community:
        """Return a community by id."""
        ...

    def meet(self, unit: Unit, requests: Sequence[Request]) -> None:
        """Learn who is behind the askers of a batch."""
        ...

    def settings(self, unit: Unit, community: int) -> Settings:
        """Return a community's settings."""
        ...

    def member(self, unit: Unit, community: int, asker: Asker) -> Member | None:
        """Return the member behind an account, if there is one."""
        ...

    def join(self, call: Call) -> Member:
        """Make the asking person a member."""
        ...

    def warn(self, call: Call, what: str) -> None:
        """Tell the admins of a community that something needs them."""
        ...

    def retire(self, call: Call, stale: CardOf, message: str) -> None:
        """Turn a pressed message that is not the live card into a pointer to it."""
        ...

    def salted(self, tx: Tx, community: int, value: Any) -> str:
        """Return a digest that cannot be guessed without the community's salt."""
        ...

    def space(self, tx: Tx, space: int) -> Space | None:
        """Return a space by id."""
        ...

    def spaces(self, tx: Tx, community: Community) -> Sequence[Space]:
        """Return the spaces of a community, its home first."""
        ...

    def people(self, tx: Tx, members: Collection[int]) -> dict[int, Person]:
        """Return members as renderers name them."""
        ...
