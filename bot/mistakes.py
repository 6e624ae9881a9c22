"""What is wrong with a configuration, in words; this file is how an operator's mistake is told."""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

if TYPE_CHECKING:
    from bot.settings import Settings

ENV_PREFIX = "FOLKMOOT_"
FILE_BYTES_MAX = 1 << 20  # a real one is under 2 KiB; more is another file given by mistake
SHOWN_NAME_MAX = 32  # a longer name is no key of ours and may be a token pasted on the wrong side

# How to write it in the file, by pydantic's name of the error. An environment has no quotes.
HINTS = {
    "string_type": " (in quotes)",
    "path_type": " (in quotes)",
    "bool_type": " (without quotes)",
    "int_type": " (without quotes)",
    "tuple_type": " (in square brackets)",
}


class ConfigMistakes(Exception):
    """Everything that is wrong with the configuration, a sentence each; none repeats a value.

    `sound` are the settings without the sections that are `faulty`, where there is such a thing.
    """

    def __init__(
        self,
        mistakes: tuple[str, ...],
        sound: "Settings | None" = None,
        faulty: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes
        self.sound = sound
        self.faulty = faulty

    def __str__(self) -> str:
        return "\n".join(self.mistakes)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; raises ConfigMistakes with the one thing that is wrong."""
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_BYTES_MAX + 1)
        if len(raw) > FILE_BYTES_MAX:
            wrong = "is too large to be a configuration; is it another file?"
        else:
            return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        wrong = "there is no such file; copy config.example.toml to it and fill it in."
    except IsADirectoryError:
        wrong = "is a folder; name the file in it, such as config.toml."
    except OSError as error:
        wrong = f"cannot be read: {error.strerror}."
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"line {line} is not UTF-8 text; save the file as UTF-8."
    except tomllib.TOMLDecodeError as error:
        wrong = f"is not TOML: {error}. Texts stand in quotes, sections in [brackets]."
    except (ValueError, RecursionError):  # a number of thousands of digits; hundreds of brackets
        wrong = "is not TOML that can be read: a number or a list in it is far too long or deep."
    raise ConfigMistakes((f"{path}: {wrong}",))


def words_of(section: type[BaseModel]) -> dict[str, str]:
    """Return what each key of a section must be."""
    return {
        field.alias or key: field.description or "" for key, field in section.model_fields.items()
    }


@dataclass(frozen=True)
class Vocabulary:
    """The known sections and, for each key, what it must be. No sentence repeats a value."""

    keys: Mapping[str, Mapping[str, str]]
    # Tables that may stand there several times, in double brackets, by their path.
    tables: Mapping[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)

    def in_section(self, section: str, error: ValidationError) -> dict[str, str]:
        """Tell what is wrong in a table of the file, by place."""
        mistakes = {}
        for detail in error.errors(include_url=False, include_input=False):
            key = str(detail["loc"][0])
            if len(detail["loc"]) > 1 and (section, key) in self.tables:
                place, said = self._in_table(section, detail)
                mistakes[place] = f"{place}: {said}"
                continue
            place = _in_file(section, key)
            if key in self.keys[section]:
                hint = HINTS.get(detail["type"], "")
                mistakes[place] = f"{place}: {self._must(section, key, detail)}{hint}."
            else:
                mistakes[place] = f"{place}: {self._unknown(section, key, _in_file)}"
        return mistakes

    def _in_table(self, section: str, detail: ErrorDetails) -> tuple[str, str]:
        """Return where in tables within tables something is wrong, counted from 1, and what."""
        path: tuple[str, ...] = (section,)
        numbers, keys = list[str](), list[str]()
        for part in detail["loc"]:
            if isinstance(part, int):
                numbers.append(str(part + 1))
            elif (*path, part) in self.tables:
                path = (*path, part)
            else:
                keys.append(part)
        table, words = f"[[{'.'.join(path)}]] {'.'.join(numbers)}", self.tables[path]
        key = keys[0] if keys else ""
        if not keys:
            name = path[-1]
            home = self.tables.get(path[:-1]) or self.keys[section]
            return f"{table}", f"must be a table; {name} must be {home[name]}."
        place = f"{table} {_shown(key)}"
        if key not in words:
            close = difflib.get_close_matches(key.lower(), words, n=1)
            known = f"did you mean {close[0]}?" if close else f"there are {', '.join(words)}."
            return place, f"is not known; {known}"
        own = detail.get("ctx", {}).get("error")
        must = (str(own) if own else "") or f"must be {words[key]}"
        is_missing = detail["type"] == "missing"
        hint = "" if is_missing else HINTS.get(detail["type"], "")
        return place, f"{'is missing; it ' if is_missing else ''}{must}{hint}."

    def in_variables(self, variables: set[str], error: ValidationError) -> dict[str, str]:
        """Tell what is wrong in the environment, by variable; passes over what the file holds."""
        mistakes = {}
        for detail in error.errors(include_url=False, include_input=False):
            section, key, *_ = (*map(str, detail["loc"]), "")
            variable = _in_env(section, key)
            if variable in variables and key in self.keys[section]:
                mistakes[variable] = f"{variable}: {self._must(section, key, detail)}."
        return mistakes

    def stray(self, name: str, value: object) -> str:
        """Tell why this cannot stand at the top of the file."""
        if name in self.keys and isinstance(value, list):
            return f"[{name}]: must stand once and in single brackets."
        if name in self.keys:
            return f"{name}: is a section; write [{name}] on a line of its own and its keys below."
        if not isinstance(value, dict):
            return f"{_shown(name)}: {self._unknown('', name, _in_file)}"
        close = difflib.get_close_matches(name.lower(), self.keys, n=1)
        known = f"did you mean [{close[0]}]?" if close else f"there are [{'], ['.join(self.keys)}]."
        return f"[{_shown(name)}]: is not known; {known}"

    def stray_variables(self, variables: set[str]) -> dict[str, str]:
        """Tell the misspelled ones; what has no double underscore may be another program's."""
        names = {_in_env(section, key) for section in self.keys for key in self.keys[section]}
        single = {name.replace("__", "_"): name for name in names}
        mistakes = {}
        for variable in sorted(v for v in variables if v.startswith(ENV_PREFIX)):
            section, _, key = variable.removeprefix(ENV_PREFIX).lower().partition("__")
            if variable in single:
                mistakes[variable] = f"{variable}: needs two underscores: {single[variable]}."
            elif variable not in names and (key or section in self.keys):
                close = difflib.get_close_matches(section, self.keys, n=1)
                unknown = self._unknown(close[0] if close else "", key, _in_env)
                mistakes[variable] = f"{_shown(variable)}: {unknown}"
        return mistakes

    def _must(self, section: str, key: str, detail: ErrorDetails) -> str:
        own = detail.get("ctx", {}).get("error")
        return (str(own) if own else "") or f"must be {self.keys[section][key]}"

    def _unknown(self, section: str, key: str, spell: Callable[[str, str], str]) -> str:
        for home, likeness in ((section, 0.6), *((name, 0.8) for name in self.keys)):
            close = difflib.get_close_matches(
                key.lower(), self.keys.get(home, ()), n=1, cutoff=likeness
            )
            if close:
                return f"is not known; did you mean {spell(home, close[0])}?"
        homes = [section] if section in self.keys else list(self.keys)
        known = ", ".join(spell(home, name) for home in homes for name in self.keys[home])
        return f"is not known; there are {known}."


def _in_file(section: str, key: str) -> str:
    return f"[{section}] {_shown(key)}"


def _in_env(section: str, key: str) -> str:
    return f"{ENV_PREFIX}{section}__{key}".upper()


def _shown(key: str) -> str:
    fits = len(key) <= SHOWN_NAME_MAX and key.isprintable()
    return key if fits else f"(a name of {len(key)} characters)"
