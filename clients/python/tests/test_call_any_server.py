"""`joinery call` and `joinery describe` against a server that is not ours: what it offers they learn
by reflection, v1 or v1alpha, or they are told that it does not say.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path

import grpc
import pytest
from google.protobuf import descriptor_pool, message_factory
from grpc_reflection.v1alpha import reflection, reflection_pb2

# Everything that protobuf's JSON has a rule of its own for, and a file of proto2.
OLD = """
syntax = "proto2";
package shop.old;
message Size {
  required int32 width = 1;
  optional int32 height = 2 [default = 7];
  optional group Extra = 3 { optional string note = 1; }
}
"""
PROTO = """
syntax = "proto3";
package shop.v1;
import "google/protobuf/any.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "shop_old.proto";
enum Colour { COLOUR_UNSPECIFIED = 0; COLOUR_OAK = 1; }
message Piece {
  string piece_name = 1;
  Colour colour = 2;
  map<string, int64> counts = 3;
  google.protobuf.Struct notes = 4;
  google.protobuf.Value anything = 5;
  google.protobuf.Int64Value weight = 6;
  google.protobuf.Timestamp made_at = 7;
  google.protobuf.Any attached = 8;
  shop.old.Size size = 9;
  repeated Piece parts = 10;
  oneof price { string text = 11; double number = 12; }
  optional bool sold = 13;
  bytes picture = 14;
}
service Workshop {
  rpc Copy(Piece) returns (Piece);
  rpc Parts(Piece) returns (stream Piece);
  rpc Join(stream Piece) returns (Piece);
  rpc Chat(stream Piece) returns (stream Piece);
}
"""
PIECE = {
    "pieceName": "桌",
    "colour": "COLOUR_OAK",
    "counts": {"legs": "4", "tops": "1"},
    "notes": {"list": [1, "two", None, {"deep": True}], "none": None},
    "anything": [None, 1.5],
    "weight": "9007199254740993",
    "madeAt": "2026-11-21T09:30:00Z",
    "attached": {"@type": "type.googleapis.com/shop.old.Size", "width": 3},
    "size": {"width": 0, "height": 0},
    "parts": [{"pieceName": "leg"}],
    "number": 0,
    "sold": False,
    "picture": "AQI=",
}


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> descriptor_pool.DescriptorPool:
    """The descriptors, compiled at run time and without comments, as generated code holds them."""
    from grpc_tools import protoc

    folder = tmp_path_factory.mktemp("proto")
    (folder / "shop_old.proto").write_text(OLD)
    (folder / "shop.proto").write_text(PROTO)
    google = Path(protoc.__file__).parent / "_proto"
    command = ["protoc", f"-I{folder}", f"-I{google}", f"--python_out={folder}"]
    assert protoc.main([*command, f"{folder}/shop.proto", f"{folder}/shop_old.proto"]) == 0
    sys.path.insert(0, str(folder))
    try:
        import shop_pb2  # noqa: F401  registers itself
    finally:
        sys.path.remove(str(folder))
    return descriptor_pool.Default()


class Workshop(grpc.GenericRpcHandler):
    """Copies what it gets; remembers the metadata of the last call."""

    def __init__(self, pool: descriptor_pool.DescriptorPool) -> None:
        self.piece = message_factory.GetMessageClass(pool.FindMessageTypeByName("shop.v1.Piece"))
        self.metadata: dict[str, object] = {}

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        if not details.method.startswith("/shop.v1.Workshop/"):
            return None
        self.metadata = dict(details.invocation_metadata)
        codec = (self.piece.FromString, self.piece.SerializeToString)
        match details.method.rpartition("/")[2]:
            case "Copy":
                return grpc.unary_unary_rpc_method_handler(self.copy, *codec)
            case "Parts":
                return grpc.unary_stream_rpc_method_handler(lambda p, _: iter(p.parts), *codec)
            case "Join":
                return grpc.stream_unary_rpc_method_handler(
                    lambda pieces, _: self.piece(piece_name="+".join(p.piece_name for p in pieces)),
                    *codec,
                )
            case "Chat":
                return grpc.stream_stream_rpc_method_handler(lambda pieces, _: pieces, *codec)

    def copy(self, piece, context: grpc.ServicerContext):
        if piece.piece_name == "broken":
            context.abort(grpc.StatusCode.NOT_FOUND, "no such piece")
        return piece


def _only_v1(servicer: reflection.ReflectionServicer) -> grpc.GenericRpcHandler:
    """grpcio serves v1alpha; v1 has the same messages."""
    handler = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        reflection_pb2.ServerReflectionRequest.FromString,
        reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(
        "grpc.reflection.v1.ServerReflection", {"ServerReflectionInfo": handler}
    )


Started = tuple[Workshop, str]


@pytest.fixture
def start(pool: descriptor_pool.DescriptorPool) -> Iterator[Callable[[str], Started]]:
    servers: list[grpc.Server] = []

    def start(version: str) -> Started:
        workshop = Workshop(pool)
        server = grpc.server(futures.ThreadPoolExecutor(8))
        server.add_generic_rpc_handlers((workshop,))
        names = ("shop.v1.Workshop", reflection.SERVICE_NAME)
        if version == "v1alpha":
            reflection.enable_server_reflection(names, server, pool=pool)
        elif version == "v1":
            servicer = reflection.ReflectionServicer(names, pool=pool)
            server.add_generic_rpc_handlers((_only_v1(servicer),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        return workshop, f"127.0.0.1:{port}"

    yield start
    for server in servers:
        server.stop(None).wait()


@pytest.fixture
def joinery(binary: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binary, *arguments], input=text, capture_output=True, text=True, timeout=60
        )

    return run


VERSIONS = pytest.mark.parametrize("version", ["v1", "v1alpha"])


@VERSIONS
def test_describe(start, joinery, version):
    _, address = start(version)
    listed = joinery("describe", "--server", address)
    assert "shop.v1.Workshop.Chat" in listed.stdout and "joinery" not in listed.stdout
    method = joinery("describe", "Workshop/Parts", "--server", address)
    assert "gives a stream" in method.stdout
    assert "piece_name: string" in method.stdout and "COLOUR_OAK" in method.stdout
    assert "message shop.old.Size" in method.stdout
    service = joinery("describe", "shop.v1.Workshop", "--server", address)
    assert service.stdout.count("shop.v1.Workshop.") == 4


@VERSIONS
def test_every_kind_of_field_comes_back_as_it_went(start, joinery, version):
    workshop, address = start(version)
    copied = joinery("call", "Workshop/Copy", json.dumps(PIECE), "--server", address)
    assert copied.stderr == ""
    assert json.loads(copied.stdout) == PIECE
    # A server that is not ours is not told who asks.
    assert not [name for name in workshop.metadata if name.startswith(("joinery-", "idempotency"))]


def test_metadata(start, joinery):
    workshop, address = start("v1")
    asked = joinery(
        "call", "Copy", "{}", "--server", address,
        "--metadata", "x-token=a=b", "--metadata", "x-raw-bin=AAH/",
    )
    assert asked.returncode == 0, asked.stderr
    assert workshop.metadata["x-token"] == "a=b"
    assert workshop.metadata["x-raw-bin"] == b"\x00\x01\xff"
    for bad in ["x-token", "X-Token=a", "grpc-x=a", "x-raw-bin=%%%"]:
        assert joinery("call", "Copy", "{}", "--metadata", bad).returncode == 64


@VERSIONS
def test_streams(start, joinery, version):
    _, address = start(version)
    many = json.dumps({"parts": [{"pieceName": "a"}, {"pieceName": "b"}]})
    parts = joinery("call", "Parts", many, "--server", address)
    assert [json.loads(line) for line in parts.stdout.splitlines()] == [
        {"pieceName": "a"},
        {"pieceName": "b"},
    ]
    pieces = '{"pieceName": "a"}\n{"pieceName":\n"b"}{"pieceName": "}{\\""} '
    joined = joinery("call", "Join", "-", "--server", address, text=pieces)
    assert json.loads(joined.stdout) == {"pieceName": 'a+b+}{"'}, joined.stderr
    chat = joinery("call", "Chat", pieces, "--server", address)
    assert [json.loads(line)["pieceName"] for line in chat.stdout.splitlines()] == ["a", "b", '}{"']
    assert joinery("call", "Chat", "-", "--server", address).stdout == ""


def test_each_message_is_answered_before_the_next_is_typed(start, binary):
    _, address = start("v1")
    command = [binary, "call", "Chat", "-", "--server", address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as chat:
        for name in ["one", "two"]:
            chat.stdin.write(json.dumps({"pieceName": name}))
            chat.stdin.flush()
            assert json.loads(chat.stdout.readline()) == {"pieceName": name}
        chat.stdin.close()
        assert chat.wait(timeout=60) == 0


def test_what_is_wrong_is_said(start, joinery):
    _, address = start("v1")
    wrong = joinery("call", "Join", '{"pieceName": "a"} {"pieceNam": "b"}', "--server", address)
    assert wrong.returncode != 0 and "did you mean pieceName?" in wrong.stderr
    open_end = joinery("call", "Join", '{"pieceName": "a"', "--server", address)
    assert open_end.returncode != 0 and "shop.v1.Piece" in open_end.stderr
    several = joinery("call", "Copy", "{} {}", "--server", address)
    assert several.returncode != 0 and "one message" in several.stderr
    typo = joinery("call", "Workshop/Copi", "{}", "--server", address)
    assert typo.returncode != 0 and "did you mean shop.v1.Workshop.Copy?" in typo.stderr
    absent = joinery("call", "Copy", '{"pieceName": "broken"}', "--server", address)
    assert absent.returncode == 1 and "error: no such piece" in absent.stderr


def test_a_server_that_does_not_describe_itself(start, joinery):
    _, address = start("none")
    described = joinery("describe", "PlaceOrder", "--server", address)
    assert "external_id" in described.stdout and "does not describe itself" in described.stderr
    called = joinery("call", "PlaceOrder", "{}", "--server", address)
    assert called.returncode == 70 and "UNIMPLEMENTED" in called.stderr or "not found" in called.stderr.lower()


def test_our_own_server(server, joinery, binary):
    found = joinery("call", "Health/Check", "{}", "--server", server.address)
    assert json.loads(found.stdout) == {"status": "SERVING"}
    command = [binary, "call", "Health/Watch", "{}", "--server", server.address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watch:
        assert json.loads(watch.stdout.readline()) == {"status": "SERVING"}
        watch.terminate()
    given_up = joinery("call", "Health/Watch", "{}", "--server", server.address, "--timeout", "1")
    assert given_up.returncode == 2 and "error:" in given_up.stderr
    described = joinery("describe", "GetProduct", "--server", server.address)
    assert described.stderr == "" and "permission:" in described.stdout
