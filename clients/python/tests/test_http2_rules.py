"""RFC 9113, sections 5, 6 and 8, as a server must keep them: one test a rule.

Where the RFC leaves a choice (a stream error may be treated as a connection error), the test names
what this server chose. Section numbers are those of RFC 9113.
"""

import struct
from collections.abc import Iterator

import pytest
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from raw_http2 import (
    CANCEL,
    CHECK,
    COMPRESSION_ERROR,
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    NO_ERROR,
    PREFACE,
    PROTOCOL_ERROR,
    REFLECTION,
    STREAM_CLOSED,
    RawConnection,
    data,
    message,
    raw_frame,
    reset,
    window_update,
)

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS = 0, 1, 2, 3, 4
PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 5, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS, PADDED, HAS_PRIORITY = 1, 1, 4, 8, 32

LIST_SERVICES = message(b"\x3a\x01*")
"""A reflection request with a short answer."""


@pytest.fixture
def peer(server) -> Iterator[RawConnection]:
    with RawConnection(server.address) as connection:
        yield connection


def connection_error(peer: RawConnection, *frames) -> int | None:
    """The code with which the server ends the connection over these frames."""
    peer.send(*frames)
    end = peer.until_closed().end
    return end[0] if end else None


def stream_error(peer: RawConnection, stream: int, *frames) -> int | None:
    """The code with which the server resets the stream over these frames, and lives on."""
    peer.send(*frames)
    code = peer.reply(stream).reset
    assert peer.call(2001).status == 0
    assert not peer.going_away
    return code


def served(peer: RawConnection, stream: int, *frames) -> bool:
    peer.send(*frames)
    return peer.reply(stream).status == 0 and peer.call(2001).status == 0


def open_stream(peer: RawConnection, stream: int = 1) -> None:
    """A stream that stays open on both sides."""
    peer.send(peer.headers(stream, REFLECTION))


def half_closed(peer: RawConnection, stream: int = 1) -> None:
    """A stream that the client has finished and the server cannot: it lacks window."""
    peer.send(SettingsFrame(settings={4: 0}))
    peer.send(peer.request(stream))
    peer.ping()


# 3.4 and 5: the connection and its streams


def test_3_4_the_servers_preface_is_a_settings_frame(peer):
    first = peer.next()
    assert isinstance(first, SettingsFrame) and "ACK" not in first.flags


def test_3_4_the_clients_preface_may_come_in_pieces(server):
    with RawConnection(server.address, hello=False) as peer:
        for byte in PREFACE + SettingsFrame().serialize():
            peer.send(bytes([byte]))
        assert peer.call(1).status == 0


def test_4_1_unknown_frame_types_are_ignored(peer):
    unknown = [raw_frame(0xF0, 0xFF, stream, b"whatever") for stream in (0, 1, 7)]
    assert served(peer, 3, *unknown, peer.request(3))


def test_4_1_unknown_flags_are_ignored(peer):
    peer.send(raw_frame(PING, 0xFE, 0, b"12345678"))
    answer = next(iter(lambda: peer.next(), None))
    while not isinstance(answer, PingFrame):
        answer = peer.next()
    assert answer.flags == {"ACK"}


def test_4_1_the_reserved_bit_is_ignored(peer):
    request = bytearray(peer.request(1))
    request[5] |= 0x80
    assert served(peer, 1, bytes(request))


@pytest.mark.parametrize(
    "frame",
    [
        raw_frame(DATA, 0, 1, b"x" * 16_385),
        raw_frame(HEADERS, END_HEADERS, 3, b"x" * 16_385),
        raw_frame(0xF0, 0, 0, b"x" * 16_385),
    ],
    ids=["DATA", "HEADERS", "unknown"],
)
def test_4_2_frames_beyond_the_maximum_size(peer, frame):
    open_stream(peer)
    assert connection_error(peer, frame) == FRAME_SIZE_ERROR


