"""Joinery itself as stock clients see it: health, reflection, details of a refusal, a drain."""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status
from grpclib.client import Channel, UnaryUnaryMethod
from grpclib.const import Status
from grpclib.exceptions import GRPCError

import peers
from joinery import Client
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.server import LocalServer

ORDERS = "joinery.orders.v1.OrderService"
GET_ORDER = f"/{ORDERS}/GetOrder"
ABSENT = orders.GetOrderRequest(number="SO-2026-999999")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    folder = tmp_path_factory.mktemp("product")
    with LocalServer(peers.built("joinery"), folder / "joinery.db") as running:
        yield running


@pytest.fixture(params=["direct", *peers.PROXIES])
def address(
    request: pytest.FixtureRequest, server: LocalServer, tmp_path: Path
) -> Iterator[str]:
    """Of the server, or of a proxy before it."""
    if request.param == "direct":
        yield server.address
        return
    proxy, address = peers.PROXIES[request.param](tmp_path, [server.address])
    try:
        yield address
    finally:
        proxy.end()


def check_details(details: list) -> None:
    """Of a refusal because there is no such order."""
    infos = [one for one in details if isinstance(one, error_details_pb2.ErrorInfo)]
    assert [info.reason for info in infos] == ["UNKNOWN_ORDER"]
    assert infos[0].metadata["number"] == ABSENT.number


def test_grpcio_asyncio(address):
    async def body():
        async with grpc.aio.insecure_channel(address) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            answer = await health.Check(health_pb2.HealthCheckRequest(service=ORDERS), timeout=20)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING

            ask = channel.unary_unary(GET_ORDER, orders.GetOrderRequest.SerializeToString)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await ask(ABSENT, timeout=20)
            assert refused.value.code() is grpc.StatusCode.NOT_FOUND
            # Compares code and message of the status with those of the call, too.
            status = rpc_status.from_call(refused.value)
            details = []
            for packed in status.details:
                detail = error_details_pb2.ErrorInfo()
                if packed.Unpack(detail):
                    details.append(detail)
            check_details(details)

            reflection = reflection_pb2_grpc.ServerReflectionStub(channel)
            request = reflection_pb2.ServerReflectionRequest(list_services="")
            answers = [
                answer
                async for answer in reflection.ServerReflectionInfo(iter([request]), timeout=20)
            ]
            names = {one.name for one in answers[0].list_services_response.service}
            assert {ORDERS, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"} <= names

    asyncio.run(body())


def test_grpclib(address):
    host, port = address.rsplit(":", 1)

    async def body():
        async with Channel(host, int(port)) as channel:
            check = UnaryUnaryMethod(
                channel,
                "/grpc.health.v1.Health/Check",
                health_pb2.HealthCheckRequest,
                health_pb2.HealthCheckResponse,
            )
            answer = await check(health_pb2.HealthCheckRequest(service=ORDERS), timeout=20)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
            ask = UnaryUnaryMethod(
                channel, GET_ORDER, orders.GetOrderRequest, orders.GetOrderResponse
            )
            with pytest.raises(GRPCError) as refused:
                await ask(ABSENT, timeout=20)
            assert refused.value.status is Status.NOT_FOUND
            check_details(refused.value.details)

    asyncio.run(body())


def buf_curl(address: str, *arguments: str) -> subprocess.CompletedProcess:
    buf = Path(sys.executable).with_name("buf")
    if not buf.exists():
        pytest.skip("needs buf: pip install buf-bin")
    url, rest = arguments[0], arguments[1:]
    return subprocess.run(
        [buf, "curl", "--protocol", "grpc", "--http2-prior-knowledge", *rest]
        + [f"http://{address}{url}"],
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_buf_curl_finds_its_way_by_reflection(address):
    listed = buf_curl(address, "", "--list-methods")
    assert f"{ORDERS}/GetOrder" in listed.stdout.split(), listed.stderr

    refused = buf_curl(address, GET_ORDER, "--data", json.dumps({"number": ABSENT.number}))
    assert refused.returncode != 0
    error = json.loads(refused.stderr)
    assert error["code"] == "not_found"
    packed = next(one for one in error["details"] if one["type"] == "google.rpc.ErrorInfo")
    value = packed["value"] + "=" * (-len(packed["value"]) % 4)
    check_details([error_details_pb2.ErrorInfo.FromString(base64.b64decode(value))])

    warehouse = {"warehouses": [{"code": "MAIN", "name": "总仓"}]}
    done = buf_curl(
        address,
        "/joinery.catalog.v1.CatalogService/UpsertWarehouses",
        "--header",
        "idempotency-key: buf-1",
        "--data",
        json.dumps(warehouse),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdicts"][0]["code"] == "MAIN"


def test_a_command_is_carried_out_once(address):
    with Client(address, actor="till-7") as client:
        request = catalog.UpsertWarehousesRequest(
            warehouses=[{"code": "SHOP", "name": "门店"}]
        )
        key = f"once-{address}"
        first = client.command(client.catalog.UpsertWarehouses, request, key=key)
        again = client.command(client.catalog.UpsertWarehouses, request, key=key)
        assert first == again


def test_a_watcher_of_the_health_is_told_of_the_end(tmp_path):
    with LocalServer(peers.built("joinery"), tmp_path / "joinery.db") as server:
        with grpc.insecure_channel(server.address) as channel:
            watch = health_pb2_grpc.HealthStub(channel).Watch(
                health_pb2.HealthCheckRequest(), timeout=20
            )
            assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
            server.signal_stop()
            assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
            assert list(watch) == []


def test_no_call_is_lost_when_the_server_ends(tmp_path):
    """Every call is answered or was never sent. (grpclib drops its calls at the first GOAWAY.)"""
    with LocalServer(peers.built("joinery"), tmp_path / "joinery.db") as server:
        answers = asyncio.run(ask_until_the_end(server))
    assert answers.pop("NOT_FOUND") > 100
    # Behind the end there is nobody to connect to; in between nothing else may be seen.
    assert [text for text in answers if "Failed to connect" not in text] == []


async def ask_until_the_end(server: LocalServer) -> dict[str, int]:
    """How often which answer came to twenty callers before there was nobody to ask."""
    answers: dict[str, int] = {}
    enough = asyncio.Event()
    async with grpc.aio.insecure_channel(server.address) as channel:
        method = channel.unary_unary(GET_ORDER, orders.GetOrderRequest.SerializeToString)

        async def ask() -> None:
            is_there = True
            while is_there:
                with pytest.raises(grpc.aio.AioRpcError) as refused:
                    await method(ABSENT, timeout=20)
                is_there = refused.value.code() is grpc.StatusCode.NOT_FOUND
                text = "NOT_FOUND" if is_there else refused.value.details()
                answers[text] = answers.get(text, 0) + 1
                if answers[text] > 200:
                    enough.set()

        tasks = [asyncio.create_task(ask()) for _ in range(20)]
        await enough.wait()
        server.signal_stop()
        await asyncio.gather(*tasks)
    return answers
