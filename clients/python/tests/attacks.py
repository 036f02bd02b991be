"""What someone who means harm may send, each with the end that it must come to.

`test_attacks.py` proves the ends; `attack_report.py` measures what a neighbour notices.
"""

import os
import random
import select
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hyperframe.frame import ContinuationFrame, HeadersFrame, PingFrame, SettingsFrame

from raw_http2 import (
    CHECK,
    COMPRESSION_ERROR,
    ENHANCE_YOUR_CALM,
    MAX_STREAMS,
    PREFACE,
    PROTOCOL_ERROR,
    REFLECTION,
    SETTINGS_TIMEOUT,
    RawConnection,
    Reply,
    data,
    message,
    raw_frame,
    reset,
    window_update,
)

CALM = ENHANCE_YOUR_CALM
PIECES = 300
"""Pieces of a flood, each of a hundred frames: three times what a bound lets through."""

# The time bounds, shortened so that a test need not wait for the real ones.
HASTE = [
    "prefaceTimeout=1s",
    "settingsTimeout=1s",
    "headerBlockTimeout=300ms",
    "requestTimeout=400ms",
    "writeStallTimeout=500ms",
    "responseStallTimeout=400ms",
]


class Neighbour:
    """A well-behaved client that calls all the while, on a connection of its own."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(
            address, options=[("grpc.use_local_subchannel_pool", 1)]
        )
        self._check = health_pb2_grpc.HealthStub(self._channel).Check
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._enough = threading.Condition()
        self.seconds: list[float] = []
        """How long each call took."""
        self.failures: list[grpc.RpcError] = []

    def __enter__(self) -> "Neighbour":
        self._thread.start()
        self.more(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._channel.close()

    def more(self, calls: int) -> None:
        """Returns after that many more calls."""
        with self._enough:
            wanted = len(self.seconds) + calls
            self._enough.wait_for(lambda: len(self.seconds) >= wanted or self.failures, 60)

    def _run(self) -> None:
        while not self._over.is_set() and not self.failures:
            start = time.perf_counter()
            try:
                self._check(health_pb2.HealthCheckRequest(), timeout=30)
            except grpc.RpcError as failure:
                self.failures.append(failure)
            with self._enough:
                self.seconds.append(time.perf_counter() - start)
                self._enough.notify_all()


@contextmanager
def neighbour(address: str) -> Iterator[Neighbour]:
    with Neighbour(address) as one:
        yield one


def resident_kib(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


@dataclass(frozen=True)
class Attack:
    run: Callable[[str], Any]
    end: Any
    """What `run` must return."""
    hasty: bool = False
    """Needs a server with the bounds of `HASTE`."""

    @property
    def name(self) -> str:
        return self.run.__name__

    def __str__(self) -> str:
        return self.name


ATTACKS: list[Attack] = []


def attack(end: Any, *, hasty: bool = False):
    """Registers an attack: a function of the server's address that returns how it was stopped."""

    def register(run: Callable[[str], Any]) -> Callable[[str], Any]:
        ATTACKS.append(Attack(run, end, hasty))
        return run

    return register


def flooded(address: str, piece: bytes | Iterator[bytes], first: bytes = b"", **options: Any):
    """Sends the piece again and again; how the connection ended."""
    with RawConnection(address, **options) as peer:
        peer.send(first)
        peer.flood([piece] * PIECES if isinstance(piece, bytes) else piece)
        return peer.until_closed().end


def ids(count: int, start: int = 1) -> range:
    return range(start, start + 2 * count, 2)


# Streams that come and go


@attack((CALM, "too_many_resets"))
def rapid_reset(address: str):
    with RawConnection(address) as peer:
        peer.flood(peer.request(stream) + reset(stream) for stream in ids(5000))
        return peer.until_closed().end


@attack((CALM, "too_many_resets"))
def rapid_reset_of_open_streams(address: str):
    with RawConnection(address) as peer:
        peer.flood(
            peer.headers(stream, REFLECTION).serialize() + reset(stream) for stream in ids(5000)
        )
        return peer.until_closed().end