def test_4_2_frames_of_exactly_the_maximum_size(peer):
    body = message(b"\x3a" + b"\xfb\x7f" + b"s" * 16_379)
    assert len(body) == 16_387
    peer.send(peer.headers(1, REFLECTION), data(1, body[:16_384]), data(1, body[16_384:], end=True))
    assert peer.reply(1).status == 0


def test_4_3_a_field_block_that_does_not_decode(peer):
    # An index beyond both tables.
    frame = raw_frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\xff\x80\x01")
    assert connection_error(peer, frame) == COMPRESSION_ERROR


def test_4_3_the_table_is_kept_over_streams_that_were_refused(peer):
    """The block of a request that is reset still changes the table for the next one."""
    bad = peer.headers(1, fields=[*peer.fields(CHECK), ("x-new", "entry"), ("Upper", "case")])
    assert stream_error(peer, 1, bad) == PROTOCOL_ERROR
    again = peer.headers(2003, CHECK, ("x-new", "entry"))
    assert len(again.data) < 20
    peer.send(again, data(2003, message(), end=True))
    assert peer.reply(2003).status == 0


def test_5_1_idle_streams_take_headers_only(peer):
    assert connection_error(peer, data(1, b"x")) == PROTOCOL_ERROR


def test_5_1_rst_stream_on_an_idle_stream(peer):
    assert connection_error(peer, reset(1)) == PROTOCOL_ERROR


def test_5_1_window_update_on_an_idle_stream(peer):
    assert connection_error(peer, window_update(1, 1)) == PROTOCOL_ERROR


def test_5_1_priority_on_an_idle_stream_is_fine(peer):
    assert served(peer, 3, raw_frame(PRIORITY, 0, 1, b"\0\0\0\0\x10"), peer.request(3))


def test_5_1_data_on_a_half_closed_stream(peer):
    half_closed(peer)
    assert connection_error(peer, data(1, b"more")) == STREAM_CLOSED


def test_5_1_headers_on_a_half_closed_stream(peer):
    half_closed(peer)
    assert connection_error(peer, peer.headers(1)) == STREAM_CLOSED


def test_5_1_window_update_and_reset_on_a_half_closed_stream_are_fine(peer):
    half_closed(peer)
    peer.send(window_update(1, 1000))
    assert peer.reply(1).status == 0
    half_closed(peer, 3)
    assert served(peer, 5, reset(3), SettingsFrame(settings={4: 65535}), peer.request(5))


def test_5_1_frames_that_were_on_their_way_to_a_closed_stream_are_ignored(peer):
    assert peer.call(1).status == 0
    peer.send(window_update(1, 1), raw_frame(PRIORITY, 0, 1, b"\0\0\0\0\x10"), reset(1))
    assert peer.call(3).status == 0


def test_5_1_data_after_our_reset_is_ignored_and_its_window_returned(peer):
    """Five megabytes on a stream that the server has refused: the connection's window holds."""
    peer.send(peer.headers(1, "/no.such.Service/Method"))
    assert peer.reply(1).status == 12
    for _ in range(320):
        peer.send(data(1, b"x" * 16_384))
    peer.send(data(1, end=True))
    assert peer.call(3).status == 0
    returned = sum(
        frame.window_increment
        for frame in peer.frames
        if isinstance(frame, WindowUpdateFrame) and frame.stream_id == 0
    )
    assert returned >= 4 * 1024 * 1024


@pytest.mark.parametrize("stream", [2, 4])
def test_5_1_1_clients_open_odd_streams(peer, stream):
    assert connection_error(peer, peer.headers(stream)) == PROTOCOL_ERROR


def test_5_1_1_stream_numbers_grow(peer):
    """Older numbers are closed streams: what comes on them is ignored."""
    assert peer.call(5).status == 0
    peer.send(peer.headers(3), data(3, message(), end=True))
    assert peer.call(7).status == 0
    assert 3 not in peer.replies


