"""Replays the furniture orders of shared/data/superstore by date, from order to payment.

Every product has one list price in the data: Sales ÷ (Quantity × (1 − Discount)) gives it, and the
server computes each line's amount from it again. The server's business day is its own clock; the
day in the data goes into the order's note.
"""

import csv
import itertools
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from joinery import Client, RowsRefused, batches, day, decimal, money, percent, quantity, unit_price
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.customers.v1 import customer_service_pb2 as customers
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.purchasing.v1 import purchasing_service_pb2 as purchasing

CURRENCY = "USD"
CENT = Decimal("0.01")
WORKERS = 16
CARRIERS = {
    "Same Day": "City courier",
    "First Class": "Air express",
    "Second Class": "Road express",
    "Standard Class": "Road freight",
}
CHANNELS = {
    "Consumer": order_pb2.CHANNEL_STORE,
    "Corporate": order_pb2.CHANNEL_SALES_REP,
    "Home Office": order_pb2.CHANNEL_WEB,
}
# Days until an invoice is due. Consumers pay when they order.
NET_DAYS = {"Consumer": 0, "Corporate": 30, "Home Office": 14}


class ReplayFailed(Exception):
    """The server computed or did something else than the data says."""


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int
    discount: Decimal
    net: Decimal
    """Sales, rounded to the cent half away from zero."""


@dataclass(frozen=True)
class Sale:
    number: str
    ordered_on: date
    shipped_on: date
    ship_mode: str
    customer: str
    segment: str
    region: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Item:
    """A product of the data with its list price and cost, which are the same on every line."""

    sku: str
    name: str
    sub_category: str
    price: Decimal
    cost: Decimal

    @property
    def supplier(self) -> str:
        return f"S-{self.sub_category.upper()}"


@dataclass(frozen=True)
class History:
    sales: list[Sale]
    items: dict[str, Item]
    customers: dict[str, tuple[str, str]]
    """Name and segment by code."""

    @property
    def revenue(self) -> Decimal:
        """Computed from the data alone."""
        return sum((line.net for sale in self.sales for line in sale.lines), Decimal(0))


def read(folder: Path) -> History:
    path = folder / "superstore" / "superstore.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Category"] == "Furniture"]
    items: dict[str, Item] = {}
    skus: dict[tuple[str, str], str] = {}
    lines: dict[str, list[Line]] = defaultdict(list)
    heads: dict[str, dict[str, str]] = {}
    people: dict[str, tuple[str, str]] = {}
    for row in rows:
        item = _item(row, skus)
        if items.setdefault(item.sku, item).price != item.price:
            raise ReplayFailed(f"{item.sku} has two list prices in the data")
        net = Decimal(row["Sales"]).quantize(CENT, ROUND_HALF_UP)
        lines[row["Order ID"]].append(
            Line(item.sku, int(row["Quantity"]), Decimal(row["Discount"]), net)
        )
        heads.setdefault(row["Order ID"], row)
        people[row["Customer ID"]] = (row["Customer Name"], row["Segment"])
    sales = [
        Sale(
            number=number,
            ordered_on=_day(head["Order Date"]),
            shipped_on=_day(head["Ship Date"]),
            ship_mode=head["Ship Mode"],
            customer=head["Customer ID"],
            segment=head["Segment"],
            region=head["Region"].upper(),
            lines=tuple(lines[number]),
        )
        for number, head in heads.items()
    ]
    return History(sorted(sales, key=lambda s: (s.ordered_on, s.number)), items, people)


def _item(row: dict[str, str], skus: dict[tuple[str, str], str]) -> Item:
    """Eight product ids of the data name two products each: the second one's sku ends in /2."""
    code, name = row["Product ID"], row["Product Name"]
    others = sum(1 for known, other in skus if known == code and other != name)
    sku = skus.setdefault((code, name), code if others == 0 else f"{code}/{others + 1}")
    sold, count = Decimal(row["Sales"]), int(row["Quantity"])
    price = sold / (count * (1 - Decimal(row["Discount"])))
    cost = (sold - Decimal(row["Profit"])) / count
    return Item(sku, name, row["Sub-Category"], price, cost.quantize(Decimal("0.0001")))


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()


