"""Members show which wallet is theirs by a signature that works once, from one account."""

import pytest

from core import execution
from core.execution import fields, wallets
from tests.execution.twin import BEN, CY, SIGNED, TIMELOCK, USDC
from tests.execution.vault import has_wallet, vault
from tests.linking.pairs import link
from tests.world import World


def seen(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.both_databases
def test_a_member_proves_a_wallet(world: World) -> None:
    twin, ben = vault(world), world.member("ben")
    answer = ben.says(f"/wallet set {BEN}")
    assert "folkmoot wants you to sign in with your Ethereum account:\n" + BEN in answer
    assert "Chain ID: 31337" in answer
    assert "- urn:folkmoot:account:room:ben" in answer
    assert "is being checked" in ben.says(f"/wallet prove {SIGNED}")
    assert [one.row.subject for one in twin.work()] == ['["wallet.check",1]']
    twin.proves()
    assert f"{BEN} is your wallet in the room now." in seen(ben.private[-1])
    assert BEN in ben.says("/me")
    assert BEN not in world.member("cy").says("/me")
    assert BEN not in "\n".join(world.public)


def test_the_signer_gets_exactly_the_text_that_was_shown(world: World) -> None:
    vault(world)
    ben = world.member("ben")
    shown = ben.says(f"/wallet set {BEN}")
    assert execution.wallet_check(world.tx, 1, 1) is None, "nothing to check before a signature"
    ben.says(f"/wallet prove {SIGNED}")
    check = execution.wallet_check(world.tx, 1, 1)
    assert check is not None
    assert check.text in shown
    assert (check.address, check.chain_id, check.signature) == (BEN, 31_337, SIGNED)


def test_the_text_names_account_community_chain_and_nonce(world: World) -> None:
    vault(world)
    texts = set()
    for name in ("ben", "cy", "ben"):
        texts.add(world.member(name).says(f"/wallet set {BEN}"))
    assert len(texts) == 3
    founding = execution.founding(world.tx, 1).hex()
    assert all(f"urn:folkmoot:community:{founding}" in text for text in texts)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("other_account", "Another account made this signature."),
        ("malformed", "This is no signature of that text."),
        ("not_a_wallet", "does not say that this signature is its own"),
        ("unavailable", "could not be asked just now"),
    ],
)
def test_a_signature_that_proves_nothing_is_told(world: World, why: str, said: str) -> None:
    twin, ben = vault(world), world.member("ben")
    ben.says(f"/wallet set {BEN}")
    ben.says(f"/wallet prove {SIGNED}")
    twin.proves(is_proved=False, why=why)
    assert said in seen(ben.private[-1])
    assert "/wallet set" in seen(ben.private[-1])
    assert BEN not in ben.says("/me")
    ben.is_refused(f"/wallet prove {SIGNED}", wallets.ProofUsed)


@pytest.mark.both_databases
def test_a_nonce_works_once(world: World) -> None:
    twin, ben = vault(world), world.member("ben")
    ben.is_refused(f"/wallet prove {SIGNED}", wallets.NothingToProve)
    ben.says(f"/wallet set {BEN}")
    ben.says(f"/wallet prove {SIGNED}")
    ben.is_refused(f"/wallet prove {SIGNED}", wallets.ProofUsed)
    twin.proves()
    ben.is_refused(f"/wallet prove {SIGNED}", wallets.ProofUsed)


def test_a_nonce_expires_after_ten_minutes(world: World) -> None:
    vault(world)
    ben = world.member("ben")
    ben.says(f"/wallet set {BEN}")
    world.advance(minutes=10)
    ben.is_refused(f"/wallet prove {SIGNED}", wallets.ProofExpired)
    ben.says(f"/wallet set {BEN}")
    world.advance(minutes=10, milliseconds=-1)
    assert "is being checked" in ben.says(f"/wallet prove {SIGNED}")


