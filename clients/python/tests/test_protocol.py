"""What any gRPC client may expect: health, reflection, and a status for every kind of bad call."""

import threading

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_status import rpc_status

from asking import place_order
from joinery import Client, JoineryError
from joinery.orders.v1 import order_service_pb2 as orders

SERVICES = {
    f"joinery.{area}.v1.{name}Service"
    for area, name in [
        ("catalog", "Catalog"),
        ("customers", "Customer"),
        ("events", "Event"),
        ("finance", "Finance"),
        ("inventory", "Inventory"),
        ("orders", "Order"),
        ("production", "Production"),
        ("purchasing", "Purchasing"),
        ("reports", "Report"),
        ("tills", "Till"),
    ]
}
PLACE_ORDER = "/joinery.orders.v1.OrderService/PlaceOrder"


def raw_call(client: Client, path: str, message: bytes, key: str = "raw") -> bytes:
    """Sends bytes as they are."""
    method = client.channel.unary_unary(path)
    return method(message, timeout=10, metadata=[("idempotency-key", key)])


@pytest.mark.parametrize("service", ["", *sorted(SERVICES)])
def test_every_service_is_healthy(client, service):
    health = health_pb2_grpc.HealthStub(client.channel)
    response = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=10)
    assert response.status == health_pb2.HealthCheckResponse.SERVING


def test_health_does_not_know_other_services(client):
    health = health_pb2_grpc.HealthStub(client.channel)
    with pytest.raises(grpc.RpcError) as refused:
        health.Check(health_pb2.HealthCheckRequest(service="joinery.Nothing"), timeout=10)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


def test_reflection_lists_services_and_describes_them(client):
    database = ProtoReflectionDescriptorDatabase(client.channel)
    assert set(database.get_services()) >= SERVICES
    file = database.FindFileContainingSymbol("joinery.orders.v1.OrderService")
    assert "PlaceOrder" in [method.name for method in file.service[0].method]


@pytest.mark.parametrize(
    "path", ["/joinery.orders.v1.OrderService/Nothing", "/joinery.nothing.v1.NothingService/Get"]
)
def test_an_unknown_method_is_unimplemented(client, path):
    with pytest.raises(grpc.RpcError) as refused:
        raw_call(client, path, b"")
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_an_oversized_message_is_refused_and_the_connection_lives_on(client):
    request = place_order("oversized")
    request.order.note = "x" * (5 * 1024 * 1024)
    with pytest.raises(JoineryError) as refused:
        client.command(client.orders.PlaceOrder, request)
    assert refused.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    client.query(client.orders.ListOrders, orders.ListOrdersRequest())


@pytest.mark.parametrize(("bad_text", "what"), [(b"C-\xff\xfe", "UTF-8"), (b"C-\x00LIN", "U+0000")])
def test_text_that_is_no_text_is_refused_with_its_field(client, bad_text, what):
    customer = b"\x1a" + bytes([len(bad_text)]) + bad_text
    order = b"\x0a" + bytes([len(customer)]) + customer
    with pytest.raises(grpc.RpcError) as refused:
        raw_call(client, PLACE_ORDER, order)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    status = rpc_status.from_call(refused.value)
    request = error_details_pb2.BadRequest()
    assert any(detail.Unpack(request) for detail in status.details)
    violation = request.field_violations[0]
    assert violation.field == "order.customer_code"
    assert what in violation.description
    assert violation.reason == ("NOT_UTF8" if what == "UTF-8" else "CONTROL_CHARACTER")


def test_bytes_that_are_no_message_are_refused(client):
    with pytest.raises(grpc.RpcError) as refused:
        raw_call(client, PLACE_ORDER, b"\x0a\xff\xff")
    assert refused.value.code() is grpc.StatusCode.INTERNAL


def test_a_call_ends_at_its_deadline(client):
    """The request never ends, so the server cannot answer: only the deadline ends the call."""
    never = threading.Event()

    def endless():
        yield place_order("never").SerializeToString()
        never.wait(30)

    method = client.channel.stream_unary(PLACE_ORDER)
    with pytest.raises(grpc.RpcError) as ended:
        method(endless(), timeout=0.2, metadata=[("idempotency-key", "never")])
    never.set()
    assert ended.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert not client.query(
        client.orders.ListOrders, orders.ListOrdersRequest(prefix="never")
    ).orders


@pytest.mark.parametrize("compression", [grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_compressed_calls(client, compression):
    """A request worth compressing, and a reply that is."""
    request = place_order("compressed")
    request.order.note = "Deliver after six. " * 100
    with_compression = {"timeout": 10, "compression": compression}
    placed, call = client.orders.PlaceOrder.with_call(
        request, metadata=[("idempotency-key", "compressed")], **with_compression
    )
    assert call.code() is grpc.StatusCode.OK
    listed = client.orders.ListOrders(
        orders.ListOrdersRequest(prefix="compressed"), **with_compression
    )
    assert [order.number for order in listed.orders] == [placed.order.number]
    plain = client.orders.GetOrder(orders.GetOrderRequest(number=placed.order.number), timeout=10)
    assert plain.order.note == request.order.note


def test_a_compression_bomb_is_refused(client):
    method = client.channel.unary_unary(PLACE_ORDER)
    with pytest.raises(grpc.RpcError) as refused:
        method(
            b"\x00" * (64 * 1024 * 1024),
            timeout=30,
            metadata=[("idempotency-key", "bomb")],
            compression=grpc.Compression.Gzip,
        )
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    client.query(client.orders.ListOrders, orders.ListOrdersRequest())
