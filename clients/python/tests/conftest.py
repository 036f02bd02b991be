"""A real server for the tests: the binary that was built last, or the one that JOINERY_BINARY
names.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import sample_company as company
from joinery import Client
from joinery.server import LocalServer

REPOSITORY = Path(__file__).resolve().parents[3]
BUILT = [REPOSITORY / ".build" / mode / "joinery" for mode in ("debug", "release")]


@pytest.fixture(scope="session")
def binary() -> Path:
    if named := os.environ.get("JOINERY_BINARY"):
        return Path(named).resolve()
    found = [path for path in BUILT if path.exists()]
    if not found:
        pytest.fail("there is no server to test: run `swift build --product joinery` first")
    return max(found, key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="session")
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds a library for LD_PRELOAD from the C file of that name."""
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("preloaded")

    def build(name: str) -> Path:
        library = folder / f"{name}.so"
        if not library.exists():
            source = Path(__file__).with_name(f"{name}.c")
            flags = ["-O1", "-Wall", "-Werror", "-shared", "-fPIC"]
            subprocess.run(["cc", *flags, source, "-o", library, "-ldl"], check=True)
        return library

    return build


@pytest.fixture
def start_server(binary: Path, tmp_path: Path) -> Iterator[Callable[[], LocalServer]]:
    """Starts servers of the test's own, each on an empty database."""
    servers: list[LocalServer] = []

    def start() -> LocalServer:
        servers.append(LocalServer(binary, tmp_path / f"{len(servers)}.db").start())
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def server(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """One server with the sample company, shared by the tests that do not end it."""
    database = tmp_path_factory.mktemp("shared") / "joinery.db"
    with LocalServer(binary, database) as running:
        with Client(running.address, actor="setup") as client:
            company.load(client)
        yield running


@pytest.fixture
def client(server: LocalServer, request: pytest.FixtureRequest) -> Iterator[Client]:
    """Asks in the name of the test, so that the keys of two tests never meet."""
    with Client(server.address, actor=request.node.name[:100]) as client:
        yield client
