"""What the tests of HTTP/2's rules share: numbers of RFC 9113, and how a server meets its frames.

The tests have one a rule, in `test_http2_streams.py` (sections 3 to 5), `test_http2_frames.py` (6)
and `test_http2_semantics.py` (8). Where the RFC leaves a choice (a stream error may be treated as a
connection error), the test names what this server chose.
"""

from collections.abc import Iterator

import pytest
from hyperframe.frame import SettingsFrame

from raw_http2 import REFLECTION, RawConnection, message

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
