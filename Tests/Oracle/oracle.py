"""Python's protobuf as the second opinion on Joinery's codec; started by OracleTests.swift.

    oracle.py generate SEED COUNT < types > cases    random messages: type, bytes, cut, verdict on the cut, JSON
    oracle.py verify < results                       what our codec made of them; prints each disagreement

Lines hold tab-separated fields, bytes as hexadecimal, text as base64. The .proto files are compiled here, by
grpcio-tools, so that nothing of our generator takes part.
"""

import base64
import json
import pathlib
import random
import sys
import tempfile
from decimal import Decimal

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.message import DecodeError
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPONENTS = {"CNY": 2, "JPY": 0, "KWD": 3}
UNITS = ["", "pcs", "m2", "kg"]


def load_pool():
    """All .proto files of the repository and of the tests."""
    names = [
        str(path.relative_to(ROOT / "proto"))
        for folder in ("google", "grpc", "joinery")
        for path in sorted((ROOT / "proto" / folder).rglob("*.proto"))
    ]
    with tempfile.NamedTemporaryFile() as output:
        arguments = ["protoc", f"-I{ROOT / 'proto'}", f"-I{ROOT / 'Tests/Oracle'}"]
        arguments += [f"--descriptor_set_out={output.name}", "--include_imports"]
        if protoc.main(arguments + names + ["everything.proto"]) != 0:
            sys.exit("the .proto files do not compile")
        files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(output.name).read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file) if hasattr(pool, "Add") else pool.AddSerializedFile(file.SerializeToString())
    return pool


POOL = load_pool()


def message_class(name):
    return message_factory.GetMessageClass(POOL.FindMessageTypeByName(name))


class Generator:
    """Fills messages with values that are likely to break something."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def message(self, message):
        name = message.DESCRIPTOR.full_name
        if name in ("google.protobuf.Timestamp", "google.protobuf.Duration"):
            return self.time(message, name.endswith("Duration"))
        if name == "google.protobuf.FieldMask":
            message.paths.extend(self.random.sample(["name", "credit_limit", "a.b_c"], self.random.randint(0, 3)))
            return message
        if name == "google.type.Date" and self.random.random() < 0.7:
            message.year, message.month = self.random.randint(1, 9999), self.random.randint(1, 12)
            message.day = self.random.randint(1, 28)
            return message
        density = self.random.choice([0.1, 0.5, 0.9])
        for field in message.DESCRIPTOR.fields:
            if self.random.random() < density:
                self.field(message, field)
        if name.startswith("joinery.type.v1.") and self.random.random() < 0.7:
            if name.endswith((".Money", ".UnitPrice")):
                message.currency_code = self.random.choice(list(EXPONENTS))
            elif name.endswith(".Quantity"):
                message.unit_code = self.random.choice(UNITS)
        return message

    def time(self, message, is_duration):
        nanos = self.random.choice([0, 1, 999_999_999, 500_000_000, 1_000])
        if is_duration:
            seconds = self.random.randint(-315_576_000_000, 315_576_000_000)
            message.seconds, message.nanos = seconds, -nanos if seconds < 0 else nanos
        else:
            message.seconds, message.nanos = self.random.randint(-62135596800, 253402300799), nanos
        return message

    def field(self, message, field):
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if is_map:
            key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
            for _ in range(self.random.randint(1, 4)):
                target = getattr(message, field.name)
                if value.message_type is not None:
                    self.message(target[self.single(key)])
                else:
                    target[self.single(key)] = self.single(value)
        elif field.is_repeated:
            for _ in range(self.random.choice([1, 2, 3, 20])):
                if field.message_type is not None:
                    self.message(getattr(message, field.name).add())
                else:
                    getattr(message, field.name).append(self.single(field))
        elif field.message_type is not None:
            target = getattr(message, field.name)
            target.SetInParent()
            self.message(target)
        else:
            setattr(message, field.name, self.single(field))

    def single(self, field):
        kind = field.cpp_type
        if kind == field.CPPTYPE_STRING:
            return self.bytes() if field.type == field.TYPE_BYTES else self.text()
        if kind == field.CPPTYPE_BOOL:
            return self.random.random() < 0.5
        if kind == field.CPPTYPE_ENUM:
            known = [value.number for value in field.enum_type.values]
            return self.random.choice(known + [-(2**31), 2**31 - 1, 77])
        if kind in (field.CPPTYPE_DOUBLE, field.CPPTYPE_FLOAT):
            return self.random.choice([0.0, 1.5, -2.25, 1e10, 2.0**-20, float("inf"), float("-inf")])
        bits = 32 if kind in (field.CPPTYPE_INT32, field.CPPTYPE_UINT32) else 64
        if kind in (field.CPPTYPE_UINT32, field.CPPTYPE_UINT64):
            low, high = 0, 2**bits - 1
        else:
            low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
        return self.random.choice([0, 1, low, high, 127, 128, self.random.randint(low, high)])

    def text(self):
        alphabet = "abcXYZ 019-_.\"\\/\n\t\x01\x7féß中文家具🪑\u2028\ufffd\uffff"
        return "".join(self.random.choice(alphabet) for _ in range(self.random.choice([0, 1, 3, 15, 16, 40])))

    def bytes(self):
        return bytes(self.random.randrange(256) for _ in range(self.random.choice([0, 1, 2, 3, 40])))


def generate(seed, count):
    for name in sys.stdin.read().split():
        generator = Generator(f"{seed}/{name}")
        for _ in range(count):
            message = generator.message(message_class(name)())
            data = message.SerializeToString(deterministic=True)
            cut = generator.random.randint(0, len(data))
            try:
                message_class(name).FromString(data[:cut])
                verdict = "valid"
            except DecodeError:
                verdict = "broken"
            text = json_format.MessageToJson(message, indent=None, ensure_ascii=False)
            print(name, data.hex(), cut, verdict, base64.b64encode(text.encode()).decode(), sep="\t")


def plain(descriptor, value):
    """Our JSON with amounts as text → the object form that Python's protobuf understands."""
    name = descriptor.full_name
    if isinstance(value, str) and name in ("joinery.type.v1.Money", "joinery.type.v1.UnitPrice"):
        amount, code = value.split(" ")
        is_money = name.endswith("Money")
        scaled = Decimal(amount).scaleb(EXPONENTS[code] if is_money else 6)
        assert scaled == int(scaled), value
        return {"currencyCode": code, "minorUnits" if is_money else "micros": int(scaled)}
    if isinstance(value, str) and name == "joinery.type.v1.Quantity":
        amount, _, unit = value.partition(" ")
        return {"micros": int(Decimal(amount).scaleb(6)), "unitCode": unit}
    if isinstance(value, str) and name == "google.type.Date":
        year, month, day = map(int, value.split("-"))
        return {"year": year, "month": month, "day": day}
    if not isinstance(value, dict):
        return value
    fields = {field.json_name: field for field in descriptor.fields}
    return {key: plain_field(fields[key], inner) for key, inner in value.items()}


