"""The command line: what can be asked, and how failures are told."""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bot import chain_line, streams
from bot.trouble import Misused, Trouble

if TYPE_CHECKING:  # pydantic is imported at first use: --help must not wait for it
    from bot.settings import ConfigMistakes, Settings

# What a shell reports of a program that these signals ended.
INTERRUPTED, PIPE_CLOSED = 130, 141
FINE, FAILED, MISUSED = 0, 1, 2
# What these work on is not in the settings.
WITHOUT_SETTINGS = ("demo", "move")

ABOUT = """Decide, thank and fund together, from the chat your community already uses.
Without a command a local room opens in this terminal: no token, no network."""
EXAMPLES = """examples:
  folkmoot                              a room on ./folkmoot.db
  folkmoot demo                         a week of a small community, in seconds
  folkmoot check --config config.toml   everything that is wrong, at once
  folkmoot run --config config.toml     the bot, until it is told to stop

exit status: 0 all is well, 1 something failed or differs, 2 it was asked wrongly"""


class Help(argparse.RawDescriptionHelpFormatter):
    """Help of one width, so that docs/commands.md is the same wherever it is written."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=78)


class Parser(argparse.ArgumentParser):
    """A parser that guesses what a mistyped command was meant to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", Help)
        super().__init__(*args, **kwargs)
        self.subcommands: dict[str, Parser] = {}

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        known = self.subcommands
        if action.dest == "command" and value not in known:
            close = difflib.get_close_matches(str(value), known, n=1)
            guess = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}."
            self.error(f"there is no command {str(value)[:40]!r}; {guess}")
        super()._check_value(action, value)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr, and where help is."""
        self.exit(MISUSED, f"{self.prog}: {message}\nTry '{self.prog} --help'.\n")


def parser() -> Parser:
    """Return the whole command line, as it is parsed and as docs/commands.md tells it."""
    top = Parser("folkmoot", description=ABOUT, epilog=EXAMPLES)
    top.add_argument("--version", action="store_true", help="print the version and leave")
    _add_config(top, default=None)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def add(name: str, what: str, more: str = "") -> Parser:
        about = f"{what[0].upper()}{what[1:]}.\n{more}"
        made = commands.add_parser(name, help=what, description=about)
        top.subcommands[name] = made
        _add_config(made, default=argparse.SUPPRESS, is_shown=name not in WITHOUT_SETTINGS)
        return made

    add("run", "run the bot until it is told to stop", "SIGTERM ends it cleanly.")
    playing = add(
        "demo", "play a week of a small community", "It writes nothing but to the terminal."
    )
    playing.add_argument(
        "--chain", action="store_true", help="a payment on a chain instead, in this process"
    )
    checking = add("check", "say everything that is wrong: settings, database, tokens, rights")
    checking.add_argument(
        "--alive", action="store_true", help="only ask whether the running bot is at work"
    )
    add("migrate", "bring the database to this version", "run and the room do so by themselves.")
    verifying = add("verify", "count every closed vote again and check the journal")
    verifying.add_argument(
        "--head", metavar="HASH", help="also find this head, as a result card prints it"
    )
    exporting = add("export", "write votes, ballots, members, settings and journal as files")
    exporting.add_argument(
        "--to", metavar="DIR", type=Path, required=True, help="a folder that is new or empty"
    )
    exporting.add_argument(
        "--community", metavar="X", help="one only: its id, its name, discord:GUILD_ID or room"
    )
    backing = add("backup", "copy the database to a file, also while the bot runs")
    backing.add_argument("file", metavar="FILE", type=Path, help="a file that does not exist yet")
    chain = add("chain", "set up and look at what pays on a chain")
    for made in chain_line.declare(chain):
        _add_config(made, default=argparse.SUPPRESS)
    moving = add(
        "move",
        "carry everything to another database, with the bot stopped",
        "From SQLite to PostgreSQL or back; nothing is changed where it comes from. A password\n"
        "can be left out of a url where PGPASSWORD or the password file has it.",
    )
    for name, what in (("from", "where everything is"), ("to", "a database that is empty")):
        moving.add_argument(
            f"--{name}", dest=f"{name}_url", metavar="URL", required=True,
            help=f"{what}: sqlite:///FILE or postgresql://...",
        )  # fmt: skip
    return top


def _add_config(to: Parser, default: Any, *, is_shown: bool = True) -> None:
    what = "config.toml; without it, the environment and ./folkmoot.db"
    to.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        default=default,
        help=what if is_shown else argparse.SUPPRESS,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    streams.take_any_letter()
    try:
        try:
            status = _run(parser().parse_args(arguments))
        finally:  # also after --help: at the interpreter's own exit it is too late to be quiet
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        streams.forget_output()
        return PIPE_CLOSED
    else:
        return status


def _run(asked: argparse.Namespace) -> int:
    if asked.version:
        print(f"folkmoot {_version()}")  # noqa: T201 - the answer itself
        return FINE
    if asked.command in WITHOUT_SETTINGS:
        return _unset(asked)
    from bot.settings import ConfigMistakes, load

    try:
        settings = load(asked.config)
    except ConfigMistakes as wrong:
        _tell(wrong.mistakes)
        return _check_sound(wrong, asked) if asked.command == "check" else MISUSED
    return _work(settings.database.shown, lambda: COMMANDS[asked.command](settings, asked))


def _unset(asked: argparse.Namespace) -> int:
    if asked.config is not None:
        _tell([f"{asked.command} reads no settings; leave --config out."])
        return MISUSED
    work = _demo if asked.command == "demo" else _move
    return _work("a database", lambda: work(asked))


def _demo(asked: argparse.Namespace) -> int:
    if asked.chain:
        return chain_line.play()
    from bot import demo

    return demo.play(sys.stdout)


def _work(database: str, work: Callable[[], int]) -> int:
    """Run a command that works on a database; tell what stops it in a sentence."""
    import sqlite3

    from bot.database.schema import SchemaTooNew
    from core.kernel.errors import Broken

    try:
        return work()
    except Trouble as trouble:
        _tell([str(trouble)])
        return trouble.status
    except SchemaTooNew as newer:
        _tell([f"{database} was written by a newer Folkmoot (schema {newer}); use that one."])
    except (sqlite3.Error, Broken) as error:
        _tell([f"{database}: {error}. 'folkmoot check' says more."])
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _tell([f"{where}{error.strerror or error}."])
    return FAILED


def _open(settings: "Settings", _: argparse.Namespace, *, is_room: bool) -> int:
    import asyncio

    from bot import run
    from bot.database.port import check_ours, database_at

    check_ours(database_at(settings.database.url))
    return asyncio.run(run.room(settings) if is_room else run.run(settings))


def _check(settings: "Settings", asked: argparse.Namespace) -> int:
    from bot import check

    if asked.alive:
        return check.alive(settings)
    return check.check(settings, asked.config, sys.stdout)


def _check_sound(wrong: "ConfigMistakes", asked: argparse.Namespace) -> int:
    """Look at the rest as well, so that not the second mistake is found by a second look."""
    if asked.alive:
        return FAILED
    from bot import check

    return _work("the database", lambda: check.check_sound(wrong, asked.config, sys.stdout))


def _migrate(settings: "Settings", _: argparse.Namespace) -> int:
    from bot import migrate
    from bot.database.port import database_at

    return migrate.migrate(database_at(settings.database.url), sys.stdout)


def _verify(settings: "Settings", asked: argparse.Namespace) -> int:
    from bot import verify
    from bot.database.port import database_at

    database = database_at(settings.database.url)
    return verify.command(database, asked.head, sys.stdout, sys.stderr)


def _export(settings: "Settings", asked: argparse.Namespace) -> int:
    from bot import export
    from bot.database.port import database_at

    database = database_at(settings.database.url)
    return export.command(database, asked.to, asked.community, sys.stdout, sys.stderr)


def _backup(settings: "Settings", asked: argparse.Namespace) -> int:
    from bot import backup

    return backup.command(settings.database, asked.file, sys.stdout)


def _move(asked: argparse.Namespace) -> int:
    from bot import bounds, move
    from bot.database.port import database_at

    both = []
    for url in (asked.from_url, asked.to_url):
        try:
            both.append(database_at(bounds.database_url(url)))
        except ValueError as error:
            wanted = "must be sqlite:///FILE or postgresql://user:password@host/name"
            raise Misused(f"a database's url {str(error) or wanted}.") from error
    return move.command(both[0], both[1], sys.stdout)


COMMANDS: dict[str | None, Callable[["Settings", argparse.Namespace], int]] = {
    None: partial(_open, is_room=True),
    "run": partial(_open, is_room=False),
    "check": _check,
    "migrate": _migrate,
    "verify": _verify,
    "export": _export,
    "backup": _backup,
    "chain": chain_line.run,
}


def _tell(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"folkmoot: {sentence}", file=sys.stderr)  # noqa: T201


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("folkmoot")
    except PackageNotFoundError:  # run from a folder of sources that was never installed
        return "(not installed)"


if __name__ == "__main__":  # a slip for `python -m bot`; it must not do nothing
    sys.exit(main())
