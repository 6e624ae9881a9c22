"""Artifacts are what their sources compile to, and a bot without a chain loads none of this."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.chain.artifacts import FOLDER
from tests.chain.twisted import FOLDER as TESTS

MODULES = os.environ.get("FOLKMOOT_NPM", "")


@pytest.mark.parametrize(
    ("file", "sources"),
    [(FOLDER / "Coin.json", [FOLDER]), (TESTS / "Twisted.json", [TESTS, FOLDER])],
)
def test_an_artifact_belongs_to_the_source_beside_it(file: Path, sources: list[Path]) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    digest = hashlib.sha256()
    for name in kept["sources"]:
        source = next(one / name for one in sources if (one / name).exists())
        digest.update(f"{name}\0{source.read_text(encoding='utf-8')}\0".encode())
    assert digest.hexdigest() == kept["sources_sha256"], "run bot/chain/contracts/compile.js"


@pytest.mark.skipif(
    not MODULES or shutil.which("node") is None,
    reason="no compiler: install npm's solc and @openzeppelin/contracts, name it in FOLKMOOT_NPM",
)
def test_the_compiler_makes_the_same_of_the_sources() -> None:
    done = subprocess.run(
        ["node", str(FOLDER / "compile.js"), MODULES, "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_a_bot_without_a_chain_loads_nothing_of_it() -> None:
    code = (
        "import sys, bot.cli, bot.run, bot.compose, bot.check, bot.settings, core.features\n"
        "bot.compose.app()\n"
        "heavy = ('web3.', 'eth_account.', 'eth_abi.', 'eth_utils.', 'bot.chain.')\n"
        "print([one for one in sys.modules if f'{one}.'.startswith(heavy)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_bot_without_the_extra_starts_and_says_what_is_missing(tmp_path: Path) -> None:
    """The libraries are hidden from the process, as if they were not installed."""
    code = (
        "import sys\n"
        "for name in ('web3', 'eth_account', 'eth_abi', 'eth_utils', 'hexbytes'):\n"
        "    sys.modules[name] = None\n"
        "from bot.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            capture_output=True, text=True, check=False, cwd=tmp_path, input="",
            env={**os.environ, "PYTHONPATH": str(FOLDER.parents[2])},
        )  # fmt: skip

    assert run().returncode == 0
    config = tmp_path / "config.toml"
    config.write_text('[chain]\nrpc_url = "http://127.0.0.1:1"\nchain_id = 1\n', encoding="utf-8")
    told = run("chain", "status", "--config", str(config))
    assert told.returncode == 1
    assert 'pip install "folkmoot[chain]"' in told.stderr
