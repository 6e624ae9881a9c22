"""What people read about linking: the code, the question to both sides, what came of it."""

from core.community import codes, store
from core.community.codes import Code, What
from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code as Exact
from core.kernel.text import CommandName, MemberId, T, Text
from core.kernel.view import Block, Button, Note, Paragraph, Style, Tone, View
from core.kernel.words import clean

# Without letters that look like digits; 50 bits, for 10 minutes.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def code_of(secret: bytes) -> str:
    """Return the code that is made of 32 secret bytes, as people type it.

    >>> code_of(bytes(range(32)))
    '01234-56789'
    """
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in secret[:LENGTH])
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def read_code(written: str) -> str:
    """Return a code as it was given, however it was typed.

    >>> read_code("o1234 56789")
    '01234-56789'
    """
    letters = clean(written).upper().translate(_LIKE)
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


@drawing("link.code")
def code_given(call: Call, number: int) -> View:
    """The answer to `link`: a code, for who asked and as long as it works."""
    found = codes.code(call.tx, number)
    is_asker = found is not None and call.visitor is not None and call.visitor.id == found.member
    if found is None or found.secret is None or not is_asker or call.now_ms >= found.expires_ms:
        raise Gone
    code = code_of(found.secret)
    path = "link" if found.what is What.MEMBER else "space link"
    said = T(
        "Type this until {at} {where}: {line}",
        at=from_ms(found.expires_ms),
        where=_WHERE[found.what],
        line=Exact(f"/{path} {code}"),
    )
    warning = T("It works once. Give it to nobody: whoever types it asks to be one with you.")
    if found.what is What.SPACE:
        warning = T("It works once. Give it only to an admin of that space.")
    return View(T("Your code: {code}", code=Exact(code)), (Paragraph(said), Note(warning)))


@drawing("link.question")
def question(call: Call, number: int) -> View:
    """What both sides are asked, once the code was typed."""
    found = _waiting(call, number)
    assert found.other is not None
    said = T(
        "{one} and {other} want to be one member of {name}, with one vote and one standing.",
        one=_called(call, found.member),
        other=_called(call, found.other),
        name=call.community.name,
    )
    stays = T("Of ballots in open votes the one cast last stands; this cannot be undone.")
    how = T(
        "Are both of these you? Both have to confirm until {at}: press the button here, or "
        "type {command} in the group to see it there. Otherwise do nothing.",
        at=from_ms(found.expires_ms),
        command=CommandName("link"),
    )
    from core.community.linking import LinkConfirm

    button = Button(T("Both are me"), LinkConfirm(link=number), Style.MAIN)
    return View(T("Link two accounts?"), (Paragraph(said), Paragraph(stays), Note(how)), (button,))


@drawing("link.others_turn")
def others_turn(call: Call, number: int, confirmed_by: int) -> View:
    """The answer to the first one who confirms."""
    found = _waiting(call, number)
    assert found.other is not None
    other = found.other if confirmed_by == found.member else found.member
    text = T("Noted. Now {other} has to confirm, from the other account.", other=MemberId(other))
    return View(None, (Paragraph(text),))


@drawing("link.joined")
def joined(call: Call, member: int) -> View:
    """The answer to the second one who confirms, and what the person is told."""
    text = T(
        "Your accounts are one member of {name} now: {who}.",
        name=call.community.name,
        who=_called(call, member),
    )
    more = T("What you gave, got and have open is together: {me}", me=CommandName("me"))
    return View(None, (Paragraph(text), Note(more)), tone=Tone.PASSED)


@drawing("space.asked")
def space_asked(call: Call, number: int) -> View:
    """The answer to who typed the code in the space that is to join."""
    found = _waiting(call, number)
    text = T(
        "{here} asks to join {community}. Now the admin who gave the code has to confirm it there, "
        "until {at}. Until then nothing is changed.",
        here=_joining(call, found),
        community=_name(call, found.community),
        at=from_ms(found.expires_ms),
    )
    return View(None, (Paragraph(text),))


@drawing("space.question")
def space_question(call: Call, number: int) -> View:
    """What the admin who gave the code is asked."""
    found = _waiting(call, number)
    said = T(
        "{space} ({platform}) wants to join {community}: whoever is there takes part here, and "
        "votes appear in both.",
        space=_joining(call, found),
        platform=_platform(call, found),
        community=_name(call, found.community),
    )
    how = T(
        "To let it join, press the button until {at}, or type {command} in {community} to see it "
        "there. Otherwise do nothing.",
        at=from_ms(found.expires_ms),
        command=CommandName("space link"),
        community=_name(call, found.community),
    )
    confirm = call.house.command("space confirm", link=number)
    button = Button(T("Let it join"), confirm, Style.MAIN)
    return View(T("Let this space join?"), (Paragraph(said), Note(how)), (button,))


@drawing("space.joined")
def space_joined(call: Call, space: int, left: int) -> View:
    """What both sides read when a space has joined; `left` is the community that it ended."""
    known = store.space(call.tx, space)
    if known is None or known.community != call.community.id:
        raise Gone
    text = T("{space} ({platform}) belongs to {name} now.", space=_name(call, left),
             platform=known.platform, name=call.community.name)  # fmt: skip
    line = T(
        "Votes appear there where {link} was typed; an admin there can change that with {command}.",
        link=CommandName("space link"),
        command=CommandName("channel"),
    )
    blocks: list[Block] = [Paragraph(text), Note(line)]
    both = T(
        "Who is in both spaces links the accounts with {command}.", command=CommandName("link")
    )
    return View(None, (*blocks, Note(both)), tone=Tone.PASSED)


@drawing("link.noted")
def noted(_: Call) -> View:
    """What the clock gets; nobody reads it."""
    return View()


_WHERE = {
    What.MEMBER: T("from your other account, in a group of this community"),
    What.SPACE: T("in the space that is to join, as an admin there"),
}


def _waiting(call: Call, number: int) -> Code:
    found = codes.code(call.tx, number)
    if found is None or not found.waits(call.now_ms):
        raise Gone
    return found


def _name(call: Call, community: int) -> str:
    known = store.community(call.tx, community)
    return known.name if known else ""


def _joining(call: Call, found: Code) -> str:
    space = store.space(call.tx, found.other_space or 0)
    return _name(call, space.community) if space else ""


def _platform(call: Call, found: Code) -> str:
    space = store.space(call.tx, found.other_space or 0)
    return space.platform if space else ""


def _called(call: Call, member: int) -> Text:
    """Return a member's name, with the platforms where they have an account."""
    accounts = store.accounts(call.tx, call.community.id, member)
    known = [platform for platform, account in accounts if not account.startswith("forgotten:")]
    platforms = ", ".join(sorted(set(known)))
    return T("{who} ({platforms})", who=MemberId(member), platforms=platforms)
