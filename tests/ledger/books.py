"""Moving amounts directly, where no command of people is under test."""

from collections.abc import Callable
from typing import TypeVar

from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.drawing import drawing
from core.kernel.request import Asker, Kind
from core.kernel.view import View
from core.ledger import Book, Holder
from tests.asking import request
from tests.world import World

R = TypeVar("R")
OUTSIDE = Holder(Book.OUTSIDE)


@drawing("test.booked")
def booked(_: Call) -> View:
    """Nothing that anybody reads."""
    return View()


class Move(Command, name="move", may=May.WORKER):
    """Do something with the books, as a test wants it."""

    def run(self, call: Call) -> View:
        """Do it."""
        WANTED.pop()(call)
        return booked(call)


WANTED: list[Callable[[Call], object]] = []


def do(world: World, what: Callable[[Call], R]) -> R:
    """Run something inside a command that is journalled; an error of a user is raised."""
    if "move" not in world.house.commands:
        world.house.commands = {**world.house.commands, "move": Move}
    if not world.tx.all("select 1 from community"):
        world.member("ana").says("/propose Sing")
    found: list[R] = []
    WANTED.append(lambda call: found.append(what(call)))
    asked = request("move", place=None, asker=Asker(kind=Kind.WORKER), is_stored=True, community=1)
    reply = world.ask(asked)
    if reply.error is not None:
        raise reply.error
    return found[0]
