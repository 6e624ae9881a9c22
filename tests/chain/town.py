"""A room with a treasury on a chain in this process: people vote, the signer pays."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from eth.db.atomic import AtomicDB
from eth.db.backends.memory import MemoryDB

from bot.chain.allow import Payload, id_of
from bot.chain.artifacts import Artifact, artifact
from bot.chain.deploy import Deployer, Wanted
from bot.chain.inprocess import CHAIN_ID, Evm
from bot.chain.keys import Key
from bot.chain.signer import Parts, Signer
from bot.chain.timelock import Stage, execute_call, schedule_call
from bot.chain_settings import Chain
from bot.engine import Engine
from bot.outbox import Deliveries
from core.execution import Operation, operation
from core.kernel.clock import to_ms
from core.pools import order_of
from tests.world import World

# Later than any machine's clock: a chain's time cannot be behind it.
START = datetime(2040, 1, 2, 9, 0, tzinfo=UTC)
DELAY = timedelta(hours=48)
FULL = 1_000 * 10**6
CAP, CAP_PER_DAY = "100", "150"


def settings_of(timelock: str, token: str, confirmations: int = 1, **more: Any) -> Chain:
    """Return the section `[chain]` of a configuration with one treasury and one token."""
    coin = {
        "symbol": "LEAF",
        "address": token,
        "decimals": 6,
        "cap": CAP,
        "cap_per_day": CAP_PER_DAY,
    }
    treasury = {
        "name": "main",
        "community": "room",
        "timelock": timelock,
        "guardian_note": "Gus and Gia can veto in the app of the timelock.",
        "tokens": [coin],
    }
    return Chain.model_validate(
        {
            "rpc_url": "http://127.0.0.1:1",
            "chain_id": CHAIN_ID,
            "confirmations": confirmations,
            "treasuries": [treasury],
            **more,
        }
    )


class Standing(NamedTuple):
    """A timelock on a chain, and the key that may use it."""

    key: Key
    timelock: str


def stand(evm: Evm, name: str) -> Standing:
    """Deploy a timelock, with the first account as its guardian."""
    key = evm.key(name)
    deployer = Deployer(evm.node, key, 300 * 10**9, lambda _: None)
    wanted = Wanted(int(DELAY.total_seconds()), (evm.account(1),))
    return Standing(key, deployer.deploy(wanted))


@cache
def _model() -> tuple[Evm, Standing]:
    """Deploy once: py-evm takes longer for this than for most of what is tested."""
    evm = Evm(START)
    return evm, stand(evm, "bot")


class Founded(Evm):
    """A chain of its own that begins as a copy of one on which a timelock stands."""

    def __init__(self) -> None:
        super().__init__(START)
        model, self.standing = _model()
        chain = model.tester.backend.chain
        kept = chain.chaindb.db.wrapped_db.kv_store
        self.tester.backend.chain = type(chain)(AtomicDB(MemoryDB(dict(kept))))


class Town:
    """The room, the chain, and the signer between them."""

    def __init__(
        self, world: World, evm: Evm, token: Artifact | None = None, confirmations: int = 1
    ) -> None:
        self.world = world
        self.evm = evm
        world.clock.set(max(evm.now(), START))
        self.guardian = evm.account(1)
        found = evm.standing if isinstance(evm, Founded) else stand(evm, f"bot {id(self)}")
        self.key, self.timelock = found
        self.coin = evm.deploy(token or artifact("Coin"))
        self.coin.functions.mint(self.timelock, FULL).transact({"from": evm.rich})
        self.lock = evm.timelock(self.timelock)
        self.settings = settings_of(self.timelock, self.coin.address, confirmations)
        self.engine = Engine(world.app, world.database.open())
        self.engine.start()
        self.signer = self.hire()
        self.payees = 0

    def hire(self, node: Any = None, engine: Any = None) -> Signer:
        """Return a new signer, as after a restart: it remembers nothing."""
        parts = Parts(node or self.evm.node, self.key)
        return Signer(self.settings, engine or self.engine, self.world.clock, parts)

    async def found(self) -> None:
        """Found the community, and have the treasury known with its balance."""
        self.world.member("ana*").says('/setup "Garden club"')
        for line in ("/config set quorum 1", "/channel admin"):
            self.world.member("ana*").says(line)
        await self.signer.turn()
        self.world.settle()

    def payee(self) -> str:
        """Return an address that has nothing yet."""
        self.payees += 1
        return str(self.evm.w3.to_checksum_address("0x" + f"{0xABC000 + self.payees:040x}"))

    def decide(self, amount: str = "20", to: str = "") -> tuple[int, str]:
        """Have a payment requested, passed and handed over; return its number and the address."""
        world, to = self.world, to or self.payee()
        said = world.member("dan").says(
            f"/pool request main-LEAF {amount} @dan Seeds closes_in=1h address={to}"
        )
        row = world.tx.one("select max(number) from proposal")
        assert row is not None, said
        number = int(row[0])
        for name in ("ana", "ben"):
            said = world.member(name).says(f"/vote {number} for")
        world.advance(hours=1)
        world.advance(hours=24)
        assert self.told(number) is not None, said
        self.sync()
        return number, to

    def sync(self) -> None:
        """Have the chain's clock go where the bot's is."""
        self.evm.pass_to(self.world.clock.now())

    def wait(self, **length: float) -> None:
        """Let time pass on the chain and in the room."""
        self.world.advance(**length)
        self.sync()

    async def turn(self, n: int = 1) -> None:
        """Have the signer make rounds, with what they say delivered."""
        for _ in range(n):
            await self.signer.turn()
            self.world.settle()

    async def deliver(self) -> None:
        """Have the signer take its work from the outbox."""
        await Deliveries(self.engine, self.signer).settle()
        self.world.settle()

    def told(self, number: int) -> Operation | None:
        """Return what the books say of a payment."""
        return operation(self.world.tx, self.community, number)

    def state(self, number: int) -> str:
        """Return where a payment stands in the books."""
        found = self.told(number)
        assert found is not None
        return found.state.value

    @property
    def community(self) -> int:
        row = self.world.tx.one("select id from community")
        assert row is not None
        return int(row[0])

    def balance(self, who: str) -> float:
        """Return what an address has, in coins."""
        return float(self.coin.functions.balanceOf(who).call()) / 10**6

    def id_of(self, number: int) -> str:
        """Return an operation's id in the timelock."""
        row = self.world.tx.one("select operation from chain_order where proposal = ?", (number,))
        assert row is not None
        return str(row[0])

    def stage(self, number: int) -> Stage:
        """Return where the timelock has a payment."""
        return Stage(self.lock.functions.getOperationState(self.id_of(number)).call())

    def cancel(self, number: int) -> None:
        """Have the guardian veto."""
        self.cancel_id(self.id_of(number))

    def cancel_id(self, operation_id: str) -> None:
        """Have the guardian veto an operation by its id."""
        self.lock.functions.cancel(operation_id).transact({"from": self.guardian})

    async def id_from_order(self, number: int) -> str:
        """Return an operation's id as the decision has it."""
        order = await self.engine.work(lambda unit: order_of(unit.tx, self.community, number))
        return id_of(order)

    def execute_by_hand(self, number: int) -> None:
        """Have somebody execute what is ready, as everybody may."""
        order = order_of(self.world.tx, self.community, number)
        self.evm.w3.eth.send_transaction(
            {"from": self.evm.rich, "to": self.timelock, "data": execute_call(order)}
        )

    def schedule_by_hand(self, number: int) -> None:
        """Have another program schedule a payment with the signer's key."""
        order = order_of(self.world.tx, self.community, number)
        call = schedule_call(order, int(DELAY.total_seconds()))
        nonce, price = self.evm.node.nonce(self.key.address), 2 * 10**9
        made = Payload(CHAIN_ID, nonce, self.timelock, 0, call, 400_000, price, price)
        self.evm.send(self.key.sign(made).raw)

    def send_by_key(self) -> None:
        """Have another program use the signer's key."""
        self.drain_key(self.evm.node.nonce(self.key.address), 0, 2 * 10**9)

    def drain_key(self, nonce: int, value: int, price: int) -> None:
        """Have another program send some of the key's coin away."""
        bare = Payload(CHAIN_ID, nonce, self.evm.rich, value, b"", 21_000, price, price)
        self.evm.send(self.key.sign(bare).raw)

    def n_calls(self, number: int) -> tuple[int, int]:
        """Return how often a payment was scheduled and executed on the chain."""
        made = self.lock.events
        row = self.world.tx.one("select since_block from chain_order where proposal = ?", (number,))
        assert row is not None
        found = {"argument_filters": {"id": self.id_of(number)}, "from_block": row[0]}
        return (
            len(made.CallScheduled.get_logs(**found)),
            len(made.CallExecuted.get_logs(**found)),
        )

    def signed(self, purpose: str = "schedule") -> int:
        """Return how many versions were signed for a purpose."""
        row = self.world.tx.one("select count(*) from chain_tx where purpose = ?", (purpose,))
        assert row is not None
        return int(row[0])

    def now_ms(self) -> int:
        return to_ms(self.world.clock.now())
