"""Two accounts of one person, and the steps by which they are linked."""

import re

from bot.platforms.console.read import asker_of
from bot.verify import checks
from core.app import Reply
from core.kernel.feature import Fault
from core.kernel.request import Request
from tests.asking import request
from tests.world import Person, World

CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}")


def code_for(person: Person) -> str:
    """Have a person ask for a code and return it."""
    found = CODE.search(person.says("/link"))
    assert found is not None, person.private[-1]
    return found[0]


def confirming(person: Person, number: int) -> Request:
    """Return a person's press on the button of a link."""
    return request("", asker=asker_of(person.speaker), press=f"link_confirm:{number}")


def confirm(person: Person, number: int = 1) -> Reply:
    """Have a person press the button of a link."""
    reply = person.world.ask(confirming(person, number))
    person.world.settle()
    return reply


def asked(person: Person) -> int:
    """Return the number of the link that a person was asked to confirm last."""
    row = person.world.tx.one("select max(number) from link_code")
    assert row is not None
    return int(row[0])


def link(giver: Person, other: Person) -> None:
    """Link two accounts from the code to the second press."""
    other.says(f"/link {code_for(giver)}")
    number = asked(other)
    for one in (giver, other):
        reply = confirm(one, number)
        assert reply.error is None, reply.error


def member_of(person: Person) -> int:
    """Return the number of the member behind a person."""
    row = person.world.tx.one(
        "select member from account where account = ?", (person.speaker.account,)
    )
    assert row is not None
    return int(row[0])


def faults(world: World) -> list[Fault]:
    """Return what verify finds."""
    return [fault for _, found in checks(world.tx, world.house) for fault in found.faults]
