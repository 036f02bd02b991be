"""A clock that is set while commands run, and memory that runs out (see faulty_clock.c and
faulty_memory.c): whatever was acknowledged is there afterwards, and every rule holds.
"""

import os

import pytest

import sample_company as company
from asking import assert_verified, orders_named, place_order
from joinery import Client, JoineryError, RetryPolicy
from joinery.server import LocalServer
from test_backups import Load, joinery, orders_there


def test_a_clock_that_is_set_back_and_forth_loses_nothing(binary, tmp_path, preloaded):
    wrong_by, folder = tmp_path / "wrong-by", tmp_path / "backups"
    wrong_by.write_text("0")
    server = LocalServer(binary, tmp_path / "shop.db", "--backup-folder", str(folder))
    server.environment = {
        **os.environ,
        "LD_PRELOAD": str(preloaded("faulty_clock")),
        "FAULTY_CLOCK": str(wrong_by),
    }
    server.start()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    with Load(server.address) as load:
        for seconds in ["-3600", "86400", "-7200", "0"]:
            load.more(15)
            wrong_by.write_text(seconds)
        load.more(15)
        with Client(server.address, actor="load") as client:
            assert_verified(client)
    # In order, so that the log is whole; what a kill leaves is tested elsewhere.
    server.stop()
    server.verify()
    wrong_by.write_text("-3600")
    assert orders_there(server) == load.numbers

    for lost in tmp_path.glob("shop.db*"):
        lost.unlink()
    restored = joinery(binary, "backup", "restore", folder, "--database", tmp_path / "shop.db")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "verified: nothing is wrong" in restored.stdout
    assert orders_there(LocalServer(binary, tmp_path / "shop.db")) == load.numbers


@pytest.mark.parametrize("every", [1, 2, 7, 40])
def test_a_server_without_memory_refuses_and_lives(binary, tmp_path, preloaded, every):
    lack = tmp_path / "lack"
    server = LocalServer(binary, tmp_path / "shop.db")
    server.environment = {
        **os.environ,
        "LD_PRELOAD": str(preloaded("faulty_memory")),
        "FAULTY_MEMORY": f"sqlite3:{lack}",
    }
    replies, refusals = {}, []
    with server, Client(server.address, actor="load") as client:
        company.load(client)
        with Client(server.address, actor="load", retry=RetryPolicy(attempts=1)) as hasty:
            for index in range(120):
                if index == 20:
                    lack.with_suffix(".new").write_text(str(every))
                    lack.with_suffix(".new").rename(lack)
                elif index == 100:
                    lack.unlink()
                name = f"memory-{index}"
                try:
                    # Larger from order to order: what they need is not all there already.
                    request = place_order(name)
                    request.order.lines.extend([request.order.lines[0]] * (index % 30))
                    outcome = hasty.execute(client.orders.PlaceOrder, request, name)
                    replies[name] = outcome.message.order.number
                except JoineryError as error:
                    refusals.append((name, error))
        assert {error.code.name for _, error in refusals} == {"RESOURCE_EXHAUSTED"}, refusals
        assert not {name for name, _ in refusals} & {f"memory-{index}" for index in range(100, 120)}
        there = {order.external_id: order.number for order in orders_named(client, "memory-")}
        assert there == replies
        assert_verified(client)
    server.environment = None
    server.verify()
