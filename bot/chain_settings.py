"""What an operator says of a chain, its treasuries and their tokens in config.toml."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from bot import bounds
from bot.section import Section

TREASURIES_MAX = 50
TOKENS_MAX = 20
NOTE_MAX = 300
# A plausible mistake is wei for gwei, 10^9 times too much.
FEE_GWEI_MAX = 100_000


class ChainToken(Section):
    """A token of a treasury; caps are written in tokens, not in base units."""

    symbol: str = Field(
        pattern=r"^[A-Za-z][A-Za-z0-9]{0,11}$",
        description="1 to 12 letters and digits that start with a letter, such as USDC",
    )
    address: Annotated[str, AfterValidator(bounds.chain_address)] = Field(
        description="the token's address with the right capitals, 0x and 40 digits"
    )
    decimals: int = Field(ge=0, le=36, description="a whole number from 0 to 36, as the token says")
    cap_text: Annotated[str, BeforeValidator(bounds.amount_text)] = Field(
        alias="cap",
        description='the most of one payment in tokens, such as "500" or "0.25", with no more '
        "places than decimals",
    )
    cap_per_day_text: Annotated[str, BeforeValidator(bounds.amount_text)] = Field(
        alias="cap_per_day",
        description='the most of 24 hours in tokens, such as "2000", with no more places than '
        "decimals",
    )

    @property
    def cap(self) -> int:
        """The most of one payment, in base units."""
        return self._units(self.cap_text)

    @property
    def cap_per_day(self) -> int:
        """The most of 24 hours, in base units."""
        return self._units(self.cap_per_day_text)

    def _units(self, text: str) -> int:
        return int(Decimal(text).scaleb(self.decimals))


class ChainTreasury(Section):
    """A timelock that holds assets of one community."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9]{0,19}$",
        description="1 to 20 small letters and digits that start with a letter, such as main",
    )
    community: str = Field(
        pattern=r"^(discord:[1-9][0-9]{0,19}|telegram:-?[1-9][0-9]{0,19}|room)$",
        description="discord:<server id>, telegram:<chat id> or room",
    )
    timelock: Annotated[str, AfterValidator(bounds.chain_address)] = Field(
        description="the timelock's address with the right capitals, 0x and 40 digits"
    )
    guardian_note: str = Field(
        "",
        max_length=NOTE_MAX,
        description=f"a sentence of at most {NOTE_MAX} letters: who can veto a payment, and how",
    )
    tokens: Annotated[tuple[ChainToken, ...], BeforeValidator(bounds.listed)] = Field(
        max_length=TOKENS_MAX,
        description=f"at most {TOKENS_MAX} tables [[chain.treasuries.tokens]]",
    )


class Chain(Section):
    """The chain, the key, and what may be paid there."""

    rpc_url: Annotated[SecretStr, AfterValidator(bounds.node_address)] = Field(
        SecretStr(""),
        description="the address of a node that starts with https:// or http://, or empty for no "
        "chain; it counts as a secret, since providers put a key in it",
    )
    chain_id: int = Field(
        0, ge=0, lt=1 << 53, description="the number of the chain, such as 1, or 0 for none"
    )
    key_file: Annotated[Path | None, BeforeValidator(bounds.folder)] = Field(
        None, description="the file of the signer's key: a keystore, or 64 hex digits"
    )
    key_password: SecretStr = Field(
        SecretStr(""), description="the password of the keystore, a text"
    )
    confirmations: int = Field(
        0,
        ge=0,
        le=10_000,
        description="how many blocks make a payment final, a whole number to 10000, or 0 for the "
        "block that the chain itself calls finalized",
    )
    fee_max: int = Field(
        300,
        ge=1,
        le=FEE_GWEI_MAX,
        description=f"the most gwei for a unit of gas, a whole number from 1 to {FEE_GWEI_MAX}",
    )
    treasuries: Annotated[tuple[ChainTreasury, ...], BeforeValidator(bounds.listed)] = Field(
        (),
        max_length=TREASURIES_MAX,
        description=f"at most {TREASURIES_MAX} tables [[chain.treasuries]] in the file",
    )

    @property
    def is_on(self) -> bool:
        """Whether a node is set: without one the bot leaves chains alone."""
        return bool(self.rpc_url.get_secret_value())

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return what does not fit together or is missing, a sentence each."""
        found = []
        if not self.is_on:
            if self.chain_id or self.key_file or self.treasuries:
                found.append("[chain] rpc_url is missing: give the address of a node there.")
            return tuple(found)
        if not self.chain_id:
            found.append("[chain] chain_id is missing: give the number of the chain.")
        if self.key_file is None:
            found.append("[chain] key_file is missing: name the file of the signer's key.")
        if not self.treasuries:
            found.append("[chain] has no treasury: add a table [[chain.treasuries]].")
        return (*found, *_twice(self.treasuries))


def _twice(treasuries: tuple[ChainTreasury, ...]) -> list[str]:
    """Return what is there twice, and caps that cannot be meant."""
    found = []
    names = [(one.community, one.name) for one in treasuries]
    for community, name in dict.fromkeys(one for one in names if names.count(one) > 1):
        found.append(f"[[chain.treasuries]] {name} of {community} stands there twice.")
    locks = [one.timelock for one in treasuries]
    found += [
        f"[[chain.treasuries]] timelock {lock} belongs to two treasuries."
        for lock in dict.fromkeys(one for one in locks if locks.count(one) > 1)
    ]
    for treasury in treasuries:
        if not treasury.tokens:
            found.append(f"[[chain.treasuries]] {treasury.name} has no tokens.")
        symbols = [one.symbol.lower() for one in treasury.tokens]
        addresses = [one.address for one in treasury.tokens]
        for token in treasury.tokens:
            where = f"[[chain.treasuries]] {treasury.name}: the token {token.symbol}"
            if symbols.count(token.symbol.lower()) > 1 or addresses.count(token.address) > 1:
                found.append(f"{where} stands there twice.")
            if token.address == treasury.timelock:
                found.append(f"{where} has the address of the timelock.")
            if token.cap > token.cap_per_day:
                found.append(f"{where} has a cap above its cap_per_day.")
            if _too_fine(token):
                found.append(f"{where} has a cap with more places than its decimals, or of zero.")
    return list(dict.fromkeys(found))


def _too_fine(token: ChainToken) -> bool:
    texts = (token.cap_text, token.cap_per_day_text)
    scaled = [Decimal(text).scaleb(token.decimals) for text in texts]
    return any(one != int(one) or one < 1 for one in scaled)
