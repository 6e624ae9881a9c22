"""What waits for the engine: of one community in its order, and one community after another."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Waiting = TypeVar("Waiting")


class Backlog(Generic[Waiting]):
    """Items by whom they concern; a batch is of one group, and the next one of another."""

    def __init__(self, group_of: Callable[[Waiting], Hashable], batch_max: int) -> None:
        """Take what groups items, and how many of one group may go together."""
        self._group_of = group_of
        self._batch_max = batch_max
        self._groups: OrderedDict[Hashable, deque[Waiting]] = OrderedDict()
        self._n = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._n

    @property
    def n_groups(self) -> int:
        """Return of how many communities something waits."""
        return len(self._groups)

    def put(self, one: Waiting) -> None:
        """Have one wait behind the others of its group."""
        group = self._group_of(one)
        waiting = self._groups.get(group)
        if waiting is None:
            waiting = self._groups[group] = deque()
        waiting.append(one)
        self._n += 1

    def take(self) -> list[Waiting]:
        """Return a batch of the group whose turn it is; the rest of it waits for the next."""
        group, waiting = self._groups.popitem(last=False)
        n = min(len(waiting), self._batch_max)
        taken = [waiting.popleft() for _ in range(n)]
        if waiting:
            self._groups[group] = waiting
        self._n -= n
        return taken

    def put_back(self, taken: Sequence[Waiting]) -> None:
        """Have a batch wait again, before the rest of its group and after all other groups."""
        group = self._group_of(taken[0])
        waiting = self._groups.pop(group, deque())
        waiting.extendleft(reversed(taken))
        self._groups[group] = waiting
        self._n += len(taken)
