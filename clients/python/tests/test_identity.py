"""A server that believes nobody, and a client that shows a token or a key."""

import re
from pathlib import Path

import grpc
import pytest

from joinery import Client
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.identity.v1 import identity_service_pb2 as identity
from joinery.server import LocalServer

PASSWORD = "four dovetails and a mitre"


@pytest.fixture
def server(binary: Path, tmp_path: Path):
    with LocalServer(binary, tmp_path / "shop.db", trust_callers=False) as running:
        yield running


def one_time_password(server: LocalServer) -> str:
    found = re.search(r"first administrator: admin, one-time password (\S+)", server.output)
    assert found, server.output
    return found[1]


def log_in(server: LocalServer) -> str:
    """The administrator's access token, once its password is its own."""
    first = one_time_password(server)
    with Client(server.address, token="none") as stranger:
        opened = stranger.identities.Login(identity.LoginRequest(name="admin", password=first))
    assert opened.password_change_required
    with Client(server.address, token=opened.tokens.access_token) as admin:
        admin.command(
            admin.identities.ChangePassword,
            identity.ChangePasswordRequest(old_password=first, new_password=PASSWORD),
        )
    return opened.tokens.access_token


def refused(call) -> grpc.StatusCode:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value.code()


def test_nobody_is_believed(server: LocalServer):
    with Client(server.address, actor="admin", roles=("ADMINISTRATOR",)) as liar:
        code = refused(lambda: liar.catalog.ListProducts(
            catalog.ListProductsRequest(), metadata=liar.identity))
    assert code == grpc.StatusCode.UNAUTHENTICATED


def test_a_key_works_until_it_is_revoked(server: LocalServer):
    with Client(server.address, token=log_in(server)) as admin:
        admin.command(
            admin.identities.CreateMachine,
            identity.CreateMachineRequest(
                name="till-1", kind=identity.PRINCIPAL_KIND_TILL, display_name="Counter",
                roles=["TILL"],
            ),
        )
        key = admin.command(
            admin.identities.IssueKey, identity.IssueKeyRequest(principal="till-1")
        )
        with Client(server.address, token=key.secret) as till:
            ask = catalog.ListProductsRequest()
            till.catalog.ListProducts(ask, metadata=till.identity)
            denied = refused(lambda: till.identities.ListRoles(
                identity.ListRolesRequest(), metadata=till.identity))
            assert denied == grpc.StatusCode.PERMISSION_DENIED
            admin.command(
                admin.identities.RevokeKey, identity.RevokeKeyRequest(key_id=key.key.key_id)
            )
            ended = refused(lambda: till.catalog.ListProducts(ask, metadata=till.identity))
            assert ended == grpc.StatusCode.UNAUTHENTICATED


def test_a_client_says_who_asks():
    with pytest.raises(ValueError):
        Client("127.0.0.1:1")
