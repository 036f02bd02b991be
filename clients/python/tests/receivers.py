"""Those who are told: a mail server that keeps its mails, and a program that keeps its requests."""

import asyncio
import email
import email.policy
import queue
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import standardwebhooks
from aiosmtpd.smtp import SMTP

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PATIENCE = 30


class Postbox:
    """A mail server's handler: keeps what it takes, and answers as it is told."""

    def __init__(self) -> None:
        self.mails: queue.Queue[email.message.EmailMessage] = queue.Queue()
        self.arrivals: queue.Queue[str] = queue.Queue()
        self.answers: list[str] = []
        self.hold: threading.Event | None = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers and not self.answers[0].startswith("DATA "):
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.arrivals.put(message["Message-ID"])
        if self.hold is not None:
            # Nobody answers until the connection is gone.
            await server._reader.read()
            return "451 held"
        if self.answers:
            return self.answers.pop(0).removeprefix("DATA ")
        message.rcpt_tos = envelope.rcpt_tos
        self.mails.put(message)
        return "250 taken"

    def taken(self) -> email.message.EmailMessage:
        return self.mails.get(timeout=PATIENCE)


class MailServer:
    """A mail server on a free port, in a thread of its own."""

    def __init__(self, handler: Postbox, tls: ssl.SSLContext | None, **options) -> None:
        self.handler = handler
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(
                lambda: SMTP(handler, loop=self._loop, **options), "127.0.0.1", 0, ssl=tls
            )
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


class Program:
    """A program that is told of events: answers with the statuses that it is given, then 200."""

    def __init__(self, *statuses: int | None) -> None:
        self.statuses = list(statuses)
        self.requests: queue.Queue[tuple[dict, bytes]] = queue.Queue()
        program = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                program.requests.put((dict(self.headers), body))
                status = program.statuses.pop(0) if program.statuses else 200
                if status is None:
                    # Hangs until the other side has had enough.
                    self.rfile.read(1)
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("location", "http://169.254.169.254/")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def told(self) -> tuple[dict, dict]:
        """The next request, whose signature is proved by other people's code."""
        headers, body = self.requests.get(timeout=PATIENCE)
        headers = {name.lower(): value for name, value in headers.items()}
        return headers, standardwebhooks.Webhook(KEY).verify(body.decode(), headers)
