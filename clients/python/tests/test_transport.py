"""The ways to the server: TLS, mutual TLS, and a Unix domain socket, with the stock client."""

import socket
import ssl
import subprocess
import threading
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from joinery import Client
from joinery.finance.v1 import finance_service_pb2 as finance
from joinery.server import LocalServer


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, for this machine, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "2", "-subj", f"/O=Joinery/CN={name}"]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        + ["-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    return certificate, key


def ask(target: str, credentials: grpc.ChannelCredentials | None = None) -> None:
    with Client(target, actor="transport", credentials=credentials) as client:
        client.query(client.finance.GetTrialBalance, finance.GetTrialBalanceRequest())


def test_tls(binary, tmp_path):
    certificate, key = make_certificate(tmp_path, "shop")
    security = ["--tls-certificate", str(certificate), "--tls-key", str(key)]
    with LocalServer(binary, tmp_path / "shop.db", *security) as server:
        port = server.address.rpartition(":")[2]
        credentials = grpc.ssl_channel_credentials(certificate.read_bytes())
        ask(server.address, credentials)
        ask(f"localhost:{port}", credentials)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_versions_and_alpn(binary, tmp_path, version):
    certificate, key = make_certificate(tmp_path, "shop")
    security = ["--tls-certificate", str(certificate), "--tls-key", str(key)]
    with LocalServer(binary, tmp_path / "shop.db", *security) as server:
        host, _, port = server.address.rpartition(":")
        for protocols, agreed in [(["h2"], "h2"), (["http/1.1"], None), ([], None)]:
            context = ssl.create_default_context(cafile=certificate)
            context.minimum_version = context.maximum_version = version
            if protocols:
                context.set_alpn_protocols(protocols)
            with socket.create_connection((host, int(port)), timeout=20) as plain:
                with context.wrap_socket(plain, server_hostname="localhost") as secure:
                    assert secure.selected_alpn_protocol() == agreed
                    assert secure.version() == version.name.replace("_", ".")
                    if not agreed:
                        while secure.recv(1000):
                            pass


def test_mutual_tls(binary, tmp_path):
    certificate, key = make_certificate(tmp_path, "shop")
    till, till_key = make_certificate(tmp_path, "till")
    security = ["--tls-certificate", certificate, "--tls-key", key, "--tls-client-ca", till]
    with LocalServer(binary, tmp_path / "shop.db", *map(str, security)) as server:
        root = certificate.read_bytes()
        ask(
            server.address,
            grpc.ssl_channel_credentials(root, till_key.read_bytes(), till.read_bytes()),
        )
        channel = grpc.secure_channel(server.address, grpc.ssl_channel_credentials(root))
        with channel, pytest.raises(grpc.RpcError) as refused:
            channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=10)
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_a_client_that_pings_too_often_is_told_so(binary, tmp_path):
    with LocalServer(binary, tmp_path / "shop.db") as server:
        options = [
            ("grpc.keepalive_time_ms", 1000),
            ("grpc.http2.max_pings_without_data", 0),
            ("grpc.keepalive_permit_without_calls", 1),
        ]
        with grpc.insecure_channel(server.address, options=options) as channel:
            watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
            with pytest.raises(grpc.RpcError) as cut:
                for _ in watch:
                    pass
        assert cut.value.code() is grpc.StatusCode.UNAVAILABLE
        assert "too_many_pings" in cut.value.details()


def test_no_call_is_lost_when_connections_get_old(binary, tmp_path):
    with LocalServer(binary, tmp_path / "shop.db", "--max-connection-age", "1") as server:
        # Without a retry policy grpcio repeats a call only where the server cannot have seen it: one
        # that it picked the connection for just before the GOAWAY came. An accepted call that is
        # lost still fails.
        with grpc.insecure_channel(server.address) as channel:
            check = health_pb2_grpc.HealthStub(channel).Check
            ends, connected = [], threading.Event()

            def watch(state):
                if state is grpc.ChannelConnectivity.IDLE and connected.is_set():
                    ends.append(state)
                if state is grpc.ChannelConnectivity.READY:
                    connected.set()

            channel.subscribe(watch, try_to_connect=True)
            while len(ends) < 2:
                check(health_pb2.HealthCheckRequest(), timeout=10, wait_for_ready=True)


def test_a_unix_socket(binary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("s")
    path = folder / "s"
    with LocalServer(binary, folder / "shop.db", "--listen", f"unix:{path}") as server:
        ask(f"unix:{path}")
        ask(server.address)
    assert not path.exists()


def test_calls_that_wait_for_a_server_that_comes_later(binary, tmp_path_factory):
    """wait_for_ready of grpcio and --wait of ours; without it both fail at once."""
    folder = tmp_path_factory.mktemp("s")
    path = f"unix:{folder}/s"
    command = [binary, "product", "list", "--server", path]
    hasty = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert hasty.returncode == 2 and f"cannot reach {path}" in hasty.stderr
    waiting = subprocess.Popen([*command, "--wait", "--timeout", "60"], stdout=subprocess.PIPE)
    with waiting, grpc.insecure_channel(
        path, options=[("grpc.initial_reconnect_backoff_ms", 100)]
    ) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        call = health.Check.future(
            health_pb2.HealthCheckRequest(), wait_for_ready=True, timeout=60
        )
        with pytest.raises(grpc.RpcError) as refused:
            health.Check(health_pb2.HealthCheckRequest(), timeout=60)
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        with LocalServer(binary, folder / "s.db", "--listen", path):
            assert call.result().status == health_pb2.HealthCheckResponse.SERVING
            assert waiting.wait(timeout=60) == 0
