"""Many buyers want the last pieces at once, from three channels: as many get one as there are."""

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from asking import assert_verified, orders_named, place_order, stock_of
from joinery import Client, JoineryError, decimal, quantity, unit_price
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders

CHANNELS = [order_pb2.CHANNEL_STORE, order_pb2.CHANNEL_WEB, order_pb2.CHANNEL_MARKETPLACE]
BUYERS = 48


@pytest.mark.parametrize("pieces", [0, 1, 7])
def test_exactly_as_many_buyers_succeed_as_there_are_pieces(server, client, pieces):
    sku = "MIRROR-FULL"
    count = inventory.AdjustStockRequest(
        sku=sku,
        warehouse_code="HZ-STORE",
        counted=quantity(pieces),
        reason="recount",
        unit_cost=unit_price("165"),
    )
    free_all(client, sku)
    client.command(client.inventory.AdjustStock, count)
    gate = threading.Barrier(BUYERS)
    connections = [Client(server.address, actor=f"channel-{c}-{pieces}") for c in CHANNELS]

    def buy(buyer: int) -> str:
        request = place_order(
            f"last-{pieces}-{buyer}",
            sku,
            channel=CHANNELS[buyer % 3],
            shortage_rule=order_pb2.SHORTAGE_RULE_REFUSE,
            warehouse="HZ-STORE",
        )
        connection = connections[buyer % 3]
        gate.wait(20)
        try:
            connection.command(connection.orders.PlaceOrder, request)
        except JoineryError as refused:
            assert refused.code is grpc.StatusCode.FAILED_PRECONDITION
            return refused.reason
        return "BOUGHT"

    try:
        with ThreadPoolExecutor(BUYERS) as pool:
            results = list(pool.map(buy, range(BUYERS)))
    finally:
        for connection in connections:
            connection.close()
    assert results.count("BOUGHT") == pieces
    assert results.count("INSUFFICIENT_STOCK") == BUYERS - pieces
    assert len(orders_named(client, f"last-{pieces}-")) == pieces
    level = stock_of(client, sku, "HZ-STORE")
    assert decimal(level.reserved) == decimal(level.on_hand) == pieces
    assert decimal(level.available) == decimal(level.waiting) == 0
    assert_verified(client)


def free_all(client: Client, sku: str) -> None:
    """Cancels what earlier runs of the test bought."""
    for order in orders_named(client, "last-"):
        if order.state != order_pb2.ORDER_STATE_CANCELLED:
            client.command(
                client.orders.CancelOrder,
                orders.CancelOrderRequest(
                    number=order.number, reason=orders.CANCEL_REASON_ENTRY_ERROR
                ),
            )
    assert decimal(stock_of(client, sku, "HZ-STORE").reserved) == 0
