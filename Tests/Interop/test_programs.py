"""The cases between programs: our client and gRPC C++'s, each against the other's server."""

import os

import pytest

import peers

ROUTES = ["direct", "unix", "tls", "nginx", "nghttpx"]


@pytest.mark.parametrize("route", ROUTES)
def test_grpc_cpp_calls_our_server(cpp_peer, routes, certificate, route):
    trust = ["--tls-ca", certificate[0]] if route == "tls" else []
    peers.check([cpp_peer, "check", *trust, routes(route)])


@pytest.mark.parametrize("route", ROUTES)
def test_our_client_calls_our_server(interop_peer, routes, certificate, route):
    trust = ["--tls-ca", certificate[0]] if route == "tls" else []
    peers.check([interop_peer, "check", *trust, routes(route)])


@pytest.mark.parametrize("proxy", [None, *peers.PROXIES])
def test_our_client_calls_the_server_of_grpc_cpp(interop_peer, cpp_peer, tmp_path, proxy):
    server, (address,) = peers.serve([cpp_peer, "serve", "127.0.0.1:0"])
    try:
        if proxy is None:
            peers.check([interop_peer, "check", address])
        else:
            between, address = peers.PROXIES[proxy](tmp_path, [address])
            try:
                peers.check([interop_peer, "check", address])
            finally:
                between.end()
        server.stop()
    finally:
        server.kill()


@pytest.mark.parametrize("route", ["direct", *peers.PROXIES])
def test_grpc_swift_calls_our_server(routes, route):
    if not (peer := os.environ.get("JOINERY_GRPC_SWIFT_PEER")):
        pytest.skip("takes minutes to build: make interop-swift")
    peers.check([peer, "check", routes(route)])
