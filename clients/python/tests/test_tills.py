"""A till's queue: each command once, whoever is killed and wherever the network is cut.

JOINERY_CUTS=1 cuts at every single byte instead of a sample of them.
"""

import json
import os
import shutil
import subprocess

import grpc
import pytest

import sample_company as company
from asking import assert_verified, orders_named, place_order
from joinery import Client, JoineryError, RetryPolicy, TillQueue
from joinery.lossy_link import LossyLink
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.tills.v1 import till_service_pb2 as tills

STEP = 1 if os.environ.get("JOINERY_CUTS") else 37
OFTEN = RetryPolicy(attempts=1_000, first_pause_seconds=0.001, longest_pause_seconds=0.05)


def refused_sale(name: str) -> orders.PlaceOrderRequest:
    return place_order(name, customer="NOBODY")


def acknowledged(client: Client, terminal: str) -> int:
    request = tills.GetTerminalRequest(terminal=terminal)
    return client.query(client.tills.GetTerminal, request).acknowledged_through


def test_what_was_queued_is_carried_out_in_order_with_a_verdict_each(client, tmp_path):
    with TillQueue(tmp_path / "till.db", "ORDER-1") as till:
        numbers = [
            till.add(place_order("in-order-1"), actor="li.na"),
            till.add(refused_sale("in-order-2")),
            till.void("typed twice"),
            till.add(place_order("in-order-3")),
        ]
        assert numbers == [1, 2, 3, 4] and till.waiting == 4
        assert till.verdict(1) is None
        verdicts = list(till.sync(client))
        assert [v.number for v in verdicts] == numbers and till.waiting == 0
        assert verdicts[0].reply.order.created_by == "li.na"
        assert verdicts[1].error.reason == "UNKNOWN_CUSTOMER"
        assert verdicts[1].error.code is grpc.StatusCode.NOT_FOUND
        assert verdicts[2].error.reason == "TERMINAL_NUMBER_VOIDED"
        assert verdicts[3].reply.order.number
        assert [till.verdict(n).reply for n in numbers] == [v.reply for v in verdicts]
        assert list(till.sync(client)) == []


def test_a_single_call_whose_reply_was_lost_is_the_same_command_in_the_queue(
    server, client, tmp_path
):
    policy = RetryPolicy(attempts=1)
    with LossyLink(server.address) as link:
        with Client(link.address, actor="li.na", retry=policy) as bad:
            link.cut_next_reply()
            with pytest.raises(JoineryError):
                bad.command(bad.orders.PlaceOrder, place_order("both-ways"), "receipt-both-ways")
    with TillQueue(tmp_path / "till.db", "BOTH-1") as till:
        till.add(place_order("both-ways"), actor="li.na", key="receipt-both-ways")
        (verdict,) = till.sync(client)
    assert verdict.replayed
    assert [o.number for o in orders_named(client, "both-ways")] == [verdict.reply.order.number]


@pytest.mark.parametrize("direction", ["requests", "replies"])
def test_a_cut_at_any_byte_is_gone_on_from(server, client, tmp_path, direction):
    length = 0
    while True:
        length += STEP
        terminal = f"CUT-{direction}-{length}"
        with TillQueue(tmp_path / f"{length}.db", terminal) as till, LossyLink(
            server.address
        ) as link:
            link.cut_next_connection(**{direction: length})
            for number, request in enumerate((place_order, refused_sale, place_order)):
                till.add(request(f"{terminal}-{number}"))
            with Client(link.address, actor=terminal, retry=OFTEN) as bad:
                verdicts = list(till.sync(bad))
            assert [v.number for v in verdicts] == [1, 2, 3]
            assert [v.error is None for v in verdicts] == [True, False, True]
            assert len(orders_named(client, terminal + "-")) == 2
            if link.connections == 1:
                break
    assert length > 300
    assert_verified(client)


def test_a_queue_lives_through_kills_of_the_server(start_server, tmp_path):
    server = start_server()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    with LossyLink(server.address) as link, Client(
        link.address, actor="KILL-1", retry=OFTEN
    ) as client, TillQueue(tmp_path / "till.db", "KILL-1") as till:
        for number in range(90):
            till.add(place_order(f"kill-{number}"))
        verdicts = []
        for verdict in till.sync(client):
            verdicts.append(verdict)
            if len(verdicts) in (20, 40, 60):
                server.kill()
                server.start()
                link.target = server.address
        assert [v.number for v in verdicts] == list(range(1, 91))
        assert all(v.error is None for v in verdicts)
        sequences = [v.commit_sequence for v in verdicts]
        assert sequences == sorted(set(sequences))
        assert len(orders_named(client, "kill-")) == 90
        assert_verified(client)


