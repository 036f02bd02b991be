"""`make replay`: loads a real furniture catalogue and replays four years of real furniture orders.

The data is not part of the project: its folder is JOINERY_DATA_DIR or --data, by default
../shared/data beside the repository. Where it is absent there is nothing to do.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import checkout
import real_catalogue
import real_orders
from joinery import Client, JoineryError, RowsRefused, decimal
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.reports.v1 import report_service_pb2 as reports
from joinery.server import LocalServer, ServerFailed
from real_orders import ReplayFailed

REVENUE_ACCOUNT = "6001"
COST_ACCOUNT = "6401"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joinery", required=True, metavar="BINARY", help="the server's binary")
    default = os.environ.get("JOINERY_DATA_DIR", checkout.REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=default, help="the folder with the data")
    arguments = parser.parse_args()
    if not (arguments.data / "ikea").exists() or not (arguments.data / "superstore").exists():
        print(f"No data in {arguments.data} (see JOINERY_DATA_DIR): nothing to replay.")
        return 0
    with tempfile.TemporaryDirectory(prefix="joinery-replay-") as folder:
        try:
            for name, play in [("catalogue", replay_catalogue), ("orders", replay_orders)]:
                database = Path(folder) / f"{name}.db"
                with LocalServer(arguments.joinery, database) as server:
                    play(server, arguments.data)
                verdict = server.verify().splitlines()[-1]
                megabytes = database.stat().st_size / 1e6
                print(f"  joinery verify on the file of {megabytes:.1f} MB: {verdict}\n")
        except (JoineryError, RowsRefused, ServerFailed, ReplayFailed) as failure:
            print(f"replay failed: {failure}", file=sys.stderr)
            return 1
    return 0


def replay_catalogue(server: LocalServer, data: Path) -> None:
    rows = real_catalogue.read(data)
    print(f"Catalogue: {len(rows)} rows of shared/data/ikea")
    began = time.monotonic()
    with Client(server.address, actor="importer") as client:
        loads = real_catalogue.load(client, rows)
        seconds = time.monotonic() - began
        for load in loads:
            check(load.rows == len(rows), f"every row of the {load.what} has a verdict")
            print(f"  {load.what}:")
            for (outcome, reason), count in sorted(load.outcomes.items()):
                print(f"    {count:>6,}  {outcome.lower()} {reason}".rstrip())
        check_catalogue(client, rows, loads)
        sent = sum(load.rows for load in loads)
        print(f"  {sent:,} rows in {seconds:.2f} s = {sent / seconds:,.0f} rows/s")
        check_verified(client)


def check_catalogue(
    client: Client, rows: list[dict[str, str]], loads: list[real_catalogue.Load]
) -> None:
    """The server's verdicts and what it holds now, against the file read on its own."""
    wanted = {row["item_id"]: row["name"] for row in rows}
    request = catalog.ListProductsRequest(page_size=500)
    stored = {p.sku: p.name for p in client.rows(client.catalog.ListProducts, request, "products")}
    check(stored == wanted, "the catalogue holds every item of the file, once")
    products, prices, old_prices = loads
    check(products.count("CREATED") == len(wanted), "every item was created, once")
    check(prices.count("CREATED") == len(wanted), "every item got a price")
    no_old_price = Counter(row["old_price"] for row in rows)["No old price"]
    check(old_prices.count("REFUSED") >= no_old_price, "a missing price is refused")


def replay_orders(server: LocalServer, data: Path) -> None:
    history = real_orders.read(data)
    lines = sum(len(sale.lines) for sale in history.sales)
    print(f"Orders: {len(history.sales):,} with {lines:,} lines of shared/data/superstore")
    replay = real_orders.Replay(
        lambda actor, roles=(): Client(
            server.address, actor=actor, roles=roles, deadline_seconds=60
        ),
        history,
    )
    try:
        began = time.monotonic()
        replay.load()
        print(f"  set up in {time.monotonic() - began:.1f} s")
        play_years(replay, began=time.monotonic())
        check_orders(replay.client, history)
        check_revenue(replay.client, history.revenue)
        check_verified(replay.client)
    finally:
        replay.close()


def play_years(replay: real_orders.Replay, began: float) -> None:
    before = replay.commands
    placed: Counter[int] = Counter()

    def report(year: int) -> None:
        print(
            f"  {year}: {placed[year]:>4} orders; so far {replay.commands - before:>6,} commands "
            f"in {time.monotonic() - began:.1f} s",
            flush=True,
        )

    for today, count in replay.days():
        if not count:
            continue
        if placed and today.year not in placed:
            report(max(placed))
        placed[today.year] += count
    report(max(placed))
    seconds = time.monotonic() - began
    commands = replay.commands - before
    print(
        f"  {sum(placed.values()):,} orders from order to payment in {seconds:.1f} s: "
        f"{sum(placed.values()) / seconds:,.0f} orders/s, {commands:,} commands, "
        f"{commands / seconds:,.0f}/s"
    )


def check_orders(client: Client, history: real_orders.History) -> None:
    request = orders.ListOrdersRequest(page_size=500)
    states = Counter(o.state for o in client.rows(client.orders.ListOrders, request, "orders"))
    check(
        states == {order_pb2.ORDER_STATE_CLOSED: len(history.sales)},
        f"every order is closed, not {dict(states)}",
    )
    print(f"  {len(history.sales):,} orders are CLOSED")


def check_revenue(client: Client, expected: Decimal) -> None:
    """Revenue in the ledger and on the invoices, against the sum computed from the file alone."""
    balance = client.query(client.finance.GetTrialBalance, finance.GetTrialBalanceRequest())
    accounts = {a.account: decimal(a.credits) - decimal(a.debits) for a in balance.accounts}
    request = finance.ListInvoicesRequest(page_size=500)
    invoices = client.rows(client.finance.ListInvoices, request, "invoices")
    invoiced = sum((decimal(invoice.net) for invoice in invoices), Decimal(0))
    print(
        f"  revenue: CSV {expected:,}, ledger {accounts[REVENUE_ACCOUNT]:,}, invoices {invoiced:,}"
    )
    check(accounts[REVENUE_ACCOUNT] == expected, "the ledger's revenue is the data's")
    check(invoiced == expected, "the invoices sum to the data's revenue")
    check(balance.debits == balance.credits, "debits equal credits")
    margin = accounts[REVENUE_ACCOUNT] + accounts[COST_ACCOUNT]
    print(f"  cost of sales {-accounts[COST_ACCOUNT]:,}, margin {margin:,}")


def check_verified(client: Client) -> None:
    verdict = client.query(client.reports.Verify, reports.VerifyRequest())
    for violation in verdict.violations:
        print(f"  {violation.rule}: {violation.text}")
    check(not verdict.violations, "verify finds nothing")
    print(f"  verify: nothing is wrong, {verdict.audit_entries:,} audit entries are chained")


def check(holds: bool, what: str) -> None:
    if not holds:
        raise ReplayFailed(f"this should hold and does not: {what}")


if __name__ == "__main__":
    sys.exit(main())