class Replay:
    """Carries the history out on a server.

    Keys are made of the data's own numbers: running it again changes nothing.
    """

    def __init__(self, connect: Callable[..., Client], history: History) -> None:
        self.history = history
        self.client = connect("replay")
        self.manager = connect("replay.manager", ("GENERAL_MANAGER",))
        self.commands = 0
        self._lock = threading.Lock()
        self._numbers: dict[str, str] = {}
        self._pool = ThreadPoolExecutor(WORKERS)
        self._shippers = ThreadPoolExecutor(WORKERS)

    def close(self) -> None:
        for pool in (self._pool, self._shippers):
            pool.shutdown(cancel_futures=True)
        self.client.close()
        self.manager.close()

    def load(self) -> None:
        """Company, catalogue, customers, suppliers, and half of what will be sold as stock."""
        client = self.client
        self._do(
            client.catalog.ConfigureCompany,
            catalog.ConfigureCompanyRequest(
                company=catalog.Company(
                    name="Superstore", base_currency_code=CURRENCY, time_zone="America/New_York"
                )
            ),
            "company",
        )
        for name, method, request in self._batches():
            RowsRefused.check(self._do(method, request, name).verdicts)
        rule = orders.ApprovalRule(
            minimum_gross=money(5_000, CURRENCY), approver_role="GENERAL_MANAGER"
        )
        self._do(
            client.orders.ReplaceApprovalRules,
            orders.ReplaceApprovalRulesRequest(rules=[rule]),
            "approval-rules",
        )
        self._each(self._receive, self._opening_stock())

    def days(self) -> Iterator[tuple[date, int]]:
        """Plays one day after another; yields each with its number of new orders.

        The orders of a day are placed, and what they lack is bought, before the next day begins.
        Shipments begin on their day and are carried out beside the days that follow.
        """
        ordered, shipped = defaultdict(list), defaultdict(list)
        for sale in self.history.sales:
            ordered[sale.ordered_on].append(sale)
            shipped[sale.shipped_on].append(sale)
        shipping: deque[Future[None]] = deque()
        for today in sorted({*ordered, *shipped}):
            if ordered[today]:
                self._each(self._place, ordered[today])
                self._buy_what_is_short()
            shipping.extend(self._shippers.submit(self._ship, sale) for sale in shipped[today])
            while shipping and shipping[0].done():
                shipping.popleft().result()
            yield today, len(ordered[today])
        for shipment in shipping:
            shipment.result()

    def _do(self, method: Callable, request: Any, key: str, client: Client | None = None) -> Any:
        message = (client or self.client).command(method, request, f"replay/{key}")
        with self._lock:
            self.commands += 1
        return message

    def _each(self, act: Callable, things: Iterable[Any]) -> None:
        """Runs `act` on all of them at once; the first failure is raised."""
        for _ in self._pool.map(act, things):
            pass

    def _place(self, sale: Sale) -> None:
        methods = self.client.orders
        order = self._do(
            methods.PlaceOrder,
            orders.PlaceOrderRequest(order=self._order(sale)),
            f"{sale.number}/place",
        ).order
        for line, wanted in zip(order.lines, sale.lines, strict=True):
            if decimal(line.net) != wanted.net:
                raise ReplayFailed(
                    f"{sale.number} line {line.line_number}: the server says "
                    f"{decimal(line.net)}, the data {wanted.net}"
                )
        if order.approval.pending:
            self._do(
                self.manager.orders.ApproveOrder,
                orders.ApproveOrderRequest(number=order.number),
                f"{sale.number}/approve",
                self.manager,
            )
            self._do(
                methods.ConfirmOrder,
                orders.ConfirmOrderRequest(number=order.number),
                f"{sale.number}/confirm",
            )
        with self._lock:
            self._numbers[sale.number] = order.number
        if NET_DAYS[sale.segment] == 0:
            self._pay(sale, order.number, order.gross, finance.PAYMENT_METHOD_CARD)

    def _order(self, sale: Sale) -> order_pb2.OrderInput:
        return order_pb2.OrderInput(
            channel=CHANNELS[sale.segment],
            external_id=sale.number,
            customer_code=sale.customer,
            warehouse_code=sale.region,
            lines=[
                order_pb2.LineInput(
                    sku=line.sku,
                    quantity=quantity(line.quantity),
                    discount_micros=percent(line.discount * 100),
                )
                for line in sale.lines
            ],
            note=f"ordered {sale.ordered_on}, to ship {sale.shipped_on} by {sale.ship_mode}",
        )

    def _buy_what_is_short(self) -> None:
        """Requisition → purchase order → receipt → bill, for each supplier and warehouse."""
        methods = self.client.purchasing
        open_only = purchasing.ListRequisitionsRequest(
            state=purchasing.REQUISITION_STATE_OPEN, page_size=500
        )
        short = defaultdict(list)
        for requisition in self.client.rows(methods.ListRequisitions, open_only, "requisitions"):
            place = (requisition.preferred_supplier_code, requisition.warehouse_code)
            short[place].append(requisition)
        self._each(self._buy, short.items())

    def _buy(self, group: tuple[tuple[str, str], list[purchasing.Requisition]]) -> None:
        (supplier, warehouse), requisitions = group
        methods = self.client.purchasing
        name = f"buy/{requisitions[0].number}"
        bought = self._do(
            methods.CreatePurchaseOrder,
            purchasing.CreatePurchaseOrderRequest(
                supplier_code=supplier,
                warehouse_code=warehouse,
                lines=[
                    purchasing.PurchaseLineInput(requisition_number=r.number) for r in requisitions
                ],
            ),
            name,
        ).purchase_order
        self._do(
            methods.ReceiveGoods,
            purchasing.ReceiveGoodsRequest(purchase_order_number=bought.number),
            f"{name}/receive",
        )
        self._do(
            methods.EnterSupplierBill,
            purchasing.EnterSupplierBillRequest(
                purchase_order_number=bought.number, bill_number=f"B-{bought.number}"
            ),
            f"{name}/bill",
        )

    def _ship(self, sale: Sale) -> None:
        methods, order = self.client.orders, self._numbers[sale.number]
        shipment = self._do(
            methods.PrepareShipment,
            orders.PrepareShipmentRequest(order_number=order),
            f"{sale.number}/prepare",
        ).shipment
        if len(shipment.lines) != len(sale.lines):
            raise ReplayFailed(f"{sale.number}: not every line is in {shipment.number}")
        number = shipment.number
        steps = [
            (methods.PickShipment, orders.PickShipmentRequest(number=number)),
            (
                methods.PackShipment,
                orders.PackShipmentRequest(number=number, cartons=len(sale.lines)),
            ),
            (
                methods.DispatchShipment,
                orders.DispatchShipmentRequest(
                    number=number,
                    carrier=CARRIERS[sale.ship_mode],
                    tracking_number=f"{sale.number}/{sale.shipped_on}",
                ),
            ),
            (methods.DeliverShipment, orders.DeliverShipmentRequest(number=number)),
        ]
        for position, (method, request) in enumerate(steps):
            self._do(method, request, f"{sale.number}/ship/{position}")
        invoice = self._do(
            methods.InvoiceOrder,
            orders.InvoiceOrderRequest(number=order),
            f"{sale.number}/invoice",
        )
        if invoice.open.minor_units:
            method = finance.PAYMENT_METHOD_BANK_TRANSFER
            self._pay(sale, order, invoice.open, method)

    def _pay(self, sale: Sale, order: str, amount: Any, method: finance.PaymentMethod) -> None:
        self._do(
            self.client.finance.ReceivePayment,
            finance.ReceivePaymentRequest(
                order_number=order,
                amount=amount,
                method=method,
                external_reference=sale.number,
            ),
            f"{sale.number}/pay",
        )

    def _receive(self, request: inventory.ReceiveStockRequest) -> None:
        key = f"stock/{request.warehouse_code}/{request.sku}"
        self._do(self.client.inventory.ReceiveStock, request, key)

    def _opening_stock(self) -> Iterator[inventory.ReceiveStockRequest]:
        demand: dict[tuple[str, str], int] = defaultdict(int)
        for sale in self.history.sales:
            for line in sale.lines:
                demand[sale.region, line.sku] += line.quantity
        for (region, sku), wanted in sorted(demand.items()):
            if wanted > 1:
                yield inventory.ReceiveStockRequest(
                    sku=sku,
                    warehouse_code=region,
                    quantity=quantity(wanted // 2),
                    unit_cost=unit_price(self.history.items[sku].cost, CURRENCY),
                    reason="opening stock",
                )

    def _batches(self) -> Iterator[tuple[str, Callable, Any]]:
        client, items = self.client, self.history.items.values()
        regions = sorted({sale.region for sale in self.history.sales})
        yield (
            "warehouses",
            client.catalog.UpsertWarehouses,
            catalog.UpsertWarehousesRequest(
                warehouses=[catalog.Warehouse(code=r, name=r.title()) for r in regions]
            ),
        )
        yield (
            "price-list",
            client.catalog.UpsertPriceLists,
            catalog.UpsertPriceListsRequest(
                price_lists=[catalog.PriceList(code="LIST", name="List prices")]
            ),
        )
        yield (
            "products",
            client.catalog.UpsertProducts,
            catalog.UpsertProductsRequest(products=map(_product, items)),
        )
        yield (
            "prices",
            client.catalog.UpsertPrices,
            catalog.UpsertPricesRequest(prices=map(_price, items)),
        )
        suppliers = sorted({item.supplier for item in items})
        yield (
            "suppliers",
            client.purchasing.UpsertSuppliers,
            purchasing.UpsertSuppliersRequest(
                suppliers=[purchasing.Supplier(code=s, name=s[2:].title()) for s in suppliers]
            ),
        )
        yield (
            "supplier-prices",
            client.purchasing.UpsertSupplierPrices,
            purchasing.UpsertSupplierPricesRequest(prices=map(_supplier_price, items)),
        )
        people = sorted(self.history.customers.items())
        for number, batch in enumerate(batches(people)):
            yield (
                f"customers/{number}",
                client.customers.UpsertCustomers,
                customers.UpsertCustomersRequest(customers=itertools.starmap(_customer, batch)),
            )


def _product(item: Item) -> catalog.Product:
    return catalog.Product(
        sku=item.sku,
        name=item.name,
        kind=catalog.PRODUCT_KIND_STOCKED,
        unit_code="pcs",
        tax_class="ZERO",
    )


def _price(item: Item) -> catalog.Price:
    return catalog.Price(
        price_list_code="LIST",
        sku=item.sku,
        unit_price=unit_price(item.price, CURRENCY),
        valid_from=day(date(2016, 1, 1)),
    )


def _supplier_price(item: Item) -> purchasing.SupplierPrice:
    return purchasing.SupplierPrice(
        supplier_code=item.supplier,
        sku=item.sku,
        unit_price=unit_price(item.cost, CURRENCY),
        preferred=True,
    )


def _customer(code: str, person: tuple[str, str]) -> customers.Customer:
    name, segment = person
    return customers.Customer(
        code=code,
        name=name,
        customer_class=segment.upper().replace(" ", "-"),
        credit_limit=money(100_000, CURRENCY),
        terms=customers.PaymentTerms(net_days=NET_DAYS[segment]),
    )