def test_the_command_line_till_is_killed_and_goes_on(server, client, binary, tmp_path):
    queue = tmp_path / "queue.jsonl"
    lines = [
        {"method": "PlaceOrder", "request": order_json(f"line-{number}"), "actor": "li.na"}
        for number in range(12)
    ]
    lines[5] = {"void": "typed twice"}
    queue.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"method": "Pla')
    command = [binary, "till", "sync", "--terminal", "LINE-1", "--queue", queue]
    command += ["--server", server.address, "--output", "json"]
    kills = 0
    while acknowledged(client, "LINE-1") < len(lines):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as till:
            till.stdout.readline()
            till.kill()
            kills += 1
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    verdicts = [
        json.loads(line) for line in (tmp_path / "queue.jsonl.verdicts").read_text().splitlines()
    ]
    assert [v["number"] for v in verdicts] == list(range(1, len(lines) + 1))
    assert verdicts[5]["reason"] == "TERMINAL_NUMBER_VOIDED"
    assert len(orders_named(client, "line-")) == len(lines) - 1
    assert kills >= 1
    shown = subprocess.run(
        [binary, "till", "show", "LINE-1", "--server", server.address, "--output", "json"],
        capture_output=True,
        check=True,
    )
    assert json.loads(shown.stdout)["acknowledgedThrough"] == str(len(lines))


def test_a_torn_line_of_the_verdicts_comes_again_and_a_bad_queue_is_named(
    server, binary, tmp_path
):
    queue, kept = tmp_path / "queue.jsonl", tmp_path / "queue.jsonl.verdicts"
    queue.write_text(json.dumps({"method": "PlaceOrder", "request": order_json("torn")}) + "\n")
    command = [binary, "till", "sync", "--terminal", "TORN-1", "--queue", queue]
    command += ["--server", server.address]
    first = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert first.returncode == 0 and "done" in first.stdout
    whole = kept.read_text()
    kept.write_text(whole[:20])
    assert subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    assert kept.read_text() == whole.replace('"replayed":false', '"replayed":true')
    queue.write_text(queue.read_text() + '{"method": "PlaceOrdr"}\n')
    bad = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert bad.returncode != 0 and "line 2" in bad.stderr and "PlaceOrder" in bad.stderr


def test_two_devices_with_one_name_are_found_out(client, tmp_path):
    for device in ("one", "two"):
        with TillQueue(tmp_path / device, "TWINS") as till:
            till.add(place_order(f"twins-{device}"))
            if device == "one":
                list(till.sync(client))
                continue
            with pytest.raises(JoineryError) as refused:
                list(till.sync(client))
            assert till.waiting == 1
    assert refused.value.reason == "TERMINAL_NUMBER_REUSED"


def test_a_database_that_was_restored_to_an_older_state_is_noticed(start_server, tmp_path):
    server = start_server()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    server.stop()
    backup = tmp_path / "backup.db"
    shutil.copy(server.database, backup)
    server.start()
    with TillQueue(tmp_path / "till.db", "RESTORED-1") as till:
        till.add(place_order("restored"))
        with Client(server.address, actor="till") as client:
            list(till.sync(client))
        server.stop()
        shutil.copy(backup, server.database)
        server.start()
        till.add(place_order("afterwards"))
        with Client(server.address, actor="till") as client:
            with pytest.raises(JoineryError) as refused:
                list(till.sync(client))
    assert refused.value.reason == "TERMINAL_AHEAD"


def test_a_till_with_a_new_disk_goes_on_where_the_server_is(client, tmp_path):
    with TillQueue(tmp_path / "old.db", "DISK-1") as till:
        till.add(place_order("disk-1"))
        list(till.sync(client))
    with TillQueue(tmp_path / "new.db", "DISK-1") as till:
        till.adopt(client)
        assert till.add(place_order("disk-2")) == 2
        assert [v.number for v in till.sync(client)] == [2]


def order_json(name: str) -> dict:
    return {
        "order": {
            "channel": "CHANNEL_STORE",
            "externalId": name,
            "customerCode": "C-CHEN",
            "warehouseCode": "SH-MAIN",
            "lines": [{"sku": "LAMP-TABLE", "quantity": "1 pcs"}],
        }
    }
