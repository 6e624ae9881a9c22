"""Execution: payments on a chain as facts, members' wallets, and the wall to the signer."""

from core.execution import verifying, views, wallets
from core.execution.address import checksummed, is_exact
from core.execution.fields import Address
from core.execution.keccak import keccak256
from core.execution.making import asked, operation_of, order_as_kept
from core.execution.model import (
    DAY,
    FINAL_WHYS,
    Alarm,
    Balance,
    Operation,
    State,
    Token,
    Treasury,
    Why,
)
from core.execution.operation import decision_of, operation_id, salt_of, transfer_call
from core.execution.port import EFFECT, PLATFORM, Order, OrderDiffers, WalletCheck, read_order
from core.execution.reports import COMMANDS, REPORTS, Detail, Report, changed
from core.execution.store import (
    add_operation,
    add_token,
    add_treasury,
    balance,
    drop_balance,
    erase_reasons,
    keep_operation,
    move_payee,
    note_balance,
    open_operations,
    operation,
    operations,
    operations_of,
    set_token,
    set_treasury,
    token,
    tokens,
    treasuries,
    vetoed_since,
    waiting,
)
from core.execution.views import noted, operation_work
from core.execution.wallet_store import Wallet, WalletWhy, wallet
from core.execution.wallets import founding, own_addresses, wallet_check
from core.kernel.feature import Feature

FEATURE = Feature(
    "execution",
    commands=(*wallets.COMMANDS, *COMMANDS),
    me=views.mine,
    forget=wallets.forget,
    verify=verifying.verify,
    merged=wallets.merged,
)

__all__ = [
    "DAY",
    "EFFECT",
    "FEATURE",
    "FINAL_WHYS",
    "PLATFORM",
    "REPORTS",
    "Address",
    "Alarm",
    "Balance",
    "Detail",
    "Operation",
    "Order",
    "OrderDiffers",
    "Report",
    "State",
    "Token",
    "Treasury",
    "Wallet",
    "WalletCheck",
    "WalletWhy",
    "Why",
    "add_operation",
    "add_token",
    "add_treasury",
    "asked",
    "balance",
    "changed",
    "checksummed",
    "decision_of",
    "drop_balance",
    "erase_reasons",
    "founding",
    "is_exact",
    "keccak256",
    "keep_operation",
    "move_payee",
    "note_balance",
    "noted",
    "open_operations",
    "operation",
    "operation_id",
    "operation_of",
    "operation_work",
    "operations",
    "operations_of",
    "order_as_kept",
    "own_addresses",
    "read_order",
    "salt_of",
    "set_token",
    "set_treasury",
    "token",
    "tokens",
    "transfer_call",
    "treasuries",
    "vetoed_since",
    "waiting",
    "wallet",
    "wallet_check",
]
