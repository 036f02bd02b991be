"""Backups of a server under load, restored after the machine has lost everything else."""

import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sample_company as company
from asking import assert_verified, orders_named, place_order
from joinery import Client, JoineryError, RetryPolicy
from joinery.server import LocalServer

PATIENCE_SECONDS = 60


def joinery(binary: Path, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [binary, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )


def agree(binary: Path, server: LocalServer) -> None:
    """To go on from a restored database."""
    called = ["--server", server.address, "--output", "json"]
    shown = json.loads(joinery(binary, "restoration", "show", *called).stdout)["restoration"]
    assert shown["state"] == "RESTORATION_STATE_PENDING" and shown["lastCommand"] != "0"
    name = shown["restorationId"]
    agreed = joinery(binary, "restoration", "approve", name, *called)
    assert agreed.returncode == 0, agreed.stdout + agreed.stderr


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text("5eed" * 16)
    path.chmod(0o600)
    return path


@dataclass(frozen=True)
class Placed:
    number: str
    sent: float
    answered: float
    """Both by the clock of this machine, which is the server's."""


class Load:
    """Places orders until it is told to stop, or the server is gone."""

    def __init__(self, address: str, name: str = "load") -> None:
        self.address = address
        self.name = name
        self.placed: dict[str, Placed] = {}
        self._over = threading.Event()
        self._some = threading.Condition()
        self._threads = [threading.Thread(target=self._run, args=(index,)) for index in range(4)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def numbers(self) -> dict[str, str]:
        """Of the orders that were acknowledged, by name."""
        with self._some:
            return {name: order.number for name, order in self.placed.items()}

    def more(self, count: int) -> None:
        """Returns when that many more orders are placed."""
        with self._some:
            wanted = len(self.placed) + count
            assert self._some.wait_for(lambda: len(self.placed) >= wanted, PATIENCE_SECONDS)

    def go_on_for(self, seconds: float) -> None:
        """Returns when orders were answered so long after the first one that is answered now."""
        self.more(1)
        begin = self._latest()
        while self._latest() < begin + seconds:
            self.more(1)

    def _latest(self) -> float:
        with self._some:
            return max(order.answered for order in self.placed.values())

    def _run(self, worker: int) -> None:
        with Client(self.address, actor="load", retry=RetryPolicy(attempts=1)) as client:
            for index in range(100_000):
                name = f"{self.name}-{worker}-{index}"
                sent = time.time()
                try:
                    outcome = client.execute(client.orders.PlaceOrder, place_order(name), name)
                except JoineryError:
                    return
                with self._some:
                    self.placed[name] = Placed(outcome.message.order.number, sent, time.time())
                    self._some.notify_all()
                if self._over.is_set():
                    return


def orders_there(server: LocalServer) -> dict[str, str]:
    """Numbers of the orders of all loads that a database holds, by name, once it is verified."""
    with server, Client(server.address, actor="load") as client:
        assert_verified(client)
        return {order.external_id: order.number for order in orders_named(client, "load")}


def test_what_was_acknowledged_before_a_backup_survives_the_loss_of_everything(
    binary, tmp_path, key
):
    database, backup = tmp_path / "shop.db", tmp_path / "shop.backup"
    server = LocalServer(binary, database).start()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    with Load(server.address) as load:
        load.more(50)
        before = load.numbers
        made = joinery(binary, "backup", "create", backup, "--database", database, "--key-file", key)
        assert made.returncode == 0, made.stderr
        load.more(20)
        server.kill()
    for lost in tmp_path.glob("shop.db*"):
        lost.unlink()

    command = ["backup", "restore", backup, "--database", database]
    without_key = joinery(binary, *command)
    assert without_key.returncode == 1 and "is encrypted" in without_key.stderr
    assert not database.exists()
    restored = joinery(binary, *command, "--key-file", key)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "verified: nothing is wrong" in restored.stdout
    # Again: nothing is overwritten.
    assert joinery(binary, *command, "--key-file", key).returncode == 1

    with LocalServer(binary, database) as server, Client(server.address, actor="load") as client:
        there = {order.external_id: order.number for order in orders_named(client, "load-")}
        assert before.items() <= there.items()
        # Questions are answered, commands wait until somebody has agreed.
        with pytest.raises(JoineryError) as refused:
            client.execute(client.orders.PlaceOrder, place_order("too early"), "too early")
        assert refused.value.reason == "RESTORE_NOT_APPROVED"
        agree(binary, server)
        for name, number in before.items():
            again = client.execute(client.orders.PlaceOrder, place_order(name), name)
            assert again.replayed and again.message.order.number == number
        assert_verified(client)


def test_a_server_keeps_backups_and_a_drill_proves_them(binary, tmp_path, key):
    folder = tmp_path / "backups"
    options = ["--backup-folder", str(folder), "--backup-key-file", str(key), "--backup-keep", "2"]
    for restarts in range(2):
        with LocalServer(binary, tmp_path / "shop.db", *options) as server:
            if restarts == 0:
                with Client(server.address, actor="setup") as client:
                    company.load(client)
                server.wait_for("backup /")
            assert len(list(folder.glob("*.backup"))) == 1
    # The second start found a backup that is young enough, and went on with the log.
    (newest,) = folder.glob("*.backup")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}

    drill = joinery(binary, "backup", "drill", folder, "--key-file", key)
    assert drill.returncode == 0, drill.stdout + drill.stderr
    assert "verified: nothing is wrong" in drill.stdout
    assert "recovery point: " in drill.stdout and "recovery time: " in drill.stdout
    check = joinery(binary, "backup", "check", folder, "--key-file", key)
    assert check.returncode == 0 and f"{folder}: log of " in check.stdout, check.stderr

    damaged = bytearray(newest.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    newest.write_bytes(damaged)
    drill = joinery(binary, "backup", "drill", folder, "--key-file", key)
    assert drill.returncode == 1 and f"{newest}" in drill.stderr
    check = joinery(binary, "backup", "check", folder, "--key-file", key)
    assert check.returncode == 1 and "damaged" in check.stderr


def test_a_lost_database_is_restored_to_within_a_second_of_its_end(binary, tmp_path, key):
    """Under load, across a restart, kill -9 and deletion; then to a moment in the middle."""
    folder = tmp_path / "backups"
    options = ["--backup-folder", str(folder), "--backup-key-file", str(key)]
    server = LocalServer(binary, tmp_path / "shop.db", *options).start()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    placed: dict[str, Placed] = {}
    for turn in range(2):
        with Load(server.address, f"load-{turn}") as load:
            load.go_on_for(1.5)
            middle = time.time()
            load.go_on_for(1.5)
            killed = time.time()
            server.kill()
        placed |= load.placed
        if turn == 0:
            server.start()
            assert "gap" not in server.output
    for lost in tmp_path.glob("shop.db*"):
        lost.unlink()

    for moment, options in [
        (killed, []),
        (middle, ["--to", datetime.fromtimestamp(middle, UTC).isoformat()]),
    ]:
        database = tmp_path / f"restored-{moment}.db"
        restored = joinery(
            binary, "backup", "restore", folder, "--database", database, "--key-file", key, *options
        )
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert "verified: nothing is wrong" in restored.stdout
        there = orders_there(LocalServer(binary, database))
        wanted = {name: o.number for name, o in placed.items() if o.answered < moment - 1}
        assert wanted.items() <= there.items()
        assert not {name for name, order in placed.items() if order.sent > moment} & there.keys()
        assert len(wanted) > 10


@pytest.mark.parametrize("order", ["write:.log:5:ENOSPC:4", "write:.log:3:slow:0"])
def test_a_server_goes_on_while_its_log_cannot_be_shipped(binary, tmp_path, preloaded, order):
    folder = tmp_path / "backups"
    server = LocalServer(binary, tmp_path / "shop.db", "--backup-folder", str(folder))
    server.environment = {**os.environ, "FAULTY_DISK": order}
    server.environment["LD_PRELOAD"] = str(preloaded("faulty_disk"))
    with server, Client(server.address, actor="setup") as client:
        company.load(client)
        with Load(server.address) as load:
            server.wait_for("faulty disk:")
            if "ENOSPC" in order:
                server.wait_for("the log is not shipped: ")
                server.wait_for("the log is shipped again")
            load.more(20)
    for lost in tmp_path.glob("shop.db*"):
        lost.unlink()
    restored = joinery(binary, "backup", "restore", folder, "--database", tmp_path / "shop.db")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert orders_there(LocalServer(binary, tmp_path / "shop.db")) == load.numbers


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--backup-folder", "/nowhere/at/all"], "cannot make backups: Cannot make"),
        (["--backup-folder", "/tmp", "--backup-key-file", "/nowhere"], "Cannot open /nowhere"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_served(binary, tmp_path, options, complaint):
    served = joinery(
        binary, "serve", "--listen", "127.0.0.1:0", "--database", tmp_path / "shop.db", *options
    )
    assert served.returncode == 1 and complaint in served.stderr
    assert "listening" not in served.stdout