@attack((CALM, "too_many_stream_errors"))
def made_you_reset_by_window_overflow(address: str):
    with RawConnection(address) as peer:
        peer.flood(
            peer.request(stream) + window_update(stream, 0x7FFFFFFF) for stream in ids(5000)
        )
        return peer.until_closed().end


@attack((CALM, "too_many_stream_errors"))
def made_you_reset_by_content_length(address: str):
    with RawConnection(address) as peer:
        peer.flood(
            peer.headers(stream, CHECK, ("content-length", "1")).serialize()
            + data(stream, b"several", end=True)
            for stream in ids(5000)
        )
        return peer.until_closed().end


@attack((CALM, "too_many_stream_errors"))
def empty_headers(address: str):
    block = [raw_frame(1, 0x4 | 0x1, stream) for stream in ids(5000)]
    return flooded(address, iter(block))


@attack((PROTOCOL_ERROR, ""))
def more_streams_than_allowed(address: str):
    """They stay open: so many may, no more."""
    with RawConnection(address) as peer:
        peer.ping()
        peer.send(*(peer.headers(stream, REFLECTION) for stream in ids(MAX_STREAMS + 1)))
        code, _ = peer.until_closed().end or (None, "")
        return code, ""


@attack(MAX_STREAMS - 1)
def never_closing_streams(address: str):
    """As many as may be; one more call on the same connection is refused, the others live on."""
    with RawConnection(address) as peer:
        peer.ping()
        peer.send(*(peer.headers(stream, REFLECTION) for stream in ids(MAX_STREAMS - 1)))
        assert peer.call(2001).status == 0
        return sum(not peer.replies.get(stream, Reply()).ended for stream in ids(MAX_STREAMS - 1))


# Frames that move nothing


@attack((CALM, "too_many_pings"))
def ping_flood(address: str):
    return flooded(address, PingFrame(opaque_data=b"flooding").serialize() * 100)


@attack((CALM, "too_many_control_frames"))
def ping_answer_flood(address: str):
    answer = PingFrame(opaque_data=b"unasked!", flags=["ACK"]).serialize()
    return flooded(address, answer * 100)


@attack((CALM, "too_many_control_frames"))
def settings_flood(address: str):
    return flooded(address, SettingsFrame(settings={4: 65535}).serialize() * 100)


@attack((CALM, "too_many_control_frames"))
def table_size_flood(address: str):
    sizes = [SettingsFrame(settings={1: size}).serialize() for size in (0, 0xFFFFFFFF)]
    return flooded(address, b"".join(sizes) * 50)


@attack((CALM, "SETTINGS: too many setting entries"))
def settings_of_many_entries(address: str):
    return flooded(address, raw_frame(4, 0, 0, struct.pack(">HI", 4, 65535) * 40))


@attack((CALM, "too_many_control_frames"))
def window_update_flood(address: str):
    return flooded(address, window_update(0, 1) * 100)


@attack((CALM, "too_many_control_frames"))
def priority_flood(address: str):
    return flooded(address, raw_frame(2, 0, 1, struct.pack(">IB", 0, 15)) * 100)


@attack((CALM, "too_many_control_frames"))
def unknown_frame_flood(address: str):
    return flooded(address, raw_frame(0xFA, 0x55, 7, b"?") * 100)


@attack((CALM, "too_many_control_frames"))
def unused_extension_flood(address: str):
    """ALTSVC, ORIGIN and PRIORITY_UPDATE: known to nghttp2, not to this server."""
    kinds = [(0xA, 0), (0xC, 0), (0x10, 0)]
    return flooded(
        address, b"".join(raw_frame(kind, 0, stream, b"\0" * 8) for kind, stream in kinds) * 33
    )


@attack((CALM, "too_many_control_frames"))
def empty_data_flood(address: str):
    with RawConnection(address) as peer:
        peer.send(peer.headers(1))
        peer.flood([data(1) * 100] * PIECES)
        return peer.until_closed().end


@attack((CALM, "too_many_control_frames"))
def data_in_crumbs(address: str):
    """One byte in each frame of an upload that would be fine as a whole."""
    with RawConnection(address) as peer:
        peer.send(peer.headers(1), data(1, b"\0\0\x10\0\0"))
        peer.flood([data(1, b"x") * 100] * PIECES)
        return peer.until_closed().end


