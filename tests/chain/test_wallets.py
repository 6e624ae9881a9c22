"""A member shows that a wallet is theirs: signed by its key, or by a contract."""

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount

from bot.chain.signins import check, is_sound
from core.execution import WalletCheck, WalletWhy
from tests.chain.town import Town
from tests.chain.twisted import twisted

BEN = Account.from_key(b"\x07" * 32)
EVE = Account.from_key(b"\x08" * 32)


def text_of(town: Town, name: str, address: str) -> str:
    """Have somebody ask for the text to sign, and return it exactly."""
    town.world.member(name).says(f"/wallet set {address}")
    row = town.world.tx.one("select max(id) from wallet_challenge")
    assert row is not None
    # Kept as it will be checked; people copy it from the answer.
    town.world.tx.run("update wallet_challenge set signature = '0x', asked_ms = issued_ms")
    found = wallet(town, row[0])
    town.world.tx.run("update wallet_challenge set signature = null, asked_ms = null")
    return found.text


def wallet(town: Town, number: int) -> WalletCheck:
    from core.execution import wallet_check

    found = wallet_check(town.world.tx, town.community, number)
    assert found is not None
    return found


def signed(account: LocalAccount, text: str) -> str:
    return "0x" + bytes(account.sign_message(encode_defunct(text=text)).signature).hex()


async def test_a_signature_of_the_wallet_proves_it(town: Town) -> None:
    text = text_of(town, "ben", BEN.address)
    town.world.member("ben").says(f"/wallet prove {signed(BEN, text)}")
    await town.deliver()
    assert BEN.address in town.world.member("ben").says("/me").replace("\n  ", "")
    row = town.world.tx.one("select address from wallet")
    assert row == (BEN.address,)


async def test_a_signature_of_another_account_proves_nothing(town: Town) -> None:
    text = text_of(town, "ben", BEN.address)
    town.world.member("ben").says(f"/wallet prove {signed(EVE, text)}")
    await town.deliver()
    assert town.world.tx.one("select address from wallet") is None
    assert town.world.tx.one("select why from wallet_challenge") == ("other_account",)


async def test_the_text_of_somebody_else_proves_nothing(town: Town) -> None:
    theirs = text_of(town, "ben", BEN.address)
    text_of(town, "eve", BEN.address)
    town.world.member("eve").says(f"/wallet prove {signed(BEN, theirs)}")
    await town.deliver()
    assert town.world.tx.one("select address from wallet") is None


async def test_a_wallet_that_is_a_contract_says_itself_who_signed(town: Town) -> None:
    contract = town.evm.deploy(twisted("Wallet"), BEN.address)
    text = text_of(town, "ben", contract.address)
    town.world.member("ben").says(f"/wallet prove {signed(BEN, text)}")
    await town.deliver()
    assert town.world.tx.one("select address from wallet") == (contract.address,)


async def test_a_contract_that_says_no_proves_nothing(town: Town) -> None:
    contract = town.evm.deploy(twisted("Wallet"), BEN.address)
    text = text_of(town, "ben", contract.address)
    town.world.member("ben").says(f"/wallet prove {signed(EVE, text)}")
    await town.deliver()
    assert town.world.tx.one("select why from wallet_challenge") == ("other_account",)


async def test_a_token_is_no_wallet(town: Town) -> None:
    coin = town.evm.coin(BEN.address, 1)
    text = text_of(town, "ben", coin.address)
    town.world.member("ben").says(f"/wallet prove {signed(BEN, text)}")
    await town.deliver()
    assert town.world.tx.one("select address from wallet") is None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Version: 1", "Version: 2"),
        ("Nonce: ", "Nonce: !"),
        ("wants you to sign in", "wants  you to sign in"),
        ("\n\nURI", "\nURI"),
        ("Issued At: 2", "Issued At: 9"),
        ("Expiration Time: 2040", "Expiration Time: 2039"),
        ("Resources:\n", "Resources: \n"),
        ("Chain ID: ", "Chain ID: 1"),
        (BEN.address, EVE.address),
        (BEN.address, BEN.address.lower()),
    ],
)
async def test_a_text_that_differs_in_anything_is_malformed(
    town: Town, right: str, wrong: str
) -> None:
    text = text_of(town, "ben", BEN.address)
    asked = WalletCheck(
        1, town.community, BEN.address, town.settings.chain_id, text, signed(BEN, text),
        town.now_ms(),
    )  # fmt: skip
    assert is_sound(asked)
    assert check(town.evm.node, asked) is WalletWhy.OK
    assert right in text
    bad = text.replace(right, wrong, 1)
    forged = WalletCheck(
        1, town.community, BEN.address, town.settings.chain_id, bad, signed(BEN, bad),
        town.now_ms(),
    )  # fmt: skip
    assert check(town.evm.node, forged) is WalletWhy.MALFORMED
