"""An HTTP/2 client that sends any frames, and shows those that come back.

`hyperframe` and `hpack` know the formats; the rules of HTTP/2 are nobody's business here.
"""

import socket
import ssl
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from hpack import Decoder, Encoder
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    PriorityFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
MAX_STREAMS = 500
"""Streams of one connection that the server lets be open."""
CHECK = "/grpc.health.v1.Health/Check"
REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"

NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR = 0, 1, 2, 3
SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM = 4, 5, 6, 7
CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM = 8, 9, 10, 11

PATIENCE_SECONDS = 30.0
"""A server that says nothing for so long has failed the test."""


def raw_frame(
    kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"", length: int | None = None
) -> bytes:
    """Any frame, also one that must not be; `length` may lie."""
    size = len(payload) if length is None else length
    return struct.pack(">I", size)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def message(body: bytes = b"", flag: int = 0) -> bytes:
    """One gRPC message."""
    return struct.pack(">BI", flag, len(body)) + body


@dataclass
class Reply:
    """What came on one stream."""

    blocks: list[dict[str, str]] = field(default_factory=list)
    data: bytes = b""
    ended: bool = False
    reset: int | None = None

    @property
    def status(self) -> int | None:
        """`grpc-status`, once it is there."""
        return int(self.blocks[-1].get("grpc-status", -1)) if self.blocks else None


class Closed(Exception):
    """The server has closed the connection."""


