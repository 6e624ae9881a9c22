"""What people write: made clean once, when it is read, so that no room has to think of it."""

import unicodedata

# Embeddings, overrides and isolates turn the text around them; plain direction marks and the
# joiners that scripts and emoji need may stay.
_TURNERS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"})
# Blank to the eye although Unicode calls them letters or symbols.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def clean(written: str, *, is_long: bool = False) -> str:
    """Return text in NFC without control characters; line breaks stay only in long texts."""
    if written.isascii() and written.isprintable():  # nothing below could change it
        return written.strip()
    text = unicodedata.normalize("NFC", written).translate(_TURNERS)
    kept = "".join(
        " " if char in "\t\r" or (char == "\n" and not is_long) else char
        for char in text
        if char in "\t\r\n" or unicodedata.category(char) not in {"Cc", "Cs", "Cn"}
    )
    return kept.strip()


def is_visible(text: str) -> bool:
    """Whether anybody could see the text at all."""
    if text.isascii() and text.isprintable():  # of these only a space cannot be seen
        return not text.isspace() and text != ""
    return any(unicodedata.category(char) not in _UNSEEN and char not in _BLANKS for char in text)


def skeleton(text: str) -> str:
    """Return what two texts share when people would call them the same."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return " ".join(seen.split())
