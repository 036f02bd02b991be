"""What a model makes of a choice: formulas against Python's own decimals, and the sample models from
their files to a configured product.
"""

import json
import random
import subprocess
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from pathlib import Path

import pytest

import made_to_measure as sample
from joinery import Client, decimal, quantity
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.configurator.v1 import configurator_service_pb2 as configurator
from joinery.configurator.v1 import model_pb2 as model

# Formulas as trees, told as text to the server and computed here.

WIDE = Context(prec=80)
LAST = Decimal("1e-12")
BOUND = Decimal("1e12")


class TooLarge(Exception):
    pass


def bounded(value: Decimal) -> Decimal:
    if abs(value) > BOUND:
        raise TooLarge
    return value


def rounded(value: Decimal) -> Decimal:
    """To twelve digits; ROUND_HALF_UP goes away from zero."""
    return bounded(value.quantize(LAST, ROUND_HALF_UP, context=WIDE))


def stepped(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    def step(value: Decimal, by: Decimal) -> Decimal:
        # What Decimal divides is exact here: the steps are powers of ten or halves of them.
        count = WIDE.divide(value, by).to_integral_value(mode, context=WIDE)
        return bounded(WIDE.multiply(count, by))

    return step


BINARY = {
    "+": (1, lambda a, b: bounded(WIDE.add(a, b))),
    "-": (1, lambda a, b: bounded(WIDE.subtract(a, b))),
    "*": (2, lambda a, b: rounded(WIDE.multiply(a, b))),
    "/": (2, lambda a, b: rounded(WIDE.divide(a, b))),
}
CALLS = {
    "min": min,
    "max": max,
    "round": stepped(ROUND_HALF_UP),
    "floor": stepped(ROUND_FLOOR),
    "ceil": stepped(ROUND_CEILING),
}
COMPARISONS = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "!=": Decimal.__ne__,
}
STEPS = ["0.5", "1", "0.01", "50", "0.000001"]


def tree(chance: random.Random, depth: int):
    kind = chance.randrange(8) if depth else 7
    if kind <= 3:
        return (chance.choice("+-*/"), tree(chance, depth - 1), tree(chance, depth - 1))
    if kind == 4:
        return (chance.choice(["min", "max"]), tree(chance, depth - 1), tree(chance, depth - 1))
    if kind == 5:
        name = chance.choice(["round", "floor", "ceil"])
        return (name, tree(chance, depth - 1), chance.choice(STEPS))
    if kind == 6:
        test = (chance.choice(list(COMPARISONS)), tree(chance, 1), tree(chance, 1))
        return ("if", test, tree(chance, depth - 1), tree(chance, depth - 1))
    return chance.choice(["a", "b", "c", "3", "0.125", "7.77", "1000", "0.000001", "wood.price"])


def told(node, precedence: int = 0) -> str:
    """With no more parentheses than it needs, so that precedence is put to the test, too."""
    if isinstance(node, str):
        return node
    name, *parts = node
    if name in BINARY:
        own = BINARY[name][0]
        # The right-hand side of - and / is another one when it is not in parentheses.
        text = f"{told(parts[0], own)} {name} {told(parts[1], own + 1)}"
        return f"({text})" if own < precedence else text
    if name == "if":
        test = f"{told(parts[0][1], 1)} {parts[0][0]} {told(parts[0][2], 1)}"
        return f"(if {test} then {told(parts[1])} else {told(parts[2])})"
    return f"{name}({', '.join(told(part) for part in parts)})"


def computed(node, values: dict[str, Decimal]) -> Decimal:
    if isinstance(node, str):
        return values[node] if node in values else Decimal(node)
    name, *parts = node
    if name == "if":
        left, right = (computed(part, values) for part in parts[0][1:])
        return computed(parts[1 if COMPARISONS[parts[0][0]](left, right) else 2], values)
    left, right = (computed(part, values) for part in parts)
    return (BINARY[name][1] if name in BINARY else CALLS[name])(left, right)


PRICES = {"oak": "420.5", "ash": "0.333333", "elm": "12"}
POINTS = [("0", "0", "0", "oak"), ("1000", "999.999", "0.001", "ash"), ("333.333", "1", "7", "elm")]


def at(point: tuple[str, ...]) -> dict[str, Decimal]:
    values = {name: Decimal(value) for name, value in zip("abc", point[:3], strict=True)}
    return {**values, "wood.price": Decimal(PRICES[point[3]])}


def has_answers(node) -> bool:
    try:
        return all(abs(computed(node, at(point))) < 1_000_000 for point in POINTS)
    except (ArithmeticError, TooLarge):
        return False


def parameter(name: str) -> model.Parameter:
    return model.Parameter(
        name=name,
        dimension=model.Dimension(
            lowest=quantity(0, "mm"),
            highest=quantity(1000, "mm"),
            step=quantity("0.001", "mm"),
            initial=quantity(1, "mm"),
        ),
    )


