"""A network that loses replies, and a server that is asked to stop while calls are on their way."""

import threading

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

import sample_company as company
import till
from asking import assert_verified, orders_named, place_order
from joinery import Client, JoineryError, RetryPolicy
from joinery.lossy_link import LossyLink
from joinery.orders.v1 import order_service_pb2 as orders

PATIENCE_SECONDS = 20


@pytest.fixture
def link(server):
    with LossyLink(server.address) as link:
        yield link


def test_the_till_survives_lost_replies(link, client):
    with Client(link.address, actor="till") as bad_client:
        link.cut_next_reply(times=2)
        outcome = till.sell(bad_client, "lost-reply")
    assert link.lost == 2
    assert outcome.attempts == 3 and outcome.replayed
    found = orders_named(client, "lost-reply")
    assert [o.number for o in found] == [outcome.message.order.number]


def test_a_late_reply_is_asked_for_again(link, client):
    with Client(link.address, actor="late", deadline_seconds=1) as bad_client:
        link.hold_next_reply()
        request = place_order("late-reply")
        outcome = bad_client.execute(bad_client.orders.PlaceOrder, request)
    assert outcome.attempts == 2 and outcome.replayed
    assert len(orders_named(client, "late-reply")) == 1


def test_patience_ends_and_the_key_still_finds_the_reply(link, client):
    policy = RetryPolicy(attempts=2, first_pause_seconds=0.01)
    request = place_order("given-up")
    with Client(link.address, actor="given-up", retry=policy) as bad_client:
        link.cut_next_reply(times=2)
        with pytest.raises(JoineryError) as lost:
            bad_client.command(bad_client.orders.PlaceOrder, request, "kept")
        assert lost.value.code is grpc.StatusCode.UNAVAILABLE
        outcome = bad_client.execute(bad_client.orders.PlaceOrder, request, "kept")
    assert outcome.replayed
    assert len(orders_named(client, "given-up")) == 1


def test_a_call_that_has_begun_is_answered_before_the_server_ends(start_server):
    server = start_server()
    with Client(server.address, actor="drain") as client:
        company.load(client)
        begun, may_end = threading.Event(), threading.Event()

        def request():
            yield place_order("drained")
            begun.set()
            may_end.wait(PATIENCE_SECONDS)

        method = client.channel.stream_unary(
            "/joinery.orders.v1.OrderService/PlaceOrder",
            request_serializer=orders.PlaceOrderRequest.SerializeToString,
            response_deserializer=orders.PlaceOrderResponse.FromString,
        )
        call = method.future(
            request(), timeout=PATIENCE_SECONDS, metadata=[("idempotency-key", "drained")]
        )
        assert begun.wait(PATIENCE_SECONDS)
        # Frames of one connection arrive in order: when this is answered, the call above has begun.
        health_pb2_grpc.HealthStub(client.channel).Check(
            health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS
        )
        told_to_go = threading.Event()
        client.channel.subscribe(
            lambda state: state is not grpc.ChannelConnectivity.READY and told_to_go.set()
        )
        server.signal_stop()
        assert told_to_go.wait(PATIENCE_SECONDS)
        assert not call.done()
        may_end.set()
        order = call.result().order
    server.wait_stopped(PATIENCE_SECONDS)

    server.start()
    with Client(server.address, actor="drain") as client:
        assert [o.number for o in orders_named(client, "drained")] == [order.number]


def test_stopping_under_load_loses_no_acknowledged_order(start_server):
    server = start_server()
    with Client(server.address, actor="load") as client:
        company.load(client)
        calls = {
            key: client.orders.PlaceOrder.future(
                place_order(key), timeout=PATIENCE_SECONDS, metadata=metadata(key)
            )
            for key in (f"load-{number}" for number in range(200))
        }
        next(iter(calls.values())).result()
        server.signal_stop()
        acknowledged, refused = {}, set()
        for key, call in calls.items():
            if call.exception() is None:
                acknowledged[key] = call.result().order.number
            else:
                refused.add(call.code())
    server.wait_stopped(PATIENCE_SECONDS)
    assert refused <= {grpc.StatusCode.UNAVAILABLE}

    server.start()
    with Client(server.address, actor="load") as client:
        stored = {o.external_id: o.number for o in orders_named(client, "load-")}
        assert acknowledged.items() <= stored.items()
        for key, number in acknowledged.items():
            again = client.execute(client.orders.PlaceOrder, place_order(key), key)
            assert again.replayed and again.message.order.number == number
        assert_verified(client)


def metadata(key: str) -> list[tuple[str, str]]:
    return [("idempotency-key", key), ("joinery-actor", "load")]
