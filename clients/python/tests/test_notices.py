"""Notices by real mail servers and to real programs: what arrives, what is tried again, and what is
never told twice.
"""

import json
import re
import ssl
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

import sample_company as company
from asking import assert_verified, place_order
from joinery import Client, JoineryError, quantity, unit_price
from joinery.customers.v1 import contact_pb2
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.notifications.v1 import notice_pb2, notification_service_pb2 as notifications
from joinery.server import LocalServer
from receivers import KEY, PATIENCE, MailServer, Postbox, Program

EMAIL = notice_pb2.NOTICE_CHANNEL_EMAIL
PENDING, SENT, DEAD = (
    notice_pb2.NOTICE_STATE_PENDING,
    notice_pb2.NOTICE_STATE_SENT,
    notice_pb2.NOTICE_STATE_DEAD,
)


# The other side


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"joinery" and data.password == b"s3cret \xc3\xa9"
    return AuthResult(success=right, handled=right)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "2", "-subj", "/CN=mail"]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        + ["-keyout", folder / "server.key", "-out", folder / "server.pem"],
        check=True,
        capture_output=True,
    )
    return folder / "server.pem", folder / "server.key"


@pytest.fixture
def serve_mail(certificate) -> Iterator[Callable[..., tuple[Postbox, int]]]:
    running: list[MailServer] = []

    def serve(security: str, **options) -> tuple[Postbox, int]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        if security == "starttls":
            options.update(tls_context=context, require_starttls=True)
        server = MailServer(Postbox(), context if security == "implicit" else None, **options)
        running.append(server)
        return server.handler, server.port

    yield serve
    for server in running:
        server.stop()


# Joinery


@pytest.fixture
def start(binary, tmp_path, monkeypatch) -> Iterator[Callable[..., LocalServer]]:
    """Starts a server with the sample company, whose customer has an address."""
    servers: list[LocalServer] = []
    secret = tmp_path / "webhook.key"
    secret.write_text(KEY + "\n")
    secret.chmod(0o600)
    monkeypatch.setenv("MAIL_PASSWORD", "s3cret é")

    def start(*arguments: str, fresh: bool = True) -> LocalServer:
        server = LocalServer(
            binary, tmp_path / "shop.db", *arguments, "--webhook-key", f"shop={secret}"
        )
        servers.append(server.start())
        if fresh:
            with Client(server.address, actor="setup") as client:
                company.load(client)
                client.command(
                    client.customers.SetContact,
                    contact_pb2.SetContactRequest(
                        customer_code="C-CHEN",
                        contact=contact_pb2.Contact(name="陈思远", email="chen@example.com"),
                    ),
                )
        return server

    yield start
    for server in servers:
        server.kill()


def mail_options(port: int, security: str, certificate) -> list[str]:
    found = ["--smtp", f"127.0.0.1:{port}", "--smtp-security", security]
    found += ["--mail-from", "橡木家居 <orders@example.com>"]
    if security != "none":
        found += ["--smtp-ca", str(certificate[0])]
        found += ["--smtp-user", "joinery", "--smtp-password", "env:MAIL_PASSWORD"]
    return found


def tell_customers(client: Client, event: str = "order.confirmed", **rule) -> None:
    values = dict(
        code=f"C-{event}",
        event_type=event,
        channel=EMAIL,
        audience=notifications.NOTICE_AUDIENCE_CUSTOMER,
        locale="zh-CN",
        active=True,
    )
    request = notifications.SetNoticeRuleRequest(rule=notifications.NoticeRule(**values | rule))
    client.command(client.notifications.SetNoticeRule, request)


def tell_program(client: Client, port: int, *events: str, code: str = "ERP", path: str = "/") -> None:
    webhook = notifications.Webhook(
        code=code,
        url=f"http://127.0.0.1:{port}{path}",
        events=events or ["order.*"],
        key_name="shop",
        active=True,
    )
    client.command(
        client.notifications.SetWebhook, notifications.SetWebhookRequest(webhook=webhook)
    )


def notices(client: Client, **filters) -> list[notice_pb2.Notice]:
    request = notifications.ListNoticesRequest(page_size=500, **filters)
    return list(client.rows(client.notifications.ListNotices, request, "notices"))


