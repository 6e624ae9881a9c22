"""What an operator writes of a chain, and how each mistake in it is told."""

from pathlib import Path

import pytest

from bot.settings import ConfigMistakes, load

LOCK = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
COIN = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
GOOD = f"""
[chain]
rpc_url = "http://127.0.0.1:8545"
chain_id = 31337
key_file = "key.json"
confirmations = 3
[[chain.treasuries]]
name = "main"
community = "discord:123456789012345678"
timelock = "{LOCK}"
guardian_note = "Ana and Ben can veto."
[[chain.treasuries.tokens]]
symbol = "USDC"
address = "{COIN}"
decimals = 6
cap = "500"
cap_per_day = "1000.5"
"""


def told(tmp_path: Path, text: str) -> tuple[str, ...]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigMistakes) as refused:
        load(file)
    return refused.value.mistakes


def test_caps_are_written_in_tokens_and_kept_in_base_units(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(GOOD, encoding="utf-8")
    chain = load(file).chain
    (token,) = chain.treasuries[0].tokens
    assert (token.cap, token.cap_per_day) == (500_000_000, 1_000_500_000)
    assert chain.gaps == ()
    assert "8545" in load(file).secrets[0], "an address may hold a provider's key"


@pytest.mark.parametrize(
    ("right", "wrong", "place", "said"),
    [
        ("31337", '"31337"', "[chain] chain_id", "must be the number of the chain"),
        ("= 3\n", "= -1\n", "[chain] confirmations", "must be how many blocks"),
        ("http://", "ftp://", "[chain] rpc_url", "starts with https:// or http://"),
        ('"main"', '"Main"', "[[chain.treasuries]] 1 name", "small letters"),
        ("discord:", "slack:", "[[chain.treasuries]] 1 community", "telegram:<chat id> or room"),
        (LOCK, LOCK.lower(), "[[chain.treasuries]] 1 timelock", "capitals that do not fit"),
        (LOCK, LOCK[:-1], "[[chain.treasuries]] 1 timelock", "0x and 40 digits"),
        (COIN, "0x" + "0" * 40, "[[chain.treasuries.tokens]] 1.1 address", "must be the token's"),
        ("guardian_note", "guardian", "[[chain.treasuries]] 1 guardian", "did you mean guardian_"),
        ('cap = "500"', "", "[[chain.treasuries.tokens]] 1.1 cap", "is missing; it must be"),
        ('"500"', '"1,5"', "[[chain.treasuries.tokens]] 1.1 cap", 'such as "500" or "0.25"'),
        ("decimals = 6", "decimals = 99", "[[chain.treasuries.tokens]] 1.1 decimals", "0 to 36"),
        ('symbol = "USDC"', 'symbol = "U-C"', "[[chain.treasuries.tokens]] 1.1 symbol", "1 to 12"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, right: str, wrong: str, place: str, said: str
) -> None:
    (one,) = told(tmp_path, GOOD.replace(right, wrong, 1))
    assert one.startswith(f"{place}: ")
    assert said in one
    assert one.endswith((".", "?"))


def test_a_treasury_that_is_no_table_is_told(tmp_path: Path) -> None:
    (one,) = told(tmp_path, "[chain]\ntreasuries = [3]")
    assert one.startswith("[[chain.treasuries]] 1: must be a table; ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("chain_id = 31337", ""), "chain_id is missing"),
        (('key_file = "key.json"', ""), "key_file is missing"),
        (('rpc_url = "http://127.0.0.1:8545"', ""), "rpc_url is missing"),
        (('"500"', '"5000"'), "a cap above its cap_per_day"),
        (('"500"', '"0.0000001"'), "more places than its decimals"),
        (('"500"', '"0"'), "or of zero"),
        ((COIN, LOCK), "has the address of the timelock"),
    ],
)
def test_what_does_not_fit_together_is_told(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(GOOD.replace(*change, 1), encoding="utf-8")
    assert any(said in gap for gap in load(file).chain.gaps)


def test_two_treasuries_of_one_timelock_are_told(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("[[chain.treasuries]]") :].replace('"main"', '"other"')
    file = tmp_path / "config.toml"
    file.write_text(GOOD + second, encoding="utf-8")
    assert load(file).chain.gaps == (
        f"[[chain.treasuries]] timelock {LOCK} belongs to two treasuries.",
    )
