"""A store without a network for a while: the till goes on selling, and its queue is carried out later.

offline_till.py --joinery BINARY      starts a server of its own with the sample company
offline_till.py --server HOST:PORT    uses one that runs, with the sample company loaded
"""

import sys
import tempfile
from pathlib import Path

import checkout  # noqa: F401
import sample_company as company
from joinery import Client, JoineryError, TillQueue, Verdict, money, new_key, quantity, text
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.lossy_link import LossyLink
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.server import ServerFailed
from joinery.tills.v1 import till_service_pb2 as tills
from till import parse_arguments, serving


def main() -> int:
    arguments = parse_arguments(__doc__)
    with tempfile.TemporaryDirectory(prefix="joinery-till-") as folder:
        try:
            with serving(arguments.joinery, arguments.server) as address:
                run(address, Path(folder) / "queue.db")
        except (JoineryError, ServerFailed) as failure:
            print(f"offline till: {failure}", file=sys.stderr)
            return 1
    return 0


def run(address: str, file: Path) -> None:
    terminal = f"HZ-{new_key()[-8:]}"
    with TillQueue(file, terminal) as till:
        print(f"{terminal} has no network, and sells:")
        sell_offline(till)
        print(f"  {till.waiting} commands wait on its disk")
    # The till is switched off and on: what it has is on its disk.
    with TillQueue(file, terminal) as till, LossyLink(address) as link:
        with Client(link.address, actor=terminal) as client:
            print("The network is back, for a moment: it breaks off in the middle.")
            link.cut_next_connection(replies=900)
            for verdict in till.sync(client):
                report(verdict)
            print(f"  {link.connections} connections, {till.waiting} commands wait")
    with Client(address, actor="office") as client:
        request = tills.GetTerminalRequest(terminal=terminal)
        through = client.query(client.tills.GetTerminal, request).acknowledged_through
        print(f"The office sees {terminal} up to number {through}.")


def sell_offline(till: TillQueue) -> None:
    """Two sales, one of more than there is between them, and money for an older debt."""
    for receipt, sku, pieces in [("1", "CHAIR-OAK", 2), ("2", "LAMP-TABLE", 15), ("3", "LAMP-TABLE", 1)]:
        order = order_pb2.OrderInput(
            channel=order_pb2.CHANNEL_STORE,
            external_id=f"{till.terminal}-{receipt}",
            customer_code="C-CHEN",
            warehouse_code=company.STORE,
            lines=[order_pb2.LineInput(sku=sku, quantity=quantity(pieces, "pcs"))],
            shortage_rule=order_pb2.SHORTAGE_RULE_REFUSE,
        )
        number = till.add(orders.PlaceOrderRequest(order=order), actor="li.na")
        print(f"  {number}  {pieces} × {sku}")
    deposit = finance.ReceivePaymentRequest(
        customer_code="C-CHEN", amount=money("500.00"), method=finance.PAYMENT_METHOD_CASH
    )
    print(f"  {till.add(deposit, actor='li.na')}  500.00 in cash")


def report(verdict: Verdict) -> None:
    if verdict.error is not None:
        print(f"  {verdict.number}  refused: {verdict.error.reason}")
    elif verdict.reply.DESCRIPTOR.name == "PlaceOrderResponse":
        order = verdict.reply.order
        print(f"  {verdict.number}  {order.number}: {text(order.gross)}")
    else:
        print(f"  {verdict.number}  {verdict.reply.payment.number}")


if __name__ == "__main__":
    sys.exit(main())
