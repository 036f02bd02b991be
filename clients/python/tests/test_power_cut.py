"""kill −9 in the middle of load: what was acknowledged is there, and the rest can be asked again.

JOINERY_KILLS says how often, 5 by default; `make faults` does it 200 times. All cuts hit the same
database.
"""

import os
import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

import sample_company as company
from asking import CUSTOMER, assert_verified, orders_named, place_order, stock_of
from joinery import Client, JoineryError, RetryPolicy, decimal, money, quantity, unit_price
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.server import LocalServer

KILLS = int(os.environ.get("JOINERY_KILLS", "5"))
WORKERS = 8
COMMANDS_PER_WORKER = 60
MOVED_SKU = "RUG-WOOL-200"
RAW_METHODS = {
    orders.PlaceOrderRequest: "/joinery.orders.v1.OrderService/PlaceOrder",
    inventory.ReceiveStockRequest: "/joinery.inventory.v1.InventoryService/ReceiveStock",
    finance.ReceivePaymentRequest: "/joinery.finance.v1.FinanceService/ReceivePayment",
}


@dataclass(frozen=True)
class Command:
    key: str
    request: (
        orders.PlaceOrderRequest | inventory.ReceiveStockRequest | finance.ReceivePaymentRequest
    )

    def send(self, client: Client) -> tuple[bytes, bool]:
        """The reply's bytes as they came, and whether it is an earlier one."""
        method = client.channel.unary_unary(
            RAW_METHODS[type(self.request)],
            request_serializer=type(self.request).SerializeToString,
        )
        outcome = client.execute(method, self.request, self.key)
        return outcome.message, outcome.replayed


@pytest.fixture(scope="module")
def battered(binary, tmp_path_factory) -> Iterator[LocalServer]:
    folder = tmp_path_factory.mktemp("battered")
    shipped = "--backup-folder", str(folder / "backups")
    server = LocalServer(binary, folder / "joinery.db", *shipped).start()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    yield server
    server.kill()


@pytest.mark.parametrize("cut", range(KILLS))
def test_nothing_acknowledged_is_lost(battered: LocalServer, cut: int):
    with Client(battered.address, actor="load") as client:
        stock_before = decimal(stock_of(client, MOVED_SKU).on_hand)
    plans = [list(commands(cut, worker)) for worker in range(WORKERS)]
    # The seed makes the moment of the cut another one each time, and the same one when the test is
    # run again.
    replies = run_until_killed(battered, plans, random.Random(cut).randint(1, 200))
    battered.start()

    everything = [command for plan in plans for command in plan]
    with Client(battered.address, actor="load") as client:
        with ThreadPoolExecutor(WORKERS) as pool:
            again = list(pool.map(lambda command: command.send(client), everything))
        for command, (reply, replayed) in zip(everything, again, strict=True):
            if command.key in replies:
                assert replayed and reply == replies[command.key], command.key
        placed = [c for c in everything if isinstance(c.request, orders.PlaceOrderRequest)]
        assert len(orders_named(client, f"cut-{cut}-")) == len(placed)
        received = [c for c in everything if isinstance(c.request, inventory.ReceiveStockRequest)]
        stock = decimal(stock_of(client, MOVED_SKU).on_hand)
        assert stock - stock_before == len(received), "each receipt counts once"
        assert_verified(client)


def test_the_shipped_log_goes_through_every_cut(battered: LocalServer, tmp_path):
    """After all of them, and an orderly stop: another database, out of the folder alone."""
    with Client(battered.address, actor="load") as client:
        kept = {order.external_id: order.number for order in orders_named(client, "cut-")}
    battered.stop()
    whole = battered.verify()
    restored = tmp_path / "restored.db"
    command = [battered.binary, "backup", "restore", battered.database.parent / "backups"]
    ran = subprocess.run(
        [*command, "--database", restored], capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    # The same audit with one entry more, which says that it was restored.
    entries = int(whole.split(" audit entries")[0].split()[-1])
    assert f"{entries + 1} audit entries" in LocalServer(battered.binary, restored).verify()
    with LocalServer(battered.binary, restored) as server:
        with Client(server.address, actor="load") as client:
            there = {order.external_id: order.number for order in orders_named(client, "cut-")}
            assert there == kept and len(kept) > KILLS


def commands(cut: int, worker: int) -> Iterator[Command]:
    """Orders, receipts and payments by turns."""
    for position in range(COMMANDS_PER_WORKER):
        key = f"cut-{cut}-{worker}-{position}"
        match position % 3:
            case 0:
                yield Command(key, place_order(key))
            case 1:
                yield Command(
                    key,
                    inventory.ReceiveStockRequest(
                        sku=MOVED_SKU,
                        warehouse_code="SH-MAIN",
                        quantity=quantity(1),
                        unit_cost=unit_price("720"),
                        reason=key,
                    ),
                )
            case _:
                yield Command(
                    key,
                    finance.ReceivePaymentRequest(
                        customer_code=CUSTOMER,
                        amount=money("10.00"),
                        method=finance.PAYMENT_METHOD_CARD,
                        external_reference=key,
                    ),
                )


def run_until_killed(
    server: LocalServer, plans: list[list[Command]], acknowledgements: int
) -> dict[str, bytes]:
    """Kills the server when so many commands are acknowledged; returns the replies that came."""
    replies: dict[str, bytes] = {}
    lock = threading.Lock()

    def work(plan: list[Command]) -> None:
        no_retry = RetryPolicy(attempts=1)
        with Client(server.address, actor="load", retry=no_retry) as client:
            for command in plan:
                try:
                    reply, _ = command.send(client)
                except JoineryError:
                    return
                with lock:
                    replies[command.key] = reply
                    if len(replies) == acknowledgements:
                        server.kill()

    run_all([lambda plan=plan: work(plan) for plan in plans])
    assert len(replies) >= acknowledgements
    return replies


def run_all(jobs: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(jobs)) as pool:
        for job in [pool.submit(job) for job in jobs]:
            job.result()
