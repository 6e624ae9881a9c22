"""This file is the light part of the comparison with independent libraries."""

import pytest

from tests.voting.peers import PEERS, Peer, compare

LIGHT = [peer for peer in PEERS if peer.is_light]


@pytest.mark.parametrize("peer", LIGHT, ids=[peer.name for peer in LIGHT])
def test_an_independent_library_finds_the_same_winners(peer: Peer) -> None:
    compared, differences = compare(peer, 300)
    assert not differences
    assert compared > 50