def test_5_1_1_skipped_numbers_are_closed(peer):
    open_stream(peer, 5)
    assert served(peer, 7, reset(1), peer.request(7))


def test_5_1_2_streams_beyond_the_limit(peer):
    """1000 may be open; the one more breaks what the client has acknowledged."""
    peer.ping()
    peer.send(*(peer.headers(stream, REFLECTION) for stream in range(1, 2001, 2)))
    assert connection_error(peer, peer.headers(2001, REFLECTION)) == PROTOCOL_ERROR


def test_5_3_2_priorities_are_not_used_and_the_server_says_so(peer):
    settings = peer.next()
    assert settings.settings.get(9) == 1


def test_5_4_1_a_connection_error_names_the_last_stream(peer):
    assert peer.call(1).status == 0
    assert peer.call(3).status == 0
    peer.send(raw_frame(PING, 0, 1, b"12345678"))
    assert peer.until_closed().going_away[-1].last_stream_id == 3


def test_5_4_2_a_stream_error_is_told_once(peer):
    open_stream(peer)
    peer.send(window_update(1, 0x7FFFFFFF), data(1, b"x"), data(1, b"x"))
    assert peer.reply(1).reset == FLOW_CONTROL_ERROR
    peer.ping()
    resets = [frame for frame in peer.frames if isinstance(frame, RstStreamFrame)]
    assert [frame.error_code for frame in resets] == [FLOW_CONTROL_ERROR]


# 6.1 DATA


def test_6_1_data_on_stream_zero(peer):
    assert connection_error(peer, raw_frame(DATA, 0, 0, b"x")) == PROTOCOL_ERROR


def test_6_1_padding_is_no_data(peer):
    padded = DataFrame(1, data=message(), pad_length=200, flags=["PADDED", "END_STREAM"])
    assert served(peer, 1, peer.headers(1), padded)


@pytest.mark.parametrize("length", [5, 200])
def test_6_1_padding_as_long_as_the_payload(peer, length):
    open_stream(peer)
    frame = raw_frame(DATA, PADDED, 1, bytes([length]) + b"1234")
    assert connection_error(peer, frame) == PROTOCOL_ERROR


def test_6_1_padding_counts_for_flow_control(peer):
    """What the padding took from the windows comes back."""
    peer.ping()
    open_stream(peer)
    for _ in range(400):
        frame = DataFrame(1, data=LIST_SERVICES[:0], pad_length=255, flags=["PADDED"])
        peer.send(frame)
    for _ in range(200):
        peer.send(DataFrame(1, data=LIST_SERVICES, pad_length=255, flags=["PADDED"]))
    peer.send(data(1, end=True), window_update(0, 1 << 20), window_update(1, 1 << 20))
    assert peer.reply(1).status == 0
    updates = [f for f in peer.frames if isinstance(f, WindowUpdateFrame) and f.stream_id == 1]
    assert updates


def test_6_1_an_empty_data_frame_may_end_a_stream(peer):
    assert served(peer, 1, peer.headers(1), data(1, message()), data(1, end=True))


# 6.2 HEADERS, 6.10 CONTINUATION


def test_6_2_headers_on_stream_zero(peer):
    assert connection_error(peer, raw_frame(HEADERS, END_HEADERS, 0, b"\x82")) == PROTOCOL_ERROR


def test_6_2_padding_and_priority_of_headers_are_passed_over(peer):
    headers = peer.headers(1)
    headers.flags.add("PADDED")
    headers.flags.add("PRIORITY")
    headers.pad_length, headers.depends_on, headers.stream_weight = 20, 3, 7
    assert served(peer, 1, headers, data(1, message(), end=True))


def test_6_2_padding_longer_than_the_headers(peer):
    frame = raw_frame(HEADERS, END_HEADERS | PADDED, 1, b"\xff\x82")
    assert connection_error(peer, frame) == PROTOCOL_ERROR


