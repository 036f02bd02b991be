"""RFC 9113, sections 3.4, 4 and 5: the connection and its streams, one test a rule."""

import pytest
from hyperframe.frame import PingFrame, RstStreamFrame, SettingsFrame, WindowUpdateFrame

from http2_rules import (
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    PING,
    PRIORITY,
    connection_error,
    half_closed,
    open_stream,
    peer,
    served,
    stream_error,
)
from raw_http2 import (
    CHECK,
    COMPRESSION_ERROR,
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    MAX_STREAMS,
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
    """So many may be open; the one more breaks what the client has acknowledged."""
    peer.ping()
    peer.send(*(peer.headers(stream, REFLECTION) for stream in range(1, 2 * MAX_STREAMS, 2)))
    assert connection_error(peer, peer.headers(2 * MAX_STREAMS + 1, REFLECTION)) == PROTOCOL_ERROR


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
