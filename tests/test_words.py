"""The words of the product: what people read is written with the same signs everywhere."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
BENT = "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"


def test_quotation_marks_are_straight_everywhere() -> None:
    files = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "config.example.toml"]
    for pattern in ("core/**/*.py", "bot/**/*.py", "docs/*.md"):
        files += ROOT.glob(pattern)
    assert len(files) > 200
    found = [str(one) for one in files if any(sign in one.read_text("utf-8") for sign in BENT)]
    assert found == []
