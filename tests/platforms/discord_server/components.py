"""Buttons, menus, layouts and modals: their limits. This file is the form check of all of them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.platforms.discord_server.refusals import Errors, Json, Path

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL = 17, 18
LAYOUT = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR)
LINK_STYLE, PREMIUM_STYLE = 5, 6

ROWS_MAX = 5
ROW_WIDTH = 5
CUSTOM_ID_MAX = 100
BUTTON_LABEL_MAX = 80
URL_MAX = 512
SELECT_OPTIONS_MAX = 25
OPTION_TEXT_MAX = 100
PLACEHOLDER_MAX = 150
V2_COMPONENTS_MAX = 40
V2_CHARACTERS_MAX = 4000
SECTION_TEXTS_MAX = 3
GALLERY_MAX = 10
MODAL_TITLE_MAX = 45
MODAL_COMPONENTS_MAX = 5
INPUT_LABEL_MAX = 45
INPUT_MAX = 4000
INPUT_PLACEHOLDER_MAX = 100


def walk(components: list[Json], path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every component with its place, parents before children."""
    for place, part in enumerate(components):
        at = (*path, place)
        yield at, part
        yield from walk(part.get("components") or [], (*at, "components"))
        for single in ("accessory", "component"):
            if part.get(single):
                yield (*at, single), part[single]


def check_components(errors: Errors, path: Path, components: list[Json], *, is_v2: bool) -> None:
    """Hold the components of a message against the limits of its kind."""
    if is_v2:
        _check_v2_size(errors, path, components)
    else:
        errors.length(path, components, ROWS_MAX)
    allowed = (*LAYOUT, CONTAINER) if is_v2 else (ROW,)
    _check_level(errors, path, components, allowed)
    _check_unique_ids(errors, path, components)


def _check_level(
    errors: Errors, path: Path, components: list[Json], allowed: tuple[int, ...]
) -> None:
    for place, part in enumerate(components):
        at = (*path, place)
        if _is_kind(errors, at, part, allowed):
            _check_part(errors, at, part)


def _is_kind(errors: Errors, path: Path, part: Json, allowed: tuple[int, ...]) -> bool:
    if part.get("type") in allowed:
        return True
    message = f'Value of field "type" must be one of {allowed}.'
    errors.add((*path, "type"), "UNION_TYPE_CHOICES", message)
    return False


def _check_part(errors: Errors, at: Path, part: Json) -> None:
    match part["type"]:
        case 1:
            _check_row(errors, at, part)
        case 9:
            _check_section(errors, at, part)
        case 10:
            errors.text((*at, "content"), part.get("content"), V2_CHARACTERS_MAX, 1)
        case 12:
            errors.length((*at, "items"), part.get("items") or [], GALLERY_MAX, 1)
        case 17:
            children = errors.objects((*at, "components"), part.get("components"))
            if not children:
                errors.required((*at, "components"))
            _check_level(errors, (*at, "components"), children, LAYOUT)


def _check_row(errors: Errors, at: Path, row: Json) -> None:
    inside = (*at, "components")
    children = errors.objects(inside, row.get("components"))
    errors.length(inside, children, ROW_WIDTH, 1)
    width = 0
    for place, part in enumerate(children):
        here = (*inside, place)
        if not _is_kind(errors, here, part, (BUTTON, *SELECTS)):
            continue
        if part["type"] == BUTTON:
            width += 1
            check_button(errors, here, part)
        else:
            width += ROW_WIDTH
            check_select(errors, here, part)
        if width > ROW_WIDTH:
            message = "The specified component exceeds the maximum width"
            errors.add(here, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)


def _check_section(errors: Errors, at: Path, section: Json) -> None:
    texts = errors.objects((*at, "components"), section.get("components"))
    errors.length((*at, "components"), texts, SECTION_TEXTS_MAX, 1)
    _check_level(errors, (*at, "components"), texts, (TEXT_DISPLAY,))
    accessory = section.get("accessory")
    if not accessory:
        errors.required((*at, "accessory"))
        return
    is_known = _is_kind(errors, (*at, "accessory"), accessory, (BUTTON, THUMBNAIL))
    if is_known and accessory["type"] == BUTTON:
        check_button(errors, (*at, "accessory"), accessory)


def check_button(errors: Errors, at: Path, button: Json) -> None:
    """A button either carries a custom id, or leads somewhere; never both."""
    errors.text((*at, "label"), button.get("label"), BUTTON_LABEL_MAX)
    style = button.get("style")
    if not errors.choice((*at, "style"), style, range(1, 7)):
        return
    if style == LINK_STYLE:
        errors.text((*at, "url"), button.get("url"), URL_MAX, 1)
        if button.get("custom_id"):
            message = "A custom id and url cannot both be specified"
            errors.add((*at, "custom_id"), "COMPONENT_INVALID_CUSTOM_ID", message)
        return
    if style != PREMIUM_STYLE:
        errors.text((*at, "custom_id"), button.get("custom_id"), CUSTOM_ID_MAX, 1)
        if not button.get("label") and not button.get("emoji"):
            errors.required((*at, "label"))