class RawConnection:
    """One connection; `with` closes it.

    Answers SETTINGS and PING unless told otherwise, and gives no window beyond what
    `settings` and the test's own frames do.
    """

    def __init__(
        self,
        address: str,
        *,
        hello: bool = True,
        settings: dict[int, int] | None = None,
        acknowledges: bool = True,
        tls: ssl.SSLContext | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        host, port = address.rsplit(":", 1)
        plain = socket.socket()
        if receive_buffer is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.settimeout(PATIENCE_SECONDS)
        plain.connect((host, int(port)))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = tls.wrap_socket(plain, server_hostname="localhost") if tls else plain
        self.acknowledges = acknowledges
        self.encoder = Encoder()
        self.decoder = Decoder()
        self.decoder.max_header_list_size = 1 << 20
        self.replies: dict[int, Reply] = {}
        self.frames: list[Frame] = []
        self.going_away: list[GoAwayFrame] = []
        self.closed = False
        self._received = bytearray()
        if hello:
            self.send(PREFACE, SettingsFrame(settings=settings or {}))

    def __enter__(self) -> "RawConnection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    # Sending

    def send(self, *frames: Frame | bytes) -> bool:
        """False when the server takes nothing any more."""
        parts = [each if isinstance(each, bytes) else each.serialize() for each in frames]
        try:
            self.socket.sendall(b"".join(parts))
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            return False
        return True

    def flood(self, pieces: Iterable[bytes]) -> None:
        """Sends one piece after the other until the server cuts us off, reading what comes."""
        for piece in pieces:
            if not self.send(piece):
                return
            self.drain()
            if self.closed or self.going_away:
                return

    def fields(self, path: str, *extra: tuple[str, str], method: str = "POST"):
        return [
            (":method", method),
            (":scheme", "http"),
            (":path", path),
            (":authority", "test"),
            ("te", "trailers"),
            ("content-type", "application/grpc"),
            *extra,
        ]

    def headers(
        self,
        stream: int,
        path: str = CHECK,
        *extra: tuple[str, str],
        fields: list[tuple[str, str]] | None = None,
        end: bool = False,
    ) -> HeadersFrame:
        """A request's headers."""
        block = self.encoder.encode(fields if fields is not None else self.fields(path, *extra))
        frame = HeadersFrame(stream, data=block)
        frame.flags.add("END_HEADERS")
        if end:
            frame.flags.add("END_STREAM")
        return frame

    def request(self, stream: int, path: str = CHECK, body: bytes = b"") -> bytes:
        """A whole unary request."""
        return self.headers(stream, path).serialize() + data(stream, message(body), end=True)

    # Receiving

    def next(self) -> Frame | None:
        """The next frame; None at the end of the connection."""
        while (frame := self._parse()) is None:
            if not self._read():
                return None
        self._take(frame)
        return frame

    def drain(self) -> None:
        """Takes what is here already."""
        self.socket.settimeout(0)
        try:
            while self._read():
                pass
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            self.socket.settimeout(PATIENCE_SECONDS)
        while (frame := self._parse()) is not None:
            self._take(frame)

    def until_closed(self) -> "RawConnection":
        """Reads to the end of the connection."""
        while self.next() is not None:
            pass
        return self

    def reply(self, stream: int) -> Reply:
        """Reads until that stream is over."""
        while not ((reply := self.replies.setdefault(stream, Reply())).ended) and (
            reply.reset is None
        ):
            if self.next() is None:
                raise Closed(f"stream {stream}: {self.end}")
        return reply

    def ping(self) -> None:
        """Returns when the server has seen everything sent so far, and sent what it had to say.

        The answer to a PING overtakes other frames of its turn, so there are two of them. The
        server counts PINGs that nothing was sent between: do it once without work.
        """
        for _ in range(2):
            self.send(PingFrame(opaque_data=struct.pack(">Q", len(self.frames))))
            while not (isinstance(frame := self.next(), PingFrame) and "ACK" in frame.flags):
                if frame is None:
                    raise Closed(self.end)

    def call(self, stream: int, path: str = CHECK, body: bytes = b"") -> Reply:
        self.send(self.request(stream, path, body))
        return self.reply(stream)

    @property
    def end(self) -> tuple[int, str] | None:
        """Code and reason of the last GOAWAY."""
        if not self.going_away:
            return None
        last = self.going_away[-1]
        return last.error_code, last.additional_data.decode()

    def _read(self) -> bool:
        try:
            more = self.socket.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            more = b""
        if not more:
            self.closed = True
            return False
        self._received += more
        return True

    def _parse(self) -> Frame | None:
        if len(self._received) < 9:
            return None
        frame, length = Frame.parse_frame_header(memoryview(bytes(self._received[:9])))
        if len(self._received) < 9 + length:
            return None
        frame.parse_body(memoryview(bytes(self._received[9 : 9 + length])))
        del self._received[: 9 + length]
        return frame

    def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        match frame:
            case SettingsFrame() if "ACK" not in frame.flags and self.acknowledges:
                self.send(SettingsFrame(flags=["ACK"]))
            case PingFrame() if "ACK" not in frame.flags and self.acknowledges:
                self.send(PingFrame(opaque_data=frame.opaque_data, flags=["ACK"]))
            case GoAwayFrame():
                self.going_away.append(frame)
            case HeadersFrame():
                reply = self.replies.setdefault(frame.stream_id, Reply())
                reply.blocks.append(dict(self.decoder.decode(frame.data)))
                reply.ended = "END_STREAM" in frame.flags
            case DataFrame():
                self.replies.setdefault(frame.stream_id, Reply()).data += frame.data
            case RstStreamFrame():
                self.replies.setdefault(frame.stream_id, Reply()).reset = frame.error_code


def data(stream: int, body: bytes = b"", *, end: bool = False) -> bytes:
    return DataFrame(stream, data=body, flags=["END_STREAM"] if end else []).serialize()


def reset(stream: int, code: int = CANCEL) -> bytes:
    return RstStreamFrame(stream, error_code=code).serialize()


def window_update(stream: int, size: int) -> bytes:
    return raw_frame(8, 0, stream, struct.pack(">I", size))


__all__ = [
    "CHECK",
    "PREFACE",
    "REFLECTION",
    "Closed",
    "ContinuationFrame",
    "PriorityFrame",
    "RawConnection",
    "Reply",
    "WindowUpdateFrame",
    "data",
    "message",
    "raw_frame",
    "reset",
    "window_update",
]
