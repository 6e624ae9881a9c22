"""`folkmoot chain`, `folkmoot check` and the demo, as whoever runs the bot meets them."""

import asyncio
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chain import demo
from bot.chain.deploy import GRANT
from bot.chain.inprocess import CHAIN_ID
from bot.chain.timelock import CANCELLER, ask
from bot.checks.chain import check_chain
from bot.checks.finding import Level
from bot.cli import main
from bot.compose import Bot
from bot.settings import Settings, load
from core.execution import treasuries
from tests.chain.anvil import NOT_FOUND, Anvil, binary
from tests.chain.town import START

needs_anvil = pytest.mark.skipif(binary() is None, reason=NOT_FOUND)
KEY = "11" * 32


@pytest.fixture
def anvil(tmp_path: Path) -> Iterator[Anvil]:
    made = Anvil(START, tmp_path)
    yield made
    made.stop()


def written(folder: Path, anvil: Anvil, more: str = "") -> Path:
    """Write a configuration, and a key with something for gas."""
    (folder / "key").write_text(KEY, encoding="utf-8")
    (folder / "key").chmod(0o600)
    config = folder / "config.toml"
    config.write_text(
        f'[database]\nurl = "sqlite:///{folder}/moot.db"\n'
        f'[chain]\nrpc_url = "{anvil.url}"\nchain_id = {CHAIN_ID}\nconfirmations = 1\n'
        f'key_file = "{folder}/key"\n{more}',
        encoding="utf-8",
    )
    return config


def treasury(timelock: str, token: str, decimals: int = 6) -> str:
    return (
        f'[[chain.treasuries]]\nname = "main"\ncommunity = "room"\ntimelock = "{timelock}"\n'
        f'[[chain.treasuries.tokens]]\nsymbol = "LEAF"\naddress = "{token}"\n'
        f'decimals = {decimals}\ncap = "10"\ncap_per_day = "20"\n'
    )


@pytest.fixture
def deployed(tmp_path: Path, anvil: Anvil, capsys: pytest.CaptureFixture[str]) -> str:
    """A timelock that the command line has deployed; its address."""
    config = written(tmp_path, anvil)
    from eth_account import Account

    anvil.rpc("anvil_setBalance", Account.from_key(KEY).address, hex(10**19))
    words = ["--delay", "48h", "--guardian", anvil.account(1), "--config", str(config)]
    assert main(["chain", "deploy-timelock", *words]) == 0
    said = capsys.readouterr().out
    found = re.search(r'timelock = "(0x[0-9a-fA-F]{40})"', said)
    assert found is not None, said
    return found[1]


@needs_anvil
def test_what_was_deployed_is_found_in_order(
    tmp_path: Path, anvil: Anvil, deployed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    coin = anvil.coin(deployed, 5_500_000)
    config = written(tmp_path, anvil, treasury(deployed, coin.address))
    found = check_chain(load(config).chain)
    assert [one.what for one in found if one.level is not Level.FINE] == []
    assert main(["chain", "status", "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert f"chain {CHAIN_ID}: block" in said
    assert "delay 2 days" in said
    assert "LEAF: 5.5" in said


@needs_anvil
def test_everything_that_is_wrong_on_the_chain_is_told(
    tmp_path: Path, anvil: Anvil, deployed: str
) -> None:
    coin = anvil.coin(deployed, 1)
    key = anvil.w3.eth.account.from_key(KEY).address

    def wrongs(more: str, *, chain_id: int = CHAIN_ID) -> str:
        config = written(tmp_path, anvil, more)
        text = config.read_text(encoding="utf-8").replace(str(CHAIN_ID), str(chain_id))
        config.write_text(text, encoding="utf-8")
        found = check_chain(load(config).chain)
        return "\n".join(one.what for one in found if one.level is Level.WRONG)

    good = treasury(deployed, coin.address)
    assert wrongs(good) == ""
    assert "on chain" in wrongs(good, chain_id=5)
    assert "has no treasury" in wrongs("")
    assert "is no timelock" in wrongs(treasury(coin.address, deployed))
    assert "there is no contract" in wrongs(treasury(key, coin.address))
    assert "no token that says its decimals" in wrongs(treasury(deployed, anvil.lock_again()))
    assert "has 6 decimals, and 8 are configured" in wrongs(treasury(deployed, coin.address, 8))
    (tmp_path / "key").chmod(0o644)
    # Its own timelock may grant; here anvil speaks in its name.
    anvil.rpc("anvil_impersonateAccount", deployed)
    anvil.rpc("anvil_setBalance", deployed, hex(10**18))
    grant = "0x" + ask(GRANT, CANCELLER, key).hex()
    anvil.w3.eth.send_transaction({"from": deployed, "to": deployed, "data": grant})  # type: ignore[typeddict-item]
    assert "may also cancel" in wrongs(good)
    anvil.rpc("anvil_setBalance", key, "0x1")
    assert "too little for ten payments" in wrongs(good)
    anvil.stop()
    assert "does not answer" in wrongs(good)
    anvil.launch()


@needs_anvil
async def test_the_whole_bot_hires_a_signer(tmp_path: Path, anvil: Anvil) -> None:
    lock = anvil.lock_again()
    coin = anvil.coin(lock, 5_000_000)
    config = written(tmp_path, anvil, treasury(lock, coin.address))
    settings: Settings = load(config)
    bot = Bot(settings)
    await bot.start()
    try:
        from bot.platforms.console.read import HERE, Speaker, asker_of
        from core.kernel.request import Request

        asked = Request("room:1", "setup", {"name": "Club"}, asker_of(Speaker("ana", True)), HERE)
        await bot.engine.ask(asked)
        await bot.run_clock()
        async with asyncio.timeout(120):
            while not await bot.engine.work(lambda unit: treasuries(unit.tx)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await bot.stop()


def test_a_configuration_without_a_chain_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chain", "status"]) == 1
    assert "No chain is set up" in capsys.readouterr().err
    words = ["--delay", "48h", "--guardian", "0x12"]
    assert main(["chain", "deploy-timelock", *words]) == 1
    assert "0x and 40 digits" in capsys.readouterr().err


def test_the_demo_pays_and_verifies() -> None:
    out = io.StringIO()
    assert demo.play(out) == 0
    said = out.getvalue()
    assert said.index("has 0 LEAF") < said.index("has 20 LEAF")
    assert "Everything fits." in said
    assert max(len(line) for line in said.split("\n") if not line.startswith("dan:")) <= 80