def plain_field(field, value):
    if field.message_type is None:
        return value
    if field.message_type.GetOptions().map_entry:
        inner = field.message_type.fields_by_name["value"]
        return {key: plain_field(inner, element) for key, element in value.items()}
    if isinstance(value, list):
        return [plain(field.message_type, element) for element in value]
    return plain(field.message_type, value)


def has_map(descriptor):
    inner = [field.message_type for field in descriptor.fields if field.message_type is not None]
    return descriptor.GetOptions().map_entry or any(map(has_map, inner))


def verify():
    checked = 0
    for line in sys.stdin:
        name, original, encoded, from_json, text = line.rstrip("\n").split("\t")
        checked += 1
        expected = message_class(name).FromString(bytes.fromhex(original))
        reparsed = message_class(name).FromString(bytes.fromhex(encoded))
        # Entries of maps have no prescribed order, and their defaults may be left out.
        if reparsed != expected or encoded != original and not has_map(expected.DESCRIPTOR):
            print(f"{name}: {original} was encoded as {encoded}")
        if message_class(name).FromString(bytes.fromhex(from_json)) != expected:
            print(f"{name}: {json_format.MessageToJson(expected)} was read from JSON as {from_json}")
        text = base64.b64decode(text).decode()
        parsed = message_class(name)()
        try:
            json_format.ParseDict(plain(parsed.DESCRIPTOR, json.loads(text)), parsed, descriptor_pool=POOL)
        except (json_format.ParseError, ValueError) as error:
            print(f"{name}: {text}: {error}")
            continue
        if parsed != expected:
            print(f"{name}: {original} was written as JSON {text}")
    print(f"checked {checked}", file=sys.stderr)


if __name__ == "__main__":
    if sys.argv[1] == "generate":
        generate(int(sys.argv[2]), int(sys.argv[3]))
    else:
        verify()
