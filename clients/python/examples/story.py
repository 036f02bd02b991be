"""One furniture order from quote to cash, told by real calls: each step does something and says
what came of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import sample_company as company
from joinery import Client, JoineryError, decimal, money, percent, quantity, text
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.orders.v1 import order_change_pb2, order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.production.v1 import production_service_pb2 as production
from joinery.purchasing.v1 import purchasing_service_pb2 as purchasing
from joinery.type.v1 import document_pb2, type_pb2

# (actor, roles) → a client that asks in this person's name.
Connect = Callable[[str, Iterable[str]], Client]


class StoryFailed(Exception):
    """The server did something else than the story says."""


@dataclass
class Step:
    """What was done, by which commands, and what came of it."""

    what: str
    command: str
    results: list[str] = field(default_factory=list)


def check(holds: bool, what: str) -> None:
    if not holds:
        raise StoryFailed(f"this should hold and does not: {what}")


class Story:
    """An order of stocked chairs and a made-to-order oak table, from a store's till to CLOSED.

    The people in it: `till` sells, `manager` approves, `buyer`, `workshop`, `dispatch` and `books`
    do their parts.
    """

    customer = "C-LIN"

    def __init__(self, connect: Connect) -> None:
        self.till = connect("till.hangzhou-1", ())
        self.manager = connect("he.manager", ("GENERAL_MANAGER",))
        self.buyer = connect("sun.buyer", ())
        self.workshop = connect("tang.workshop", ())
        self.dispatch = connect("zhou.dispatch", ())
        self.books = connect("qian.books", ())
        self.number = ""

    def close(self) -> None:
        for client in (
            self.till, self.manager, self.buyer, self.workshop, self.dispatch, self.books
        ):  # fmt: skip
            client.close()

    def tell(self) -> Iterator[Step]:
        """The steps in their order; each is carried out when it is asked for."""
        yield self.preview()
        yield self.place()
        yield self.approve()
        yield self.confirm()
        yield self.preview_change()
        yield self.find_shortage()
        yield from self.buy()
        yield self.refuse_without_deposit()
        yield self.pay_deposit()
        yield from self.make()
        yield from self.ship()
        yield self.invoice()
        yield self.pay()

    def order(self) -> order_pb2.Order:
        request = orders.GetOrderRequest(number=self.number)
        return self.till.query(self.till.orders.GetOrder, request).order

    @property
    def placing(self) -> orders.PlaceOrderRequest:
        lines = [
            ("CHAIR-OAK", "4", "5", ""),
            ("TABLE-OAK-MTO", "1", "0", "2000 × 950 mm, 圆角 rounded corners"),
            ("SERVICE-DELIVERY", "1", "0", ""),
            ("SERVICE-INSTALL", "2", "0", ""),
        ]
        return orders.PlaceOrderRequest(
            order=order_pb2.OrderInput(
                channel=order_pb2.CHANNEL_STORE,
                external_id="HZ1-20000417",
                customer_code=self.customer,
                warehouse_code=company.MAIN,
                lines=[
                    order_pb2.LineInput(
                        sku=sku,
                        quantity=quantity(amount),
                        discount_micros=percent(discount),
                        note=note,
                    )
                    for sku, amount, discount, note in lines
                ],
            )
        )

    def preview(self) -> Step:
        order = self.till.preview(self.till.orders.PlaceOrder, self.placing).order
        check(order.approval.pending, "an order of 5,000 and more waits for the general manager")
        page = self.till.query(self.till.orders.ListOrders, orders.ListOrdersRequest())
        check(not page.orders, "a dry run leaves nothing behind")
        return Step(
            "预演 Preview at the till",
            "PlaceOrder dry-run",
            [f"would be {text(order.gross)} with tax; nothing was stored"],
        )

    def place(self) -> Step:
        order = self.till.command(self.till.orders.PlaceOrder, self.placing).order
        self.number = order.number
        check(order.state == order_pb2.ORDER_STATE_SUBMITTED, "the order waits for approval")
        results = [f"{order.number} for {order.customer_name}: {_state(order)}"]
        results += [_line(line) for line in order.lines]
        results.append(f"net {text(order.net)} + tax {text(order.tax)} = {text(order.gross)}")
        results.append(f"waits for {order.approval.required_role}: {_why(order.approval)}")
        return Step("下单 Order in the store", "PlaceOrder", results)

    def approve(self) -> Step:
        request = orders.ApproveOrderRequest(number=self.number, comment="同意 fine")
        order = self.manager.command(self.manager.orders.ApproveOrder, request).order
        check(not order.approval.pending, "the approval is given")
        return Step(
            "审批 Approval", "ApproveOrder", [f"by {order.approval.decided_by} as GENERAL_MANAGER"]
        )

    def confirm(self) -> Step:
        request = orders.ConfirmOrderRequest(number=self.number)
        order = self.till.command(self.till.orders.ConfirmOrder, request).order
        check(order.state == order_pb2.ORDER_STATE_CONFIRMED, "the order is confirmed")
        chairs = order.lines[0]
        check(chairs.reserved == chairs.ordered, "the chairs are reserved")
        results = [
            f"{_state(order)}; reserved {text(chairs.reserved)} {company.bilingual(chairs.sku)}"
        ]
        for work_order in self._work_orders():
            results.append(f"planned {work_order.number}: {_product(work_order)}")
        results.append(f"deposit due before the workshop starts: {text(order.deposit_required)}")
        return Step("确认 Confirmation", "ConfirmOrder", results)

    def preview_change(self) -> Step:
        before = self.order()
        request = order_change_pb2.ChangeOrderRequest(
            number=self.number,
            expected_version=before.version,
            change=order_change_pb2.OrderChange(
                lines=[
                    order_change_pb2.LineChange(line_number=1, quantity=quantity("6")),
                    order_change_pb2.LineChange(line_number=2, quantity=quantity("2")),
                ]
            ),
            reason="改主意 The customer thinks of a second table",
        )
        impact = self.till.preview(self.till.orders.ChangeOrder, request).impact
        check(impact.approver_role == "GENERAL_MANAGER", "more of it takes the manager again")
        check(self.order() == before, "a preview leaves nothing behind")
        results = [
            f"would cost {text(impact.gross_change)} more with tax, and take the approval of "
            f"{impact.approver_role}; nothing was stored"
        ]
        results += [verdict.text for verdict in impact.verdicts]
        return Step("变更预演 Preview of a change", "ChangeOrder dry-run", results)

    def find_shortage(self) -> Step:
        self.requisitions = list(
            self.buyer.rows(
                self.buyer.purchasing.ListRequisitions,
                purchasing.ListRequisitionsRequest(state=purchasing.REQUISITION_STATE_OPEN),
                "requisitions",
            )
        )
        short = [r.sku for r in self.requisitions]
        check(short == ["BOARD-OAK-26"], f"only the oak boards are short, not {short}")
        requisition = self.requisitions[0]
        return Step(
            "缺料 Board shortage",
            "ListRequisitions",
            [
                f"{requisition.number}: {text(requisition.quantity)} of "
                f"{company.bilingual(requisition.sku)} for {requisition.origin.number}"
            ],
        )

    def buy(self) -> Iterator[Step]:
        buyer, methods = self.buyer, self.buyer.purchasing
        requisition = self.requisitions[0]
        supplier = requisition.preferred_supplier_code
        order = buyer.command(
            methods.CreatePurchaseOrder,
            purchasing.CreatePurchaseOrderRequest(
                supplier_code=supplier,
                warehouse_code=requisition.warehouse_code,
                lines=[purchasing.PurchaseLineInput(requisition_number=requisition.number)],
            ),
        ).purchase_order
        name = company.SUPPLIERS[supplier][0]
        yield Step(
            "采购 Purchase order",
            "CreatePurchaseOrder",
            [f"{order.number} to {name}: {text(order.net)}, expected {text(order.expected_on)}"],
        )
        receipt = buyer.command(
            methods.ReceiveGoods,
            purchasing.ReceiveGoodsRequest(
                purchase_order_number=order.number, delivery_note="BL-8841"
            ),
        )
        held = [w for w in self._work_orders() if any(c.reserved.micros for c in w.components)]
        yield Step(
            "收货 Goods receipt",
            "ReceiveGoods",
            [f"{receipt.receipt_number}: the boards go straight to {held[0].number}"],
        )
        tax = (decimal(order.net) * Decimal("0.13")).quantize(Decimal("0.01"))
        bill = buyer.command(
            methods.EnterSupplierBill,
            purchasing.EnterSupplierBillRequest(
                purchase_order_number=order.number, bill_number="BL-F-2291", tax=money(tax)
            ),
        )
        check(
            bill.purchase_order.state == purchasing.PURCHASE_ORDER_STATE_BILLED,
            "the purchase order is billed",
        )
        yield Step(
            "供应商发票 Supplier's bill",
            "EnterSupplierBill",
            [f"{bill.number}: {text(bill.gross)} with input tax {text(money(tax))}"],
        )

    def refuse_without_deposit(self) -> Step:
        root = self._work_orders()[-1]
        request = production.ReleaseWorkOrderRequest(number=root.number)
        try:
            self.workshop.command(self.workshop.production.ReleaseWorkOrder, request)
        except JoineryError as refusal:
            check(refusal.reason == "DEPOSIT_OUTSTANDING", f"it is the deposit, not {refusal}")
            return Step(
                "定金未付 No deposit, no work",
                "ReleaseWorkOrder",
                [f"refused, {refusal.reason}: {refusal.message}"],
            )
        raise StoryFailed("the workshop started without a deposit")

    def pay_deposit(self) -> Step:
        order = self.order()
        payment = self._pay(order.deposit_required, finance.PAYMENT_METHOD_ALIPAY, "ALI-7730-01")
        return Step(
            "定金 Deposit",
            "ReceivePayment",
            [f"{payment.number}: {text(payment.amount)} by Alipay, held as a liability"],
        )

    def make(self) -> Iterator[Step]:
        for planned in self._work_orders():
            yield self._make(planned.number)
        table = self.order().lines[1]
        check(table.reserved == table.ordered, "the finished table is reserved for its order line")

    def _make(self, number: str) -> Step:
        client, methods = self.workshop, self.workshop.production
        client.command(methods.ReleaseWorkOrder, production.ReleaseWorkOrderRequest(number=number))
        issued = client.command(
            methods.IssueMaterials, production.IssueMaterialsRequest(number=number)
        ).work_order
        for operation in issued.operations:
            client.command(
                methods.ReportOperation,
                production.ReportOperationRequest(
                    number=number,
                    sequence=operation.sequence,
                    minutes_micros=operation.planned_minutes_micros,
                    done=True,
                ),
            )
        client.command(
            methods.CompleteWorkOrder, production.CompleteWorkOrderRequest(number=number)
        )
        closed = client.command(
            methods.CloseWorkOrder, production.CloseWorkOrderRequest(number=number)
        ).work_order
        check(closed.state == production.WORK_ORDER_STATE_CLOSED, f"{number} is closed")
        material = ", ".join(f"{text(c.issued)} {c.sku}" for c in closed.components)
        cost = f"{text(closed.material_cost)} + labour {text(closed.labour_cost)}"
        return Step(
            f"生产 {number}",
            "Release, Issue, Report, Complete",
            [f"{_product(closed)}", f"from {material}", f"cost: material {cost}"],
        )

    def ship(self) -> Iterator[Step]:
        client, methods = self.dispatch, self.dispatch.orders
        shipment = client.command(
            methods.PrepareShipment, orders.PrepareShipmentRequest(order_number=self.number)
        ).shipment
        number = shipment.number
        client.command(methods.PickShipment, orders.PickShipmentRequest(number=number))
        client.command(methods.PackShipment, orders.PackShipmentRequest(number=number, cartons=5))
        goods = ", ".join(f"{text(line.quantity)} {line.sku}" for line in shipment.lines)
        yield Step(
            "拣货装箱 Pick and pack",
            "Prepare, Pick, Pack",
            [f"{number}: {goods} in 5 cartons"],
        )
        shipment = client.command(
            methods.DispatchShipment,
            orders.DispatchShipmentRequest(
                number=number, carrier="顺达物流 Shunda Logistics", tracking_number="SD330417"
            ),
        ).shipment
        check(self.order().state == order_pb2.ORDER_STATE_SHIPPED, "the order has left")
        yield Step(
            "发货 Dispatch",
            "DispatchShipment",
            [f"with {shipment.carrier}, tracking number {shipment.tracking_number}"],
        )
        client.command(
            methods.DeliverShipment,
            orders.DeliverShipmentRequest(number=number, received_by="林晓燕"),
        )
        order = self.order()
        check(order.state == order_pb2.ORDER_STATE_DELIVERED, "the order has arrived")
        yield Step(
            "送达安装 Delivery, installation",
            "DeliverShipment",
            [f"signed by 林晓燕; {_state(order)}, services included"],
        )

    def invoice(self) -> Step:
        request = orders.InvoiceOrderRequest(number=self.number)
        self.invoiced = self.books.command(self.books.orders.InvoiceOrder, request)
        invoice = self.books.query(
            self.books.finance.GetInvoice,
            finance.GetInvoiceRequest(number=self.invoiced.invoice_number),
        ).invoice
        order = self.order()
        check(invoice.gross == order.gross, "the invoice is the order, to the cent")
        rates = [
            f"{Decimal(t.tax_rate_micros).scaleb(-4).normalize():f} % on {text(t.net)} "
            f"= {text(t.tax)}"
            for t in invoice.tax_totals
        ]
        return Step(
            "开票 Invoice",
            "InvoiceOrder",
            [
                f"{invoice.number}: {text(invoice.gross)}; VAT {', '.join(rates)}",
                f"after the deposit {text(invoice.open)} is open, due {text(invoice.due_on)}",
            ],
        )

    def pay(self) -> Step:
        method = finance.PAYMENT_METHOD_WECHAT_PAY
        payment = self._pay(self.invoiced.open, method, "WX-20991")
        check(not payment.unapplied.minor_units, "the payment is applied in full")
        order = self.order()
        check(order.state == order_pb2.ORDER_STATE_CLOSED, "the order is closed")
        return Step(
            "收款结案 Payment, closed",
            "ReceivePayment",
            [f"{payment.number}: {text(payment.amount)} by WeChat Pay; {_state(order)}"],
        )

    def _pay(
        self, amount: type_pb2.Money, method: finance.PaymentMethod, reference: str
    ) -> finance.Payment:
        request = finance.ReceivePaymentRequest(
            order_number=self.number, amount=amount, method=method, external_reference=reference
        )
        return self.books.command(self.books.finance.ReceivePayment, request).payment

    def _work_orders(self) -> list[production.WorkOrder]:
        """All for this order, each after those whose output it needs."""
        found = self.workshop.rows(
            self.workshop.production.ListWorkOrders,
            production.ListWorkOrdersRequest(order_number=self.number),
            "work_orders",
        )
        by_number = {w.number: w for w in found}

        def depth(work_order: production.WorkOrder) -> int:
            origin = work_order.origin
            if origin.kind != document_pb2.DOCUMENT_KIND_WORK_ORDER:
                return 0
            return 1 + depth(by_number[origin.number])

        return sorted(by_number.values(), key=lambda w: (-depth(w), w.number))


def _state(order: order_pb2.Order) -> str:
    return order_pb2.OrderState.Name(order.state).removeprefix("ORDER_STATE_")


def _line(line: order_pb2.OrderLine) -> str:
    off = f" − {line.discount_micros // 10_000} %" if line.discount_micros else ""
    return (
        f"{text(line.ordered)} {company.bilingual(line.sku)} "
        f"at {text(line.unit_price)}{off} = {text(line.net)}"
    )


def _product(work_order: production.WorkOrder) -> str:
    return f"{text(work_order.quantity)} {company.bilingual(work_order.sku)}"


def _why(approval: order_pb2.Approval) -> str:
    return approval.explanation.steps[-1].text if approval.explanation.steps else "no reason given"
