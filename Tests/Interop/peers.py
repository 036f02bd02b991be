"""Processes on either side of a call: our servers, those of others, proxies between them."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
CASES = [
    "empty_unary",
    "large_unary",
    "client_compressed_unary",
    "server_compressed_unary",
    "custom_metadata",
    "client_streaming",
    "client_compressed_streaming",
    "server_streaming",
    "server_compressed_streaming",
    "ping_pong",
    "empty_stream",
    "status_code_and_message",
    "special_status_message",
    "unimplemented_method",
    "unimplemented_service",
    "cancel_after_begin",
    "cancel_after_first_response",
    "timeout_on_sleeping_server",
]
"""Names as in doc/interop-test-descriptions.md of grpc/grpc."""

PATIENCE_SECONDS = 30.0


def tool(name: str, package: str) -> str:
    """The path of a program; skips the test where it is not installed."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"needs {name}: apt-get install {package}")
    return path


def built(name: str) -> Path:
    """The program of ours that was built last, or the one that the environment names."""
    variable = name.upper().replace("-", "_")
    variable = "JOINERY_BINARY" if name == "joinery" else f"JOINERY_{variable}"
    if named := os.environ.get(variable):
        return Path(named).resolve()
    found = [REPOSITORY / ".build" / mode / name for mode in ("debug", "release")]
    found = [path for path in found if path.exists()]
    if not found:
        pytest.fail(f"run `swift build --product {name}` first")
    return max(found, key=lambda path: path.stat().st_mtime)


def build_cpp_peer() -> Path:
    """Builds the gRPC C++ peer where Debian's gRPC C++ is installed; else skips the test."""
    for name, package in [
        ("g++", "g++"),
        ("make", "make"),
        ("protoc", "protobuf-compiler"),
        ("grpc_cpp_plugin", "protobuf-compiler-grpc"),
    ]:
        tool(name, package)
    if not Path("/usr/include/grpcpp/grpcpp.h").exists():
        pytest.skip("needs gRPC C++: apt-get install libgrpc++-dev")
    folder = REPOSITORY / ".build" / "interop-cpp"
    command = ["make", "--silent", "-j2", f"BUILD={folder}"]
    result = subprocess.run(
        command, cwd=HERE / "cpp", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert result.returncode == 0, result.stdout
    return folder / "grpc-cpp-peer"


def free_port() -> int:
    """For programs that cannot choose one and say which."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server that ends with the test."""

    def __init__(self, command: list[str | Path]) -> None:
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, pattern: str, count: int = 1) -> list[str]:
        """The first groups of so many lines that match, as they come."""

        def found() -> list[str]:
            matches = [re.match(pattern, line) for line in self.lines]
            return [match[1] for match in matches if match]

        with self._changed:
            self._changed.wait_for(
                lambda: len(found()) >= count or not self._reader.is_alive(), PATIENCE_SECONDS
            )
            assert len(found()) >= count, f"it did not start:\n{self.output}"
            return found()

    def wait_for_port(self, port: int) -> None:
        """Returns when it accepts connections; for programs that do not say when."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        self.end()
        raise AssertionError(f"it did not start:\n{self.output}")

    @property
    def open_sockets(self) -> int:
        """Those that listen, and connections."""
        folder = Path(f"/proc/{self.process.pid}/fd")
        count = 0
        for path in folder.iterdir():
            # One that was closed meanwhile cannot be read.
            with contextlib.suppress(FileNotFoundError):
                count += os.readlink(path).startswith("socket:")
        return count

    def wait_for_open_sockets(self, most: int) -> None:
        """Returns when no more than so many are left."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.open_sockets > most and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.open_sockets <= most, f"{self.open_sockets} open sockets instead of {most}"

    def stop(self) -> None:
        """SIGTERM; it must end well."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it did not end:\n{self.output}") from None
        self._reader.join(PATIENCE_SECONDS)
        assert status == 0, f"it ended with {status}:\n{self.output}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """SIGTERM, however it ends: a proxy that is killed would leave its workers behind."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def serve(command: list[str | Path], addresses: int = 1) -> tuple[Process, list[str]]:
    """Starts a server that says `listening ADDRESS` for each of its addresses."""
    process = Process(command)
    try:
        return process, process.wait_for(r"listening (\S+)$", addresses)
    except AssertionError:
        process.kill()
        raise


def check(command: list[str | Path]) -> None:
    """Runs a peer's cases; each must say that it passed."""
    result = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    failed = [line for line in result.stdout.splitlines() if line.startswith("FAILED")]
    passed = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("ok ")]
    assert not failed and result.returncode == 0, result.stdout
    assert passed == CASES


def start_nginx(folder: Path, servers: list[str]) -> tuple[Process, str]:
    """nginx's grpc_pass before servers, in turn."""
    program = tool("nginx", "nginx-light")
    port = free_port()
    folders = "".join(
        f"  {kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    upstream = "".join(f"    server {server};\n" for server in servers)
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log stderr warn;\nworker_processes 1;\n"
        "events { worker_connections 1024; }\n"
        "http {\n"
        f"  access_log off;\n{folders}"
        "  client_max_body_size 0;\n  grpc_read_timeout 60s;\n  grpc_send_timeout 60s;\n"
        f"  upstream servers {{\n{upstream}    keepalive 8;\n  }}\n"
        f"  server {{\n    listen 127.0.0.1:{port} http2;\n"
        "    location / { grpc_pass grpc://servers; }\n  }\n}\n"
    )
    process = Process([program, "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"])
    process.wait_for_port(port)
    return process, f"127.0.0.1:{port}"


def start_nghttpx(folder: Path, servers: list[str]) -> tuple[Process, str]:
    """nghttp2's proxy before servers, in turn."""
    program = tool("nghttpx", "nghttp2-proxy")
    port = free_port()
    backends = [f"--backend={server.replace(':', ',')};/;proto=h2" for server in servers]
    process = Process(
        [program, "--conf=/dev/null", f"--frontend=127.0.0.1,{port};no-tls", *backends]
        + ["--workers=1", "--errorlog-file=/dev/stderr", "--accesslog-file=/dev/null"]
        + [f"--pid-file={folder}/pid"]
    )
    process.wait_for_port(port)
    return process, f"127.0.0.1:{port}"


PROXIES = {"nginx": start_nginx, "nghttpx": start_nghttpx}
