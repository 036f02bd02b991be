"""Every command of the whole story sent twice: the end is the same as when each was sent once."""

from typing import Any

import pytest

import sample_company as company
from asking import assert_verified
from joinery import Client, JoineryError, Outcome, new_key
from joinery.audit.v1 import audit_pb2 as audit
from joinery.audit.v1 import audit_service_pb2 as audit_service
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.orders.v1 import order_service_pb2 as orders
from story import Story


class TwiceClient(Client):
    """Sends every command twice and insists on the first answer, refusals included."""

    def execute(self, method: Any, request: Any, key: str | None = None) -> Outcome:
        key = key or new_key()
        try:
            first = super().execute(method, request, key)
        except JoineryError as refused:
            with pytest.raises(JoineryError) as again:
                super().execute(method, request, key)
            assert again.value.replayed and str(again.value) == str(refused)
            raise
        again = super().execute(method, request, key)
        assert again.replayed and again.message == first.message
        assert again.commit_sequence == first.commit_sequence
        return first


def test_sending_every_command_twice_changes_nothing(start_server):
    once, twice = (end_state(start_server().address, kind) for kind in (Client, TwiceClient))
    assert twice == once


def end_state(address: str, kind: type[Client]) -> dict[str, Any]:
    with kind(address, actor="setup") as client:
        company.load(client)
        story = Story(lambda actor, roles: kind(address, actor=actor, roles=roles))
        try:
            for _ in story.tell():
                pass
        finally:
            story.close()
        return state(client, story.number)


def state(client: Client, number: str) -> dict[str, Any]:
    """Everything that commands can have changed, without the times at which they did."""
    order = client.query(client.orders.GetOrder, orders.GetOrderRequest(number=number)).order
    order.ClearField("create_time")
    for step in order.approval.steps:
        for time in ("open_time", "due_time", "remind_time", "escalate_time", "decide_time"):
            step.ClearField(time)
    entries = list(
        client.rows(
            client.finance.ListJournalEntries, finance.ListJournalEntriesRequest(), "entries"
        )
    )
    for entry in entries:
        entry.ClearField("time")
    assert_verified(client)
    events = client.query(
        client.orders.GetOrderTimeline, orders.GetOrderTimelineRequest(number=number)
    ).events
    return {
        "order": order,
        "journal": entries,
        "stock": list(
            client.rows(client.inventory.ListStock, inventory.ListStockRequest(), "levels")
        ),
        # Reads are entries of the audit, too, and written when there is time: positions differ.
        "timeline": [(e.ordinal, e.type, e.subject.number) for e in events],
        "commands": len(
            list(
                client.rows(
                    client.audit.ListEntries,
                    audit_service.ListEntriesRequest(kind=audit.ENTRY_KIND_COMMAND),
                    "entries",
                )
            )
        ),
    }