@attack((CALM, "too_many_control_frames"))
def padding_flood(address: str):
    with RawConnection(address) as peer:
        peer.send(peer.headers(1))
        peer.flood([raw_frame(0, 0x8, 1, b"\x04" + b"\0" * 4) * 100] * PIECES)
        return peer.until_closed().end


@attack((CALM, "too_many_control_frames"))
def data_on_a_dead_stream(address: str):
    with RawConnection(address) as peer:
        peer.send(peer.headers(1), reset(1))
        peer.flood([data(1) * 100] * PIECES)
        return peer.until_closed().end


@attack((CALM, "too_many_control_frames"))
def headers_on_a_dead_stream(address: str):
    with RawConnection(address) as peer:
        peer.send(peer.headers(1), reset(1))
        peer.flood(
            b"".join(peer.headers(1).serialize() for _ in range(100)) for _ in range(PIECES)
        )
        return peer.until_closed().end


@attack((CALM, "too_many_continuations"))
def continuation_flood(address: str):
    first = raw_frame(1, 0, 1)
    return flooded(address, raw_frame(9, 0, 1) * 100, first=first)


# Header blocks


def reference(index: int) -> bytes:
    return bytes([0x80 | index])


@attack(((CALM, "too_many_stream_errors"), 2))
def header_bomb(address: str):
    """Sixteen kilobytes that name a field of four kilobytes sixteen thousand times."""
    with RawConnection(address) as peer:
        peer.send(peer.headers(1, CHECK, ("x-bomb", "b" * 4000)))
        block = peer.encoder.encode(peer.fields(CHECK)) + reference(62) * 16_000
        peer.flood(
            HeadersFrame(stream, data=block, flags=["END_HEADERS"]).serialize()
            for stream in ids(300, 3)
        )
        end = peer.until_closed().end
        return end, peer.replies[3].reset


@attack(None)
def table_churn(address: str):
    """Every request throws everything out of the table. Costs its bytes, so it is served."""
    chance = random.Random(20)
    with RawConnection(address) as peer:
        for stream in ids(300):
            extra = [(f"x-{chance.random()}", f"{chance.random()}" * 60) for _ in range(4)]
            peer.send(peer.headers(stream, CHECK, *extra), data(stream, message(), end=True))
            assert peer.reply(stream).status == 0
        return peer.end


@attack([8, 8])
def oversized_metadata(address: str):
    """Many bytes, or many fields: the calls are refused, the connection lives."""
    with RawConnection(address) as peer:
        peer.encoder.header_table_size = 0
        large = peer.headers(1, CHECK, *((f"x-{index}", "x" * 4000) for index in range(4)))
        peer.send(large, peer.headers(3, CHECK, *((f"x-{index}", "") for index in range(200))))
        return [peer.reply(1).status, peer.reply(3).status]


@attack((COMPRESSION_ERROR, ""))
def oversized_field(address: str):
    with RawConnection(address) as peer:
        block = peer.encoder.encode([("x-endless", "x" * 200_000)], huffman=False)
        first, *rest = [block[start : start + 16_000] for start in range(0, len(block), 16_000)]
        peer.send(HeadersFrame(1, data=first), *(ContinuationFrame(1, data=d) for d in rest))
        return peer.until_closed().end


@attack((CALM, "slow_headers"), hasty=True)
def slow_headers(address: str):
    with RawConnection(address, acknowledges=False) as peer:
        peer.send(peer.headers(1).serialize()[:-3])
        return peer.until_closed().end


# Bodies, replies, windows


@attack([4, 4], hasty=True)
def slow_bodies(address: str):
    """A request, and a message of a stream of requests, that do not end."""
    with RawConnection(address) as peer:
        half = b"\0\0\0\0\x10half"
        peer.send(peer.headers(1), data(1, half), peer.headers(3, REFLECTION), data(3, half))
        return [peer.reply(1).status, peer.reply(3).status]


@attack([8, 8])
def oversized_messages(address: str):
    """By what the prefix says, before any of it comes."""
    with RawConnection(address) as peer:
        large = b"\0\xff\xff\xff\xff"
        peer.send(peer.headers(1), data(1, large), peer.headers(3, REFLECTION), data(3, large))
        return [peer.reply(1).status, peer.reply(3).status]


