"""A disk that fails in the middle of load (see faulty_disk.c): whatever was acknowledged is there
after a restart, everything can be asked again, and every rule holds.

A few moments of failure each time; JOINERY_FAULTS=60 takes that many (`make faults`).
"""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import sample_company as company
from asking import assert_verified, place_order, stock_of
from joinery import Client, JoineryError, RetryPolicy, decimal
from joinery.server import LocalServer, ServerFailed
from test_power_cut import MOVED_SKU, Command, commands

MOMENTS = int(os.environ.get("JOINERY_FAULTS", "2"))
WORKERS = 4
NO_RETRY = RetryPolicy(attempts=1)


@pytest.fixture(scope="module")
def prepared(binary, tmp_path_factory) -> Path:
    """A database with the sample company, closed."""
    database = tmp_path_factory.mktemp("prepared") / "shop.db"
    with LocalServer(binary, database) as server, Client(server.address, actor="setup") as client:
        company.load(client)
    return database


class FaultyServer(LocalServer):
    """A server whose disk fails as ordered; `mend` gives it a good one at its next start."""

    def __init__(self, binary: Path, database: Path, library: Path, order: str) -> None:
        super().__init__(binary, database)
        self.environment = {**os.environ, "LD_PRELOAD": str(library), "FAULTY_DISK": order}

    def mend(self) -> None:
        self.environment = None

    @property
    def was_struck(self) -> bool:
        return "faulty disk:" in self.output


def moments(*, beyond: int) -> Iterator[int]:
    """Numbers of calls, at the start and in the middle of the load, which makes `beyond` or more."""
    return iter([2, beyond // 2] if MOMENTS <= 2 else range(1, MOMENTS + 1))


CASES = [
    (call, suffix, number, effect, times)
    for call, suffix, effect, times, beyond in [
        ("pwrite", ".db-wal", "EIO", 1, 40),
        ("pwrite", ".db-wal", "EIO", 0, 40),
        ("pwrite", ".db-wal", "short", 1, 40),
        ("pwrite", ".db-wal", "ENOSPC", 3, 40),
        ("pwrite", ".db-wal", "EROFS", 0, 40),
        ("fdatasync", ".db-wal", "EIO", 1, 40),
        ("fdatasync", ".db-wal", "slow", 0, 20),
        ("pread", ".db", "EIO", 1, 30),
        ("pread", ".db", "short", 2, 30),
        ("pread", ".db-wal", "EIO", 1, 20),
    ]
    for number in moments(beyond=beyond)
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_nothing_acknowledged_is_lost(binary, prepared, preloaded, tmp_path, case):
    database = tmp_path / "shop.db"
    shutil.copy(prepared, database)
    server = FaultyServer(binary, database, preloaded("faulty_disk"), ":".join(map(str, case)))
    plans = [list(commands(0, worker)) for worker in range(WORKERS)]
    replies: dict[str, bytes] = {}
    try:
        server.start()
        replies = run(server, plans)
    except ServerFailed as failed:
        assert server.was_struck, failed
    effect = case[3]
    if effect in ("short", "slow"):
        # The engine writes and reads the rest; nobody notices.
        assert len(replies) == sum(map(len, plans))
    server.kill()
    server.mend()

    with server, Client(server.address, actor="load") as client:
        everything = [command for plan in plans for command in plan]
        for command in everything:
            reply, replayed = command.send(client)
            if command.key in replies:
                assert replayed and reply == replies[command.key], command.key
        received = sum("ReceiveStock" in type(c.request).__name__ for c in everything)
        assert decimal(stock_of(client, MOVED_SKU).on_hand) - stock_in(prepared, binary) == received
        assert_verified(client)


def test_a_failed_flush_is_never_taken_for_done(binary, prepared, preloaded, tmp_path):
    """After fdatasync has failed once, the kernel may have dropped the pages, and a second one that
    succeeds proves nothing (fsyncgate): no more is written until a restart; questions go on."""
    database = tmp_path / "shop.db"
    shutil.copy(prepared, database)
    server = FaultyServer(binary, database, preloaded("faulty_disk"), "fdatasync:.db-wal:5:EIO:1").start()
    with Client(server.address, actor="load", retry=NO_RETRY) as client:
        refused = 0
        for index in range(20):
            try:
                client.execute(client.orders.PlaceOrder, place_order(f"flush-{index}"), f"f{index}")
                assert not refused, "a command was acknowledged after a failed flush"
            except JoineryError:
                refused += 1
        assert server.was_struck and refused > 10
        assert decimal(stock_of(client, MOVED_SKU).on_hand) >= 0
    server.kill()


def test_a_disk_that_was_full_takes_commands_again(binary, prepared, preloaded, tmp_path):
    database = tmp_path / "shop.db"
    shutil.copy(prepared, database)
    server = FaultyServer(binary, database, preloaded("faulty_disk"), "pwrite:.db-wal:5:ENOSPC:3").start()
    with Client(server.address, actor="load", retry=NO_RETRY) as client:
        outcomes = []
        for index in range(20):
            try:
                client.execute(client.orders.PlaceOrder, place_order(f"full-{index}"), f"f{index}")
                outcomes.append(True)
            except JoineryError:
                outcomes.append(False)
        assert server.was_struck and False in outcomes
        assert outcomes[-5:] == [True] * 5
        assert_verified(client)
    server.stop()
    server.verify()


_stock: dict[Path, object] = {}


def stock_in(database: Path, binary: Path):
    """What the prepared database holds."""
    if database not in _stock:
        with LocalServer(binary, database) as server, Client(server.address, actor="q") as client:
            _stock[database] = decimal(stock_of(client, MOVED_SKU).on_hand)
    return _stock[database]


def run(server: LocalServer, plans: list[list[Command]]) -> dict[str, bytes]:
    """The replies that came."""

    def work(plan: list[Command]) -> dict[str, bytes]:
        replies = {}
        with Client(server.address, actor="load", retry=NO_RETRY) as client:
            for command in plan:
                try:
                    replies[command.key], _ = command.send(client)
                except JoineryError as error:
                    # Shown where a test fails.
                    print(command.key, error)
        return replies

    with ThreadPoolExecutor(len(plans)) as pool:
        return {key: reply for of in pool.map(work, plans) for key, reply in of.items()}