def test_the_nonce_of_another_account_is_of_no_use(world: World) -> None:
    vault(world)
    world.member("ben").says(f"/wallet set {BEN}")
    world.member("cy").is_refused(f"/wallet prove {SIGNED}", wallets.NothingToProve)


def test_a_text_is_signed_for_the_account_that_asked(world: World) -> None:
    """Also where both accounts are one member."""
    vault(world)
    ben, eva = world.member("ben"), world.member("eva")
    ben.says("/propose Sing")
    eva.says("/propose Dance")
    link(eva, ben)
    ben.says(f"/wallet set {BEN}")
    eva.is_refused(f"/wallet prove {SIGNED}", wallets.NothingToProve)
    assert "is being checked" in ben.says(f"/wallet prove {SIGNED}")


def test_what_was_checked_stays_checked(world: World) -> None:
    twin, ben = vault(world), world.member("ben")
    has_wallet(twin, "ben")
    before = world.dump()
    twin.asks("wallet checked", id=1, is_proved=False, why="malformed")
    twin.asks("wallet checked", id=1, is_proved=True, why="ok")
    twin.asks("wallet checked", id=77, is_proved=True, why="ok")
    assert world.dump() == before
    assert BEN in ben.says("/me")


@pytest.mark.both_databases
def test_a_newer_proof_replaces_an_earlier_one(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    has_wallet(twin, "ben", CY)
    said = world.member("ben").says("/me")
    assert CY in said
    assert BEN not in said


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (BEN.lower(), fields.WrongChecksum),
        (BEN.swapcase().replace("0X", "0x"), fields.WrongChecksum),
        (BEN[:-1], fields.NotAnAddress),
        ("ben.eth", fields.NotAnAddress),
        ("0x" + "0" * 40, fields.ZeroAddress),
        (USDC, wallets.NotYourWallet),
        (TIMELOCK, wallets.NotYourWallet),
    ],
)
def test_an_address_that_cannot_be_a_wallet_is_refused(
    world: World, address: str, error: type
) -> None:
    vault(world)
    world.member("ben").says("/proposals")
    world.member("ben").says("/propose Sing")
    world.member("ben").is_refused(f"/wallet set {address}", error)


@pytest.mark.parametrize("signature", ["0x", "0xzz" + "a" * 130, "ab" * 65, "0x" + "ab" * 40])
def test_what_is_no_signature_is_refused(world: World, signature: str) -> None:
    vault(world)
    ben = world.member("ben")
    ben.says(f"/wallet set {BEN}")
    ben.is_refused(f"/wallet prove {signature}", fields.NotASignature)


def test_without_a_treasury_nobody_needs_a_wallet(world: World) -> None:
    world.member("ben").says("/propose Sing")
    world.member("ben").is_refused(f"/wallet set {BEN}", wallets.NoTreasury)
    assert "wallet" not in world.member("ben").says("/me")


@pytest.mark.both_databases
def test_forget_me_erases_wallets_and_what_was_signed(world: World) -> None:
    twin, ben = vault(world), world.member("ben")
    has_wallet(twin, "ben")
    ben.says(f"/wallet set {CY}")
    ben.says(f"/wallet prove {SIGNED}")
    ben.says("/forget me yes")
    for table in ("wallet", "wallet_challenge"):
        assert world.tx.all(f"select * from {table}") == []
    twin.asks("wallet checked", id=2, is_proved=True, why="ok")
    assert world.tx.all("select * from wallet") == []
    kept = repr(world.tx.all("select args, facts from journal"))
    assert BEN not in kept
    assert CY not in kept
    sealed = repr(world.tx.all("select value from sealed"))
    assert BEN not in sealed


def test_a_check_of_another_community_is_none_of_ours(world: World) -> None:
    vault(world)
    ben = world.member("ben")
    ben.says(f"/wallet set {BEN}")
    ben.says(f"/wallet prove {SIGNED}")
    assert execution.wallet_check(world.tx, 1, 1) is not None
    assert execution.wallet_check(world.tx, 2, 1) is None