@attack(((CALM, "too_many_stream_errors"), {CALM}), hasty=True)
def zero_window(address: str):
    """Three hundred replies that may not be sent. Each is given up, then the connection."""
    with RawConnection(address, settings={4: 0}) as peer:
        peer.ping()
        peer.send(*(peer.request(stream) for stream in ids(300)))
        end = peer.until_closed().end
        return end, {reply.reset for reply in peer.replies.values()} - {None}


@attack((CALM, "slow_read"), hasty=True)
def zero_connection_window(address: str):
    """The window of the connection, which the first replies use up, is never opened again."""
    with RawConnection(address, settings={4: 0x7FFFFFFF}) as peer:
        peer.ping()
        ask = message(describe("joinery.orders.v1.OrderService"))
        peer.send(peer.headers(1, REFLECTION), data(1, ask * 20))
        return peer.until_closed().end


@attack(CALM, hasty=True)
def window_by_the_byte(address: str):
    """A byte of window every so often keeps no reply alive."""
    with RawConnection(address, settings={4: 0}) as peer:
        peer.ping()
        ask = message(describe("joinery.orders.v1.OrderService"))
        peer.send(peer.headers(1, REFLECTION), data(1, ask))
        peer.socket.settimeout(0.02)
        while not (reply := peer.replies.setdefault(1, Reply())).reset:
            try:
                peer.next()
            except TimeoutError:
                peer.send(window_update(1, 1))
        return reply.reset


@attack((CALM, "too_many_control_frames"))
def flood_of_tiny_windows(address: str):
    """A long reply byte by byte, each for a WINDOW_UPDATE of its own."""
    with RawConnection(address, settings={4: 0}) as peer:
        peer.ping()
        ask = message(describe("joinery.orders.v1.OrderService"))
        peer.send(peer.headers(1, REFLECTION), data(1, ask * 20))
        peer.flood([window_update(1, 1) * 100] * PIECES)
        return peer.until_closed().end


@attack(True, hasty=True)
def slow_read(address: str):
    """Megabytes of replies that nobody reads from the socket."""
    with RawConnection(address, settings={4: 0x7FFFFFFF}, receive_buffer=4096) as peer:
        ask = message(describe("joinery.orders.v1.OrderService"))
        peer.send(window_update(0, 0x7FFF0000), peer.headers(1, REFLECTION), data(1, ask * 2000))
        # Only what we send tells us that the socket on the other side is gone.
        watch = select.poll()
        watch.register(peer.socket, 0)
        for _ in range(400):
            if not peer.send(data(1, ask)) or watch.poll(50):
                return True
        return False


def describe(symbol: str) -> bytes:
    """A reflection request that is answered with a file of many kilobytes."""
    name = symbol.encode()
    return b"\x22" + bytes([len(name)]) + name


# Connections


@attack((SETTINGS_TIMEOUT, "preface_timeout"), hasty=True)
def silence(address: str):
    with RawConnection(address, hello=False, acknowledges=False) as peer:
        return peer.until_closed().end


@attack((SETTINGS_TIMEOUT, "settings_timeout"), hasty=True)
def no_settings_acknowledgement(address: str):
    with RawConnection(address, acknowledges=False) as peer:
        return peer.until_closed().end


def spoken(address: str, words: bytes) -> int | None:
    with RawConnection(address, hello=False) as peer:
        peer.send(words)
        end = peer.until_closed().end
        return end[0] if end else None


@attack([PROTOCOL_ERROR] * 4)
def wrong_prefaces(address: str):
    words = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 40,
        PREFACE.replace(b"2.0", b"3.0") + SettingsFrame().serialize(),
        PREFACE + PingFrame(opaque_data=b"too soon").serialize(),
    ]
    return [spoken(address, each) for each in words]


@attack(True)
def random_bytes(address: str):
    """Instead of the preface, and behind it: each is answered with a GOAWAY."""
    chance = random.Random(9113)
    ends = [
        spoken(address, start + chance.randbytes(4000) + b"\xff" * 20_000)
        for start in (b"", PREFACE, PREFACE + SettingsFrame().serialize())
        for _ in range(30)
    ]
    return all(ends)
