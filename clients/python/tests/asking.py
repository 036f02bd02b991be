"""Requests that several tests make."""

from joinery import Client, quantity
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.reports.v1 import report_service_pb2 as reports

# Pays before the goods leave, so that no credit limit stops a test that places many orders.
CUSTOMER = "C-CHEN"


def place_order(
    external_id: str,
    sku: str = "LAMP-TABLE",
    amount: int = 1,
    *,
    customer: str = CUSTOMER,
    channel: order_pb2.Channel = order_pb2.CHANNEL_STORE,
    shortage_rule: order_pb2.ShortageRule = order_pb2.SHORTAGE_RULE_WAIT,
    warehouse: str = "SH-MAIN",
) -> orders.PlaceOrderRequest:
    return orders.PlaceOrderRequest(
        order=order_pb2.OrderInput(
            channel=channel,
            external_id=external_id,
            customer_code=customer,
            warehouse_code=warehouse,
            lines=[order_pb2.LineInput(sku=sku, quantity=quantity(amount))],
            shortage_rule=shortage_rule,
        )
    )


def orders_named(client: Client, prefix: str) -> list[order_pb2.OrderSummary]:
    """All orders whose external id begins with the prefix, however many: a search stops at 5,000."""
    request = orders.ListOrdersRequest(page_size=500)
    rows = client.rows(client.orders.ListOrders, request, "orders")
    return [order for order in rows if order.external_id.startswith(prefix)]


def stock_of(client: Client, sku: str, warehouse: str = "SH-MAIN") -> inventory.StockLevel:
    request = inventory.GetAvailabilityRequest(sku=sku, warehouse_code=warehouse)
    levels = client.query(client.inventory.GetAvailability, request).levels
    return levels[0] if levels else inventory.StockLevel(sku=sku, warehouse_code=warehouse)


def assert_verified(client: Client) -> reports.VerifyResponse:
    verdict = client.query(client.reports.Verify, reports.VerifyRequest())
    assert not verdict.violations, verdict.violations
    return verdict
