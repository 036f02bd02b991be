"""A bad network in a box, for demonstrations and tests: a TCP link that loses or delays replies, and
breaks after any number of bytes.

It reads just enough HTTP/2 to know where it is: a frame is a length of 3 bytes, a type, flags and a
stream number, then its payload. A reply begins with a HEADERS frame from the server. Joinery sends
it after the commit, so a link that is cut at that moment leaves the client without a reply to a
command that was carried out.
"""

import contextlib
import enum
import math
import socket
import threading

_PREFACE_BYTES = 24
_HEADERS = 0x1
_RST_STREAM = 0x3


class _Fate(enum.Enum):
    CUT = "cut"
    HOLD = "hold"


class LossyLink:
    """Listens on a free port and carries connections to `target` (HOST:PORT), which may change."""

    def __init__(self, target: str) -> None:
        self.target = target
        self._lock = threading.Lock()
        self._fates: list[_Fate] = []
        self._lost = 0
        self._connections = 0
        self._lengths: list[tuple[float, float]] = []
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "LossyLink":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            ends = [self._listener, *self._sockets]
        for end in ends:
            _shut(end)

    @property
    def lost(self) -> int:
        """How many replies were lost or held back so far."""
        with self._lock:
            return self._lost

    @property
    def connections(self) -> int:
        """How many connections it has carried so far."""
        with self._lock:
            return self._connections

    def cut_next_reply(self, times: int = 1) -> None:
        """Cuts the connection when the next reply begins to arrive, so many times in a row."""
        with self._lock:
            self._fates += [_Fate.CUT] * times

    def hold_next_reply(self) -> None:
        """Holds the next reply, and all that follows it, until the client gives that call up."""
        with self._lock:
            self._fates.append(_Fate.HOLD)

    def cut_next_connection(
        self, *, requests: float = math.inf, replies: float = math.inf
    ) -> None:
        """Cuts the next connection that has no such fate yet when it has carried so many bytes in one
        direction: no byte more arrives.
        """
        with self._lock:
            self._lengths.append((requests, replies))

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            host, _, port = self.target.rpartition(":")
            try:
                server = socket.create_connection((host, int(port)), timeout=10)
            except OSError:
                _shut(client)
                continue
            with self._lock:
                self._sockets |= {client, server}
                self._connections += 1
                length = self._lengths.pop(0) if self._lengths else (math.inf, math.inf)
            connection = _Connection(client, server, self._next_fate, *length)
            threading.Thread(target=connection.carry_requests, daemon=True).start()
            threading.Thread(target=connection.carry_replies, daemon=True).start()

    def _next_fate(self) -> _Fate | None:
        with self._lock:
            if not self._fates:
                return None
            self._lost += 1
            return self._fates.pop(0)


class _Connection:
    def __init__(
        self,
        client: socket.socket,
        server: socket.socket,
        next_fate,
        requests: float,
        replies: float,
    ) -> None:
        for end in (client, server):
            end.settimeout(None)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client, self._server, self._next_fate = client, server, next_fate
        self._to_server = _Wire(server, requests)
        self._to_client = _Wire(client, replies)
        self._given_up: set[int] = set()
        self._change = threading.Condition()
        self._closed = False

    def carry_requests(self) -> None:
        with self._closing(), self._client.makefile("rb") as source:
            self._to_server.send(_exactly(source, _PREFACE_BYTES))
            while True:
                kind, stream, octets = _next_frame(source)
                self._to_server.send(octets)
                if kind == _RST_STREAM:
                    with self._change:
                        self._given_up.add(stream)
                        self._change.notify_all()

    def carry_replies(self) -> None:
        answered: set[int] = set()
        with self._closing(), self._server.makefile("rb") as source:
            while True:
                kind, stream, octets = _next_frame(source)
                if kind == _HEADERS and stream not in answered:
                    answered.add(stream)
                    fate = self._next_fate()
                    if fate is _Fate.CUT:
                        return
                    if fate is _Fate.HOLD:
                        self._wait_until_given_up(stream)
                self._to_client.send(octets)

    def _wait_until_given_up(self, stream: int) -> None:
        with self._change:
            self._change.wait_for(lambda: stream in self._given_up or self._closed)

    @contextlib.contextmanager
    def _closing(self):
        """Whichever direction ends first ends both."""
        try:
            yield
        except (OSError, EOFError):
            pass
        finally:
            with self._change:
                self._closed = True
                self._change.notify_all()
            _shut(self._client)
            _shut(self._server)


class _Wire:
    """One direction of a connection, which may be short."""

    def __init__(self, end: socket.socket, length: float) -> None:
        self._end, self._left = end, length

    def send(self, octets: bytes) -> None:
        if len(octets) > self._left:
            self._end.sendall(octets[: int(self._left)])
            raise EOFError
        self._left -= len(octets)
        self._end.sendall(octets)


def _exactly(source, count: int) -> bytes:
    octets = source.read(count)
    if len(octets) < count:
        raise EOFError
    return octets


def _next_frame(source) -> tuple[int, int, bytes]:
    head = _exactly(source, 9)
    stream = int.from_bytes(head[5:9]) & 0x7FFF_FFFF
    return head[3], stream, head + _exactly(source, int.from_bytes(head[:3]))


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
