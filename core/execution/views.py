"""What people read about wallets and about the signer's needs."""

from core.execution import store, wallet_store
from core.execution.model import Alarm
from core.execution.port import OPERATION, WALLET_CHECK
from core.execution.signin import message
from core.execution.wallet_store import Challenge, WalletWhy
from core.kernel import journal
from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code, CommandName, T, Text
from core.kernel.view import Block, Items, Note, Paragraph, Tone, Verbatim, View

_ALARMS: dict[Alarm, Text] = {
    Alarm.LOW_GAS: T(
        "The bot's key is short of the chain's coin for fees. Send some to it, or payments wait."
    ),
    Alarm.WRONG_CHAIN: T(
        "The node answers for another chain than the one that is set. Nothing is sent until "
        "whoever runs me sets this right."
    ),
    Alarm.NODE_AWAY: T(
        "The chain's node does not answer. Payments wait and go on by themselves when it is back."
    ),
    Alarm.FEE_CEILING: T(
        "A transaction is stuck, and fees are above the ceiling that is set. I do not pay more by "
        "myself: it goes on when fees fall, or whoever runs me raises the ceiling."
    ),
    Alarm.WOULD_REVERT: T(
        "The chain would refuse a payment as things stand, so it is not sent. I try again."
    ),
    Alarm.NOT_ALLOWED: T(
        "The bot's key may not schedule in this treasury. It needs the role PROPOSER there."
    ),
    Alarm.TREASURY_SHORT: T(
        "A treasury holds less than a payment that is due. Fill it up, or have a guardian cancel."
    ),
    Alarm.VETO_UNDONE: T(
        "The chain took a veto back. The books keep it, and I do not schedule the payment again."
    ),
    Alarm.UNPROVED: T(
        "A payment was executed, and I cannot prove yet that its amount arrived. I look again."
    ),
    Alarm.UNKNOWN_COMMUNITY: T(
        "A treasury is set up for a community that I do not know. Whoever runs me should see "
        "whether its address is misspelt; if it is right, somebody there has to use a command "
        "first."
    ),
    Alarm.CONTRADICTION: T(
        "The chain says something of a payment that contradicts the books. Nothing is changed: "
        "please look at it, and pause payments where in doubt."
    ),
    Alarm.NOT_AS_VOTED: T(
        "What the database has of a payment is not what was voted on, so I sign nothing for it. "
        "Pause payments, and have whoever runs me look at the database with verify."
    ),
}
_NOT_PROVED: dict[WalletWhy, Text] = {
    WalletWhy.OTHER_ACCOUNT: T(
        "Another account made this signature. Choose the right account in your wallet, and sign "
        "a new text."
    ),
    WalletWhy.MALFORMED: T(
        "This is no signature of that text. Sign all of it, without a change, and copy the whole "
        "signature."
    ),
    WalletWhy.NOT_A_WALLET: T(
        "The contract at this address does not say that this signature is its own."
    ),
    WalletWhy.UNAVAILABLE: T("The chain could not be asked just now. Please try again later."),
    WalletWhy.OK: T("It could not be checked. Please try again."),
}


@drawing("chain.noted")
def noted(_: Call) -> View:
    """What signer and clock get; nobody reads it."""
    return View()


@drawing(OPERATION)
def operation_work(_: Call, proposal: int) -> View:
    """The name of a payment that the signer is asked for; nobody reads it."""
    del proposal
    return View()


@drawing(WALLET_CHECK)
def wallet_work(_: Call, number: int) -> View:
    """The name of a signature that the signer is asked to check; nobody reads it."""
    del number
    return View()


@drawing("chain.warned")
def warned(_: Call, what: str, detail: str) -> View:
    """What the admins are told."""
    blocks: list[Block] = [Paragraph(_ALARMS[Alarm(what)])]
    if detail:
        blocks.append(Note(T("The signer says: {detail}", detail=detail)))
    return View(T("About payments on the chain"), tuple(blocks), tone=Tone.FAILED)


@drawing("wallet.to_sign")
def to_sign(call: Call, number: int) -> View:
    """The answer to `wallet set`, for who asked."""
    found = _own(call, number)
    first = journal.entry(call.tx, call.community.id, 1)
    if first is None or found.signature is not None:
        raise Gone
    said = T(
        "Sign this text in your wallet (often called: sign message), with {address}, until {at}:",
        address=Code(found.address),
        at=from_ms(found.expires_ms),
    )
    then = T("Then give me the signature with {command}.", command=CommandName("wallet prove"))
    note = T("Signing moves nothing and costs nothing. Check that every line says what it should.")
    text = Verbatim(message(found, first.hash))
    return View(T("Is this wallet yours?"), (Paragraph(said), text, Paragraph(then), Note(note)))


@drawing("wallet.checking")
def checking(call: Call, number: int) -> View:
    """The answer to `wallet prove`."""
    _own(call, number)
    text = T("The signature is being checked. I tell you what comes of it, mostly within a minute.")
    return View(None, (Paragraph(text),))


@drawing("wallet.checked")
def checked(call: Call, number: int) -> View:
    """What a member is told when a signature was checked."""
    found = wallet_store.challenge(call.tx, call.community.id, number)
    if found is None or found.is_proved is None or found.why is None:
        raise Gone
    address, name = Code(found.address), call.community.name
    if found.is_proved:
        text = T(
            "{address} is your wallet in {name} now. Payments to you go there unless a request "
            "names another address.", address=address, name=name,
        )  # fmt: skip
        return View(None, (Paragraph(text),), tone=Tone.PASSED)
    text = T("I could not see that {address} is yours. {why}", address=address,
             why=_NOT_PROVED[found.why])  # fmt: skip
    again = T("To try again in {name}: {command}", name=name, command=CommandName("wallet set"))
    return View(None, (Paragraph(text), Note(again)), tone=Tone.FAILED)


def mine(call: Call, member: int) -> list[Block]:
    """The part of `me`: the asker's wallets."""
    kept = wallet_store.wallets_of(call.tx, call.community.id, member)
    if not kept:
        if not store.treasuries(call.tx, call.community.id):
            return []
        hint = T("You have no wallet here. To be paid on the chain: {command}",
                 command=CommandName("wallet set"))  # fmt: skip
        return [Note(hint)]
    lines = tuple(
        T("{address} (chain {chain})", address=Code(one.address), chain=one.chain_id)
        for one in kept
    )
    return [Paragraph(T("Your wallet:")), Items(lines)]


def _own(call: Call, number: int) -> Challenge:
    found = wallet_store.challenge(call.tx, call.community.id, number)
    if found is None or call.visitor is None or call.visitor.id != found.member:
        raise Gone
    return found
