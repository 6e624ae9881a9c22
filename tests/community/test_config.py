"""Settings: shown, changed inside their bounds, and taken back as they are written."""

import pytest

from core.community.commands import BadValue, UnknownSetting
from core.kernel.errors import UserError
from core.kernel.reading import Missing, TooLong
from core.kernel.rights import AdminsOnly, AdminUnknown
from tests.asking import ask, refused, somebody
from tests.world import World

LEGAL = [
    ("quorum", "0", "0"),
    ("quorum", "1000000", "1000000"),
    ("quorum", "7 people", "7"),
    ("threshold", "1/2", "1/2"),
    ("threshold", "2/4", "1/2"),
    ("threshold", "60%", "3/5"),
    ("threshold", "100%", "1"),
    ("threshold", "1", "1"),
    ("voting_period", "1m", "1m"),
    ("voting_period", "90d", "90d"),
    ("voting_period", "24h", "24h"),
    ("voting_period", "1d12h", "36h"),
    ("voting_period", "2w", "14d"),
    ("voting_period", "89d1s", "7689601s"),
    ("open_per_member", "1", "1"),
    ("open_per_member", "100", "100"),
    ("resubmit_cooldown", "0m", "0"),
    ("resubmit_cooldown", "0", "0"),
    ("half_life", "0", "0"),
    ("resubmit_cooldown", "90d", "90d"),
    ("zone", "Europe/Lisbon", "Europe/Lisbon"),
    ("language", "EN", "en"),
    ("announce", "OFF", "off"),
    ("announce", "yes", "on"),
]
ILLEGAL = [
    ("quorum", "-1"),
    ("quorum", "1000001"),
    ("quorum", "three"),
    ("quorum", "1.5"),
    ("quorum", "٣"),
    ("threshold", "0"),
    ("threshold", "0/2"),
    ("threshold", "3/2"),
    ("threshold", "1/0"),
    ("threshold", "101%"),
    ("threshold", "0.5"),
    ("threshold", "1/2/3"),
    ("voting_period", "59s"),
    ("voting_period", "91d"),
    ("voting_period", "soon"),
    ("open_per_member", "0"),
    ("open_per_member", "101"),
    ("resubmit_cooldown", "91d"),
    ("resubmit_cooldown", "-1d"),
    ("zone", "Mars/Olympus"),
    ("zone", "../../etc/passwd"),
    ("zone", "/etc/passwd"),
    ("zone", "localtime"),
    ("zone", "right/UTC"),
    ("zone", "Europe"),
    ("language", "tlh"),
    ("announce", "maybe"),
]


@pytest.mark.parametrize(("name", "written", "kept"), LEGAL)
def test_a_legal_value_is_kept_and_can_be_used(
    world: World, name: str, written: str, kept: str
) -> None:
    admin = world.member("ana*")
    assert f"{name} is now {kept}" in admin.says(f"/config set {name} {written}")
    assert f"now: {kept}" in admin.says(f"/config show {name}")
    assert "is open until" in admin.says("/propose Paint the hall")


def test_only_what_a_vote_copies_is_said_to_stay_as_it_opened(world: World) -> None:
    admin = world.member("ana*")
    assert "What is open already keeps" in admin.says("/config set quorum 5")
    assert "What is open already keeps" not in admin.says("/config set announce off")


def test_a_value_that_was_set_before_is_said_to_be_the_same(world: World) -> None:
    assert "quorum is now 3, as it was before." in world.member("ana*").says("/config set quorum 3")


@pytest.mark.parametrize(("name", "written"), ILLEGAL)
def test_an_illegal_value_is_refused_with_what_it_takes(
    world: World, name: str, written: str
) -> None:
    answer = world.member("ana*").is_refused(f"/config set {name} {written}", BadValue)
    assert "It takes" in answer


@pytest.mark.parametrize("kept", ["localtime", "posix/Europe/Berlin", "Mars/Olympus"])
def test_what_is_kept_and_no_value_any_more_counts_as_the_default(world: World, kept: str) -> None:
    """Of an earlier version, or of another machine with other zones."""
    ana = world.member("ana*")
    ana.says("/config set zone Asia/Tokyo")
    world.tx.begin()
    world.tx.run("update setting set value = ? where name = 'zone'", (kept,))
    world.tx.commit()
    assert "09:00 UTC" in ana.says("/poll Lunch? Pizza | Soup")
    assert "now: UTC" in ana.says("/config show zone")
    ana.says("/config set zone Europe/Lisbon")
    assert "now: Europe/Lisbon" in ana.says("/config show zone")


def test_every_setting_has_its_default(world: World) -> None:
    answer = world.member("ana").says("/config show")
    for line in (
        "quorum: 3 (default)",
        "threshold: 1/2 (default)",
        "voting_period: 3d (default)",
        "open_per_member: 5 (default)",
        "resubmit_cooldown: 7d (default)",
        "zone: UTC (default)",
        "language: en (default)",
        "announce: on (default)",
    ):
        assert line in answer


def test_a_setting_of_the_community_is_marked_as_its_own(world: World) -> None:
    world.member("ana*").says("/config set quorum 5")
    assert "quorum: 5: How many" in world.member("ben").says("/config show")
    assert "default: 3" in world.member("ben").says("/config show quorum")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/config show qorum", UnknownSetting),
        ("/config set qorum 5", UnknownSetting),
        ("/config set quorum", Missing),
        ("/config set", Missing),
        (f"/config set zone {'x' * 101}", TooLong),
    ],
)
def test_what_is_no_setting_is_refused(world: World, line: str, error: type[UserError]) -> None:
    world.member("ana*").is_refused(line, error)


def test_only_an_admin_changes_settings(world: World) -> None:
    answer = world.member("ben").is_refused("/config set quorum 1", AdminsOnly)
    assert "a star after the name" in " ".join(answer.split())
    with refused(world, AdminUnknown) as replies:
        args = {"setting": "quorum", "value": "1"}
        replies.append(ask(world, "config set", args, asker=somebody(is_admin=None)))


def test_to_undo_a_change_one_repeats_what_the_answer_says(world: World) -> None:
    admin = world.member("ana*")
    answer = admin.says("/config set threshold 100%")
    undo = answer.partition("To undo: ")[2].partition(")")[0]
    assert "threshold is now 1/2; it was 1." in admin.says(undo)
    answer = admin.says("/config set threshold 3/4")
    admin.says("/config set threshold 1")
    answer = admin.says("/config set threshold 3/4")
    assert "threshold is now 1; it was 3/4." in admin.says(
        answer.partition("To undo: ")[2].partition(")")[0]
    )


def test_times_are_shown_in_the_zone(world: World) -> None:
    world.member("ana*").says("/config set zone Asia/Tokyo")
    assert "Mon 2 Mar 2026, 19:00 JST" in world.member("ana").says("/propose A closes_in=1h")


def test_a_refusal_tells_times_in_the_zone_too(world: World) -> None:
    world.member("ana*").says("/config set zone Asia/Tokyo")
    world.member("ana").says("/propose A closes_in=1h")
    world.advance(hours=1)
    assert "closed at Mon 2 Mar 2026, 19:00 JST" in world.member("ben").says("/vote 1 for")
    assert "JST" in world.member("ben").says("/propose A")


def test_a_setting_is_found_however_its_name_is_written(world: World) -> None:
    assert "quorum is now 4" in world.member("ana*").says("/config set Quorum 4")
    assert "now: 4" in world.member("ana").says("/config show QUORUM")
