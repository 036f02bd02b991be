"""The client: a channel, the services, and commands that are carried out exactly once over a bad
network.
"""

import random
import secrets
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import grpc

from joinery.audit.v1 import audit_service_pb2_grpc as audits
from joinery.catalog.v1 import catalog_service_pb2_grpc as catalog
from joinery.configurator.v1 import configurator_service_pb2_grpc as configurator
from joinery.customers.v1 import customer_service_pb2_grpc as customers
from joinery.errors import JoineryError
from joinery.events.v1 import event_service_pb2
from joinery.events.v1 import event_service_pb2_grpc as events
from joinery.finance.v1 import finance_service_pb2_grpc as finance
from joinery.identity.v1 import identity_service_pb2_grpc as identities
from joinery.inventory.v1 import inventory_service_pb2_grpc as inventory
from joinery.notifications.v1 import notification_service_pb2_grpc as notifications
from joinery.orders.v1 import order_service_pb2_grpc as orders
from joinery.production.v1 import production_service_pb2_grpc as production
from joinery.pricing.v1 import pricing_service_pb2_grpc as pricing
from joinery.purchasing.v1 import purchasing_service_pb2_grpc as purchasing
from joinery.reports.v1 import report_service_pb2_grpc as reports
from joinery.tills.v1 import till_service_pb2_grpc as tills

_CHANNEL_OPTIONS = (
    # A client is one connection of its own, made directly and made again soon after it was lost.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # A connection that a router on the way has forgotten is found out while a call waits on it.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.http2.max_pings_without_data", 0),
)


def new_key() -> str:
    """An idempotency key that nobody else has.

    A UUID of version 7 (RFC 9562, 5.7): its front is the time, so keys that come one after the other
    lie side by side in the server's index.
    """
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    high = milliseconds << 16 | 0x7000 | chance >> 62
    low = 0b10 << 62 | chance & (1 << 62) - 1
    return str(uuid.UUID(int=high << 64 | low))


@dataclass(frozen=True)
class RetryPolicy:
    """How long a call is tried again when its reply was lost or the server was not there."""

    attempts: int = 6
    first_pause_seconds: float = 0.1
    longest_pause_seconds: float = 2.0

    def pause(self, attempt: int) -> float:
        """Before the next attempt: random, so that tills do not march in step, and doubling."""
        bound = self.first_pause_seconds * 2 ** min(attempt - 1, 30)
        return random.uniform(0, min(bound, self.longest_pause_seconds))


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    message: Any
    """The reply."""
    key: str
    replayed: bool
    """True when an earlier attempt (or run) had done it already and this is its reply."""
    commit_sequence: int | None
    """Position of the command in the order of commits; None for a dry run."""
    attempts: int


