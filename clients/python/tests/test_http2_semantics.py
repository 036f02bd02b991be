"""RFC 9113, section 8: HTTP semantics, one test a rule."""

import pytest

from http2_rules import peer, served, stream_error
from raw_http2 import CHECK, NO_ERROR, PROTOCOL_ERROR, RawConnection, data, message


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
