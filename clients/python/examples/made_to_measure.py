"""Two products that are made as the customer chooses: a kitchen base cabinet with thirty options and
an oak table. Their models are the YAML files in `models/`, which people publish with
`joinery model publish FILE`; `load` does the same for the sample company.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import sample_company as company
from joinery import Client, RowsRefused, quantity, text
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.configurator.v1 import configurator_service_pb2 as configurator
from joinery.configurator.v1 import model_pb2 as model
from joinery.orders.v1 import order_pb2
from joinery.orders.v1 import order_service_pb2 as orders
from joinery.production.v1 import production_service_pb2 as production
from story import Step, check

MODELS = Path(__file__).resolve().parent / "models"
CABINET, TABLE = "CAB-BASE", "TABLE-OAK-FIT"


class Part(NamedTuple):
    sku: str
    name: str
    english: str
    unit: str


CONFIGURED = [
    Part(CABINET, "定制地柜", "Kitchen base cabinet, made to measure", "pcs"),
    Part(TABLE, "定制尺寸橡木餐桌", "Oak table, made to measure", "pcs"),
]

# What the sample company does not have yet.
MATERIALS = [
    Part("BOARD-MEL-WHITE-18", "白色三聚氰胺板 18 毫米", "White melamine board, 18 mm", "m2"),
    Part("BOARD-MEL-GREY-18", "灰色三聚氰胺板 18 毫米", "Grey melamine board, 18 mm", "m2"),
    Part("BOARD-MDF-19", "中纤板 19 毫米", "MDF, 19 mm", "m2"),
    Part("BOARD-HDF-5", "高密度板 5 毫米", "HDF, 5 mm", "m2"),
    Part("BOARD-PLY-9", "桦木多层板 9 毫米", "Birch plywood, 9 mm", "m2"),
    Part("EDGE-WHITE", "白色封边条", "White edge band", "m"),
    Part("EDGE-GREY", "灰色封边条", "Grey edge band", "m"),
    Part("HW-HANDLE-BAR", "长拉手", "Bar handle", "pcs"),
    Part("HW-HANDLE-KNOB", "圆拉手", "Knob", "pcs"),
    Part("HW-PUSH-LATCH", "反弹器", "Push latch", "pcs"),
    Part("HW-SLIDE", "抽屉滑轨", "Pair of drawer slides", "pcs"),
    Part("HW-SLIDE-SOFT", "阻尼滑轨", "Pair of soft-closing slides", "pcs"),
    Part("HW-LEG", "调整脚", "Adjustable leg", "pcs"),
    Part("HW-SHELF-PIN", "层板托", "Shelf pin", "pcs"),
    Part("HW-CONNECTOR", "三合一连接件", "Cam connector", "pcs"),
    Part("HW-BIN", "垃圾桶", "Waste bin", "pcs"),
    Part("HW-LIGHT-STRIP", "灯带", "LED strip", "m"),
    Part("LACQUER", "烤漆", "Lacquer", "kg"),
]


def load(client: Client, binary: Path, address: str, key_prefix: str = "sample") -> int:
    """Publishes the models, with the products that they need beside the sample company's; returns
    how many models there are.
    """

    def product(part: Part, kind: int) -> catalog.Product:
        return catalog.Product(
            sku=part.sku,
            name=part.name,
            name_english=part.english,
            kind=kind,
            unit_code=part.unit,
            tax_class="STANDARD",
        )

    products = [product(part, catalog.PRODUCT_KIND_MADE_TO_ORDER) for part in CONFIGURED]
    products += [product(part, catalog.PRODUCT_KIND_RAW_MATERIAL) for part in MATERIALS]
    response = client.command(
        client.catalog.UpsertProducts,
        catalog.UpsertProductsRequest(products=products),
        f"{key_prefix}/made-to-measure",
    )
    RowsRefused.check(response.verdicts)
    files = sorted(MODELS.glob("*.yaml"))
    for file in files:
        options = ["--server", address, "--actor", "setup", "--key", f"{key_prefix}/{file.stem}"]
        subprocess.run(
            [binary, "model", "publish", file, *options], check=True, stdout=subprocess.DEVNULL
        )
    return len(files)


def tell(till: Client) -> Iterator[Step]:
    """A cabinet is chosen, cannot be so, is chosen otherwise, and ordered."""
    wanted = {"width": "1000", "drawers": "3", "front": "lacquer", "light": "yes"}
    answer = _configure(till, wanted)
    check(not answer.valid and bool(answer.nearest), "the choice is not valid, and another one is")
    yield Step(
        "选配 A choice that cannot be",
        "Configure",
        [f"{CABINET}: {_told(wanted)}"]
        + [f"{violation.reason} [{violation.rule}]" for violation in answer.violations]
        + [f"nearest valid: {_told({row.name: row.value for row in answer.nearest})}"],
    )
    chosen = {**wanted, **{row.name: row.value for row in answer.nearest}, "colour": "olive"}
    cabinet = _configure(till, chosen).configuration
    check(bool(cabinet.panels), "a valid choice has a cut list")
    parts = ", ".join(f"{part.label} {text(part.amount)}" for part in cabinet.price_parts)
    fronts = next(panel for panel in cabinet.panels if "drawer front" in panel.name)
    yield Step(
        "按尺寸报价 Its price and cut list",
        "Configure",
        [
            f"{text(cabinet.price)} in {cabinet.lead_days} days: {parts}",
            f"{len(cabinet.panels)} sizes to cut, such as {fronts.count} × {fronts.name} "
            f"{text(fronts.length)} × {text(fronts.width)} of {fronts.board}",
        ],
    )
    yield _order(till, chosen, cabinet)


def _order(till: Client, chosen: dict[str, str], cabinet: model.Configuration) -> Step:
    line = order_pb2.LineInput(
        sku=CABINET,
        quantity=quantity(2),
        configuration=order_pb2.ConfigurationInput(settings=_settings(chosen)),
    )
    order = till.command(
        till.orders.PlaceOrder,
        orders.PlaceOrderRequest(
            order=order_pb2.OrderInput(
                channel=order_pb2.CHANNEL_STORE,
                customer_code="C-DESIGN",
                warehouse_code=company.MAIN,
                lines=[line],
            )
        ),
    ).order
    kept = order.lines[0]
    check(kept.unit_price == cabinet.price, "the line has the price of its configuration")
    check(kept.configuration.digest == cabinet.digest, "the line keeps what was chosen")
    request = production.ListWorkOrdersRequest(order_number=order.number)
    made = till.query(till.production.ListWorkOrders, request).work_orders[0]
    slides = next(row for row in made.components if row.sku == "HW-SLIDE-SOFT")
    check(slides.required == quantity(6, "pcs"), "two cabinets of three drawers have six slides")
    return Step(
        "定制下单 Ordered as chosen",
        "PlaceOrder",
        [
            f"{order.number} for {order.customer_name}: 2 pcs, {text(order.gross)} with tax",
            f"{made.number} makes them from a bill of their own: {len(made.components)} materials, "
            f"{len(made.operations)} steps",
        ],
    )


def _configure(till: Client, chosen: dict[str, str]) -> configurator.ConfigureResponse:
    request = configurator.ConfigureRequest(sku=CABINET, settings=_settings(chosen))
    return till.query(till.configurator.Configure, request)


def _settings(chosen: dict[str, str]) -> list[model.Setting]:
    return [model.Setting(name=name, value=value) for name, value in chosen.items()]


def _told(chosen: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in chosen.items())
