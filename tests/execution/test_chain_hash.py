"""The chain's hash, addresses and what identifies a payment, against vectors and other code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.execution import checksummed, decision_of, is_exact, keccak256, operation_id, salt_of
from core.execution.keccak import RATE
from tests.execution.twin import BEN, CY, TIMELOCK, USDC

# Of the Keccak team's reference and of EIP-55.
VECTORS = {
    b"": "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    b"abc": "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    b"transfer(address,uint256)": (
        "a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b"
    ),
}
ADDRESSES = (
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
)


@pytest.mark.parametrize("message", VECTORS)
def test_the_hash_is_the_reference_s(message: bytes) -> None:
    assert keccak256(message).hex() == VECTORS[message]


@given(message=st.binary(max_size=3 * RATE))
def test_the_hash_is_what_others_compute(message: bytes) -> None:
    hashing = pytest.importorskip("eth_hash.auto")
    assert keccak256(message) == hashing.keccak(message)


@pytest.mark.parametrize("n", [RATE - 1, RATE, RATE + 1, 2 * RATE - 1, 2 * RATE])
def test_the_hash_holds_where_a_block_ends(n: int) -> None:
    hashing = pytest.importorskip("eth_hash.auto")
    assert keccak256(b"x" * n) == hashing.keccak(b"x" * n)


@pytest.mark.parametrize("address", ADDRESSES)
def test_capitals_are_the_checksum(address: str) -> None:
    assert checksummed(address.lower()) == address
    assert is_exact(address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_one_letter_in_the_other_case_is_noticed(address: str) -> None:
    for at, letter in enumerate(address):
        if at >= 2 and letter.isalpha():
            assert not is_exact(address[:at] + letter.swapcase() + address[at + 1 :])


def test_the_id_is_what_the_contract_computes() -> None:
    """`hashOperationBatch` is keccak256(abi.encode(targets, values, payloads, 0, salt))."""
    abi = pytest.importorskip("eth_abi")
    salt = salt_of("ab/1", 1, TIMELOCK)
    for amount in (1, 10**6, 2**256 - 1):
        call = abi.encode(["address", "uint256"], [BEN, amount])
        encoded = abi.encode(
            ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"],
            [[USDC], [0], [bytes.fromhex("a9059cbb") + call], bytes(32), bytes.fromhex(salt[2:])],
        )
        assert operation_id(USDC, BEN, amount, salt) == f"0x{keccak256(encoded).hex()}"


def test_another_decision_chain_or_treasury_has_another_salt() -> None:
    founding = bytes(32)
    salts = {
        salt_of(decision_of(founding, number), chain, timelock)
        for number in (1, 11)
        for chain in (1, 11)
        for timelock in (TIMELOCK, CY)
    }
    assert len(salts) == 8
    assert salt_of(decision_of(b"\1" * 32, 1), 1, TIMELOCK) not in salts
