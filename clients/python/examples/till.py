"""A store's till on a bad network: a reply is lost, the till asks again, and there is one order.

till.py --joinery BINARY      starts a server of its own with the sample company
till.py --server HOST:PORT    uses one that runs, with the sample company loaded
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import checkout  # noqa: F401
import sample_company as company
from joinery import Client, JoineryError, Outcome, new_key, quantity, text
from joinery.lossy_link import LossyLink
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.server import LocalServer, ServerFailed


def main() -> int:
    arguments = parse_arguments(__doc__)
    try:
        with serving(arguments.joinery, arguments.server) as address, LossyLink(address) as link:
            with Client(link.address, actor="till.hangzhou-1") as till:
                receipt = f"HZ1-{new_key()[-8:]}"
                link.cut_next_reply()
                print(f"Selling on receipt {receipt}; the network will lose the reply.")
                outcome = sell(till, receipt)
                report(till, outcome, receipt)
    except (JoineryError, ServerFailed) as failure:
        print(f"till: {failure}", file=sys.stderr)
        return 1
    return 0


def parse_arguments(description: str | None) -> argparse.Namespace:
    """Where to sell: `joinery`, the binary of a server to start, or else the address `server`."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--joinery", type=Path, metavar="BINARY")
    where.add_argument("--server", metavar="HOST:PORT")
    return parser.parse_args()


@contextlib.contextmanager
def serving(binary: Path | None, address: str | None) -> Iterator[str]:
    """The address to sell at: the given one, or that of a server with the sample company."""
    if binary is None:
        yield address or ""
        return
    with tempfile.TemporaryDirectory(prefix="joinery-till-") as folder:
        with LocalServer(binary, Path(folder) / "till.db") as server:
            with Client(server.address, actor="setup") as client:
                company.load(client)
            yield server.address


def sell(till: Client, receipt: str) -> Outcome:
    """Two chairs and a lamp.

    The receipt's number is the command's key, too: a till that was switched off in the middle sends
    the same command again and gets the first reply.
    """
    order = order_pb2.OrderInput(
        channel=order_pb2.CHANNEL_STORE,
        external_id=receipt,
        customer_code="C-LIN",
        warehouse_code=company.STORE,
        lines=[
            order_pb2.LineInput(sku="CHAIR-OAK", quantity=quantity(2, "pcs")),
            order_pb2.LineInput(sku="LAMP-TABLE", quantity=quantity(1, "pcs")),
        ],
        shortage_rule=order_pb2.SHORTAGE_RULE_REFUSE,
    )
    return till.execute(
        till.orders.PlaceOrder, orders.PlaceOrderRequest(order=order), f"sale/{receipt}"
    )


def report(till: Client, outcome: Outcome, receipt: str) -> None:
    order = outcome.message.order
    print(
        f"{order.number}: {text(order.gross)}, attempt {outcome.attempts}, "
        f"{'the first reply again' if outcome.replayed else 'done now'}"
    )
    request = orders.ListOrdersRequest(prefix=receipt)
    found = till.query(till.orders.ListOrders, request).orders
    print(f"Orders with this receipt: {len(found)}")
    if len(found) != 1 or found[0].number != order.number:
        raise ServerFailed("there should be one order with this receipt")


if __name__ == "__main__":
    sys.exit(main())
