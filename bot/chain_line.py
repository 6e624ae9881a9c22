"""`folkmoot chain`: what can be asked of it on the command line."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.trouble import Trouble

if TYPE_CHECKING:  # as in bot/cli.py: --help must not wait for libraries
    from bot.cli import Parser
    from bot.settings import Settings

_DEPLOYED = "The bot's key may propose, guardians cancel, anybody execute; nobody is admin."


def declare(chain: "Parser") -> "Iterator[Parser]":
    """Add the commands below `folkmoot chain`, and give each for what all commands take."""
    commands = chain.add_subparsers(dest="asked_of_chain", metavar="COMMAND", required=True)

    def add(name: str, what: str, more: str = "") -> "Parser":
        about = f"{what[0].upper()}{what[1:]}.\n{more}"
        chain.subcommands[name] = commands.add_parser(name, help=what, description=about)
        return chain.subcommands[name]

    deploying = add(
        "deploy-timelock", "put a timelock on the chain, and say what was done", _DEPLOYED
    )
    deploying.add_argument(
        "--delay", metavar="TIME", required=True, help="how long guardians can veto, such as 48h"
    )
    deploying.add_argument(
        "--guardian",
        metavar="ADDRESS",
        action="append",
        required=True,
        help="who may veto; give it again for each more",
    )
    deploying.add_argument(
        "--at", metavar="ADDRESS", default="", help="go on with one that was half set up"
    )
    yield deploying
    yield add("status", "say how node, key, treasuries and payments stand")


def play() -> int:
    """Play a payment on a chain in this process; return the exit status."""
    try:
        from bot.chain import demo
    except ImportError as error:
        raise Trouble(
            'this needs a chain in the process: pip install "folkmoot[chain]" "web3[tester]"'
        ) from error
    return demo.play(sys.stdout)


def run(settings: "Settings", asked: argparse.Namespace) -> int:
    """Do what was asked; return the exit status."""
    try:
        from bot.chain import status
    except ImportError as error:
        raise Trouble(
            'What speaks to a chain is not installed: pip install "folkmoot[chain]"'
        ) from error
    if asked.asked_of_chain == "deploy-timelock":
        return status.deploy(settings.chain, asked.delay, asked.guardian, asked.at, sys.stdout)
    from bot.database.port import database_at

    return status.status(settings.chain, database_at(settings.database.url), sys.stdout)
