"""What a node says, and what must never be said of it."""

import pytest
from eth.vm.forks.berlin import BerlinVM
from eth_tester import EthereumTester, PyEVMBackend
from web3 import EthereumTesterProvider, Web3

from bot.chain.inprocess import CHAIN_ID, Evm
from bot.chain.node import Node, connect
from bot.chain.trouble import Away
from bot.checks.chain import _look
from tests.chain.town import START, settings_of

KEY_IN_PATH = "c0ffee5ec2e7"


def test_trouble_with_a_node_does_not_repeat_its_address() -> None:
    """A provider's key is part of the path, and an alarm goes to the admin channel."""
    node = connect(f"http://127.0.0.1:1/v3/{KEY_IN_PATH}", 1)
    with pytest.raises(Away) as raised:
        node.head()
    assert KEY_IN_PATH not in str(raised.value)
    assert str(raised.value) == "ConnectionError"


def test_a_chain_without_a_base_fee_is_said_to_be_unsupported() -> None:
    assert Evm(START).node.has_base_fee()
    old = PyEVMBackend(vm_configuration=((0, BerlinVM),))
    node = Node(Web3(EthereumTesterProvider(EthereumTester(backend=old))), CHAIN_ID)
    assert not node.has_base_fee()
    account = "0x" + "11" * 20
    first = next(iter(_look(settings_of(account, account, key_file="none"), node)))
    assert "no base fee" in first.what
