"""`make demo`: loads a sample furniture company and plays one order from quote to cash, with real
calls.
"""

import argparse
import sys
import tempfile
import textwrap
import time
import unicodedata
from pathlib import Path

import checkout  # noqa: F401
import made_to_measure
import sample_company as company
from joinery import Client, JoineryError, decimal, text
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.reports.v1 import report_service_pb2 as reports
from joinery.server import LocalServer, ServerFailed
from story import Step, Story, StoryFailed, check

COLUMNS = 110


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joinery", required=True, metavar="BINARY", help="the server's binary")
    binary = Path(parser.parse_args().joinery).resolve()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="joinery-demo-") as folder:
        try:
            with LocalServer(binary, Path(folder) / "demo.db") as server:
                entries = play(server.address, binary)
            heading("$ joinery verify --database demo.db, after the server has ended")
            verified = server.verify()
            print(textwrap.indent(verified.rstrip(), "  "))
            # What was read of customers is on record as well, a moment later.
            check(int(verified.split()[0]) >= entries, "the audit on disk has what the server said")
        except (JoineryError, ServerFailed, StoryFailed) as failure:
            print(f"demo failed: {failure}", file=sys.stderr)
            return 1
    print(f"\nAll of it was checked and is right ({time.monotonic() - began:.1f} s).")
    return 0


def play(address: str, binary: Path) -> int:
    """Tells the story; returns the entries of the audit when all was done."""

    def connect(actor: str, roles: tuple[str, ...]) -> Client:
        return Client(address, actor=actor, roles=roles)

    with connect("setup", ()) as client:
        counts = company.load(client)
        models = made_to_measure.load(client, binary, address)
    loaded = [f"{number} {what}" for what, number in counts.items()]
    print(f"{company.NAME} on {address}\n")
    results = [", ".join(loaded[:4]), ", ".join(loaded[4:]), f"{models} configurable models"]
    show(0, Step("建账 Load the company", "Upsert…, ReceiveStock, PublishModel", results))
    story = Story(connect)
    try:
        for position, step in enumerate(story.tell(), start=1):
            show(position, step)
        with connect("till.hangzhou-2", ()) as till:
            for position, step in enumerate(made_to_measure.tell(till), start=position + 1):
                show(position, step)
        with connect("auditor", ()) as auditor:
            show_timeline(auditor, story.number)
            show_journal(auditor, story.number)
            show_trial_balance(auditor)
            entries = show_verify(auditor)
            show_order(auditor, story.number)
    finally:
        story.close()
    return entries


def show(position: int, step: Step) -> None:
    print(f"{position:>2}  {padded(step.what, 36)}{step.command}")
    for line in step.results:
        print(f"      {line}")


def show_timeline(client: Client, number: str) -> None:
    request = orders.GetOrderTimelineRequest(number=number)
    events = list(client.rows(client.orders.GetOrderTimeline, request, "events"))
    check(events[0].type.startswith("order."), "the timeline begins with the order")
    check(any(e.type == "order.closed" for e in events), "the timeline ends with the closing")
    heading(f"时间线 Timeline of {number}: {len(events)} events")
    for event in events:
        at = event.time.ToDatetime().strftime("%H:%M:%S.%f")[:-3]
        facts = ", ".join(f"{fact.name} {fact.value}" for fact in event.facts)
        line = f"  {event.commit_sequence:>3} {at}  {event.type:<30} {event.subject.number:<15}"
        print(shortened(f"{line} {event.actor:<15} {facts}", COLUMNS).rstrip())


def show_journal(client: Client, number: str) -> None:
    request = finance.ListJournalEntriesRequest(order_number=number)
    entries = list(client.rows(client.finance.ListJournalEntries, request, "entries"))
    check(bool(entries), "the order has journal entries")
    heading(f"凭证 Journal of {number}: {len(entries)} entries")
    for entry in entries:
        for line in entry.lines:
            debit = f"{line.debit_account} {line.debit_account_name}"
            credit = f"{line.credit_account} {line.credit_account_name}"
            print(
                f"  {entry.number}  {padded(shortened(entry.event, 22), 23)}"
                f"{padded(debit, 28)} ← {padded(credit, 30)}{decimal(line.amount):>11,.2f}"
            )


def show_trial_balance(client: Client) -> None:
    balance = client.query(client.finance.GetTrialBalance, finance.GetTrialBalanceRequest())
    check(balance.debits == balance.credits, "debits equal credits")
    check(sum(decimal(a.balance) for a in balance.accounts) == 0, "the balances sum to nothing")
    heading("试算平衡表 Trial balance")
    for account in balance.accounts:
        name = f"{account.account:<8} {padded(f'{account.name} {account.name_english}', 46)}"
        columns = (account.debits, account.credits, account.balance)
        print(f"  {name}" + "".join(f"{decimal(c):>16,.2f}" for c in columns))
    totals = "".join(f"{decimal(t):>16,.2f}" for t in (balance.debits, balance.credits))
    print(f"  {'':8} {padded('合计 Total', 46)}{totals}")


def show_verify(client: Client) -> int:
    """Returns the entries of the audit."""
    verdict = client.query(client.reports.Verify, reports.VerifyRequest())
    heading("核验 Verification of the running server")
    for violation in verdict.violations:
        print(f"  {violation.rule}: {violation.text}")
    check(not verdict.violations, "verify finds nothing")
    head = verdict.chain_head.hex()
    print(
        f"  every rule holds; {verdict.audit_entries} audit entries are chained, head {head[:16]}…"
    )
    return verdict.audit_entries


def show_order(client: Client, number: str) -> None:
    request = orders.GetOrderRequest(number=number)
    order = client.query(client.orders.GetOrder, request).order
    check(order.state == order_pb2.ORDER_STATE_CLOSED, "the order is closed")
    heading(f"订单 {number} as the Python client reads it")
    state = order_pb2.OrderState.Name(order.state)
    print(f"  {order.customer_name}, {state}, version {order.version}, {text(order.gross)}")
    for line in order.lines:
        check(line.ordered == line.delivered == line.invoiced, f"line {line.line_number} is done")
        print(
            f"  {line.line_number}  {padded(company.bilingual(line.sku), 46)}"
            f"{text(line.ordered):>8} ordered, delivered, invoiced {text(line.net):>16}"
        )


def heading(words: str) -> None:
    print(f"\n{words}")


def width(words: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)


def padded(words: str, columns: int) -> str:
    return words + " " * max(0, columns - width(words))


def shortened(words: str, columns: int) -> str:
    if width(words) <= columns:
        return words
    while width(words) > columns - 1:
        words = words[:-1]
    return words + "…"


if __name__ == "__main__":
    sys.exit(main())
