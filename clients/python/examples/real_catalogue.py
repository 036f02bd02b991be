"""Loads the furniture catalogue of shared/data/ikea as it was found: duplicates, missing and odd
prices included.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from joinery import Client, batches, day, unit_price
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.type.v1 import row_verdict_pb2 as row_verdict

ROWS_PER_BATCH = 500
CURRENCY = "SAR"
COLLECTED_ON = date(2020, 4, 20)


@dataclass
class Load:
    """What became of the rows of one kind."""

    what: str
    rows: int = 0
    outcomes: Counter = field(default_factory=Counter)
    """Rows by outcome, and by reason where they were refused: ("REFUSED", "REQUIRED
    unit_price").
    """

    def count(self, outcome: str) -> int:
        return sum(n for (name, _), n in self.outcomes.items() if name == outcome)


def read(folder: Path) -> list[dict[str, str]]:
    with (folder / "ikea" / "ikea.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def load(client: Client, rows: list[dict[str, str]]) -> list[Load]:
    """Loads products, prices and old prices; returns a tally of each."""
    client.command(
        client.catalog.ConfigureCompany,
        catalog.ConfigureCompanyRequest(
            company=catalog.Company(
                name="Catalogue", base_currency_code=CURRENCY, time_zone="Asia/Riyadh"
            )
        ),
        "catalogue/company",
    )
    lists = [
        catalog.PriceList(code="RETAIL", name="Retail"),
        catalog.PriceList(code="BEFORE", name="Before the reduction", customer_class="NOBODY"),
    ]
    client.command(
        client.catalog.UpsertPriceLists,
        catalog.UpsertPriceListsRequest(price_lists=lists),
        "catalogue/price-lists",
    )
    products = _send(
        "products",
        client,
        client.catalog.UpsertProducts,
        (
            catalog.UpsertProductsRequest(products=b)
            for b in batches(map(_product, rows), ROWS_PER_BATCH)
        ),
    )
    prices, old_prices = (
        _send(
            what,
            client,
            client.catalog.UpsertPrices,
            (
                catalog.UpsertPricesRequest(prices=batch)
                for batch in batches(
                    (_price(row, list_code, column) for row in rows), ROWS_PER_BATCH
                )
            ),
        )
        for what, list_code, column in [
            ("prices", "RETAIL", "price"),
            ("old prices", "BEFORE", "old_price"),
        ]
    )
    return [products, prices, old_prices]


def _send(what: str, client: Client, method: Callable, requests: Iterable[Any]) -> Load:
    load = Load(what)
    for number, request in enumerate(requests):
        verdicts = client.command(method, request, f"catalogue/{what.replace(' ', '-')}/{number}")
        for verdict in verdicts.verdicts:
            outcome = row_verdict.RowOutcome.Name(verdict.outcome).removeprefix("ROW_OUTCOME_")
            broken = [f"{v.reason} {v.field.rpartition('.')[2]}" for v in verdict.violations]
            load.outcomes[outcome, ", ".join(broken)] += 1
            load.rows += 1
    return load


def _product(row: dict[str, str]) -> catalog.Product:
    return catalog.Product(
        sku=row["item_id"],
        name=row["name"],
        name_english=row["short_description"],
        kind=catalog.PRODUCT_KIND_STOCKED,
        unit_code="pcs",
        tax_class="STANDARD",
        length_mm=_millimetres(row["depth"]),
        width_mm=_millimetres(row["width"]),
        height_mm=_millimetres(row["height"]),
    )


def _millimetres(centimetres: str) -> int | None:
    """Nothing where nobody has said."""
    return int(centimetres) * 10 if centimetres.isdigit() and int(centimetres) else None


def _price(row: dict[str, str], list_code: str, column: str) -> catalog.Price:
    """Text that is no plain price ("No old price", "SR 85/4 pack") is sent as no price: the server
    has its rule for it.
    """
    price = catalog.Price(
        price_list_code=list_code, sku=row["item_id"], valid_from=day(COLLECTED_ON)
    )
    if match := re.fullmatch(r"(?:SR )?(\d{1,3}(?:,\d{3})*|\d+)(\.\d+)?", row[column].strip()):
        amount = Decimal(match[1].replace(",", "") + (match[2] or ""))
        price.unit_price.CopyFrom(unit_price(amount, CURRENCY))
    return price
