"""A clock that is set while commands run (see faulty_clock.c): whatever was acknowledged is there
afterwards, and every rule holds.
"""

import os

import sample_company as company
from asking import assert_verified
from joinery import Client
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
