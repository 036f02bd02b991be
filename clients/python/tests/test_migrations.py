"""Every schema that was released is migrated to today's, with its data, and verified.

`schemas` holds a dump of a small company for each: `NUMBER.sql`, the newest with the migrations of
this very program. Until a release, whoever adds a migration writes the newest one again (`make
schema-fixture`); after one, it stays, and the next migration begins the next.
"""

import os
import sqlite3
from pathlib import Path

import pytest

from asking import assert_verified, orders_named, place_order
from joinery import Client, new_key, quantity, unit_price
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.customers.v1 import customer_service_pb2 as customers
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.server import LocalServer

FOLDER = Path(__file__).with_name("schemas")
SCHEMAS = sorted(FOLDER.glob("*.sql"))
APPLICATION_ID = 0x4A4F494E


def load(dump: Path, database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.executescript(f"PRAGMA application_id = {APPLICATION_ID};\n" + dump.read_text())
    connection.close()


def migrations(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT id FROM joinery_migration ORDER BY position").fetchall()
    connection.close()
    return [name for (name,) in rows]


@pytest.fixture(scope="module")
def todays(binary, tmp_path_factory) -> Path:
    """An empty database of this program."""
    database = tmp_path_factory.mktemp("today") / "shop.db"
    with LocalServer(binary, database):
        pass
    return database


@pytest.mark.parametrize("dump", SCHEMAS, ids=lambda dump: dump.stem)
def test_a_released_schema_is_migrated_with_its_data(binary, tmp_path, todays, dump):
    database = tmp_path / "shop.db"
    load(dump, database)
    before = migrations(database)
    with LocalServer(binary, database) as server, Client(server.address, actor="setup") as client:
        said = server.output
        assert_verified(client)
        assert [order.external_id for order in orders_named(client, "kept-")] == ["kept-1"]
        client.execute(client.orders.PlaceOrder, place_order("new", **SOLD), new_key())
        assert_verified(client)
    assert sorted(migrations(database)) == sorted(migrations(todays))
    # One copy for both: before its pages were protected, and before it was migrated.
    (copy,) = tmp_path.glob("shop.db.before-*")
    assert str(copy) in said and migrations(copy) == before


def test_the_newest_fixture_has_the_migrations_of_this_program(tmp_path, todays):
    load(SCHEMAS[-1], tmp_path / "shop.db")
    assert sorted(migrations(tmp_path / "shop.db")) == sorted(migrations(todays)), (
        "a migration was added: `make schema-fixture`"
    )


SOLD = {"sku": "LAMP", "customer": "C-1", "warehouse": "MAIN"}


def found_company(client: Client) -> None:
    """A company small enough for its dump to be read, with an order."""
    for method, request in [
        (
            client.catalog.UpsertWarehouses,
            catalog.UpsertWarehousesRequest(warehouses=[{"code": "MAIN", "name": "总仓"}]),
        ),
        (
            client.catalog.UpsertProducts,
            catalog.UpsertProductsRequest(
                products=[
                    {
                        "sku": "LAMP",
                        "name": "台灯",
                        "kind": "PRODUCT_KIND_STOCKED",
                        "unit_code": "pcs",
                        "tax_class": "STANDARD",
                    }
                ]
            ),
        ),
        (
            client.catalog.UpsertPriceLists,
            catalog.UpsertPriceListsRequest(price_lists=[{"code": "RETAIL", "name": "零售"}]),
        ),
        (
            client.catalog.UpsertPrices,
            catalog.UpsertPricesRequest(
                prices=[
                    {
                        "price_list_code": "RETAIL",
                        "sku": "LAMP",
                        "unit_price": unit_price("99"),
                        "valid_from": {"year": 2020, "month": 1, "day": 1},
                    }
                ]
            ),
        ),
        (
            client.customers.UpsertCustomers,
            customers.UpsertCustomersRequest(customers=[{"code": "C-1", "name": "陈静"}]),
        ),
        (
            client.inventory.ReceiveStock,
            inventory.ReceiveStockRequest(
                sku="LAMP",
                warehouse_code="MAIN",
                quantity=quantity(10),
                unit_cost=unit_price("40"),
                reason="opening stock",
            ),
        ),
        (client.orders.PlaceOrder, place_order("kept-1", **SOLD)),
    ]:
        client.execute(method, request, new_key())


@pytest.mark.skipif("JOINERY_SCHEMA_FIXTURE" not in os.environ, reason="make schema-fixture")
def test_write_the_newest_fixture(binary, tmp_path):
    server = LocalServer(binary, tmp_path / "shop.db")
    with server, Client(server.address, actor="setup") as client:
        found_company(client)
    server.verify()
    connection = sqlite3.connect(server.database)
    dump = "\n".join(connection.iterdump()) + "\n"
    connection.close()
    (SCHEMAS[-1] if SCHEMAS else FOLDER / "0001.sql").write_text(dump)
