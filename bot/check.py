"""Saying everything that is wrong at once: settings, database, tokens, rights, backlog."""

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from bot.checks.backlog import check_backlog, is_alive
from bot.checks.database import check_database
from bot.checks.finding import Finding, Level, fine, note, wrong
from bot.checks.treasuries import check_treasuries
from bot.database.port import database_at
from bot.settings import ConfigMistakes, Settings


def check(settings: Settings, config: Path | None, out: TextIO) -> int:
    """Look at everything, write a line for each finding; return the exit status."""
    said = [fine(f"settings: {config or 'the defaults and the environment'}")]
    return _say(chain(said, _findings(settings, config, frozenset())), out)


def check_sound(mistakes: ConfigMistakes, config: Path | None, out: TextIO) -> int:
    """Look at what a configuration says besides its mistakes, which were told already.

    Returns the exit status.
    """
    if mistakes.sound is None:
        return 1
    unseen = [
        note(f"[{name}] is not looked at until its settings are mended")
        for name in sorted(mistakes.faulty)
    ]
    found = _findings(mistakes.sound, config, mistakes.faulty)
    return _say(chain(unseen, found), out, n_wrong=len(mistakes.mistakes))


def _say(findings: Iterable[Finding], out: TextIO, *, n_wrong: int = 0) -> int:
    for one in findings:
        out.write(f"{one.level:<6}{one.what}\n")
        n_wrong += one.level is Level.WRONG
    if n_wrong:
        out.write(f"{n_wrong} {'thing is' if n_wrong == 1 else 'things are'} wrong.\n")
        return 1
    out.write("Nothing is wrong.\n")
    return 0


def alive(settings: Settings) -> int:
    """Say whether the running bot is at work; return the exit status."""
    is_at_work, said = is_alive(database_at(settings.database.url))
    print(said, file=sys.stdout if is_at_work else sys.stderr)
    return 0 if is_at_work else 1


def _findings(settings: Settings, config: Path | None, faulty: frozenset[str]) -> Iterator[Finding]:
    """Yield what there is to say of each section that is not faulty."""
    yield from _readable(settings, config)
    if not faulty & {"backup", "database"}:
        yield from _backup(settings)
    if "database" not in faulty:
        yield from _database(settings)
    if "discord" not in faulty:
        yield from _discord(settings)
    if not faulty & {"telegram", "database"}:
        yield from _telegram(settings)
    if "chain" not in faulty:
        from bot.checks.chain import check_chain

        yield from check_chain(settings.chain)
    if not faulty & {"chain", "database"}:
        yield from check_treasuries(settings.chain, database_at(settings.database.url))


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database.is_file:
        yield from check_database(settings.database.path)
    else:
        from bot.checks.postgres import check_postgres

        yield from check_postgres(settings.database.url)
    yield from check_backlog(database_at(settings.database.url))


def _discord(settings: Settings) -> Iterator[Finding]:
    if settings.discord.is_on:
        from bot.checks.discord import check_discord  # aiohttp is slow to import

        yield from asyncio.run(check_discord(settings.discord))
    else:
        yield note("Discord: no token is set, so the bot leaves it alone")


def _telegram(settings: Settings) -> Iterator[Finding]:
    if settings.telegram.is_on:
        from bot.checks.telegram import check_telegram

        database = database_at(settings.database.url)
        yield from asyncio.run(check_telegram(settings.telegram, database))
    else:
        yield note("Telegram: no token is set, so the bot leaves it alone")


def _readable(settings: Settings, config: Path | None) -> Iterator[Finding]:
    if config is not None and settings.secrets and _is_open(config):
        yield note(
            f"settings: others on this machine can read {config}. If the token is in it, make it "
            f"yours alone: chmod 600 {config}"
        )


def _backup(settings: Settings) -> Iterator[Finding]:
    folder = settings.backup.folder
    if not settings.database.is_file:
        yield note("backup: PostgreSQL's own tools make the copies, such as pg_dump")
        return
    if folder is None:
        yield note("backup: no nightly copy is made; [backup] folder says where to")
        return
    nearest = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        yield wrong(f"backup: nothing can be written to {folder}; correct [backup] folder.")
    else:
        yield fine(f"backup: nightly to {folder}, the last {settings.backup.keep} are kept")


def _is_open(config: Path) -> bool:
    return bool(config.stat().st_mode & 0o044)