def test_6_2_a_block_may_go_on_in_continuations(peer):
    block = peer.encoder.encode(peer.fields(CHECK, ("x-some", "thing")))
    pieces = [block[index : index + 10] for index in range(0, len(block), 10)]
    first = HeadersFrame(1, data=pieces[0])
    rest = [ContinuationFrame(1, data=piece) for piece in pieces[1:]]
    rest[-1].flags.add("END_HEADERS")
    assert served(peer, 1, first, *rest, data(1, message(), end=True))


@pytest.mark.parametrize(
    "between",
    [data(1, b"x"), PingFrame(opaque_data=b"12345678"), raw_frame(0xF0, 0, 0)],
    ids=["DATA", "PING", "unknown"],
)
def test_6_2_nothing_comes_between_headers_and_continuation(peer, between):
    assert connection_error(peer, HeadersFrame(1, data=b"\x82"), between) == PROTOCOL_ERROR


def test_6_10_continuation_of_another_stream(peer):
    frames = HeadersFrame(1, data=b"\x82"), ContinuationFrame(3, data=b"", flags=["END_HEADERS"])
    assert connection_error(peer, *frames) == PROTOCOL_ERROR


def test_6_10_continuation_without_headers(peer):
    frame = raw_frame(CONTINUATION, END_HEADERS, 1, b"\x82")
    assert connection_error(peer, frame) == PROTOCOL_ERROR


def test_6_10_continuation_on_stream_zero(peer):
    assert connection_error(peer, raw_frame(CONTINUATION, END_HEADERS, 0)) == PROTOCOL_ERROR


# 6.3 PRIORITY, 6.4 RST_STREAM


def test_6_3_priority_on_stream_zero(peer):
    frame = raw_frame(PRIORITY, 0, 0, b"\0\0\0\0\x10")
    assert connection_error(peer, frame) == PROTOCOL_ERROR


def test_6_3_priority_of_the_wrong_size(peer):
    """A stream error would do; this server ends the connection."""
    assert connection_error(peer, raw_frame(PRIORITY, 0, 1, b"\0\0\0\0")) == FRAME_SIZE_ERROR


def test_6_4_rst_stream_on_stream_zero(peer):
    assert connection_error(peer, raw_frame(RST_STREAM, 0, 0, b"\0\0\0\x08")) == PROTOCOL_ERROR


def test_6_4_rst_stream_of_the_wrong_size(peer):
    open_stream(peer)
    assert connection_error(peer, raw_frame(RST_STREAM, 0, 1, b"\0\0\0")) == FRAME_SIZE_ERROR


def test_6_4_a_reset_is_not_answered_with_a_reset(peer):
    open_stream(peer)
    peer.send(reset(1, CANCEL))
    peer.ping()
    assert 1 not in peer.replies


# 6.5 SETTINGS


def test_6_5_settings_are_acknowledged(peer):
    peer.send(SettingsFrame(settings={4: 100_000}), SettingsFrame(settings={3: 7}))
    peer.ping()
    acknowledged = [f for f in peer.frames if isinstance(f, SettingsFrame) and "ACK" in f.flags]
    assert len(acknowledged) == 3


def test_6_5_an_acknowledgement_with_a_payload(peer):
    frame = raw_frame(SETTINGS, ACK, 0, b"\0\x04\0\0\xff\xff")
    assert connection_error(peer, frame) == FRAME_SIZE_ERROR


def test_6_5_settings_on_a_stream(peer):
    assert connection_error(peer, raw_frame(SETTINGS, 0, 1)) == PROTOCOL_ERROR


def test_6_5_settings_of_the_wrong_size(peer):
    assert connection_error(peer, raw_frame(SETTINGS, 0, 0, b"\0\x04\0\0")) == FRAME_SIZE_ERROR


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        (2, 2, PROTOCOL_ERROR),
        (4, 0x80000000, FLOW_CONTROL_ERROR),
        (5, 16_383, PROTOCOL_ERROR),
        (5, 0x1000000, PROTOCOL_ERROR),
    ],
    ids=["ENABLE_PUSH", "INITIAL_WINDOW_SIZE", "small MAX_FRAME_SIZE", "large MAX_FRAME_SIZE"],
)
def test_6_5_2_values_that_may_not_be(peer, setting, value, code):
    frame = raw_frame(SETTINGS, 0, 0, struct.pack(">HI", setting, value))
    assert connection_error(peer, frame) == code


