"""The words of PostgreSQL for what the stores say: `?` becomes `$1`, and one aggregate's name.

The SQL of the stores keeps to what both databases share. What differs stands here, and is
looked for once per statement.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import count

STATEMENTS_MAX = 2_048

_TEXT_OR_PLACE = re.compile(r"'[^']*'|\?")
# Bytes of many rows as one value: SQLite joins them as a text.
_JOINED = re.compile(r"cast\(group_concat\((\w+), ''\) as blob\)")


@lru_cache(STATEMENTS_MAX)
def for_postgres(sql: str) -> str:
    """Return a statement of a store as PostgreSQL reads it."""
    places = count(1)
    said = _JOINED.sub(r"string_agg(\1, '')", sql)
    return _TEXT_OR_PLACE.sub(lambda found: _place(found.group(), places), said)


def _place(found: str, places: Iterator[int]) -> str:
    return f"${next(places)}" if found == "?" else found
