"""Watching events: nothing left out and nothing twice, whoever is killed and wherever it is cut.

JOINERY_CUTS=1 cuts at every single byte instead of a sample of them.
"""

import json
import os
import sqlite3
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

import sample_company as company
from asking import place_order
from joinery import Client, JoineryError, RetryPolicy
from joinery.events.v1 import event_service_pb2 as watching
from joinery.lossy_link import LossyLink
from joinery.server import LocalServer

EVERY_BYTE = bool(os.environ.get("JOINERY_CUTS"))
Place = tuple[int, int]


def place_of(event) -> Place:
    return (event.commit_sequence, event.ordinal)


def history(client: Client, token: str = "", **wanted) -> list:
    """All events after the token that were committed before this call."""
    events = []
    for message in client.watch(token, **wanted):
        events += message.events
        if message.caught_up:
            return events
    raise AssertionError("the stream ended")


def test_the_client_watches_history_and_then_what_is_new(client):
    known = history(client)
    assert known and [place_of(e) for e in known] == sorted({place_of(e) for e in known})
    stream = client.watch(from_now=True, types=["order.*"])
    first = next(stream)
    assert first.caught_up and not first.events
    placed = client.command(client.orders.PlaceOrder, place_order("watched-1")).order
    message = next(stream)
    assert {e.subject.number for e in message.events} == {placed.number}
    stream.close()
    again = history(client, first.resume_token, types=["order.*"])
    assert again[: len(message.events)] == list(message.events)


def test_silence_is_broken_by_progress(client):
    stream = client.watch(
        from_now=True, types=["no.such"], heartbeat_interval=Duration(seconds=1)
    )
    token = next(stream).resume_token
    client.command(client.orders.PlaceOrder, place_order("unwatched"))
    while (message := next(stream)).resume_token == token:
        assert not message.events
    assert not message.events and not message.caught_up
    stream.close()


def test_what_cannot_be_resumed_is_refused_with_the_reason(client):
    for token, reason in [
        ("999999", "RESUME_TOKEN_AHEAD"),
        ("1-0000000000000000", "RESUME_TOKEN_FOREIGN"),
        ("yesterday", "RESUME_TOKEN_INVALID"),
    ]:
        with pytest.raises(JoineryError) as refused:
            next(client.watch(token))
        assert refused.value.reason == reason


def test_a_watcher_lives_through_kills_of_the_server(start_server):
    server = start_server()
    with Client(server.address, actor="setup") as client:
        company.load(client)
    with LossyLink(server.address) as link, ThreadPoolExecutor() as pool:
        many = RetryPolicy(attempts=1_000, longest_pause_seconds=0.1)
        watcher = Client(link.address, actor="watcher", retry=many)
        writer = Client(link.address, actor="writer", retry=many)
        seen: list = []
        reached = threading.Condition()

        def watch() -> None:
            for message in watcher.watch():
                with reached:
                    seen.extend(message.events)
                    reached.notify_all()
                if any(e.subject.number == "SO-2026-000060" for e in message.events):
                    return

        # Each life of the server has 20 orders to place, and ends in the middle of them.
        allowed = threading.Semaphore(0)

        def place() -> list:
            placed = []
            for number in range(60):
                allowed.acquire()
                order = place_order(f"kill-{number}")
                placed.append(writer.command(writer.orders.PlaceOrder, order))
            return placed

        def orders_seen() -> int:
            return len({e.subject.number for e in seen if e.subject.number.startswith("SO-")})

        done = pool.submit(watch)
        orders = pool.submit(place)
        for kill in range(3):
            allowed.release(20)
            with reached:
                wanted = 20 * kill + 10
                assert reached.wait_for(lambda wanted=wanted: orders_seen() >= wanted, 60)
            server.kill()
            server.start()
            link.target = server.address
        assert len({reply.order.number for reply in orders.result(120)}) == 60
        done.result(60)
        truth = history(watcher)
        assert [place_of(e) for e in seen] == [place_of(e) for e in truth][: len(seen)]
        assert len(seen) >= 60
        watcher.close()
        writer.close()


def test_a_program_that_keeps_its_token_with_its_work_is_killed_without_loss(server, client, binary):
    """Here the command-line client, killed −9 again and again, and a database of our own."""
    for number in range(10):
        client.command(client.orders.PlaceOrder, place_order(f"tokens-{number}"))
    truth = [place_of(e) for e in history(client)]
    folder = server.database.parent
    copy = sqlite3.connect(folder / "copy.db")
    copy.execute("CREATE TABLE seen (sequence INT, ordinal INT, PRIMARY KEY (sequence, ordinal))")
    copy.execute("CREATE TABLE place (token TEXT)")
    command = [binary, "events", "watch", "--server", server.address, "--output", "json"]
    token, lives = "", 0
    while len(truth) > copy.execute("SELECT count(*) FROM seen").fetchone()[0]:
        lives += 1
        arguments = ["--after", token] if token else []
        with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE) as watcher:
            message = json.loads(watcher.stdout.readline())
            with copy:
                for event in message["events"]:
                    # A repetition would break the key.
                    copy.execute(
                        "INSERT INTO seen VALUES (?, ?)",
                        (int(event["commitSequence"]), event["ordinal"]),
                    )
                copy.execute("DELETE FROM place")
                copy.execute("INSERT INTO place VALUES (?)", (message["resumeToken"],))
            watcher.kill()
        token = copy.execute("SELECT token FROM place").fetchone()[0]
    assert copy.execute("SELECT * FROM seen ORDER BY 1, 2").fetchall() == truth
    copy.close()


def test_the_command_line_keeps_its_place_in_a_file(server, client, binary, tmp_path):
    places = tmp_path / "token"
    command = [binary, "events", "watch", "--server", server.address, "--output", "json"]
    command += ["--until-caught-up", "--token-file", places, "--type", "order.confirmed"]

    def run() -> list[dict]:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return [e for line in ran.stdout.splitlines() for e in json.loads(line)["events"]]

    run()
    placed = client.command(client.orders.PlaceOrder, place_order("in-a-file")).order
    assert [event["subject"]["number"] for event in run()] == [placed.number]
    assert run() == []


@pytest.mark.parametrize("direction", ["requests", "replies"])
def test_a_cut_at_any_byte_is_gone_on_from(server, client, direction):
    truth = [place_of(e) for e in history(client)]
    start = truth[-1][0] - 3
    wanted = [place for place in truth if place[0] > start]
    length = 0
    while True:
        length += 1 if EVERY_BYTE else 37
        with LossyLink(server.address) as link:
            link.cut_next_connection(**{direction: length})
            with Client(link.address, actor="cut", retry=RetryPolicy(1_000, 0.001, 0.01)) as bad:
                seen = [place_of(e) for e in history(bad, str(start))]
            assert seen == wanted, f"cut after {length} bytes of {direction}"
            if link.connections == 1:
                break
    assert length > 100


def test_a_server_that_stops_lets_its_watchers_go_at_once(binary, tmp_path):
    # The patience of `stop` is shorter than the grace for calls that run.
    server = LocalServer(binary, tmp_path / "stop.db", "--grace", "600").start()
    with Client(server.address, actor="watcher") as client:
        stream = client.events.Watch(watching.WatchRequest(from_now=True))
        assert next(stream).caught_up
        server.stop()
        with pytest.raises(grpc.RpcError) as ended:
            next(stream)
        assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
    assert "UNAVAILABLE" not in server.output
