"""Those who mean harm are cut off with the right word, hold no memory, and nobody else notices."""

import resource
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from attacks import ATTACKS, HASTE, Attack, neighbour, open_files, resident_kib
from joinery.server import LocalServer
from raw_http2 import NO_ERROR, PREFACE, RawConnection

MOST_KIB = 48 * 1024
"""What an attack may make the server hold, several of them after another included. None of
them sends less than a tenth of what a server without bounds would hold.
"""


def limited(*limits: str) -> list[str]:
    return [part for limit in limits for part in ("--limit", limit)]


@pytest.fixture(scope="module")
def targets(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable]:
    """A server with the bounds that it has by itself, and one in haste."""
    folder = tmp_path_factory.mktemp("attacked")
    servers: dict[bool, tuple[LocalServer, int]] = {}

    def target(hasty: bool) -> tuple[LocalServer, int]:
        if hasty not in servers:
            server = LocalServer(
                binary, folder / f"{hasty}.db", *limited(*(HASTE if hasty else []))
            ).start()
            with neighbour(server.address) as friend:
                friend.more(50)
            servers[hasty] = server, resident_kib(server.pid)
        return servers[hasty]

    yield target
    for server, _ in servers.values():
        server.stop()


@pytest.fixture
def serve(binary: Path, tmp_path: Path) -> Iterator[Callable[..., LocalServer]]:
    """Starts a server with arguments of the test's own."""
    with ExitStack() as servers:
        yield lambda *arguments: servers.enter_context(
            LocalServer(binary, tmp_path / "joinery.db", *arguments)
        )


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_attack(targets, attack: Attack):
    server, before = targets(attack.hasty)
    with neighbour(server.address) as friend:
        assert attack.run(server.address) == attack.end
        friend.more(20)
    assert not friend.failures
    with RawConnection(server.address) as newcomer:
        assert newcomer.call(1).status == 0
    assert resident_kib(server.pid) - before < MOST_KIB


def idle_connections(address: str, count: int, stack: ExitStack) -> list[socket.socket]:
    """That many connections which have shown that they speak HTTP/2, and do nothing more."""
    host, port = address.rsplit(":", 1)
    hello = PREFACE + b"\0\0\0\x04\0\0\0\0\0" + b"\0\0\0\x04\x01\0\0\0\0"
    peers = []
    for _ in range(count):
        peer = stack.enter_context(closing(socket.create_connection((host, int(port)), 30)))
        peer.sendall(hello)
        peers.append(peer)
    # Each gets our SETTINGS, a WINDOW_UPDATE and the acknowledgement: it is served.
    for peer in peers:
        received = b""
        while b"\0\0\0\x04\x01" not in received:
            received += peer.recv(4096)
    return peers


def test_ten_thousand_idle_connections(serve):
    server = serve()
    files, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(9_990, hard - 500)
    if count < 9_990:
        print(f"only {count} connections: the hard limit of open files is {hard}")
    with ExitStack() as stack, neighbour(server.address) as friend:
        before = resident_kib(server.pid)
        idle_connections(server.address, count, stack)
        each = (resident_kib(server.pid) - before) / count
        friend.more(20)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    assert not friend.failures
    print(f"{each:.1f} KiB for each idle connection")
    assert each < 12


def test_more_connections_than_may_be(serve):
    server = serve(*limited("maxConnections=20"))
    with ExitStack() as stack, neighbour(server.address) as friend:
        idle_connections(server.address, 18, stack)
        with RawConnection(server.address) as last:
            assert last.call(1).status == 0
            for _ in range(100):
                with RawConnection(server.address) as refused:
                    assert refused.until_closed().frames == []
        friend.more(20)
    assert not friend.failures


