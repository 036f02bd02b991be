"""The messages of grpc.testing as Python classes, made from the .proto files while the tests run.

Generated modules would be named `grpc.testing…`, and that package is grpcio's.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

FILES = ["grpc/testing/messages.proto", "grpc/testing/test.proto"]
PROTO = Path(__file__).resolve().parent / "proto"


def write_descriptors(path: Path) -> None:
    """A FileDescriptorSet of the files, for tools that take one."""
    command = ["protoc", f"-I{PROTO}", f"--descriptor_set_out={path}", "--include_imports", *FILES]
    assert protoc.main(command) == 0


def _classes() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set"
        write_descriptors(path)
        files = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return message_factory.GetMessageClassesForFiles(FILES, pool)


_ALL = _classes()


def message(name: str) -> Any:
    return _ALL[f"grpc.testing.{name}"]


Empty = message("Empty")
SimpleRequest = message("SimpleRequest")
SimpleResponse = message("SimpleResponse")
StreamingInputCallRequest = message("StreamingInputCallRequest")
StreamingInputCallResponse = message("StreamingInputCallResponse")
StreamingOutputCallRequest = message("StreamingOutputCallRequest")
StreamingOutputCallResponse = message("StreamingOutputCallResponse")


@dataclass(frozen=True)
class Method:
    """A method as clients without generated code know it."""

    name: str
    shape: str
    """As grpcio names it: `unary_stream`."""
    request: Any
    response: Any
    service: str = "grpc.testing.TestService"

    @property
    def path(self) -> str:
        return f"/{self.service}/{self.name}"

    @property
    def streams_requests(self) -> bool:
        return self.shape.startswith("stream_")

    @property
    def streams_responses(self) -> bool:
        return self.shape.endswith("_stream")


EMPTY = Method("EmptyCall", "unary_unary", Empty, Empty)
UNARY = Method("UnaryCall", "unary_unary", SimpleRequest, SimpleResponse)
OUTPUT = Method(
    "StreamingOutputCall", "unary_stream", StreamingOutputCallRequest, StreamingOutputCallResponse
)
INPUT = Method(
    "StreamingInputCall", "stream_unary", StreamingInputCallRequest, StreamingInputCallResponse
)
DUPLEX = Method(
    "FullDuplexCall", "stream_stream", StreamingOutputCallRequest, StreamingOutputCallResponse
)
HALF_DUPLEX = Method(
    "HalfDuplexCall", "stream_stream", StreamingOutputCallRequest, StreamingOutputCallResponse
)
UNIMPLEMENTED_METHOD = Method("UnimplementedCall", "unary_unary", Empty, Empty)
UNIMPLEMENTED_SERVICE = Method(
    "UnimplementedCall", "unary_unary", Empty, Empty, "grpc.testing.UnimplementedService"
)