def eventually(look: Callable[[], object]):
    """What it comes to, once that is something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came to be")


def place(client: Client, name: str) -> str:
    return client.command(client.orders.PlaceOrder, place_order(name)).order.number


# Mails


@pytest.mark.parametrize("security", ["starttls", "implicit", "none"])
def test_a_customer_gets_one_mail_for_its_order(serve_mail, start, certificate, security):
    options = {}
    if security != "none":
        options = dict(authenticator=authenticate, auth_required=True)
        options["auth_require_tls"] = security == "starttls"
    postbox, port = serve_mail(security, **options)
    server = start(*mail_options(port, security, certificate))
    with Client(server.address, actor="li.na") as client:
        place(client, "before the rule")
        tell_customers(client)
        number = place(client, "first")
        mail = postbox.taken()
        assert mail.rcpt_tos == ["chen@example.com"]
        assert mail["Subject"] == f"您的订单 {number} 已确认"
        assert mail["From"] == "橡木家居 <orders@example.com>" and mail["To"] == "chen@example.com"
        body = mail.get_content().replace("\r\n", "\n")
        assert "尊敬的陈思远：" in body and number in body and "含税总额：" in body
        assert mail["Auto-Submitted"] == "auto-generated" and mail["Date"]
        [notice] = eventually(lambda: notices(client, state=SENT))
        assert notice.document.number == number and notice.attempts == 1
        assert mail["Message-ID"] == f"<{notice.event_id}.{notice.id}@example.com>"
        whole = client.query(
            client.notifications.GetNotice, notifications.GetNoticeRequest(id=notice.id)
        ).notice
        assert whole.address == "chen@example.com" and whole.body.strip() == body.strip()
        # What was placed before anybody wanted to be told is not told.
        assert len(notices(client)) == 1
        assert_verified(client)
    assert postbox.mails.empty()


def test_a_server_that_knows_only_the_old_login(serve_mail, start, certificate):
    postbox, port = serve_mail(
        "starttls", authenticator=authenticate, auth_required=True, auth_exclude_mechanism=["PLAIN"]
    )
    server = start(*mail_options(port, "starttls", certificate))
    with Client(server.address, actor="li.na") as client:
        tell_customers(client)
        number = place(client, "first")
        assert number in postbox.taken()["Subject"]


@pytest.mark.parametrize("speaks", [True, False])
def test_an_address_beyond_ascii(serve_mail, start, certificate, speaks):
    postbox, port = serve_mail("none", enable_SMTPUTF8=speaks)
    server = start(*mail_options(port, "none", certificate))
    with Client(server.address, actor="li.na") as client:
        tell_customers(
            client, audience=notifications.NOTICE_AUDIENCE_STAFF, addresses=["销售@例子.中国"]
        )
        place(client, "first")
        if speaks:
            assert postbox.taken().rcpt_tos == ["销售@例子.中国"]
        else:
            [dead] = eventually(lambda: notices(client, state=DEAD))
            assert "SMTPUTF8" in dead.last_error


def test_long_texts_with_dots_arrive_as_they_are(serve_mail, start, certificate):
    postbox, port = serve_mail("none")
    server = start(*mail_options(port, "none", certificate))
    lines = [".", "..", ". {{order.number}}", "x" * 800, "", "end."]
    with Client(server.address, actor="li.na") as client:
        for name, body in [("plain", "\n".join(lines)), ("encoded", "\n".join([*lines, "完"]))]:
            template = notifications.NoticeTemplate(
                event_type="order.confirmed",
                channel=EMAIL,
                locale="zh-CN",
                subject="{{customer.name}} " * 10,
                body=body,
            )
            client.command(
                client.notifications.SetNoticeTemplate,
                notifications.SetNoticeTemplateRequest(template=template),
            )
            tell_customers(client)
            number = place(client, name)
            mail = postbox.taken()
            text = mail.get_content().replace("\r\n", "\n").strip()
            assert text == body.replace("{{order.number}}", number)
            assert mail["Subject"].split() == ["陈思远"] * 10


def test_what_a_mail_server_refuses(serve_mail, start, certificate):
    postbox, port = serve_mail("none")
    server = start(*mail_options(port, "none", certificate))
    with Client(server.address, actor="li.na") as client:
        tell_customers(client)
        # Not now: tried again, with the same id.
        postbox.answers = ["451 4.3.0 busy"]
        first = place(client, "busy")
        [waiting] = eventually(lambda: [n for n in notices(client, state=PENDING) if n.attempts])
        assert "451" in waiting.last_error and waiting.due_time.seconds > waiting.created_time.seconds
        retry = notifications.RetryNoticeRequest(id=waiting.id)
        client.command(client.notifications.RetryNotice, retry)
        assert first in postbox.taken()["Subject"]
        eventually(lambda: notices(client, state=SENT))
        # Never: a dead letter that somebody may still send.
        postbox.answers = ["550 5.1.1 no such user"]
        second = place(client, "unknown")
        [dead] = eventually(lambda: notices(client, state=DEAD))
        assert "550" in dead.last_error and dead.attempts == 1
        client.command(
            client.notifications.RetryNotice, notifications.RetryNoticeRequest(id=dead.id)
        )
        assert second in postbox.taken()["Subject"]
        # The mail itself: DATA 554.
        postbox.answers = ["DATA 554 5.6.0 not wanted"]
        place(client, "unwanted")
        [dead] = eventually(lambda: notices(client, state=DEAD))
        discard = notifications.DiscardNoticeRequest(id=dead.id, reason="told by phone")
        client.command(client.notifications.DiscardNotice, discard)
        assert notices(client, state=DEAD) == []
        with pytest.raises(JoineryError, match="SENT"):
            sent = notices(client, state=SENT)[0].id
            client.command(
                client.notifications.RetryNotice, notifications.RetryNoticeRequest(id=sent)
            )
        assert_verified(client)


def test_a_wrong_password_is_no_fault_of_the_mail(serve_mail, start, certificate, monkeypatch):
    postbox, port = serve_mail("implicit", authenticator=authenticate, auth_required=True,
                               auth_require_tls=False)
    monkeypatch.setenv("WRONG", "guess")
    options = [o.replace("MAIL_PASSWORD", "WRONG") for o in mail_options(port, "implicit", certificate)]
    server = start(*options)
    with Client(server.address, actor="li.na") as client:
        tell_customers(client)
        place(client, "first")
        [waiting] = eventually(lambda: [n for n in notices(client, state=PENDING) if n.attempts])
        assert "535" in waiting.last_error and "guess" not in waiting.last_error
    assert postbox.mails.empty()


def test_a_server_that_proves_nothing_is_told_nothing(serve_mail, start, certificate):
    _, port = serve_mail("starttls", authenticator=authenticate)
    options = mail_options(port, "starttls", certificate)
    at = options.index("--smtp-ca")
    server = start(*options[:at], *options[at + 2 :])
    with Client(server.address, actor="li.na") as client:
        tell_customers(client)
        place(client, "first")
        [waiting] = eventually(lambda: [n for n in notices(client, state=PENDING) if n.attempts])
        assert "CERTIFICATE_VERIFY_FAILED" in waiting.last_error


def test_a_killed_server_tells_once(serve_mail, start, certificate):
    postbox, port = serve_mail("none")
    options = mail_options(port, "none", certificate)
    server = start(*options)
    with Client(server.address, actor="li.na") as client:
        tell_customers(client)
        postbox.hold = threading.Event()
        place(client, "first")
        held = postbox.arrivals.get(timeout=PATIENCE)
        place(client, "second")
        server.kill()
    postbox.hold = None
    server = start(*options, fresh=False)
    ids = {postbox.taken()["Message-ID"] for _ in range(2)}
    assert held in ids and len(ids) == 2
    with Client(server.address, actor="li.na") as client:
        eventually(lambda: len(notices(client, state=SENT)) == 2)
        assert len(notices(client)) == 2
        assert_verified(client)
    assert postbox.mails.empty()


def test_a_server_stops_in_the_middle_of_a_mail(serve_mail, start, certificate):
    postbox, port = serve_mail("none")
    options = mail_options(port, "none", certificate)
    server = start(*options)
    with Client(server.address, actor="li.na") as client:
        tell_customers(client)
        postbox.hold = threading.Event()
        place(client, "first")
        held = postbox.arrivals.get(timeout=PATIENCE)
    server.stop()
    postbox.hold = None
    server = start(*options, fresh=False)
    assert postbox.taken()["Message-ID"] == held
    with Client(server.address, actor="li.na") as client:
        [sent] = eventually(lambda: notices(client, state=SENT))
        # What was broken off by the stop is no failed try.
        assert sent.attempts == 1 and not sent.last_error


# Programs


def test_a_program_is_told_in_order_and_signed(start):
    program = Program()
    server = start("--webhook-allow", "127.0.0.1")
    with Client(server.address, actor="li.na") as client:
        tell_program(client, program.port, path="/hooks?from=joinery")
        number = place(client, "first")
        told = [program.told() for _ in range(2)]
        types = [event["type"] for _, event in told]
        assert types == ["order.created", "order.confirmed"] or types[-1] == "order.confirmed"
        headers, event = told[-1]
        assert event["subject"]["number"] == number
        assert headers["webhook-id"] == f"{event['commitSequence']}-{event['ordinal']}"
        assert headers["content-type"] == "application/json"
        client.command(
            client.notifications.TestWebhook, notifications.TestWebhookRequest(code="ERP")
        )
        assert program.told()[1]["type"] == "webhook.tested"
        eventually(lambda: notices(client, origin="webhook ERP", state=SENT))
        assert_verified(client)


def test_a_program_is_told_no_cost(start):
    program = Program()
    server = start("--webhook-allow", "127.0.0.1")
    with Client(server.address, actor="li.na") as client:
        tell_program(client, program.port, "stock.received")
        client.command(
            client.inventory.ReceiveStock,
            inventory.ReceiveStockRequest(
                sku="LAMP-TABLE",
                warehouse_code="SH-MAIN",
                quantity=quantity(1),
                unit_cost=unit_price("77.77"),
                reason="found",
            ),
        )
        _, event = program.told()
        names = {fact["name"] for fact in event["facts"]}
        assert "quantity" in names and "value" not in names
        assert "77.77" not in json.dumps(event)


def test_what_a_program_answers(start):
    program = Program(500, 302, 410)
    server = start("--webhook-allow", "127.0.0.1")
    with Client(server.address, actor="li.na") as client:
        tell_program(client, program.port, "order.confirmed")

        def failed(with_text: str, attempts: int):
            return [
                n
                for n in notices(client, origin="webhook ERP")
                if with_text in n.last_error and n.attempts == attempts
            ]

        place(client, "first")
        [notice] = eventually(lambda: failed("HTTP 500", 1))
        again = notifications.RetryNoticeRequest(id=notice.id)
        ids = {program.told()[0]["webhook-id"]}
        client.command(client.notifications.RetryNotice, again)
        eventually(lambda: failed("HTTP 302", 1))
        ids.add(program.told()[0]["webhook-id"])
        client.command(client.notifications.RetryNotice, again)
        eventually(lambda: failed("HTTP 410", 1) if failed("410", 1)[:1] else None)
        ids.add(program.told()[0]["webhook-id"])
        assert notices(client, state=DEAD)
        client.command(client.notifications.RetryNotice, again)
        ids.add(program.told()[0]["webhook-id"])
        eventually(lambda: notices(client, state=SENT))
        assert len(ids) == 1


def test_one_program_that_hangs_holds_up_no_other(start):
    hanging, healthy = Program(*[None] * 20), Program()
    server = start("--webhook-allow", "127.0.0.1")
    with Client(server.address, actor="li.na") as client:
        tell_program(client, hanging.port, "order.confirmed", code="HANGS")
        tell_program(client, healthy.port, "order.confirmed", code="WORKS")
        numbers = [place(client, f"order {n}") for n in range(10)]
        told = {healthy.told()[1]["subject"]["number"] for _ in numbers}
        assert told == set(numbers)
        eventually(lambda: any("10 s" in n.last_error for n in notices(client, origin="webhook HANGS")))


def test_a_server_does_not_ask_its_own_network(start):
    program = Program()
    server = start("--webhook-allow", "10.200.0.0/16")
    with Client(server.address, actor="li.na") as client:
        tell_program(client, program.port, "order.confirmed")
        place(client, "first")
        [notice] = eventually(lambda: [n for n in notices(client) if n.attempts])
        assert "not public" in notice.last_error
    assert program.requests.empty()


# Settings and what is refused


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--smtp", "mail.example.com"], "expected HOST:PORT"),
        (["--smtp", "mail:25"], "--smtp needs --mail-from"),
        (["--mail-from", "a@b.cn"], "--mail-from needs --smtp"),
        (["--smtp", "mail:25", "--mail-from", "nobody"], "expected an address"),
        (["--smtp", "m:25", "--mail-from", "a@b.cn", "--smtp-user", "x"], "go together"),
        (["--smtp-security", "ssl"], "expected starttls, implicit or none"),
        (["--webhook-key", "shop"], "expected NAME=FILE"),
        (["--webhook-key", "shop=env:NO_SUCH_KEY"], "NO_SUCH_KEY"),
        (["--webhook-key", "shop=command:echo whsec_short"], "expected lines of whsec_"),
        (["--webhook-allow", "10.0.0.1/8"], "expected a network"),
    ],
)
def test_settings_that_cannot_be(binary, tmp_path, arguments, complaint):
    run = subprocess.run(
        [binary, "serve", "--listen", "127.0.0.1:0", "--database", tmp_path / "s.db", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert run.returncode != 0 and complaint in run.stderr
    assert not (tmp_path / "s.db").exists()


def test_a_channel_or_key_that_is_not_configured_is_refused(start):
    server = start()
    with Client(server.address, actor="li.na") as client:
        with pytest.raises(JoineryError, match="no sender for EMAIL"):
            tell_customers(client)
        with pytest.raises(JoineryError, match="webhook-allow"):
            tell_program(client, 80)


def test_metrics_count_notices(binary, serve_mail, start, certificate):
    postbox, port = serve_mail("none")
    server = start(*mail_options(port, "none", certificate), "--admin", "127.0.0.1:0")
    admin = re.search(r"^admin (\S+)", server.output, re.M)[1]
    with Client(server.address, actor="li.na") as client:
        tell_customers(client)
        place(client, "first")
        postbox.taken()
        eventually(lambda: notices(client, state=SENT))

    def metrics() -> str:
        with urllib.request.urlopen(f"http://{admin}/metrics", timeout=PATIENCE) as answer:
            return answer.read().decode()

    eventually(lambda: "\njoinery_notices_sent_total 1\n" in metrics())
    eventually(lambda: "\njoinery_notices_pending 0\n" in metrics())
