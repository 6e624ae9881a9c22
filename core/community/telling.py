"""Telling people things: cards in the spaces of a community, posts, notices to a member."""

from core.community import codes, store
from core.kernel import outbox
from core.kernel.call import Call
from core.kernel.drawing import Drawing, subject_of
from core.kernel.outbox import Kind, Letter, Live
from core.kernel.people import Space
from core.kernel.view import Drawn


def show_card(call: Call, purpose: str, drawing: Drawing, *ids: int | str) -> None:
    """Send a card to the channel chosen for its purpose, else to where this was asked."""
    for space in store.spaces(call.tx, call.community.id):
        chosen = store.channel(call.tx, space.id, purpose)
        if chosen is not None:
            _place_card(call, space, chosen.channel, chosen.thread, drawing, ids)
        elif call.space is not None and call.space.id == space.id and call.place is not None:
            _place_card(call, space, call.place.channel, call.place.thread, drawing, ids)


def show_card_near(
    call: Call, purpose: str, near: Drawn, drawing: Drawing, *ids: int | str
) -> None:
    """Send a card to the channel chosen for its purpose, else to where another card lives."""
    for space in store.spaces(call.tx, call.community.id):
        chosen = store.channel(call.tx, space.id, purpose)
        live = outbox.live(call.tx, call.community.id, subject_of(near), space.id)
        if chosen is not None:
            _place_card(call, space, chosen.channel, chosen.thread, drawing, ids)
        elif live is not None:
            _place_card(call, space, live.channel, live.thread, drawing, ids)


def show_card_in(call: Call, space: Space, purpose: str, drawing: Drawing, *ids: int | str) -> None:
    """Send a card to the channel that one space chose for its purpose."""
    chosen = store.channel(call.tx, space.id, purpose)
    if chosen is not None:
        _place_card(call, space, chosen.channel, chosen.thread, drawing, ids)


def goes_here(call: Call, purpose: str) -> bool:
    """Whether a card of this purpose would appear where this is asked."""
    if call.space is None or call.place is None:
        return False
    chosen = store.channel(call.tx, call.space.id, purpose)
    return chosen is None or chosen.channel == call.place.channel


def move_card(call: Call, drawing: Drawing, pointer: Drawing, *ids: int | str) -> None:
    """Make the card live where this was asked; the old one, if there is one, points to it."""
    assert call.space is not None
    assert call.place is not None
    before = live_card(call, drawing, *ids)
    if before is not None and before.message:
        retire(call, call.space, before, pointer, *ids)
    _place_card(call, call.space, call.place.channel, call.place.thread, drawing, ids)


def live_card(call: Call, drawing: Drawing, *ids: int | str) -> Live | None:
    """Return where a card lives in the space of this request."""
    assert call.space is not None
    subject = drawing.subject(*ids)
    return outbox.live(call.tx, call.community.id, subject, call.space.id)


def retire(call: Call, space: Space, old: Live, pointer: Drawing, *ids: int | str) -> None:
    """Turn a message that is no longer the live card into a pointer to it."""
    letter = Letter(
        key=f"{call.community.id}:pointer:{space.id}:{old.channel}:{old.message}",
        kind=Kind.POINTER,
        platform=space.platform,
        community=call.community.id,
        space=space.id,
        subject=pointer.subject(*ids),
        channel=old.channel,
        thread=old.thread,
        message=old.message,
    )
    call.queue(letter)


def post(call: Call, purpose: str, drawing: Drawing, *ids: int | str) -> None:
    """Post a message in the channel chosen for a purpose, else where its card lives."""
    for space in store.spaces(call.tx, call.community.id):
        chosen = store.channel(call.tx, space.id, purpose)
        channel, thread = (chosen.channel, chosen.thread) if chosen else ("", "")
        if chosen is None and call.space is not None and call.space.id == space.id and call.place:
            channel, thread = call.place.channel, call.place.thread
        if channel:
            post_at(call, space, channel, thread, drawing, *ids)


def warn_admins(call: Call, drawing: Drawing, *ids: int | str) -> None:
    """Post a message in the admin channel of each space that has one."""
    for space in store.spaces(call.tx, call.community.id):
        chosen = store.channel(call.tx, space.id, "admin")
        if chosen is not None:
            post_at(call, space, chosen.channel, chosen.thread, drawing, *ids)


def post_at(
    call: Call, space: Space, channel: str, thread: str, drawing: Drawing, *ids: int | str
) -> None:
    """Post a message at a place."""
    letter = Letter(
        key=call.letter_key("post"),
        kind=Kind.POST,
        platform=space.platform,
        community=call.community.id,
        space=space.id,
        subject=drawing.subject(*ids),
        channel=channel,
        thread=thread,
    )
    call.queue(letter)


def post_beside(call: Call, card: Drawing, drawing: Drawing, *ids: int | str) -> None:
    """Post a message in each place where a card lives."""
    subject = card.subject(*ids)
    for space in store.spaces(call.tx, call.community.id):
        live = outbox.live(call.tx, call.community.id, subject, space.id)
        if live is not None:
            post_at(call, space, live.channel, live.thread, drawing, *ids)


def tell(call: Call, member: int, drawing: Drawing, *ids: int | str) -> None:
    """Send a member a notice on the first platform where they have an account."""
    member = person(call, member)
    accounts = store.accounts(call.tx, call.community.id, member)
    known = [platform for platform, account in accounts if not account.startswith("forgotten:")]
    if not known:
        return
    letter = Letter(
        key=call.letter_key("notice"),
        kind=Kind.NOTICE,
        platform=known[0],
        community=call.community.id,
        space=None,
        subject=drawing.subject(*ids),
        member=member,
    )
    call.queue(letter)


def have_forgotten(call: Call, platform: str, account: str, mask: str) -> None:
    """Have a platform drop what it remembers by itself of an account in this community.

    One row a space, as a platform remembers by its own ids; `mask` stands for the account in the
    row's key, which may be logged.
    """
    for space in store.spaces(call.tx, call.community.id):
        if space.platform != platform or account.startswith("forgotten:"):
            continue
        letter = Letter(
            key=f"{call.community.id}:forget:{space.id}:{mask}",
            kind=Kind.FORGET,
            platform=platform,
            community=call.community.id,
            space=space.id,
            subject=account,
        )
        call.queue(letter)


def person(call: Call, member: int) -> int:
    """Return the member that somebody is now: another one, where two turned out to be one."""
    return codes.person(call.tx, call.community.id, member)


def is_reachable(call: Call, member: int) -> bool:
    """Whether somebody still stands behind a member of this community."""
    accounts = store.accounts(call.tx, call.community.id, member)
    return any(not account.startswith("forgotten:") for _, account in accounts)


def _place_card(
    call: Call,
    space: Space,
    channel: str,
    thread: str,
    drawing: Drawing,
    ids: tuple[int | str, ...],
) -> None:
    letter = Letter(
        key=f"{call.community.id}:card:{space.id}:{drawing.subject(*ids)}",
        kind=Kind.CARD,
        platform=space.platform,
        community=call.community.id,
        space=space.id,
        subject=drawing.subject(*ids),
        channel=channel,
        thread=thread,
    )
    call.queue(letter)
