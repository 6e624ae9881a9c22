"""One person with two accounts, and one community in two spaces, on every platform alike."""

import pytest

from tests.linking.pairs import CODE
from tests.platforms.driving import Driver, refused

MEMBERS = "select count(distinct member) from account"


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found[0]


async def code_for(moot: Driver, who: str, command: str = "/link") -> str:
    return code_in(await moot.says(who, command))


async def joined(moot: Driver) -> Driver:
    """Have another space join; return it."""
    there = await moot.elsewhere()
    await moot.says("ana", "/setup Makers")
    code = await code_for(moot, "ana", "/space link")
    assert "Yard asks to join Makers" in await there.says("zoe", f"/space link {code}")
    assert "wants to join Makers" in await moot.told("ana")
    assert "belongs to Makers now" in await moot.confirms("ana", "Let it join")
    assert "belongs to Makers now" in await there.public()
    return there


async def test_two_accounts_become_one_member_when_both_confirm(moot: Driver) -> None:
    await moot.says("ana", "/poll Lunch? Pizza | Soup")
    await moot.presses("ben", "Pizza")
    await moot.presses("cleo", "Soup")
    await moot.says("ana", "/tip @ben 4 great roof")
    await moot.says("ana", "/tip @cleo 3 great door")
    code = await code_for(moot, "ben")
    assert "Link two accounts?" in await moot.says("cleo", f"/link {code}")
    assert "want to be one member" in await moot.told("ben")
    assert "Now ben has to confirm" in await moot.confirms("cleo", "Both are me")
    assert "already. Now wait until ben" in await moot.confirms("cleo", "Both are me")
    assert "are one member" in await moot.confirms("ben", "Both are me")
    assert "1 person voted." in await moot.card()
    for who in ("ben", "cleo"):
        assert "a standing of 7 points" in await moot.says(who, "/standing")
    await refused(moot, "cleo", "/tip @ben 5 for myself", "cannot thank yourself")


async def test_a_code_is_refused_when_it_is_used_expired_or_one_s_own(moot: Driver) -> None:
    code = await code_for(moot, "ben")
    await refused(moot, "ben", f"/link {code}", "This code is your own")
    await refused(moot, "ana", f"/space link {code}", "for something else")
    await refused(moot, "cleo", "/link 00000-00000", "I know no such code")
    await moot.says("cleo", f"/link {code}")
    await refused(moot, "dana", f"/link {code}", "Somebody has used this code already")
    other = await code_for(moot, "ana")
    await moot.advance(minutes=10)
    await refused(moot, "dana", f"/link {other}", "This code has expired")
    assert "no longer waiting to be confirmed" in await moot.confirms("ben", "Both are me")
    assert await moot.rows(MEMBERS) == [(3,)]


async def test_a_forwarded_code_names_who_used_it(moot: Driver) -> None:
    code = await code_for(moot, "ben")
    await moot.says("dana", f"/link {code}")
    assert "dana" in await moot.told("ben")
    assert "Link two accounts?" in await moot.says("ben", "/link")
    await moot.confirms("dana", "Both are me")
    assert await moot.rows(MEMBERS) == [(2,)], "one side is not enough"


async def test_a_space_joins_and_votes_live_in_both(moot: Driver) -> None:
    there = await joined(moot)
    await moot.says("ana", "/poll Lunch? Pizza | Soup")
    await there.presses("zoe", "Soup")
    await moot.presses("ben", "Pizza")
    for one in (moot, there):
        assert "2 people voted." in await one.card()
    await moot.advance(days=1)
    for one in (moot, there):
        assert "2 people voted." in await one.card()
    await refused(there, "zoe", "/config set quorum 1", "Only an admin")


async def test_one_person_is_linked_across_two_spaces(moot: Driver) -> None:
    there = await joined(moot)
    code = await code_for(there, "zoe")
    await moot.says("ben", f"/link {code}")
    await moot.confirms("ben", "Both are me")
    assert "are one member" in await there.confirms("zoe", "Both are me")


async def test_a_space_with_a_life_of_its_own_cannot_join(moot: Driver) -> None:
    there = await moot.elsewhere()
    await there.says("zoe", "/pool create jar EUR")
    code = await code_for(moot, "ana", "/space link")
    await refused(there, "zoe", f"/space link {code}", "cannot join another community")
    await refused(moot, "ana", f"/space link {code}", "This space belongs to")
    await refused(moot, "ben", "/space link", "Only an admin")


async def test_what_belongs_to_another_community_is_out_of_reach(moot: Driver) -> None:
    there = await moot.elsewhere()
    await there.says("zoe", "/pool create jar EUR")
    await moot.says("ben", "/tip @cleo 3 great door")
    await moot.says("ben", "/poll Lunch? Pizza | Soup")
    code = await code_for(moot, "ben")
    await refused(there, "zoe", f"/link {code}", "This code is from another community")
    await refused(there, "zoe", "/vote 1 Soup", "here is no vote")
    await refused(there, "zoe", "/reverse 1 a mistake", "Entry 1 cannot be reversed")
    for pool in ("jar", "1", "#1"):
        await refused(moot, "ana", f"/pool fund {pool} 5 Cakes", "There is no pool")
        await refused(moot, "ana", f"/rewards set {pool} 5 week tips", "There is no pool")


@pytest.mark.parametrize("moot", ["discord", "telegram"], indirect=True)
async def test_who_left_confirms_nothing_any_more(moot: Driver) -> None:
    code = await code_for(moot, "ben")
    await moot.says("cleo", f"/link {code}")
    await moot.told("ben")
    await moot.leaves("ben")
    assert "You are not a member of this" in await moot.confirms("ben", "Both are me")
    assert await moot.rows(MEMBERS) == [(2,)]
