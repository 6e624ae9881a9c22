"""Completion in the terminal: commands, options by name, and what an option could be."""

import re
from collections.abc import AsyncGenerator, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.completion import Completion as Suggesting
from bot.platforms.console import NAME, SPACE
from bot.platforms.console.read import read_name
from core.kernel.command import Declaration
from core.kernel.feature import House
from core.kernel.fields import Option, OptionKind, Typing

# What no command of ours is: it concerns this terminal alone.
_OF_THE_ROOM = {"as ": "Speak as somebody else.", "quit": "Leave the room; everything is kept."}
_NAMED = re.compile(r"(?:^|\s)([a-z][a-z0-9_]*)=(\S*)$")


class LineCompleter(Completer):
    """Completes the line of a room."""

    def __init__(self, suggesting: Suggesting, house: House) -> None:
        """Take what completes options, and the declarations."""
        self._suggesting = suggesting
        self._commands = {one.path: one for one in house.declarations}

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - the library names it
    ) -> Iterable[Completion]:
        """Return what needs no database; the terminal asks the other method."""
        return self._of_commands(_said(document))

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - the library names it
    ) -> AsyncGenerator[Completion, None]:
        """Yield completions for the word under the cursor."""
        said = _said(document)
        found = self._declared(said)
        if found is None:
            for one in (*self._of_commands(said), *await self._of_speakers(document)):
                yield one
            return
        declared, rest = found
        option, typed, given = _current(declared, rest)
        if option is not None:
            for one in await self._of_option(declared.path, option, typed, given):
                yield one
        word = rest.rsplit(" ", 1)[-1]
        for optional in declared.options:
            if not optional.is_required and optional.name.startswith(word) and "=" not in word:
                name = f"{optional.name}="
                yield Completion(name, -len(word), display_meta=optional.description)

    def _of_commands(self, said: str) -> Iterable[Completion]:
        if not said.startswith("/"):
            return
        typed = said[1:]
        for path, declared in self._commands.items():
            if path.startswith(typed) or declared.joined.startswith(typed):
                yield Completion(f"/{path} ", -len(said), display_meta=declared.help)
        for path, told in _OF_THE_ROOM.items():
            if path.startswith(typed) and path != typed:
                yield Completion(f"/{path}", -len(said), display_meta=told)

    async def _of_speakers(self, document: Document) -> Iterable[Completion]:
        """Return who could be meant by a name that begins the line, or follows /as."""
        line = document.text_before_cursor.lstrip()
        if _said(document)[:4].casefold() == "/as ":
            typed = _said(document)[4:].lstrip()
            return [Completion(one, -len(typed)) for one in await self._people(typed)]
        if not line or "/" in line or ":" in line:
            return []
        return [Completion(f"{one}: ", -len(line)) for one in await self._people(line)]

    async def _of_option(
        self, path: str, option: Option, typed: str, given: dict[str, str]
    ) -> Iterable[Completion]:
        if option.kind is OptionKind.MEMBER:
            names = await self._people(typed)
            return [Completion(f'"{n}"' if " " in n else f"@{n}", -len(typed)) for n in names]
        community = await self._suggesting.community(NAME, SPACE)
        typing = Typing(typed, given, community, NAME)
        return [
            *(
                Completion(one.value, -len(typed), display=one.label)
                for one in await self._suggesting.suggest(path, option.name, typing)
            ),
            *(Completion(one, -len(typed)) for one in _choices(option) if one.startswith(typed)),
        ]

    async def _people(self, typed: str) -> list[str]:
        return await self._suggesting.people(NAME, SPACE, typed.strip('"@'))

    def _declared(self, said: str) -> tuple[Declaration, str] | None:
        """Return the command that the line starts with, once a blank follows it."""
        for path in sorted(self._commands, key=len, reverse=True):
            for spelling in (f"/{path} ", f"/{self._commands[path].joined} "):
                if said.startswith(spelling):
                    return self._commands[path], said[len(spelling) :]
        return None


def _choices(option: Option) -> tuple[str, ...]:
    return ("true", "false") if option.kind is OptionKind.BOOLEAN else option.choices


def _said(document: Document) -> str:
    """Return what is said so far, without who says it."""
    line = document.text_before_cursor.lstrip()
    before, colon, after = line.partition(":")
    is_spoken_for = bool(colon) and not line.startswith("/") and read_name(before) is not None
    return after.lstrip() if is_spoken_for else line


def _current(declared: Declaration, rest: str) -> tuple[Option | None, str, dict[str, str]]:
    """Return the option being typed, what stands of it, and the ones before it."""
    named = _NAMED.search(rest)
    options = {one.name: one for one in declared.options}
    if named is not None and named[1] in options:
        return options[named[1]], named[2], {}
    words = rest.split(" ")
    required = [one for one in declared.options if one.is_required] or list(declared.options[:1])
    at = min(len(words), len(required)) - 1
    if at < 0:
        return None, "", {}
    given = {one.name: word for one, word in zip(required, words[:-1], strict=False)}
    return required[at], " ".join(words[at:]), given
