"""HTML as the platform reads it, with its complaints. This file is that one parser.

Only `&lt; &gt; &amp; &quot;` and numbers are entities, end tags must match, and places in the
complaints are counted in bytes: the reader works on UTF-8 as the platform's does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.platforms.telegram_server.entities import units
from tests.platforms.telegram_server.refusals import Json, cannot_parse

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji"}
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
CHARACTER = re.compile(rb"&(?:#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>\w+));?")
SPACE = b" \t\r\n\0\x0b"


@dataclass
class Open:
    """A tag that waits for its end."""

    tag: str
    offset: int
    begin: int
    attributes: dict[str, str] = field(default_factory=dict)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The plain text and its entities; raises Refusal with the platform's complaint."""
    return _Reader(source.encode()).read()


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0
        self.text = ""
        self.open: list[Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        plain = bytearray()
        while self.at < len(self.raw):
            byte = self.raw[self.at : self.at + 1]
            decoded = self.character() if byte == b"&" else None
            if decoded is None and byte != b"<":
                plain += byte
                self.at += 1
                continue
            self.text += plain.decode()
            plain.clear()
            if decoded is not None:
                self.text += decoded
            elif self.raw[self.at + 1 : self.at + 2] == b"/":
                self.end_tag()
            else:
                self.start_tag()
        self.text += plain.decode()
        if self.open:
            tag = self.open[-1].tag
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for one in self.entities:
            if one["type"] == "code":
                one.pop("language", None)
        self.entities.sort(key=lambda one: (one["offset"], -one["length"]))
        return self.text, self.entities

    def character(self) -> str | None:
        """Decode what stands here, or None where the ampersand stands for itself."""
        found = CHARACTER.match(self.raw, self.at)
        if found is None:
            return None
        if found["name"] is not None:
            decoded = NAMED.get(found["name"])
        else:
            code = int(found["dec"]) if found["dec"] else int(found["hex"], 16)
            decoded = chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else None
        if decoded is not None:
            self.at = found.end()
        return decoded

    def peek(self) -> bytes:
        return self.raw[self.at : self.at + 1]

    def until(self, stops: bytes) -> str:
        start = self.at
        while self.peek() and self.peek() not in stops:
            self.at += 1
        return self.raw[start : self.at].decode()

    def skip_space(self) -> None:
        while self.peek() and self.peek() in SPACE:
            self.at += 1

    def start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self.until(SPACE + b">").lower()
        if not self.peek():
            raise cannot_parse(f"Unclosed start tag at byte offset {begin}")
        if tag not in TAGS:
            raise cannot_parse(f'Unsupported start tag "{tag}" at byte offset {begin}')
        opened = Open(tag, units(self.text), len(self.text))
        while self.peek() != b">":
            self.skip_space()
            if self.peek() != b">":
                self.attribute(opened, begin)
        self.at += 1
        if tag == "span" and opened.attributes.get("class") != "tg-spoiler":
            reason = f'Tag "span" must have class "tg-spoiler" at byte offset {begin}'
            raise cannot_parse(reason)
        self.open.append(opened)

    def attribute(self, opened: Open, begin: int) -> None:
        name = self.until(SPACE + b"=>")
        if not name:
            reason = f'Empty attribute name in the tag "{opened.tag}" at byte offset {begin}'
            raise cannot_parse(reason)
        self.skip_space()
        if self.peek() != b"=":
            if opened.tag == "blockquote" and name == "expandable":
                opened.attributes[name] = ""
                return
            raise cannot_parse(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{opened.tag}" at byte offset {begin}'
            )
        self.at += 1
        self.skip_space()
        opened.attributes[name] = self.value()
        if not self.peek():
            raise cannot_parse(f"Unclosed start tag at byte offset {begin}")

    def value(self) -> str:
        quote = self.peek()
        if quote not in (b'"', b"'"):
            start = self.at
            found = re.compile(rb"[A-Za-z0-9.-]*").match(self.raw, self.at)
            assert found is not None
            self.at = found.end()
            if self.peek() and self.peek() not in SPACE + b">":
                raise cannot_parse(f"Unexpected end of name token at byte offset {start}")
            return found[0].decode().lower()
        self.at += 1
        kept = b""
        while self.peek() and self.peek() != quote:
            decoded = self.character() if self.peek() == b"&" else None
            if decoded is None:
                kept += self.peek()
                self.at += 1
            else:
                kept += decoded.encode()
        self.at += len(self.peek())
        return kept.decode()

    def end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise cannot_parse(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        found = self.until(SPACE + b">").lower()
        self.skip_space()
        if self.peek() != b">":
            raise cannot_parse(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open[-1]
        if found and found != opened.tag:
            raise cannot_parse(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        self.open.pop()
        length = units(self.text) - opened.offset
        if length:
            self.close(opened, {"offset": opened.offset, "length": length})

    def close(self, opened: Open, span: Json) -> None:
        """Note what the tag made of its text; a link nobody can follow makes nothing."""
        tag = opened.tag
        if tag == "a":
            url = opened.attributes.get("href") or self.text[opened.begin :]
            person = re.fullmatch(r"tg://user/?\?id=(\d+)", url)
            if person is not None:
                self.entities.append({"type": "text_mention", **span, "user_id": int(person[1])})
            elif re.fullmatch(r"(?:https?|tg|ton|mailto|tel):\S+|[\w-]+(\.[\w-]+)+\S*", url):
                self.entities.append({"type": "text_link", **span, "url": url})
        elif tag == "tg-emoji":
            number = opened.attributes.get("emoji-id", "")
            if not number.isdigit():
                raise cannot_parse("Invalid custom emoji identifier specified")
            self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": number})
        elif tag == "blockquote":
            is_long = "expandable" in opened.attributes
            kind = "expandable_blockquote" if is_long else "blockquote"
            self.entities.append({"type": kind, **span})
        elif tag in ("pre", "code"):
            self.code(opened, span)
        else:
            self.entities.append({"type": SIMPLE[tag], **span})

    def code(self, opened: Open, span: Json) -> None:
        """`<pre><code class="language-x">` is one entity with a language."""
        language = opened.attributes.get("class", "")
        last = self.entities[-1] if self.entities else {}
        same = {key: last.get(key) for key in ("offset", "length")} == span
        if opened.tag == "pre" and same and last["type"] == "code":
            last["type"] = "pre"
            return
        made = {"type": opened.tag, **span}
        if opened.tag == "code" and language.startswith("language-"):
            made["language"] = language.removeprefix("language-")
        self.entities.append(made)
