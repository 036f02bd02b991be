"""What curl and nghttp see: gRPC as plain HTTP/2, one frame after the other."""

import re
import struct
import subprocess
from pathlib import Path

import pytest

import peers
from messages import SimpleRequest, SimpleResponse

UNARY = "/grpc.testing.TestService/UnaryCall"


def framed(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


def curl(address: str, path: str, *options: str | Path) -> tuple[int, dict[str, str], bytes]:
    """HTTP status, header and trailer fields, body."""
    program = peers.tool("curl", "curl")
    result = subprocess.run(
        [program, "--silent", "--show-error", "--include", "--http2-prior-knowledge"]
        + ["--max-time", "20", *options, f"http://{address}{path}"],
        check=True,
        capture_output=True,
    )
    head, _, rest = result.stdout.partition(b"\r\n\r\n")
    fields = dict(re.findall(r"^([\w-]+): (.*?)\r?$", head.decode(), re.MULTILINE))
    length = 0
    if rest and fields.get("content-type", "").startswith("application/grpc"):
        length = 5 + struct.unpack(">I", rest[1:5])[0]
    trailers = rest[length:].decode()
    fields |= dict(re.findall(r"^([\w-]+): (.*?)\r?$", trailers, re.MULTILINE))
    return int(head.split()[1]), fields, rest[:length]


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    path = tmp_path / "request.bin"
    path.write_bytes(framed(SimpleRequest(response_size=9).SerializeToString()))
    return path


GRPC = ["--header", "content-type: application/grpc", "--header", "te: trailers"]


@pytest.mark.parametrize("route", ["direct", "nginx", "nghttpx"])
def test_curl_calls_a_method(routes, request_file, route):
    status, fields, body = curl(routes(route), UNARY, *GRPC, "--data-binary", f"@{request_file}")
    assert status == 200
    assert fields["content-type"] == "application/grpc"
    assert fields["grpc-status"] == "0"
    assert SimpleResponse.FromString(body[5:]).payload.body == bytes(9)


# Requests without a body: curl 7.88 drops a response that RST_STREAM(NO_ERROR) follows, which is how a
# server says that it does not want the rest of a request (RFC 9113, 8.1).
def test_curl_sees_a_refusal_in_the_headers(routes):
    path = "/grpc.testing.TestService/Nothing"
    status, fields, body = curl(routes("direct"), path, *GRPC, "--request", "POST")
    assert (status, fields["grpc-status"], body) == (200, "12", b"")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--header", "content-type: application/grpc"], 405),
        (["--header", "content-type: text/plain", "--request", "POST"], 415),
        (["--header", "content-type: application/grpc-web", "--request", "POST"], 415),
        (["--header", "content-type: application/json", "--request", "POST"], 415),
    ],
)
def test_what_is_no_grpc_gets_an_http_status(routes, options, expected):
    status, fields, _ = curl(routes("direct"), UNARY, *options)
    assert status == expected
    assert "grpc-status" not in fields


def nghttp(address: str, path: str, request: Path) -> list[str]:
    """The frames that came on the request's stream, as `HEADERS`, `DATA` or `HEADERS END_STREAM`."""
    program = peers.tool("nghttp", "nghttp2-client")
    result = subprocess.run(
        [program, "--verbose", "--no-dep", "--null-out", "--timeout=20", f"--data={request}"]
        + ["--header=content-type: application/grpc", "--header=te: trailers"]
        + [f"http://{address}{path}"],
        check=True,
        capture_output=True,
        text=True,
    )
    # Ends of lines are coloured or not, depending on where they go.
    pattern = r"recv (HEADERS|DATA|RST_STREAM) frame <length=\d+, flags=(0x\w+), stream_id=(?!0>)\d+>"
    found = re.findall(pattern, re.sub(r"\x1b\[[\d;]*m", "", result.stdout))
    return [kind + (" END_STREAM" if int(flags, 16) & 1 else "") for kind, flags in found]


def test_the_frames_of_a_call(routes, request_file):
    frames = nghttp(routes("direct"), UNARY, request_file)
    assert frames == ["HEADERS", "DATA", "HEADERS END_STREAM"]


def test_a_refusal_is_one_frame(routes, request_file):
    frames = nghttp(routes("direct"), "/grpc.testing.TestService/Nothing", request_file)
    assert frames == ["HEADERS END_STREAM"]
