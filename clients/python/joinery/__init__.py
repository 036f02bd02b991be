"""Python client of Joinery.

    from joinery import Client, money, quantity
    from joinery.orders.v1 import order_service_pb2 as orders

    with Client("127.0.0.1:50051", actor="till-3") as client:
        placed = client.command(client.orders.PlaceOrder, orders.PlaceOrderRequest(order=...))

The API's reference manual is the comments in proto/joinery/*/v1/*.proto; the modules generated from
them are imported by the package names of the protos (`joinery.orders.v1`, `joinery.catalog.v1`, …).
"""

from joinery import _stubs

__path__.append(str(_stubs.ensure()))

from joinery.client import Client, Outcome, RetryPolicy, new_key
from joinery.errors import JoineryError, Violation
from joinery.rows import RowsRefused, batches
from joinery.till_queue import TillQueue, Verdict
from joinery.values import (
    day,
    decimal,
    money,
    percent,
    quantity,
    text,
    unit_price,
)

__all__ = [
    "Client",
    "JoineryError",
    "Outcome",
    "RetryPolicy",
    "RowsRefused",
    "TillQueue",
    "Verdict",
    "Violation",
    "batches",
    "day",
    "decimal",
    "money",
    "new_key",
    "percent",
    "quantity",
    "text",
    "unit_price",
]
