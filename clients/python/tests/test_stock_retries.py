"""gRPC's own retry policy (a service configuration, gRFC A6) in the stock client: a program that
has never heard of Joinery needs nothing else to live through restarts.
"""

import json
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

import sample_company as company
from asking import assert_verified, orders_named, place_order
from joinery import Client
from joinery.orders.v1 import order_service_pb2_grpc as stubs
from joinery.server import LocalServer

WORKERS, ORDERS_PER_WORKER, KILLS = 8, 30, 3
POLICY = {
    "methodConfig": [
        {
            "name": [{"service": "joinery.orders.v1.OrderService"}],
            "waitForReady": True,
            "timeout": "60s",
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.05s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}
OPTIONS = [
    ("grpc.service_config", json.dumps(POLICY)),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 200),
]


def test_kills_are_nobodys_business(binary, tmp_path):
    # Short: the path of a Unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        address = f"unix:{Path(folder) / 's'}"
        server = LocalServer(binary, tmp_path / "shop.db", "--listen", address).start()
        with Client(server.address, actor="setup") as client:
            company.load(client)
        replies = run_through_kills(server, address)
        with Client(server.address, actor="load") as client:
            placed = {order.external_id for order in orders_named(client, "stock-")}
            assert placed == set(replies) and len(placed) == WORKERS * ORDERS_PER_WORKER
            assert_verified(client)
        server.stop()


def run_through_kills(server: LocalServer, address: str) -> dict[str, str]:
    """The numbers of orders by external id; every call is answered, over all kills."""
    replies: dict[str, str] = {}
    moments = threading.Semaphore(0)
    lock = threading.Lock()
    every = WORKERS * ORDERS_PER_WORKER // (KILLS + 1)

    def work(worker: int) -> None:
        with grpc.insecure_channel(
            address, [*OPTIONS, ("grpc.use_local_subchannel_pool", 1)]
        ) as channel:
            place = stubs.OrderServiceStub(channel).PlaceOrder
            for index in range(ORDERS_PER_WORKER):
                name = f"stock-{worker}-{index}"
                metadata = [("idempotency-key", name), ("joinery-actor", "load")]
                number = place(place_order(name), metadata=metadata).order.number
                with lock:
                    replies[name] = number
                    if len(replies) % every == 0:
                        moments.release()

    def kill() -> None:
        for _ in range(KILLS):
            moments.acquire()
            server.kill()
            server.start()

    with ThreadPoolExecutor(WORKERS + 1) as pool:
        jobs = [pool.submit(work, worker) for worker in range(WORKERS)] + [pool.submit(kill)]
        for job in jobs:
            job.result()
    return replies
