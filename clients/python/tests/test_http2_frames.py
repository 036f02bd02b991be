"""RFC 9113, section 6: what each frame may be, one test a rule."""

import struct

import pytest
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from http2_rules import (
    ACK,
    CONTINUATION,
    DATA,
    END_HEADERS,
    GOAWAY,
    HEADERS,
    LIST_SERVICES,
    PADDED,
    PING,
    PRIORITY,
    PUSH_PROMISE,
    RST_STREAM,
    SETTINGS,
    WINDOW_UPDATE,
    connection_error,
    open_stream,
    peer,
    served,
    stream_error,
)
from raw_http2 import (
    CANCEL,
    CHECK,
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    NO_ERROR,
    PROTOCOL_ERROR,
    REFLECTION,
    RawConnection,
    Reply,
    data,
    message,
    raw_frame,
    reset,
    window_update,
)


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
        while len(peer.replies.get(1, Reply()).data) < 65_535:
            assert peer.next() is not None
        peer.ping()
        assert len(peer.replies[1].data) == 65_535
        peer.send(window_update(0, 0x7FFFFFFF - 65_535))
        assert peer.reply(1).status == 0


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
    while len(peer.replies.get(1, Reply()).data) < 100:
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
