"""The servers that the tests of a session share."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import peers

sys.path.append(str(peers.REPOSITORY / "clients" / "python"))


@pytest.fixture(scope="session")
def interop_peer() -> Path:
    return peers.built("interop-peer")


@pytest.fixture(scope="session")
def cpp_peer() -> Path:
    return peers.build_cpp_peer()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Certificate (its own authority) and key of `localhost` and 127.0.0.1."""
    openssl = peers.tool("openssl", "openssl")
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "2", "-subj", "/CN=localhost", "-out", paths[0], "-keyout", paths[1]]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )
    return paths


@pytest.fixture(scope="session")
def routes(
    interop_peer: Path,
    certificate: tuple[Path, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], str]]:
    """Says by which address our server is reached: `direct`, `unix`, `tls`, or through a proxy.

    At the end of the session no connection and no handler of any call may be left.
    """
    folder = tmp_path_factory.mktemp("interop")
    serve = [interop_peer, "serve"]
    plain, (direct, unix) = peers.serve(
        [*serve, "--name", "A", "--listen", "127.0.0.1:0", "--listen", f"unix:{folder}/socket"], 2
    )
    secured, (tls,) = peers.serve(
        [*serve, "--tls-certificate", certificate[0], "--tls-key", certificate[1]]
    )
    addresses = {"direct": direct, "unix": unix, "tls": tls}
    proxies: list[peers.Process] = []

    def address(route: str) -> str:
        if route not in addresses:
            home = tmp_path_factory.mktemp(route)
            proxy, addresses[route] = peers.PROXIES[route](home, [direct])
            proxies.append(proxy)
        return addresses[route]

    try:
        yield address
    finally:
        for proxy in proxies:
            proxy.end()
        try:
            for server, most in [(plain, 2), (secured, 1)]:
                server.wait_for_open_sockets(most)
                server.stop()
        finally:
            plain.kill()
            secured.kill()


@pytest.fixture(params=list(peers.PROXIES))
def balanced(
    request: pytest.FixtureRequest, interop_peer: Path, tmp_path: Path
) -> Iterator[tuple[str, list[peers.Process]]]:
    """The address of a proxy before two servers of ours, A and B, and these servers."""
    started = [
        peers.serve([interop_peer, "serve", "--name", name, "--listen", "127.0.0.1:0"])
        for name in "AB"
    ]
    servers = [process for process, _ in started]
    try:
        proxy, address = peers.PROXIES[request.param](tmp_path, [one for _, (one,) in started])
        try:
            yield address, servers
        finally:
            proxy.end()
            # Shown when the test fails.
            print(proxy.output)
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.stop()