def test_6_5_2_unknown_settings_are_ignored(peer):
    assert served(peer, 1, raw_frame(SETTINGS, 0, 0, b"\xfa\xfa\0\0\0\x01"), peer.request(1))


def test_6_5_3_values_are_applied_in_order(peer):
    """The last of two initial windows counts, and the settings before their acknowledgement."""
    peer.send(raw_frame(SETTINGS, 0, 0, struct.pack(">HIHI", 4, 65535, 4, 0)))
    peer.send(peer.request(1))
    peer.ping()
    assert not any(isinstance(frame, DataFrame) for frame in peer.frames)
    peer.send(window_update(1, 1000))
    assert peer.reply(1).status == 0


# 6.6 PUSH_PROMISE, 6.7 PING, 6.8 GOAWAY


def test_6_6_a_client_cannot_push(peer):
    open_stream(peer)
    frame = raw_frame(PUSH_PROMISE, END_HEADERS, 1, b"\0\0\0\x02\x82")
    assert connection_error(peer, frame) == PROTOCOL_ERROR


def test_6_7_a_ping_is_answered_with_its_bytes(peer):
    peer.send(PingFrame(opaque_data=b"abcdefgh"))
    while not isinstance(frame := peer.next(), PingFrame):
        pass
    assert frame.flags == {"ACK"} and frame.opaque_data == b"abcdefgh"


def test_6_7_the_answer_to_a_ping_is_not_answered(peer):
    peer.send(PingFrame(opaque_data=b"unasked!", flags=["ACK"]))
    peer.ping()
    assert not any(isinstance(f, PingFrame) and f.opaque_data == b"unasked!" for f in peer.frames)


def test_6_7_ping_on_a_stream(peer):
    assert connection_error(peer, raw_frame(PING, 0, 1, b"12345678")) == PROTOCOL_ERROR


@pytest.mark.parametrize("size", [0, 7, 9])
def test_6_7_ping_of_the_wrong_size(peer, size):
    assert connection_error(peer, raw_frame(PING, 0, 0, b"x" * size)) == FRAME_SIZE_ERROR


def test_6_8_goaway_on_a_stream(peer):
    frame = raw_frame(GOAWAY, 0, 1, b"\0" * 8)
    assert connection_error(peer, frame) == PROTOCOL_ERROR


def test_6_8_open_streams_are_finished_after_the_clients_goaway(peer):
    open_stream(peer)
    peer.send(GoAwayFrame(last_stream_id=0, error_code=NO_ERROR))
    peer.send(data(1, LIST_SERVICES, end=True))
    assert peer.reply(1).status == 0


# 6.9 WINDOW_UPDATE and flow control


@pytest.mark.parametrize("stream", [0, 1])
def test_6_9_an_increment_of_nothing(peer, stream):
    """A stream error would do for stream 1; this server ends the connection."""
    open_stream(peer)
    assert connection_error(peer, window_update(stream, 0)) == PROTOCOL_ERROR


@pytest.mark.parametrize("stream", [0, 1])
def test_6_9_window_update_of_the_wrong_size(peer, stream):
    open_stream(peer)
    frame = raw_frame(WINDOW_UPDATE, 0, stream, b"\0\0\x01")
    assert connection_error(peer, frame) == FRAME_SIZE_ERROR


def test_6_9_1_the_stream_window_is_kept(peer):
    """Not a byte more than it has room for."""
    peer.send(SettingsFrame(settings={4: 3}), peer.request(1))
    peer.ping()
    assert len(peer.replies[1].data) == 3
    peer.send(window_update(1, 2))
    peer.ping()
    assert len(peer.replies[1].data) == 5
    peer.send(window_update(1, 100))
    assert peer.reply(1).status == 0


