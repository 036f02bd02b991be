"""Amounts as the API writes them, from and to exact decimals. A binary float is refused wherever an
amount is meant.
"""

from datetime import date
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation

from google.type.date_pb2 import Date

from joinery.type.v1 import type_pb2

Amount = str | int | Decimal

_MILLION = 1_000_000
# Wide enough for any amount of the API; what does not fit is an error and never rounded.
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])
_NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
)
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def money(amount: Amount, currency: str = "CNY") -> type_pb2.Money:
    """`money("1299.00")` is CNY 1299.00. An amount finer than the currency can pay is refused."""
    return type_pb2.Money(
        currency_code=currency, minor_units=_scaled(amount, 10 ** _decimals(currency), currency)
    )


def unit_price(amount: Amount, currency: str = "CNY") -> type_pb2.UnitPrice:
    """The price of one unit, as fine as a millionth: `unit_price("12.345678")`."""
    return type_pb2.UnitPrice(currency_code=currency, micros=_scaled(amount, _MILLION, currency))


def quantity(amount: Amount, unit: str = "") -> type_pb2.Quantity:
    """`quantity(3, "pcs")`, `quantity("2.5", "m2")`; no unit means the product's base unit."""
    return type_pb2.Quantity(micros=_scaled(amount, _MILLION, unit), unit_code=unit)


def percent(amount: Amount) -> int:
    """A share as the API writes it, in millionths: `percent("12.5")` is 125000."""
    return _scaled(amount, _MILLION // 100, "%")


def day(value: date) -> Date:
    """A business day."""
    return Date(year=value.year, month=value.month, day=value.day)


def decimal(value: type_pb2.Money | type_pb2.UnitPrice | type_pb2.Quantity) -> Decimal:
    """The number of an amount of the API, exactly."""
    if isinstance(value, type_pb2.Money):
        places = _decimals(value.currency_code)
        return Decimal(value.minor_units).scaleb(-places)
    return Decimal(value.micros).scaleb(-6)


def text(value: type_pb2.Money | type_pb2.UnitPrice | type_pb2.Quantity | Date) -> str:
    """For people: "1,299.00 CNY", "2.5 m2", "2026-11-21"."""
    if isinstance(value, Date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, type_pb2.Money):
        return f"{decimal(value):,f} {value.currency_code}"
    unit = value.unit_code if isinstance(value, type_pb2.Quantity) else value.currency_code
    return f"{decimal(value).normalize():,f} {unit}".rstrip()


def _decimals(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def _scaled(amount: Amount, scale: int, unit: str) -> int:
    if isinstance(amount, (float, bool)) or not isinstance(amount, (str, int, Decimal)):
        raise TypeError(f"{amount!r} is not exact: give a str, an int or a Decimal")
    try:
        scaled = _EXACT.multiply(Decimal(amount), scale)
        whole = int(scaled)
    except (DecimalException, ValueError, OverflowError) as error:
        raise ValueError(f"{amount!r} is not a decimal number") from error
    if scaled != whole:
        raise ValueError(f"{amount} {unit} is finer than one {scale}th")
    return whole
