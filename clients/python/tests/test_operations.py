"""What an administrator sees and does: metrics, readiness, the log, new settings, restarts."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

import sample_company as company
from asking import assert_verified, orders_named, place_order
from joinery import Client
from joinery.orders.v1 import order_service_pb2, order_service_pb2_grpc as stubs
from joinery.server import LocalServer
from test_stock_retries import OPTIONS

RESTARTS = int(os.environ.get("JOINERY_RESTARTS", "4"))
WORKERS, ORDERS_A_RESTART = 4, 20


class Serving:
    """A server whose lines are read one by one as they come."""

    def __init__(self, binary, *arguments, environment=None, **options):
        self.process = subprocess.Popen(
            [binary, "serve", "--trust-callers", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
            **options,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def said(self, pattern, stream=None):
        """The first match in a line that comes from now on."""
        # Nothing may wait for ever for what is never said.
        end = threading.Timer(60, self.process.kill)
        end.start()
        try:
            for line in stream or self.process.stdout:
                if match := re.search(pattern, line):
                    return match
        finally:
            end.cancel()
        raise AssertionError(f"never said: {pattern}")

    def logged(self, pattern):
        return self.said(pattern, self.process.stderr)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0


def get(address, path):
    with urllib.request.urlopen(f"http://{address}{path}", timeout=20) as reply:
        return reply.read().decode()


def test_metrics_and_readiness(binary, tmp_path):
    with Serving(
        binary, "--listen", "127.0.0.1:0", "--database", tmp_path / "s.db", "--admin", "127.0.0.1:0"
    ) as server:
        admin = server.said(r"^admin (\S+)")[1]
        address = server.said(r"^listening (\S+)")[1]
        assert get(admin, "/live") == "live\n" and get(admin, "/ready") == "ready\n"
        with Client(address, actor="setup") as client:
            company.load(client)
            for _ in range(3):
                with pytest.raises(grpc.RpcError):
                    client.orders.GetOrder(order_service_pb2.GetOrderRequest(number="SO-1"))
            metrics = get(admin, "/metrics")
            method = 'method="joinery.orders.v1.OrderService/GetOrder"'
            assert f'joinery_calls_total{{{method},code="NOT_FOUND"}} 3\n' in metrics
            assert f"joinery_call_seconds_count{{{method}}} 3\n" in metrics
            assert "\njoinery_connections 1\n" in metrics
            commits = int(re.search(r"^joinery_commits_total (\d+)$", metrics, re.M)[1])
            jobs = int(re.search(r"^joinery_committed_jobs_total (\d+)$", metrics, re.M)[1])
            assert 0 < commits <= jobs
            for path, code in (("/", 404), ("/metricsx", 404)):
                with pytest.raises(urllib.error.HTTPError) as refused:
                    get(admin, path)
                assert refused.value.code == code
        # A connection that says nothing holds nobody up.
        host, port = admin.rsplit(":", 1)
        with socket.create_connection((host, int(port))):
            assert get(admin, "/ready") == "ready\n"
        server.stop()


def test_not_ready_while_calls_are_finished(binary, tmp_path):
    with Serving(
        binary, "--listen", "127.0.0.1:0", "--database", tmp_path / "s.db", "--admin", "127.0.0.1:0"
    ) as server:
        admin = server.said(r"^admin (\S+)")[1]
        address = server.said(r"^listening (\S+)")[1]
        # A call whose request never ends keeps the server from ending.
        with grpc.insecure_channel(address) as channel:
            release = threading.Event()

            def requests():
                release.wait()
                return
                yield

            endless = channel.stream_unary("/grpc.health.v1.Health/Check").future(
                requests(), metadata=[("x-request-id", "endless")]
            )
            # Its headers are there when a later call of the same connection is answered.
            with pytest.raises(grpc.RpcError):
                stubs.OrderServiceStub(channel).GetOrder(
                    order_service_pb2.GetOrderRequest(number="SO-1")
                )
            server.process.send_signal(signal.SIGTERM)
            statuses = set()
            while True:
                try:
                    get(admin, "/ready")
                except urllib.error.HTTPError as refused:
                    statuses.add(refused.code)
                    assert 'joinery_ready 0' in get(admin, "/metrics")
                    break
            assert statuses == {503}
            release.set()
            with pytest.raises(grpc.RpcError):
                endless.result(20)
        assert server.process.wait(40) == 0


def test_settings_are_read_again(binary, tmp_path):
    settings = tmp_path / "shop.yaml"

    def write(text):
        settings.write_text(f"database: {tmp_path / 's.db'}\nlisten: '127.0.0.1:0'\n{text}")

    write("log-format: json\nlog-level: info\nlimit: {maxReceiveMessageBytes: 100000}\n")
    large = order_service_pb2.GetOrderRequest(number="x" * 5_000)
    with Serving(binary, "--config", settings) as server:
        address = server.said(r"^listening (\S+)")[1]
        with Client(address, actor="administrator") as client:

            def status():
                with pytest.raises(grpc.RpcError) as refused:
                    client.orders.GetOrder(large)
                return refused.value.code()

            assert status() != grpc.StatusCode.RESOURCE_EXHAUSTED
            write("log-format: json\nlog-level: debug\nlimit: {maxReceiveMessageBytes: 1000}\n")
            server.process.send_signal(signal.SIGHUP)
            server.logged("settings were read again")
            assert status() == grpc.StatusCode.RESOURCE_EXHAUSTED
            with pytest.raises(grpc.RpcError):
                client.orders.GetOrder(order_service_pb2.GetOrderRequest(number="SO-1"))
            called = json.loads(server.logged(r"\{.*GetOrder.*\}")[0])
            assert called["status"] == "NOT_FOUND" and called["level"] == "debug"
            # What is wrong changes nothing.
            write("limit: {maxReceiveMessageBites: 1}\n")
            server.process.send_signal(signal.SIGHUP)
            wrong = json.loads(server.logged(r"\{.*stay as they were.*\}")[0])
            assert "maxReceiveMessageBites" in wrong["cause"]
            assert status() == grpc.StatusCode.RESOURCE_EXHAUSTED
        server.stop()


def test_restarts_fail_nobody(binary, tmp_path):
    """SIGUSR2 under load: the same address, no call refused, nothing lost, nothing twice."""
    with Serving(binary, "--listen", "127.0.0.1:0", "--database", tmp_path / "s.db") as server:
        address = server.said(r"^listening (\S+)")[1]
        with Client(address, actor="setup") as client:
            company.load(client)
        moments = threading.Semaphore(0)
        lock = threading.Lock()
        placed = {}

        def work(worker):
            with grpc.insecure_channel(
                address, [*OPTIONS, ("grpc.use_local_subchannel_pool", 1)]
            ) as channel:
                place = stubs.OrderServiceStub(channel).PlaceOrder
                for index in range((RESTARTS + 1) * ORDERS_A_RESTART // WORKERS):
                    name = f"restart-{worker}-{index}"
                    metadata = [("idempotency-key", name), ("joinery-actor", "load")]
                    number = place(place_order(name), metadata=metadata).order.number
                    with lock:
                        placed[name] = number
                        if len(placed) % ORDERS_A_RESTART == 0:
                            moments.release()

        def restart():
            for _ in range(RESTARTS):
                moments.acquire()
                server.process.send_signal(signal.SIGUSR2)
                assert server.said(r"^listening (\S+)")[1] == address

        with ThreadPoolExecutor(WORKERS + 1) as pool:
            jobs = [pool.submit(work, worker) for worker in range(WORKERS)] + [pool.submit(restart)]
            for job in jobs:
                job.result(120)
        with Client(address, actor="load") as client:
            assert {order.external_id for order in orders_named(client, "restart-")} == set(placed)
            assert len(set(placed.values())) == (RESTARTS + 1) * ORDERS_A_RESTART
            assert_verified(client)
        server.stop()


def test_a_successor_that_would_not_start_is_not_tried(binary, tmp_path):
    settings = tmp_path / "shop.yaml"
    settings.write_text(f"database: {tmp_path / 's.db'}\n")
    with Serving(binary, "--config", settings, "--listen", "127.0.0.1:0") as server:
        address = server.said(r"^listening (\S+)")[1]
        settings.write_text("databse: s.db\n")
        server.process.send_signal(signal.SIGUSR2)
        server.logged("not restarted")
        with Client(address, actor="setup") as client:
            company.load(client)
        server.stop()


def test_sockets_of_systemd(binary, tmp_path):
    """sd_listen_fds(3): the sockets from descriptor 3 on, and nothing else is opened."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        descriptor = listening.fileno()
        # A shell that becomes the server knows its process number.
        become = f'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&{descriptor}'
        process = subprocess.Popen(
            ["/bin/bash", "-c", become, "bash", binary, "serve", "--trust-callers"]
            + ["--database", tmp_path / "s.db"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            pass_fds=[descriptor],
        )
        try:
            said = process.stdout.readline()
            assert said == f"listening 127.0.0.1:{port}\n"
            with Client(f"127.0.0.1:{port}", actor="setup") as client:
                company.load(client)
            process.send_signal(signal.SIGTERM)
            assert process.stdout.read() == "" and process.wait(20) == 0
        finally:
            process.kill()
            process.communicate()