def test_6_9_1_the_connection_window_is_kept(server):
    with RawConnection(server.address, settings={4: 0x7FFFFFFF}) as peer:
        symbol = b"joinery.orders.v1.OrderService"
        ask = message(b"\x22" + bytes([len(symbol)]) + symbol)
        peer.send(peer.headers(1, REFLECTION), data(1, ask * 30, end=True))
        while len(peer.replies.get(1, RawReply()).data) < 65_535:
            assert peer.next() is not None
        peer.ping()
        assert len(peer.replies[1].data) == 65_535
        peer.send(window_update(0, 0x7FFFFFFF - 65_535))
        assert peer.reply(1).status == 0


class RawReply:
    data = b""


def test_6_9_1_a_stream_window_that_overflows(peer):
    open_stream(peer)
    assert stream_error(peer, 1, window_update(1, 0x7FFFFFFF)) == FLOW_CONTROL_ERROR


def test_6_9_1_a_connection_window_that_overflows(peer):
    assert connection_error(peer, window_update(0, 0x7FFFFFFF)) == FLOW_CONTROL_ERROR


def test_6_9_2_a_smaller_initial_window_can_be_negative(peer):
    """What was sent before it counts: the stream goes on once the window is positive again."""
    half = b"\x22\x1ejoinery.orders.v1.OrderService"
    peer.send(SettingsFrame(settings={4: 100}))
    peer.send(peer.headers(1, REFLECTION), data(1, message(half)))
    while len(peer.replies.get(1, RawReply()).data) < 100:
        assert peer.next() is not None
    peer.send(SettingsFrame(settings={4: 40}), window_update(1, 60))
    peer.ping()
    assert len(peer.replies[1].data) == 100
    peer.send(window_update(1, 7))
    peer.ping()
    assert len(peer.replies[1].data) == 107


def test_6_9_2_an_initial_window_that_makes_a_stream_overflow(peer):
    """The RFC wants a connection error; nghttp2 gives up the stream, which harms nobody else."""
    open_stream(peer)
    peer.send(window_update(1, 0x7FFFFFFF - 65_535))
    frame = raw_frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 65_536))
    assert stream_error(peer, 1, frame) == FLOW_CONTROL_ERROR


def test_6_9_1_a_client_that_ignores_our_window(peer):
    """The stream's window is 256 KiB; nothing of the message is taken before it is complete."""
    open_stream(peer)
    peer.ping()
    settings = next(frame for frame in peer.frames if isinstance(frame, SettingsFrame))
    assert settings.settings[4] == 256 * 1024
    busy = message(b"\x22\x1ejoinery.orders.v1.OrderService")
    peer.send(*(data(1, busy * 400) for _ in range(60)))
    assert peer.reply(1).reset == FLOW_CONTROL_ERROR


# 8 HTTP semantics


def malformed(peer: RawConnection, fields: list[tuple[str, str]]) -> int | None:
    return stream_error(peer, 1, peer.headers(1, fields=fields, end=True))


METHOD, SCHEME, PATH, AUTHORITY = (
    (":method", "POST"),
    (":scheme", "http"),
    (":path", CHECK),
    (":authority", "test"),
)
REQUEST = [METHOD, SCHEME, PATH, AUTHORITY]


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_8_3_1_every_pseudo_header_is_needed(peer, missing):
    fields = [field for index, field in enumerate(REQUEST) if index != missing]
    assert malformed(peer, fields) == PROTOCOL_ERROR


@pytest.mark.parametrize("field", REQUEST, ids=lambda field: field[0])
def test_8_3_1_no_pseudo_header_comes_twice(peer, field):
    assert malformed(peer, [*REQUEST, field]) == PROTOCOL_ERROR


