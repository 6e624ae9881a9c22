"""What holds on every platform alike: the room, Discord and Telegram run the same conversations."""

from tests.platforms.driving import Driver, refused


async def ballots(moot: Driver) -> int:
    return int((await moot.rows("select count(*) from ballot"))[0][0])


async def test_a_poll_is_opened_voted_on_and_closed(moot: Driver) -> None:
    assert "#1 is open" in await moot.says("ben", "/poll Lunch? Pizza | Soup closes_in=2h")
    assert "Lunch?" in await moot.card()
    assert "Soup" in await moot.presses("cleo", "Soup")
    assert "Pizza" in await moot.presses("ana", "Pizza")
    assert "Soup" in await moot.presses("ana", "Soup")
    assert "2 people voted." in await moot.card()
    await moot.advance(hours=2)
    assert "Journal entry" in await moot.card()
    assert "2 votes (100 %)" in await moot.card()


async def test_a_proposal_passes(moot: Driver) -> None:
    assert "#1 is open" in await moot.says("ben", "/propose Paint the hall closes_in=2h")
    for who in ("ana", "ben", "cleo"):
        await moot.presses(who, "For")
    assert await ballots(moot) == 3
    await moot.advance(hours=2)
    assert "Passed" in await moot.card()


async def test_a_ballot_is_typed_by_number_or_text(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup")
    assert "Soup" in await moot.says("cleo", "/vote 1 soup")
    assert "Pizza" in await moot.says("cleo", "/vote #1 1")
    assert await ballots(moot) == 1


async def test_several_options_are_ticked_one_by_one(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup multiple=true")
    await moot.presses("cleo", "Pizza")
    assert "Pizza | Soup" in await moot.presses("cleo", "Soup")


async def test_a_secret_poll_shows_no_counts_before_its_end(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup secret=true")
    await moot.presses("cleo", "Soup")
    assert "1 person voted." in await moot.card()
    assert "█" not in await moot.card()


async def test_only_admins_change_settings(moot: Driver) -> None:
    assert "Only an admin" in await moot.says("ben", "/config set quorum 5")
    assert "quorum" in await moot.says("ana", "/config set quorum 5")
    assert "5" in await moot.says("ben", "/config show quorum")


async def test_mistakes_are_told_in_a_sentence_and_change_nothing(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup")
    assert "at least 2 options" in await moot.says("ben", "/poll Lunch? Pizza")
    assert "no vote" in (await moot.says("cleo", "/vote 9 Soup")).casefold()
    assert "Fish" in await moot.says("cleo", "/vote 1 Fish")
    assert await ballots(moot) == 0


async def test_a_withdrawn_vote_takes_no_ballots(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup")
    assert "#1 is withdrawn" in await moot.says("ben", "/withdraw 1 wrong day")
    assert "wrong day" in await moot.card()
    assert "was withdrawn" in await moot.says("cleo", "/vote 1 Soup")
    assert await ballots(moot) == 0


async def test_an_admin_gives_a_vote_more_time_once(moot: Driver) -> None:
    await moot.says("ben", "/propose Paint the hall closes_in=2h")
    await refused(moot, "ben", "/extend 1 1h Rain", "Only an admin")
    await refused(moot, "ana", "/extend 1 3h Rain", "That is too long")
    assert "#1 is open until" in await moot.says("ana", "/extend 1 1h Rain")
    assert "Rain" in await moot.card()
    await refused(moot, "ana", "/extend 1 1h Rain", "was extended by an admin already")
    await moot.advance(hours=2, minutes=30)
    assert "Your ballot on #1" in await moot.says("cleo", "/vote 1 for")
    await moot.advance(hours=1)
    await refused(moot, "cleo", "/vote 1 against", "#1 closed at")
    await refused(moot, "ana", "/retry 1", "#1")


async def test_an_admin_withdraws_for_somebody_else_with_a_reason(moot: Driver) -> None:
    await moot.says("ben", "/propose Paint the hall")
    await refused(moot, "cleo", "/withdraw 1", "Only the author or an admin")
    await refused(moot, "ana", "/withdraw 1", "Please say why")
    assert "#1 is withdrawn" in await moot.says("ana", "/withdraw 1 It is painted")
    assert "It is painted" in await moot.card()
    await refused(moot, "ben", "/withdraw 1", "was withdrawn")


async def test_who_asks_to_be_forgotten_is_named_nowhere(moot: Driver) -> None:
    await moot.says("cleo", "/propose Sell the piano")
    await moot.says("ben", "/tip @cleo 5 great door")
    await refused(moot, "cleo", "/forget me no", "repeat the command with the word yes")
    assert "Your name and your texts are erased" in await moot.says("cleo", "/forget me yes")
    assert "Sell the piano" not in await moot.card()
    assert await moot.rows("select name from member where name = 'cleo'") == []
    await refused(moot, "cleo", "/forget me yes", "You have not taken part in anything here")
    assert "Nobody has points" in await moot.says("ben", "/leaderboard")


async def test_help_lists_and_explains(moot: Driver) -> None:
    listed = await moot.says("ben", "/help")
    for words in ("What I can do", "Thank a member", "Create a pool", "Share out part of a pool"):
        assert words in listed
    assert "Thank a member with points" in await moot.says("ben", "/help tip")
    assert "Note that a member was paid outside" in await moot.says("ben", "/help pool")
    await refused(moot, "ben", "/help fly", "There is no command fly")
