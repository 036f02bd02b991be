"""h2load against a server, and what came of it."""

import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import grpc

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), str(REPOSITORY / "clients" / "python")]

import peers  # noqa: E402
from joinery.type.v1 import document_pb2, row_verdict_pb2  # noqa: E402

ECHO = "/bench.v1.EchoService/Echo"
REPEAT = "/bench.v1.EchoService/Repeat"

MESSAGE = row_verdict_pb2.Violation(
    field="order.lines[3].quantity.micros",
    reason="FRACTION_OF_UNIT",
    message="CHAIR-OAK-104 is counted in whole pcs, not 0.5 as line 3 has it",
    facts=[
        document_pb2.Fact(name="sku", value="CHAIR-OAK-104"),
        document_pb2.Fact(name="unit_code", value="pcs"),
        document_pb2.Fact(name="quantity", value="0.5 pcs"),
        document_pb2.Fact(name="warehouse", value="MAIN-EAST"),
    ],
)
"""200 bytes of text and nested messages; nothing of it is special."""


def framed(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


def fail(text: str) -> None:
    sys.exit(f"error: {text}")


@dataclass
class Server:
    """One of those that are compared, as a process of its own."""

    name: str
    process: peers.Process
    address: str
    scheme: str = "http"

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.process.pid}/stat").read_text().rpartition(")")[2]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    @property
    def resident_bytes(self) -> int:
        pages = Path(f"/proc/{self.process.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@dataclass
class Run:
    """What one run of h2load came to."""

    calls: int
    seconds: float
    cpu_seconds: float
    latencies_us: list[int]

    @property
    def rate(self) -> float:
        return self.calls / self.seconds

    @property
    def cpu_us_per_call(self) -> float:
        return self.cpu_seconds / self.calls * 1e6


class Sampler:
    """A real client that calls beside the load and looks at status and answer.

    h2load counts HTTP 200 only, which a server that fails every call sends, too.
    """

    PAUSE_SECONDS = 0.1

    def __init__(self, server: Server) -> None:
        self.channel = grpc.insecure_channel(server.address)
        self.server = server
        self.answers = 0
        self.wrong: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def _run(self) -> None:
        echo = self.channel.unary_unary(ECHO)
        message = MESSAGE.SerializeToString()
        while True:
            try:
                if echo(message, timeout=30) != message:
                    self.wrong.append("another message came back")
            except grpc.RpcError as error:
                self.wrong.append(f"{error.code().name}: {error.details()}")
            self.answers += 1
            if self._stop.wait(self.PAUSE_SECONDS):
                return

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.channel.close()
        if self.wrong or self.answers == 0:
            fail(f"{self.server.name} answers wrongly under load: {self.wrong[:3]}")


def h2load(
    server: Server,
    calls: int,
    connections: int,
    streams: int,
    path: str = ECHO,
    message: bytes | None = None,
    response_bytes: int | None = None,
    latencies: bool = False,
) -> Run:
    """Sends calls of one method; every response must have the right number of bytes."""
    program = shutil.which("h2load") or fail("needs h2load: apt-get install nghttp2-client")
    body = framed(MESSAGE.SerializeToString() if message is None else message)
    with tempfile.TemporaryDirectory() as folder:
        (request := Path(folder) / "request").write_bytes(body)
        log = Path(folder) / "log"
        command = [program, f"-n{calls}", f"-c{connections}", f"-m{streams}", "-t1", f"-d{request}"]
        command += ["-Hcontent-type: application/grpc", "-Hte: trailers"]
        command += [f"--log-file={log}"] if latencies else []
        before = server.cpu_seconds
        result = subprocess.run(
            [*command, f"{server.scheme}://{server.address}{path}"], capture_output=True, text=True
        )
        cpu = server.cpu_seconds - before
        text = result.stdout
        done = re.search(r"requests: (\d+) total.* (\d+) succeeded, (\d+) failed", text)
        time = re.search(r"finished in ([\d.]+)(us|ms|s|m)\b", text)
        data = re.search(r"\((\d+)\) data$", text, re.MULTILINE)
        if not done or not time or not data or int(done[2]) != calls:
            fail(f"h2load against {server.name}:\n{text}{result.stderr}")
        wanted = calls * (len(body) if response_bytes is None else response_bytes)
        if int(data[1]) != wanted:
            fail(f"{server.name} sent {data[1]} bytes of messages instead of {wanted}")
        elapsed = []
        if latencies:
            elapsed = [int(line.split("\t")[2]) for line in log.read_text().splitlines()]
    scale = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}[time[2]]
    return Run(calls, float(time[1]) * scale, cpu, elapsed)


def bytes_per_idle_connection(server: Server, connections: int) -> float:
    """What a connection holds that has made one call and then none for some seconds."""
    host, port = server.address.rsplit(":", 1)
    authority = server.address.encode()
    fields = [
        (b":method", b"POST"),
        (b":scheme", server.scheme.encode()),
        (b":path", ECHO.encode()),
        (b":authority", authority),
        (b"content-type", b"application/grpc"),
        (b"te", b"trailers"),
    ]
    # Literal fields without indexing (RFC 7541, 6.2.2).
    block = b"".join(b"\0" + _text(name) + _text(value) for name, value in fields)
    body = framed(MESSAGE.SerializeToString())
    opening = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(4, 0, 0, b"") + _frame(4, 1, 0, b"")
    opening += _frame(1, 4, 1, block) + _frame(0, 1, 1, body)

    tls = ssl.create_default_context()
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE
    tls.set_alpn_protocols(["h2"])

    def open_one() -> socket.socket:
        connection = socket.create_connection((host, int(port)))
        if server.scheme == "https":
            connection = tls.wrap_socket(connection)
        connection.sendall(opening)
        received = b""
        while b"grpc-status" not in received and not _is_over(received):
            part = connection.recv(65536)
            if not part:
                fail(f"{server.name} closed an idle connection")
            received += part
        return connection

    # The first ones grow what all share.
    open_connections = [open_one() for _ in range(200)]
    base = server.resident_bytes
    open_connections += [open_one() for _ in range(connections)]
    time.sleep(3)
    grown = server.resident_bytes - base
    for connection in open_connections:
        connection.close()
    return grown / connections


def _text(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _is_over(received: bytes) -> bool:
    """Whether a frame in it ends stream 1."""
    position = 0
    while position + 9 <= len(received):
        length = int.from_bytes(received[position : position + 3], "big")
        kind, flags, stream = struct.unpack_from(">BBI", received, position + 3)
        if stream == 1 and kind == 1 and flags & 1 and position + 9 + length <= len(received):
            return True
        position += 9 + length
    return False