@pytest.mark.parametrize("seed", range(6))
def test_formulas_come_to_what_exact_decimals_come_to(client: Client, seed: int):
    chance = random.Random(seed)
    trees: list = []
    while len(trees) < 60:
        candidate = tree(chance, chance.randint(1, 6))
        if has_answers(candidate) and len(told(candidate)) < 3_900:
            trees.append(candidate)
    sku = f"FORMULAS-{seed}"
    product = catalog.Product(
        sku=sku,
        name=sku,
        kind=catalog.PRODUCT_KIND_MADE_TO_ORDER,
        unit_code="pcs",
        tax_class="STANDARD",
    )
    client.command(
        client.catalog.UpsertProducts, catalog.UpsertProductsRequest(products=[product])
    )
    woods = [
        model.ChoiceValue(name=name, attributes=[model.Attribute(name="price", number=price)])
        for name, price in PRICES.items()
    ]
    made = model.Model(
        sku=sku,
        parameters=[
            *map(parameter, "abc"),
            model.Parameter(name="wood", choice=model.Choice(values=woods, initial="oak")),
        ],
        # What is negative as a whole would be no price.
        prices=[model.PriceRule(code="BASE", amount="100000000")],
    )
    made.prices.extend(
        model.PriceRule(code=f"P-{index}", amount=told(node)) for index, node in enumerate(trees)
    )
    # Initial values that divide by zero would be refused: these are known to have answers.
    for row, value in zip(made.parameters, POINTS[1], strict=False):
        if row.HasField("dimension"):
            row.dimension.initial.CopyFrom(quantity(value, "mm"))
    made.parameters[3].choice.initial = POINTS[1][3]
    client.command(
        client.configurator.PublishModel, configurator.PublishModelRequest(model=made)
    )
    for point in POINTS:
        settings = [
            model.Setting(name=name, value=value)
            for name, value in zip(["a", "b", "c", "wood"], point, strict=True)
        ]
        answer = client.query(
            client.configurator.Configure,
            configurator.ConfigureRequest(sku=sku, settings=settings),
        )
        assert answer.valid, answer.violations
        found = {part.code: decimal(part.amount) for part in answer.configuration.price_parts}
        for index, node in enumerate(trees):
            exact = computed(node, at(point)).quantize(Decimal("1e-6"), ROUND_HALF_UP, WIDE)
            assert found[f"P-{index}"] == exact, told(node)


# The sample models, through the command line.


@pytest.fixture(scope="module")
def models(server, binary) -> Callable[..., subprocess.CompletedProcess]:
    with Client(server.address, actor="setup") as client:
        assert sample.load(client, binary, server.address) == 2

    def joinery(*arguments: str | Path) -> subprocess.CompletedProcess:
        command = [binary, *arguments, "--server", server.address, "--output", "json"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    return joinery


def test_the_cabinet_has_thirty_things_to_choose(models):
    shown = json.loads(models("model", "show", sample.CABINET).stdout)
    assert len(shown["model"]["parameters"]) == 30
    again = models("model", "publish", sample.MODELS / "kitchen-base-cabinet.yaml")
    assert json.loads(again.stdout)["published"] is False


def test_a_configured_cabinet_has_a_price_and_a_cut_list(models):
    ran = models("configure", sample.CABINET, "width=800", "doors=2", "front=oak")
    assert ran.returncode == 0, ran.stderr
    cabinet = json.loads(ran.stdout)["configuration"]
    parts = [Decimal(part["amount"].split()[0]) for part in cabinet["priceParts"]]
    assert sum(parts) == Decimal(cabinet["price"].split()[0])
    doors = [panel for panel in cabinet["panels"] if panel["name"] == "门板 door"]
    # 717 mm along the grain; two doors and three gaps of 3 mm in 800 mm.
    assert [(door["count"], door["length"], door["width"]) for door in doors] == [
        (2, "717 mm", "397 mm")
    ]
    board = [c for c in cabinet["components"] if c["sku"] == "BOARD-OAK-26"]
    assert board[0]["quantity"] == f"{Decimal(2 * 717 * 397) / 1_000_000} m2"


def test_what_is_not_valid_is_told_with_a_way_out(models):
    ran = models("configure", sample.CABINET, "drawers=3", "front=lacquer")
    assert ran.returncode == 1
    answer = json.loads(ran.stdout)
    assert {violation["rule"] for violation in answer["violations"]} == {
        "DOORS-OR-DRAWERS",
        "DRAWER-SHELVES",
        "LACQUER-COLOUR",
    }
    advice = [f"{change['name']}={change['value']}" for change in answer["nearest"]]
    assert models("configure", sample.CABINET, "drawers=3", "front=lacquer", *advice).returncode == 0


def test_a_file_that_is_no_model_is_told_with_its_place(models, tmp_path):
    broken = tmp_path / "broken.yaml"
    text = (sample.MODELS / "oak-table.yaml").read_text()
    broken.write_text(text.replace("formula: length * width / 1000000", "formula: length * with"))
    ran = models("model", "publish", broken)
    assert ran.returncode == 1
    assert "model.definitions[0].formula" in ran.stderr and "line 1, column 10" in ran.stderr
    broken.write_text(text.replace("flag: {}", "flog: {}"))
    ran = models("model", "publish", broken)
    assert ran.returncode == 64 or ran.returncode == 1
    assert "parameters[6].flog" in ran.stderr
