"""Commands: once per key, refused with reasons, rehearsed without a trace."""

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from asking import orders_named, place_order, stock_of
from joinery import JoineryError, decimal, new_key, quantity
from joinery.customers.v1 import customer_service_pb2
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.type.v1 import type_pb2


def test_the_same_key_gets_the_first_reply_again(client):
    request = place_order("replay-1")
    first = client.execute(client.orders.PlaceOrder, request)
    again = client.execute(client.orders.PlaceOrder, request, first.key)
    assert not first.replayed and again.replayed
    assert again.message == first.message
    assert again.commit_sequence == first.commit_sequence
    assert len(orders_named(client, "replay-1")) == 1


def test_a_key_is_not_used_for_another_request(client):
    first = client.execute(client.orders.PlaceOrder, place_order("reuse-1"))
    with pytest.raises(JoineryError) as refused:
        client.command(client.orders.PlaceOrder, place_order("reuse-2"), first.key)
    assert refused.value.code is grpc.StatusCode.ALREADY_EXISTS
    assert refused.value.reason == "IDEMPOTENCY_KEY_REUSED"
    assert not orders_named(client, "reuse-2")


def test_a_refusal_is_an_answer_and_is_replayed(client):
    key, request = new_key(), place_order("refused-1", sku="NO-SUCH-SKU")
    refusals = []
    for _ in range(2):
        with pytest.raises(JoineryError) as refused:
            client.command(client.orders.PlaceOrder, request, key)
        refusals.append(refused.value)
    assert [r.replayed for r in refusals] == [False, True]
    assert str(refusals[0]) == str(refusals[1])


def test_a_command_without_a_key_is_refused(client):
    with pytest.raises(grpc.RpcError) as refused:
        client.orders.PlaceOrder(place_order("no-key"), timeout=10)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert not orders_named(client, "no-key")


def test_all_violations_come_at_once_with_their_fields(client):
    request = place_order("violations", sku="NO-SUCH-SKU")
    request.order.customer_code = "NOBODY"
    request.order.lines.add(sku="CHAIR-OAK", quantity=quantity("0.5"))
    with pytest.raises(grpc.RpcError) as refused:
        client.orders.PlaceOrder(request, timeout=10, metadata=[("idempotency-key", new_key())])
    status = rpc_status.from_call(refused.value)
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    assert status.details[0].Unpack(info) and info.domain == "joinery" and info.reason
    assert status.details[1].Unpack(bad)
    fields = {violation.field for violation in bad.field_violations}
    assert {"order.customer_code", "order.lines[0].sku", "order.lines[1].quantity"} <= fields


def test_the_client_reads_the_details_of_a_refusal(client):
    with pytest.raises(JoineryError) as refused:
        client.command(client.orders.PlaceOrder, place_order("details", customer="NOBODY"))
    error = refused.value
    assert error.code is grpc.StatusCode.NOT_FOUND
    assert error.reason == "UNKNOWN_CUSTOMER"
    assert [violation.field for violation in error.violations] == ["order.customer_code"]


def test_a_failed_precondition_names_the_rule(client):
    request = place_order(
        "precondition",
        amount=100,
        customer="C-DESIGN",  # a VIP: no approval comes between
        shortage_rule=order_pb2.SHORTAGE_RULE_REFUSE,
    )
    with pytest.raises(JoineryError) as refused:
        client.command(client.orders.PlaceOrder, request)
    assert refused.value.code is grpc.StatusCode.FAILED_PRECONDITION
    assert refused.value.reason == "INSUFFICIENT_STOCK"
    assert not orders_named(client, "precondition")


def test_a_dry_run_answers_and_changes_nothing(client):
    before = stock_of(client, "CHAIR-SOFT")
    preview = client.preview(client.orders.PlaceOrder, place_order("dry-1", "CHAIR-SOFT", 3)).order
    assert preview.state == order_pb2.ORDER_STATE_CONFIRMED
    assert decimal(preview.lines[0].reserved) == 3
    assert stock_of(client, "CHAIR-SOFT") == before
    assert not orders_named(client, "dry-1")
    placed = client.command(client.orders.PlaceOrder, place_order("dry-1", "CHAIR-SOFT", 3)).order
    assert placed.gross == preview.gross


def test_an_update_mask_leaves_alone_what_it_does_not_name(client):
    whole = customer_service_pb2.Customer(
        code="MASKED", name="Oak Hotel", phone="139", credit_limit=type_pb2.Money(currency_code="CNY", minor_units=500_00)
    )
    client.command(client.customers.UpsertCustomers, customer_service_pb2.UpsertCustomersRequest(customers=[whole]))
    change = customer_service_pb2.UpsertCustomersRequest(
        customers=[customer_service_pb2.Customer(code="MASKED", phone="138")], update_mask=["phone"]
    )
    client.command(client.customers.UpsertCustomers, change)
    stored = client.customers.GetCustomer(customer_service_pb2.GetCustomerRequest(code="MASKED"), timeout=10).customer
    assert (stored.name, stored.phone, stored.credit_limit.minor_units) == ("Oak Hotel", "138", 500_00)
    change.update_mask[:] = ["phone", "colour"]
    with pytest.raises(JoineryError) as refused:
        client.command(client.customers.UpsertCustomers, change)
    assert refused.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in refused.value.violations] == ["update_mask[1]"]


def test_a_stale_version_is_aborted(client):
    draft = client.command(
        client.orders.CreateOrder,
        orders.CreateOrderRequest(order=place_order("version-1").order),
    ).order
    stale = orders.SubmitOrderRequest(number=draft.number, expected_version=draft.version + 1)
    with pytest.raises(JoineryError) as refused:
        client.command(client.orders.SubmitOrder, stale)
    assert refused.value.code is grpc.StatusCode.ABORTED


def test_rows_come_page_by_page_without_gap_or_repetition(client):
    for number in range(7):
        client.command(client.orders.PlaceOrder, place_order(f"page-{number}"))
    request = orders.ListOrdersRequest(prefix="page-", page_size=3)
    found = [o.external_id for o in client.rows(client.orders.ListOrders, request, "orders")]
    assert found == [f"page-{number}" for number in reversed(range(7))]