def check_select(errors: Errors, at: Path, select: Json) -> None:
    """A menu: its id, its choices, and how many may be chosen."""
    errors.text((*at, "custom_id"), select.get("custom_id"), CUSTOM_ID_MAX, 1)
    errors.text((*at, "placeholder"), select.get("placeholder"), PLACEHOLDER_MAX)
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    errors.number((*at, "min_values"), low, 0, SELECT_OPTIONS_MAX)
    errors.number((*at, "max_values"), high, 1, SELECT_OPTIONS_MAX)
    if select["type"] != STRING_SELECT:
        return
    options = errors.objects((*at, "options"), select.get("options"))
    errors.length((*at, "options"), options, SELECT_OPTIONS_MAX, 1)
    seen: set[str] = set()
    for place, option in enumerate(options):
        here = (*at, "options", place)
        errors.text((*here, "label"), option.get("label"), OPTION_TEXT_MAX, 1)
        errors.text((*here, "value"), option.get("value"), OPTION_TEXT_MAX, 1)
        errors.text((*here, "description"), option.get("description"), OPTION_TEXT_MAX)
        if option.get("value") in seen:
            message = "The specified option value is already used"
            errors.add((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        seen.add(str(option.get("value")))
    if options and isinstance(high, int) and high > len(options):
        message = f"int value should be less than or equal to {len(options)}."
        errors.add((*at, "max_values"), "NUMBER_TYPE_MAX", message)


def _check_unique_ids(errors: Errors, path: Path, components: list[Json]) -> None:
    seen: set[str] = set()
    for at, part in walk(components, path):
        custom_id = part.get("custom_id")
        if custom_id is not None and custom_id in seen:
            message = "Component custom id cannot be duplicated"
            errors.add((*at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        seen.add(str(custom_id))


def _check_v2_size(errors: Errors, path: Path, components: list[Json]) -> None:
    parts = [part for _, part in walk(components)]
    if len(parts) > V2_COMPONENTS_MAX:
        message = f"Must be {V2_COMPONENTS_MAX} or fewer in length."
        errors.add(path, "BASE_TYPE_MAX_LENGTH", message)
    characters = sum(len(part.get("content") or "") for part in parts)
    if characters > V2_CHARACTERS_MAX:
        message = f"The total displayable text exceeds {V2_CHARACTERS_MAX} characters"
        errors.add(path, "COMPONENT_MAX_TOTAL_TEXT_LENGTH_EXCEEDED", message)


def check_modal(modal: Json) -> None:
    """Hold a modal against its limits; raises 50035."""
    errors = Errors()
    errors.text(("title",), modal.get("title"), MODAL_TITLE_MAX, 1)
    errors.text(("custom_id",), modal.get("custom_id"), CUSTOM_ID_MAX, 1)
    parts = errors.objects(("components",), modal.get("components"))
    errors.length(("components",), parts, MODAL_COMPONENTS_MAX, 1)
    for place, part in enumerate(parts):
        at: Path = ("components", place)
        if not _is_kind(errors, at, part, (ROW, TEXT_DISPLAY, LABEL)):
            continue
        if part["type"] == ROW:
            inputs = errors.objects((*at, "components"), part.get("components"))
            errors.length((*at, "components"), inputs, 1, 1)
            for inner in inputs[:1]:
                here = (*at, "components", 0)
                errors.text((*here, "label"), inner.get("label"), INPUT_LABEL_MAX, 1)
                _check_input(errors, here, inner, (TEXT_INPUT,))
        elif part["type"] == LABEL:
            errors.text((*at, "label"), part.get("label"), INPUT_LABEL_MAX, 1)
            errors.text((*at, "description"), part.get("description"), OPTION_TEXT_MAX)
            inner = part.get("component") or {}
            _check_input(errors, (*at, "component"), inner, (TEXT_INPUT, *SELECTS, 19, 21, 22, 23))
    _check_unique_ids(errors, ("components",), parts)
    errors.refuse_if_any()


def _check_input(errors: Errors, at: Path, part: Json, allowed: tuple[int, ...]) -> None:
    if not _is_kind(errors, at, part, allowed):
        return
    if part["type"] in SELECTS:
        check_select(errors, at, part)
        return
    errors.text((*at, "custom_id"), part.get("custom_id"), CUSTOM_ID_MAX, 1)
    if part["type"] != TEXT_INPUT:
        return
    errors.choice((*at, "style"), part.get("style"), (1, 2))
    errors.text((*at, "placeholder"), part.get("placeholder"), INPUT_PLACEHOLDER_MAX)
    errors.text((*at, "value"), part.get("value"), INPUT_MAX)
    for bound, least in (("min_length", 0), ("max_length", 1)):
        if part.get(bound) is not None:
            errors.number((*at, bound), part[bound], least, INPUT_MAX)
