"""What a message may hold: text, embeds, mentions, polls. This file is its form check."""

from __future__ import annotations

from datetime import datetime

from tests.platforms.discord_server.components import check_components
from tests.platforms.discord_server.refusals import Errors, Json, Path, empty_message

CONTENT_MAX = 2000
EMBEDS_MAX = 10
EMBEDS_CHARACTERS_MAX = 6000
EMBED_TITLE_MAX = 256
EMBED_DESCRIPTION_MAX = 4096
EMBED_FIELDS_MAX = 25
FIELD_NAME_MAX = 256
FIELD_VALUE_MAX = 1024
FOOTER_MAX = 2048
AUTHOR_MAX = 256
COLOUR_MAX = 0xFFFFFF
FILES_MAX = 10
FILE_BYTES_MAX = 10 * 1024 * 1024
NONCE_MAX = 25
MENTIONS_MAX = 100
POLL_QUESTION_MAX = 300
POLL_ANSWERS_MAX = 10
POLL_ANSWER_MAX = 55
POLL_HOURS_MAX = 768

FLAG_SUPPRESS_EMBEDS = 1 << 2
FLAG_EPHEMERAL = 1 << 6
FLAG_LOADING = 1 << 7
FLAG_COMPONENTS_V2 = 1 << 15

# What an editor may leave out stays as it was; these are the fields a message is made of.
SHOWN_FIELDS = ("content", "embeds", "components", "poll", "sticker_ids", "attachments")


def check_message(body: Json, *, is_v2: bool) -> None:
    """Hold a message, as it would stand, against every limit; raises 50035 or 50006.

    Lengths are counted in code points, as the platform's own service is written in a
    language that does so.
    """
    errors = Errors()
    errors.text(("content",), body.get("content"), CONTENT_MAX)
    _check_embeds(errors, errors.objects(("embeds",), body.get("embeds")))
    components = errors.objects(("components",), body.get("components"))
    check_components(errors, ("components",), components, is_v2=is_v2)
    _check_mentions(errors, body.get("allowed_mentions"))
    nonce = body.get("nonce")
    if nonce is not None:
        errors.text(("nonce",), str(nonce), NONCE_MAX)
    if body.get("poll"):
        _check_poll(errors, body["poll"])
    if is_v2:
        _refuse_legacy_fields(errors, body)
    errors.refuse_if_any()
    content = body.get("content")
    if content and content.strip():
        return
    # Components without text are enough for the platform, so a row of buttons alone passes.
    if not any(body.get(name) for name in SHOWN_FIELDS if name != "content"):
        raise empty_message()


def _refuse_legacy_fields(errors: Errors, body: Json) -> None:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(name):
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            message = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            errors.add((name,), code, message)


def _check_embeds(errors: Errors, embeds: list[Json]) -> None:
    errors.length(("embeds",), embeds, EMBEDS_MAX)
    for place, embed in enumerate(embeds):
        _check_embed(errors, ("embeds", place), embed)
    if sum(embed_characters(embed) for embed in embeds) > EMBEDS_CHARACTERS_MAX:
        message = f"Embed size exceeds maximum size of {EMBEDS_CHARACTERS_MAX}"
        errors.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)


def embed_characters(embed: Json) -> int:
    """The characters of an embed that count towards the 6000 of a message."""
    texts = [embed.get("title"), embed.get("description")]
    texts.append((embed.get("footer") or {}).get("text"))
    texts.append((embed.get("author") or {}).get("name"))
    for field in embed.get("fields") or []:
        texts += [field.get("name"), field.get("value")]
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def _check_embed(errors: Errors, path: Path, embed: Json) -> None:
    errors.text((*path, "title"), embed.get("title"), EMBED_TITLE_MAX)
    errors.text((*path, "description"), embed.get("description"), EMBED_DESCRIPTION_MAX)
    fields = errors.objects((*path, "fields"), embed.get("fields"))
    errors.length((*path, "fields"), fields, EMBED_FIELDS_MAX)
    for place, field in enumerate(fields):
        at = (*path, "fields", place)
        errors.text((*at, "name"), field.get("name"), FIELD_NAME_MAX, 1)
        errors.text((*at, "value"), field.get("value"), FIELD_VALUE_MAX, 1)
    if (footer := embed.get("footer")) is not None:
        errors.text((*path, "footer", "text"), footer.get("text"), FOOTER_MAX, 1)
    if (author := embed.get("author")) is not None:
        errors.text((*path, "author", "name"), author.get("name"), AUTHOR_MAX, 1)
    if (colour := embed.get("color")) is not None:
        errors.number((*path, "color"), colour, 0, COLOUR_MAX)
    if (stamp := embed.get("timestamp")) is not None:
        check_time(errors, (*path, "timestamp"), stamp)
    _check_links(errors, path, embed)
    if not embed_characters(embed) and not embed.get("image") and not embed.get("thumbnail"):
        errors.required((*path, "description"))


def check_time(errors: Errors, path: Path, value: object) -> datetime | None:
    """Read an ISO 8601 time or file the mistake."""
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        errors.add(path, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")
        return None


def _check_links(errors: Errors, path: Path, embed: Json) -> None:
    links: dict[Path, object] = {(*path, "url"): embed.get("url")}
    for part, name in (
        ("image", "url"),
        ("thumbnail", "url"),
        ("footer", "icon_url"),
        ("author", "icon_url"),
    ):
        links[(*path, part, name)] = (embed.get(part) or {}).get(name)
    for at, link in links.items():
        if link and not str(link).startswith(("http://", "https://", "attachment://")):
            message = f"Scheme \"{link}\" must be one of ('http', 'https')."
            errors.add(at, "URL_TYPE_INVALID_SCHEME", message)


def _check_mentions(errors: Errors, allowed: Json | None) -> None:
    if not allowed:
        return
    path: Path = ("allowed_mentions",)
    parse = allowed.get("parse") or []
    for place, kind in enumerate(parse):
        errors.choice((*path, "parse", place), kind, ("users", "roles", "everyone"))
    for kind in ("users", "roles"):
        ids = allowed.get(kind) or []
        errors.length((*path, kind), ids, MENTIONS_MAX)
        if ids and kind in parse:
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            errors.add(path, code, message)


def _check_poll(errors: Errors, poll: Json) -> None:
    question = (poll.get("question") or {}).get("text")
    errors.text(("poll", "question", "text"), question, POLL_QUESTION_MAX, 1)
    answers = errors.objects(("poll", "answers"), poll.get("answers"))
    errors.length(("poll", "answers"), answers, POLL_ANSWERS_MAX, 1)
    for place, answer in enumerate(answers):
        text = (answer.get("poll_media") or {}).get("text")
        at = ("poll", "answers", place, "poll_media", "text")
        errors.text(at, text, POLL_ANSWER_MAX, 1)
    errors.number(("poll", "duration"), poll.get("duration", 24), 1, POLL_HOURS_MAX)
