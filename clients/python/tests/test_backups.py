"""Backups of a server under load, restored after the machine has lost everything else."""

import subprocess
import threading
import time
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


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text("5eed" * 16)
    path.chmod(0o600)
    return path


class Load:
    """Places orders until it is told to stop, or the server is gone."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.placed: dict[str, str] = {}
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

    def more(self, count: int) -> None:
        """Returns when that many more orders are placed."""
        with self._some:
            wanted = len(self.placed) + count
            assert self._some.wait_for(lambda: len(self.placed) >= wanted, PATIENCE_SECONDS)

    def _run(self, worker: int) -> None:
        with Client(self.address, actor="load", retry=RetryPolicy(attempts=1)) as client:
            for index in range(100_000):
                name = f"load-{worker}-{index}"
                try:
                    outcome = client.execute(client.orders.PlaceOrder, place_order(name), name)
                except JoineryError:
                    return
                with self._some:
                    self.placed[name] = outcome.message.order.number
                    self._some.notify_all()
                if self._over.is_set():
                    return


def test_what_was_acknowledged_before_a_backup_survives_the_loss_of_everything(
    binary, tmp_path, key
):
    database, backup = tmp_path / "shop.db", tmp_path / "shop.backup"
    server = LocalServer(binary, database).start()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    with Load(server.address) as load:
        load.more(50)
        before = dict(load.placed)
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
        assert there.items() <= load.placed.items() | there.items()
        for name, number in before.items():
            again = client.execute(client.orders.PlaceOrder, place_order(name), name)
            assert again.replayed and again.message.order.number == number
        assert_verified(client)


def test_a_server_keeps_backups_and_a_drill_proves_them(binary, tmp_path, key):
    folder = tmp_path / "backups"
    folder.mkdir()
    options = ["--backup-folder", str(folder), "--backup-key-file", str(key), "--backup-keep", "2"]
    for restarts in range(2):
        with LocalServer(binary, tmp_path / "shop.db", *options) as server:
            if restarts == 0:
                with Client(server.address, actor="setup") as client:
                    company.load(client)
            wait_for(lambda: list(folder.glob("*.backup")))
    # The second start found a backup that is young enough.
    (newest,) = folder.glob("*.backup")

    drill = joinery(binary, "backup", "drill", folder, "--key-file", key)
    assert drill.returncode == 0, drill.stdout + drill.stderr
    assert "verified: nothing is wrong" in drill.stdout
    assert "recovery point: " in drill.stdout and "recovery time: " in drill.stdout

    damaged = bytearray(newest.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    newest.write_bytes(damaged)
    drill = joinery(binary, "backup", "drill", folder, "--key-file", key)
    assert drill.returncode == 1 and f"{newest}, or the file is damaged" in drill.stderr


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--backup-folder", "/nowhere/at/all"], "cannot make backups: Cannot open"),
        (["--backup-folder", "/tmp", "--backup-key-file", "/nowhere"], "Cannot open /nowhere"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_served(binary, tmp_path, options, complaint):
    served = joinery(
        binary, "serve", "--listen", "127.0.0.1:0", "--database", tmp_path / "shop.db", *options
    )
    assert served.returncode == 1 and complaint in served.stderr
    assert "listening" not in served.stdout


def wait_for(condition) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
