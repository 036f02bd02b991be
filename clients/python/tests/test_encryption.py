"""What lies on the disk of a server that has a key: nothing that can be read, and nothing that can
be changed unnoticed; and keys that are replaced while it serves.
"""

import hashlib
import os
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sample_company as company
from asking import assert_verified, orders_named, place_order
from joinery import Client, new_key, percent
from joinery.customers.v1 import customer_service_pb2 as customers
from joinery.server import LocalServer
from test_backups import joinery

NAME, PHONE, STREET = "Ouyang Xiaoming", "+86 138 1818 5566", "Lane 88, Wukang Road"
PERSONAL = [text.encode() for text in (NAME, PHONE, STREET)]
KEYS = ["0a" * 32, "1b" * 32, "2c" * 32]
PAGE = 4096


def write_keys(path: Path, *keys: str) -> Path:
    path.write_text("\n".join(keys) + "\n")
    path.chmod(0o600)
    return path


def key_id(key: str) -> str:
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()[:8]


def know_a_person(client: Client) -> None:
    person = customers.Customer(
        code="C-OUYANG", name=NAME, customer_class="STANDARD", phone=PHONE, address=STREET,
        terms=customers.PaymentTerms(deposit_micros=percent("30")),
    )  # fmt: skip
    request = customers.UpsertCustomersRequest(customers=[person])
    client.execute(client.customers.UpsertCustomers, request, new_key())
    for number in range(30):
        client.execute(
            client.orders.PlaceOrder,
            place_order(f"ouyang-{number}", customer="C-OUYANG"),
            new_key(),
        )


def in_clear(folder: Path) -> list[tuple[str, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(f.name, text) for f in files for text in PERSONAL if text in f.read_bytes()]


def orders(server: LocalServer) -> set[str]:
    with server, Client(server.address, actor="check") as client:
        assert_verified(client)
        return {order.external_id for order in orders_named(client, "ouyang-")}


def test_nothing_of_a_person_can_be_read_on_the_disk(binary, tmp_path):
    keys = write_keys(tmp_path / "keys", KEYS[0])
    place = tmp_path / "place"
    place.mkdir()
    options = ["--secrets-key", str(keys), "--backup-folder", str(place / "backups")]
    server = LocalServer(binary, place / "shop.db", *options).start()
    with Client(server.address, actor="setup") as client:
        company.load(client)
        know_a_person(client)
        server.wait_for("backup /")
        # With the server open, killed, and closed.
        assert in_clear(place) == []
        middle = time.time() + 0.1
        while time.time() < middle + 0.1:
            client.execute(client.orders.PlaceOrder, place_order(new_key()), new_key())
        made = joinery(
            binary, "backup", "create", place / "one", "--database", place / "shop.db",
            "--secrets-key", keys,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        time.sleep(0.5)  # until the log is shipped: what is shipped is looked for below
        server.kill()
    assert in_clear(place) == []
    wanted = {f"ouyang-{number}" for number in range(30)}
    assert orders(server) == wanted
    assert in_clear(place) == []
    verified = joinery(
        binary, "verify", "--database", place / "shop.db", "--secrets-key", keys
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout + verified.stderr

    for moment in [[], ["--to", datetime.fromtimestamp(middle, UTC).isoformat()]]:
        restored = place / f"restored-{len(moment)}.db"
        command = ["backup", "restore", place / "backups", "--database", restored, *moment]
        done = joinery(binary, *command, "--secrets-key", keys)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "verified: nothing is wrong" in done.stdout
        again = LocalServer(binary, restored, "--secrets-key", str(keys))
        assert orders(again) == wanted
    drill = joinery(binary, "backup", "drill", place / "backups", "--secrets-key", keys)
    assert drill.returncode == 0, drill.stdout + drill.stderr
    assert in_clear(place) == []


def test_without_its_key_a_database_is_not_served_and_says_so(binary, tmp_path):
    keys = write_keys(tmp_path / "keys", KEYS[0])
    with LocalServer(binary, tmp_path / "shop.db", "--secrets-key", str(keys)):
        pass
    serve = ["serve", "--listen", "127.0.0.1:0", "--database", tmp_path / "shop.db"]
    without = joinery(binary, *serve)
    assert without.returncode == 1
    assert f"give its key {key_id(KEYS[0])} with --secrets-key" in without.stderr
    other = joinery(binary, *serve, "--secrets-key", write_keys(tmp_path / "other", KEYS[1]))
    assert other.returncode == 1
    assert f"encrypted with key {key_id(KEYS[0])}, which is not among" in other.stderr
    # A key comes from the environment or from a program as well.
    server = LocalServer(binary, tmp_path / "shop.db", "--secrets-key", "env:SHOP_KEYS")
    server.environment = {**os.environ, "SHOP_KEYS": KEYS[0]}
    with server:
        pass
    with LocalServer(binary, tmp_path / "shop.db", "--secrets-key", f"command:cat {keys}"):
        pass


def test_a_key_is_added_and_replaced_while_the_server_serves(binary, tmp_path):
    keys = tmp_path / "keys"
    with LocalServer(binary, tmp_path / "shop.db") as server:
        with Client(server.address, actor="setup") as client:
            company.load(client)
            know_a_person(client)
    assert any(name == "shop.db" for name, _ in in_clear(tmp_path))
    write_keys(keys, KEYS[0])
    server = LocalServer(binary, tmp_path / "shop.db", "--secrets-key", str(keys))
    with server, Client(server.address, actor="load") as client:
        server.wait_for(f"every page is encrypted with key {key_id(KEYS[0])}")
        write_keys(keys, KEYS[1], KEYS[0])
        os.kill(server.pid, signal.SIGHUP)
        server.wait_for("settings were read again")
        number = 0
        while f"every page is encrypted with key {key_id(KEYS[1])}" not in server.output:
            client.execute(client.orders.PlaceOrder, place_order(f"during-{number}"), new_key())
            number += 1
            assert number < 20_000
        assert_verified(client)
    assert in_clear(tmp_path) == []
    write_keys(keys, KEYS[1])
    assert orders(server) == {f"ouyang-{number}" for number in range(30)}


@pytest.mark.parametrize("has_key", [False, True])
def test_a_changed_byte_is_found_by_verify_and_named(binary, tmp_path, has_key):
    options = ["--secrets-key", str(write_keys(tmp_path / "keys", KEYS[0]))] if has_key else []
    database = tmp_path / "shop.db"
    with LocalServer(binary, database, *options) as server:
        with Client(server.address, actor="setup") as client:
            company.load(client)
    whole = database.read_bytes()
    page = len(whole) // PAGE // 2
    damaged = bytearray(whole)
    damaged[(page - 1) * PAGE + 1234] ^= 1
    database.write_bytes(damaged)
    verified = subprocess.run(
        [binary, "verify", "--database", database, *options], capture_output=True, text=True
    )
    assert verified.returncode == 1
    assert f"page {page} of the database" in verified.stdout + verified.stderr
