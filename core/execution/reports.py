"""What the signer reports of an operation. This file is the way facts of a chain come in.

Each report may come twice, late or out of order: what is known already changes nothing, and what
is final (paid, vetoed, not delivered, stopped) is never taken back. A report that cannot be true
beside what is final changes nothing either, and the admins are told.
"""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from core.execution import store, views
from core.execution.address import ExactAddress
from core.execution.model import DETAIL_MAX, FINAL_WHYS, Alarm, Operation, State, Why
from core.execution.warning import warn
from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.errors import UserError
from core.kernel.view import View
from core.kernel.words import clean

HASH = r"^0x[0-9a-f]{64}$"
NOT_FAILED: dict[str, Any] = {
    "failed_ms": None, "failed_why": None, "failed_detail": None, "failed_tx": None,
}  # fmt: skip
NOT_EXECUTED: dict[str, Any] = {
    "executed_ms": None, "executed_tx": None, "executed_block": None,
}  # fmt: skip
NOT_SCHEDULED: dict[str, Any] = {
    "scheduled_ms": None, "scheduled_tx": None, "scheduled_block": None, "ready_ms": None,
}  # fmt: skip


class NoSuchOperation(UserError):
    """#{number} has no payment on a chain. Please look at the books, and at the signer."""


def short(written: str) -> str:
    """Return what a signer says of a cause, on one line and not too long."""
    return clean(written)[:DETAIL_MAX]


Detail = Annotated[str, AfterValidator(short)]
TxHash = Annotated[str, Field(pattern=HASH)]


class Report(Command):
    """Something that the signer saw of one operation."""

    proposal: int = Field(description="the number of the request")

    def after(self, one: Operation, at_ms: int) -> Operation:
        """Return the operation with what this report adds; the same where it adds nothing."""
        raise NotImplementedError

    def contradicts(self, one: Operation) -> bool:
        """Whether this cannot be true beside what is final."""
        return one.state is State.STOPPED

    def run(self, call: Call) -> View:
        """Keep what is new, and have everybody see it."""
        before = store.operation(call.tx, call.community.id, self.proposal)
        if before is None:
            raise NoSuchOperation(number=self.proposal)
        if self.contradicts(before):
            said = f"#{self.proposal}: {self.declaration.path}, {before.state.value}"
            return views.noted(call) if warn(call, Alarm.CONTRADICTION, said) else View()
        after = before if before.is_over else self.after(before, call.now_ms)
        if after == before:
            return View()
        store.keep_operation(call.tx, after)
        changed(call, self.proposal)
        return views.noted(call)


class Scheduled(Report, name="chain scheduled", may=May.SIGNER):
    """Note that the timelock has a payment, and when it is ready."""

    tx: TxHash = Field(description="the transaction")
    block: int = Field(ge=0, description="its block")
    ready_ms: int = Field(ge=0, description="when it can be executed")

    def after(self, one: Operation, at_ms: int) -> Operation:
        """Keep where it is scheduled; what it failed of before is overcome."""
        if (one.scheduled_tx, one.scheduled_block, one.ready_ms) == (
            self.tx, self.block, self.ready_ms,
        ):  # fmt: skip
            return one
        return replace(
            one,
            scheduled_ms=at_ms,
            scheduled_tx=self.tx,
            scheduled_block=self.block,
            ready_ms=self.ready_ms,
            **NOT_FAILED,
        )


class Executed(Report, name="chain executed", may=May.SIGNER):
    """Note that a payment was executed in a block that is not final yet."""

    tx: TxHash = Field(description="the transaction")
    block: int = Field(ge=0, description="its block")

    def after(self, one: Operation, at_ms: int) -> Operation:
        """Keep where it was executed."""
        if (one.executed_tx, one.executed_block) == (self.tx, self.block):
            return one
        return _executed(one, self.tx, self.block, at_ms)

    def contradicts(self, one: Operation) -> bool:
        """Whether it was stopped or vetoed."""
        return one.state in {State.STOPPED, State.VETOED}


