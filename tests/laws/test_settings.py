"""A setting reads back what it writes, whatever it takes; its default is one of its values."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from core.features import FEATURES
from core.kernel.duration import read_duration, write_duration
from core.kernel.setting import Setting, Settings
from core.kernel.text import placeholders
from tests.laws.drawing import hostile

SETTINGS = [setting for feature in FEATURES for setting in feature.settings]

numbers = st.integers(-5, 2_000_000)
written = st.one_of(
    hostile,
    numbers.map(str),
    st.tuples(numbers, numbers).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    st.tuples(st.integers(1, 12), st.integers(1, 12)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    st.integers(-1, 102).map(lambda n: f"{n}%"),
    st.lists(
        st.tuples(st.integers(0, 10**7), st.sampled_from("smhdw")).map(lambda p: f"{p[0]}{p[1]}"),
        min_size=1,
        max_size=3,
    ).map("".join),
    st.sampled_from(["on", "OFF", "yes", "en", "UTC", "Europe/Kyiv", "America/New_York", "1"]),
)


@given(setting=st.sampled_from(SETTINGS), text=written)
def test_what_is_taken_is_read_back_as_it_is_written(setting: Setting[object], text: str) -> None:
    try:
        value = setting.read(text)
    except ValueError:
        return
    kept = setting.write(value)
    assert setting.read(kept) == value
    assert setting.write(setting.read(kept)) == kept
    assert Settings({setting.name: kept})[setting] == value


def test_defaults_and_choices_are_legal_and_described() -> None:
    for setting in SETTINGS:
        assert setting.read(setting.write(setting.default)) == setting.default
        for choice in setting.choices:
            value = setting.read(choice)
            assert setting.read(setting.write(value)) == value
        assert setting.description.endswith(".")
        assert placeholders(setting.bounds.template) == setting.bounds.values.keys()


@given(seconds=st.integers(0, 3650 * 86_400))
def test_a_duration_is_read_back_as_it_is_written(seconds: int) -> None:
    span = read_duration(f"{seconds}s")
    assert read_duration(write_duration(span)) == span


@given(text=hostile)
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        read_duration(text)
