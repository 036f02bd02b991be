"""Amounts go over the wire exactly or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from joinery import batches, day, decimal, money, percent, quantity, text, unit_price


@pytest.mark.parametrize(
    ("amount", "currency", "minor_units"),
    [
        ("1299.00", "CNY", 129_900),
        (Decimal("-0.01"), "CNY", -1),
        (1_500, "JPY", 1_500),
        ("1.234", "KWD", 1_234),
        ("92233720368547758.07", "CNY", 2**63 - 1),
    ],
)
def test_money_is_counted_in_minor_units(amount, currency, minor_units):
    value = money(amount, currency)
    assert (value.minor_units, value.currency_code) == (minor_units, currency)
    assert decimal(value) == Decimal(amount)


@pytest.mark.parametrize(
    "amount",
    ["0.001", "1e400", "1.5.0", "", "NaN", "Infinity", "1" + "0" * 60 + "1", "0." + "0" * 70 + "1"],
)
def test_money_refuses_what_it_cannot_hold(amount):
    with pytest.raises(ValueError):
        money(amount)


@pytest.mark.parametrize("convert", [money, unit_price, quantity, percent])
def test_a_binary_float_is_never_an_amount(convert):
    with pytest.raises(TypeError):
        convert(0.1)


def test_prices_and_quantities_are_exact_to_a_millionth():
    assert unit_price("12.345678").micros == 12_345_678
    assert quantity("2.5", "m2").micros == 2_500_000
    assert percent("12.5") == 125_000
    with pytest.raises(ValueError):
        unit_price("0.0000001")


def test_amounts_read_as_text():
    assert text(money("1234567.8")) == "1,234,567.80 CNY"
    assert text(quantity("1500", "pcs")) == "1,500 pcs"
    assert text(unit_price("12.50", "USD")) == "12.5 USD"
    assert text(day(date(2026, 11, 2))) == "2026-11-02"


def test_batches_are_cut_at_the_size():
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