def test_more_connections_of_one_address_than_may_be(serve):
    server = serve(*limited("maxConnectionsPerAddress=3"))
    with ExitStack() as stack:
        idle_connections(server.address, 3, stack)
        with RawConnection(server.address) as refused:
            assert refused.until_closed().frames == []
        with closing(socket.socket()) as elsewhere:
            elsewhere.bind(("127.0.0.2", 0))
            host, port = server.address.rsplit(":", 1)
            elsewhere.connect((host, int(port)))
            elsewhere.sendall(PREFACE + b"\0\0\0\x04\0\0\0\0\0")
            assert elsewhere.recv(9)[3] == 4
    with RawConnection(server.address) as returned:
        assert returned.call(1).status == 0


def test_a_server_without_file_descriptors_serves_on(serve):
    server = serve()
    with ExitStack() as stack, neighbour(server.address) as friend:
        room = open_files(server.pid) + 20
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (room, room))
        host, port = server.address.rsplit(":", 1)
        crowd = [
            stack.enter_context(closing(socket.create_connection((host, int(port)), 30)))
            for _ in range(200)
        ]
        friend.more(50)
        for peer in crowd:
            peer.close()
        with RawConnection(server.address) as newcomer:
            assert newcomer.call(1).status == 0
    assert not friend.failures


def test_a_peer_that_vanished_is_let_go(serve):
    """It answers no PING: its side of the connection is not there any more."""
    server = serve("--keepalive", "1", *limited("keepaliveTimeout=300ms"))
    with RawConnection(server.address) as peer:
        assert peer.call(1).status == 0
        peer.acknowledges = False
        assert peer.until_closed().end == (NO_ERROR, "keepalive_timeout")


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "2", "-subj", "/CN=attacked"]
        + ["-addext", "subjectAltName=DNS:localhost"]
        + ["-keyout", folder / "server.key", "-out", folder / "server.pem"],
        check=True,
        capture_output=True,
    )
    return folder / "server.pem", folder / "server.key"


@pytest.fixture
def secure(serve, certificate) -> LocalServer:
    arguments = ["--tls-certificate", certificate[0], "--tls-key", certificate[1]]
    return serve(*map(str, arguments), *limited("prefaceTimeout=1s"))


@pytest.fixture
def trust(certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certificate[0])
    context.set_alpn_protocols(["h2"])
    return context


def test_junk_and_silent_handshakes(secure, trust):
    host, port = secure.address.rsplit(":", 1)
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x2a" * 32
    with RawConnection(secure.address, tls=trust) as friend, ExitStack() as stack:
        files = open_files(secure.pid)
        peers = []
        for words in [b"", hello, hello + b"\xff" * 4000, b"GET / HTTP/1.1\r\n\r\n"] * 25:
            peer = stack.enter_context(closing(socket.create_connection((host, int(port)), 30)))
            peer.sendall(words)
            peers.append(peer)
        for peer in peers:
            try:
                while peer.recv(4096):
                    pass
            except ConnectionResetError:
                pass
        assert friend.call(1).status == 0
        assert open_files(secure.pid) <= files


def test_a_handshake_without_http2_is_closed(secure, certificate):
    for protocols in ([], ["http/1.1"]):
        context = ssl.create_default_context(cafile=certificate[0])
        if protocols:
            context.set_alpn_protocols(protocols)
        try:
            with RawConnection(secure.address, tls=context) as peer:
                assert peer.until_closed().frames == []
        except ssl.SSLError as refused:
            assert "no application protocol" in str(refused).lower().replace("_", " ")


def test_renegotiation_is_refused(secure, trust):
    """`R` makes s_client ask for a new handshake within the old one."""
    openssl = shutil.which("openssl")
    assert openssl
    with RawConnection(secure.address, tls=trust) as friend:
        asked = subprocess.run(
            [openssl, "s_client", "-connect", secure.address, "-tls1_2", "-alpn", "h2"],
            input=b"R\n",
            capture_output=True,
            timeout=30,
        )
        assert b"RENEGOTIATING" in asked.stdout + asked.stderr
        refused = asked.stderr.split(b"RENEGOTIATING")[-1]
        assert b"error:" in refused
        assert friend.call(1).status == 0
