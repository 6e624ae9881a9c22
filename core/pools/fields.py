"""The option types of this feature: a pool, an amount of its asset, an asset."""

from collections.abc import Mapping
from typing import Annotated, Any

from core.kernel.call import Call
from core.kernel.errors import UserError
from core.kernel.fields import Domain, Lookup, Suggestion
from core.kernel.text import CommandName
from core.kernel.tx import Row
from core.kernel.words import clean, skeleton
from core.ledger import read_amount, write_amount
from core.pools import onchain_rules, store
from core.pools.model import Pool
from core.pools.rules import read_symbol

NUMBER_DIGITS_MAX = 12


class NoSuchPool(UserError):
    """There is no pool {written} here. {command} lists them."""


def load_pool(call: Call, number: int) -> Pool:
    """Return a pool of this community; raises NoSuchPool."""
    found = store.pool(call.tx, call.community.id, number)
    if found is None:
        raise NoSuchPool(written=f"#{number}", command=CommandName("pool list"))
    return found


def in_books(call: Call, number: int) -> Pool:
    """Return a pool whose money is in the books; raises OnChainPool."""
    found = load_pool(call, number)
    if found.token is not None:
        raise onchain_rules.on_chain_only(found.name)
    return found


def _read_pool(raw: Any, call: Call, _: Mapping[str, Any]) -> int:
    """Return a pool's number from its name, or from the number as buttons and lists give it."""
    written = clean(str(raw))
    digits = written.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS_MAX:
        return load_pool(call, int(digits)).id
    found = store.pool_named(call.tx, call.community.id, skeleton(written))
    if found is None:
        raise NoSuchPool(written=written[:40], command=CommandName("pool list"))
    return found.id


def _suggest_pools(row: Row) -> list[Suggestion]:
    one = store.read_pool(row)
    return [Suggestion(str(one.id), f"{one.name} ({one.asset.symbol})")]


def _read_amount(raw: Any, call: Call, given: Mapping[str, Any]) -> str:
    decimals = load_pool(call, given["pool"]).asset.decimals
    return write_amount(read_amount(str(raw), decimals), decimals)


def _read_asset(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    return read_symbol(clean(str(raw)))


PoolRef = Annotated[
    int,
    Domain(
        "pool",
        _read_pool,
        suggest=Lookup(store.SUGGEST, lambda typing: (typing.community,), _suggest_pools),
        is_word=True,
    ),
]
Amount = Annotated[str, Domain("amount", _read_amount, is_word=True)]
AssetSymbol = Annotated[str, Domain("asset", _read_asset, is_word=True)]