class Paid(Report, name="chain paid", may=May.SIGNER):
    """Note that a payment is final, and that exactly its amount arrived."""

    tx: TxHash = Field(description="the transaction")
    block: int = Field(ge=0, description="its block")

    def after(self, one: Operation, at_ms: int) -> Operation:
        """Keep that it is paid, for good."""
        return replace(_executed(one, self.tx, self.block, at_ms), paid_ms=at_ms)

    def contradicts(self, one: Operation) -> bool:
        """Whether it ended otherwise."""
        return one.is_over and one.state is not State.PAID


class Undone(Report, name="chain undone", may=May.SIGNER):
    """Note that a reorganisation of the chain took back what was not final."""

    def after(self, one: Operation, at_ms: int) -> Operation:
        """Forget what was seen in blocks that are gone."""
        del at_ms
        return replace(one, **NOT_SCHEDULED, **NOT_EXECUTED)

    def contradicts(self, one: Operation) -> bool:
        """Whether it is final, which no reorganisation takes back."""
        return one.state in {State.PAID, State.VETOED}


class Vetoed(Report, name="chain vetoed", may=May.SIGNER):
    """Note that a guardian cancelled a payment; it is never sent again."""

    by: ExactAddress = Field(description="who cancelled it")
    tx: TxHash = Field(description="the transaction")

    def after(self, one: Operation, at_ms: int) -> Operation:
        """Keep the veto, for good; what is cancelled was not executed."""
        how: dict[str, Any] = {
            "vetoed_ms": at_ms,
            "vetoed_by": self.by,
            "vetoed_tx": self.tx,
        }
        return replace(one, **how, **NOT_EXECUTED, **NOT_FAILED)

    def contradicts(self, one: Operation) -> bool:
        """Whether it ended otherwise; an operation that was stopped may well be cancelled too."""
        return one.is_over and one.state not in {State.VETOED, State.STOPPED}


class Failed(Report, name="chain failed", may=May.SIGNER):
    """Note that the signer could not carry a payment out, and why."""

    why: Why = Field(description="why, in a word of ours")
    detail: Detail = Field(default="", description="what the signer adds to it")
    tx: str = Field(default="", pattern=rf"{HASH}|^$", description="the transaction, if any")

    def after(self, one: Operation, at_ms: int) -> Operation:
        """Keep the cause; told again it is the same one."""
        if (one.failed_why, one.failed_tx) == (self.why, self.tx):
            return one
        return replace(
            one,
            failed_ms=at_ms,
            failed_why=self.why,
            failed_detail=self.detail,
            failed_tx=self.tx,
        )

    def contradicts(self, one: Operation) -> bool:
        """Whether money is said to be lost although it is known how it ended."""
        return self.why in FINAL_WHYS and one.state in {State.PAID, State.VETOED, State.STOPPED}


class Warned(Command, name="chain warned", may=May.SIGNER):
    """Tell the admins what the signer needs; the same at most once in six hours."""

    what: Alarm = Field(description="what it is, in a word of ours")
    detail: Detail = Field(default="", description="what the signer adds to it")

    def run(self, call: Call) -> View:
        """Post it where admins read."""
        return views.noted(call) if warn(call, self.what, self.detail) else View()


def changed(call: Call, proposal: int) -> None:
    """Have the features see that something became of an operation."""
    for feature in call.house.features:
        if feature.on_operation is not None:
            feature.on_operation(call, proposal)


def _executed(one: Operation, tx: str, block: int, at_ms: int) -> Operation:
    is_known = (one.executed_tx, one.executed_block) == (tx, block)
    return replace(
        one,
        executed_ms=one.executed_ms if is_known else at_ms,
        executed_tx=tx,
        executed_block=block,
        **NOT_FAILED,
    )


REPORTS: tuple[type[Report], ...] = (Scheduled, Executed, Paid, Undone, Vetoed, Failed)
COMMANDS: tuple[type[Command], ...] = (*REPORTS, Warned)