class Client:
    """Calls one Joinery server. Safe to share between threads.

    `token` is the key of a service or a till, or the access token of a person's session: it says who
    asks. Where the server believes callers (`--trust-callers`), `actor` is who asks, as it will stand
    in the audit log, and `roles` are what they may decide ("GENERAL_MANAGER"). With `credentials` (`grpc.ssl_channel_credentials`) the connection is TLS,
    without it cleartext. `deadline_seconds` bounds each attempt of a call, `retry` the number of
    attempts.
    """

    def __init__(
        self,
        target: str,
        *,
        actor: str = "",
        roles: Iterable[str] = (),
        token: str = "",
        credentials: grpc.ChannelCredentials | None = None,
        deadline_seconds: float = 10.0,
        retry: RetryPolicy = RetryPolicy(),
        options: Iterable[tuple[str, Any]] = (),
    ) -> None:
        self.target = target
        self.deadline_seconds = deadline_seconds
        self.retry = retry
        if not (actor or token):
            raise ValueError("a client needs a token, or an actor where the server believes callers")
        self.identity = [("joinery-actor", actor)] if actor else []
        if token:
            self.identity.append(("authorization", f"Bearer {token}"))
        if roles:
            self.identity.append(("joinery-roles", ",".join(roles)))
        options = [*_CHANNEL_OPTIONS, *options]
        if credentials is None:
            self.channel = grpc.insecure_channel(target, options=options)
        else:
            self.channel = grpc.secure_channel(target, credentials, options=options)
        self.audit = audits.AuditServiceStub(self.channel)
        self.catalog = catalog.CatalogServiceStub(self.channel)
        self.configurator = configurator.ConfiguratorServiceStub(self.channel)
        self.customers = customers.CustomerServiceStub(self.channel)
        self.events = events.EventServiceStub(self.channel)
        self.finance = finance.FinanceServiceStub(self.channel)
        self.identities = identities.IdentityServiceStub(self.channel)
        self.inventory = inventory.InventoryServiceStub(self.channel)
        self.notifications = notifications.NotificationServiceStub(self.channel)
        self.orders = orders.OrderServiceStub(self.channel)
        self.production = production.ProductionServiceStub(self.channel)
        self.pricing = pricing.PricingServiceStub(self.channel)
        self.purchasing = purchasing.PurchasingServiceStub(self.channel)
        self.reports = reports.ReportServiceStub(self.channel)
        self.tills = tills.TillServiceStub(self.channel)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.channel.close()

    def command(
        self, method: grpc.UnaryUnaryMultiCallable, request: Any, key: str | None = None
    ) -> Any:
        """Carries out a command exactly once and returns its reply; see `execute`."""
        return self.execute(method, request, key).message

    def execute(
        self, method: grpc.UnaryUnaryMultiCallable, request: Any, key: str | None = None
    ) -> Outcome:
        """Carries out a command exactly once, however often the network loses request or reply.

        Every attempt has the same idempotency key: yours, when you keep it across restarts of your
        program, or a new one. A refusal raises JoineryError. When all attempts were lost the error
        is the last one's, and whether the command was carried out is not known: send it again with
        the same key to find out.
        """
        key = key or new_key()
        message, call, attempts = self._attempt(method, request, [("idempotency-key", key)])
        trailers = dict(call.trailing_metadata() or ())
        sequence = trailers.get("commit-sequence")
        return Outcome(
            message=message,
            key=key,
            replayed=trailers.get("idempotency-replayed") == "true",
            commit_sequence=int(sequence) if sequence is not None else None,
            attempts=attempts,
        )

    def preview(self, method: grpc.UnaryUnaryMultiCallable, request: Any) -> Any:
        """What a command would answer now. It runs in full on the server, and nothing stays."""
        metadata = [("idempotency-key", new_key()), ("dry-run", "true")]
        return self._attempt(method, request, metadata)[0]

    def query(self, method: grpc.UnaryUnaryMultiCallable, request: Any) -> Any:
        """Asks a question; asked again when its answer was lost."""
        return self._attempt(method, request, [])[0]

    def rows(self, method: grpc.UnaryUnaryMultiCallable, request: Any, field: str) -> Iterator[Any]:
        """All rows of a list, page after page; `field` is the repeated field of the response."""
        request = type(request).FromString(request.SerializeToString())
        while True:
            page = self.query(method, request)
            yield from getattr(page, field)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def watch(
        self, resume_token: str = "", *, patience_seconds: float | None = None, **wanted: Any
    ) -> Iterator[event_service_pb2.WatchResponse]:
        """The committed events after the token, and then each new one, without gap or repetition.

        Goes on over lost connections and restarts of the server, for `patience_seconds` without a
        word of it (None: for ever). `wanted` are the other fields of WatchRequest: `from_now`,
        `types`, `kinds`, `document_numbers`, `heartbeat_interval`.

            for message in client.watch(kept_token, types=["order.*"]):
                with my_database:
                    for event in message.events:
                        ...
                    keep(message.resume_token)

        Keep the token in the same transaction as what you did about the events, and nothing is left
        out or done twice, whenever your program ends. Break off the loop, or close the generator,
        to stop watching.
        """
        request = event_service_pb2.WatchRequest(resume_token=resume_token, **wanted)
        failures = 0
        while True:
            call = self.events.Watch(request, metadata=self.identity)
            try:
                for message in call:
                    failures = 0
                    request.resume_token = message.resume_token
                    yield message
            except grpc.RpcError as error:
                failures += 1
                if not self._may_come_back(error):
                    raise JoineryError.of(error) from error
                time.sleep(self.retry.pause(failures))
                try:
                    grpc.channel_ready_future(self.channel).result(patience_seconds)
                except grpc.FutureTimeoutError:
                    raise JoineryError.of(error) from error
            finally:
                call.cancel()

    @staticmethod
    def _may_come_back(error: grpc.RpcError) -> bool:
        pushback = dict(error.trailing_metadata() or ()).get("grpc-retry-pushback-ms", "")
        return error.code() is grpc.StatusCode.UNAVAILABLE or pushback.isdecimal()

    def _attempt(
        self, method: grpc.UnaryUnaryMultiCallable, request: Any, metadata: list
    ) -> tuple[Any, Any, int]:
        attempt = 1
        while True:
            try:
                message, call = method.with_call(
                    request,
                    timeout=self.deadline_seconds,
                    metadata=[*self.identity, *metadata],
                    # A first attempt fails fast; a later one may wait for the connection to come
                    # back.
                    wait_for_ready=attempt > 1,
                )
                return message, call, attempt
            except grpc.RpcError as error:
                pause = self.pause_after(error, attempt)
                if pause is None:
                    raise JoineryError.of(error) from error
                time.sleep(pause)
                attempt += 1

    def pause_after(self, error: grpc.RpcError, attempt: int) -> float | None:
        """Seconds until the next attempt; None when there should be none."""
        if attempt >= self.retry.attempts:
            return None
        pushback = dict(error.trailing_metadata() or ()).get("grpc-retry-pushback-ms", "")
        if pushback and not pushback.isdecimal():
            # The server says that it helps nobody.
            return None
        if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
            return self.retry.pause(attempt)
        if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED and pushback.isdecimal():
            return int(pushback) / 1_000 + self.retry.pause(attempt)
        return None