def test_8_3_1_an_empty_path(peer):
    assert malformed(peer, [METHOD, SCHEME, (":path", ""), AUTHORITY]) == PROTOCOL_ERROR


@pytest.mark.parametrize("name", [":status", ":unknown", ":"])
def test_8_3_pseudo_headers_of_no_request(peer, name):
    assert malformed(peer, [*REQUEST, (name, "200")]) == PROTOCOL_ERROR


def test_8_3_pseudo_headers_come_first(peer):
    fields = [METHOD, SCHEME, ("te", "trailers"), PATH, AUTHORITY]
    assert malformed(peer, fields) == PROTOCOL_ERROR


@pytest.mark.parametrize(
    "name", ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]
)
def test_8_2_2_fields_of_a_connection(peer, name):
    assert malformed(peer, [*REQUEST, (name, "x")]) == PROTOCOL_ERROR


def test_8_2_2_te_says_trailers_only(peer):
    assert malformed(peer, [*REQUEST, ("te", "gzip")]) == PROTOCOL_ERROR


@pytest.mark.parametrize("name", ["Upper", "with space", "null\0", "\xe9", ""])
def test_8_2_1_names_that_are_none(peer, name):
    assert malformed(peer, [*REQUEST, (name, "x")]) == PROTOCOL_ERROR


@pytest.mark.parametrize("value", ["a\0b", "a\nb", "a\rb"])
def test_8_2_1_values_that_are_none(peer, value):
    assert malformed(peer, [*REQUEST, ("x-value", value)]) == PROTOCOL_ERROR


@pytest.mark.parametrize("length", ["0", "4", "6", "x", "-1"])
def test_8_1_1_a_content_length_that_lies(peer, length):
    headers = peer.headers(1, CHECK, ("content-length", length))
    assert stream_error(peer, 1, headers, data(1, message(), end=True)) == PROTOCOL_ERROR


def test_8_1_1_a_content_length_that_is_right(peer):
    headers = peer.headers(1, CHECK, ("content-length", "5"))
    assert served(peer, 1, headers, data(1, message(), end=True))


def test_8_1_trailers_end_a_request(peer):
    headers, trailers = peer.headers(1), peer.headers(1, fields=[("x-checksum", "1")], end=True)
    assert served(peer, 1, headers, data(1, message()), trailers)


def test_8_1_a_second_block_that_does_not_end_the_request(peer):
    headers, trailers = peer.headers(1), peer.headers(1, fields=[("x-checksum", "1")])
    assert stream_error(peer, 1, headers, data(1, message()), trailers) == PROTOCOL_ERROR


def test_8_1_pseudo_headers_in_trailers(peer):
    headers, trailers = peer.headers(1), peer.headers(1, fields=[(":path", "/")], end=True)
    assert stream_error(peer, 1, headers, data(1, message()), trailers) == PROTOCOL_ERROR


def test_8_1_an_early_answer_is_complete_before_the_reset(peer):
    """The server may answer before the request ends, and then asks for no more of it."""
    peer.send(peer.headers(1, "/no.such.Service/Method"))
    reply = peer.reply(1)
    assert reply.status == 12 and reply.ended
    while reply.reset is None:
        assert peer.next() is not None
    assert reply.reset == NO_ERROR


def test_8_1_a_response_has_its_headers_once_and_trailers_at_its_end(peer):
    reply = peer.call(1)
    assert [sorted(block) for block in reply.blocks] == [
        [":status", "content-type"],
        ["grpc-status"],
    ]


def test_8_5_connect_is_not_for_this_server(peer):
    peer.send(peer.headers(1, fields=[(":method", "CONNECT"), (":authority", "test:80")]))
    reply = peer.reply(1)
    assert reply.blocks[0][":status"] == "405"


def test_8_6_no_upgrade_and_no_push(peer):
    """The server never opens a stream."""
    assert peer.call(1).status == 0
    assert all(frame.stream_id % 2 == 1 for frame in peer.frames if frame.stream_id)
