"""The queue of a till that goes on selling without a network: commands on its own disk, numbered, each
carried out once when the server is there again.

    till = TillQueue("till.db", "HZ-1")
    number = till.add(orders.PlaceOrderRequest(order=...), actor="li.na")   # no network needed
    ...
    for verdict in till.sync(client):                                       # whenever there is one
        print(verdict.number, verdict.error or verdict.reply)
"""

import queue
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import message_factory
from google.rpc import status_pb2

from joinery.client import Client, new_key
from joinery.errors import JoineryError
from joinery.tills.v1 import till_service_pb2 as tills

_SCHEMA = """
CREATE TABLE IF NOT EXISTS terminal (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS queued (
  number INTEGER PRIMARY KEY,
  message BLOB NOT NULL,  -- joinery.tills.v1.SyncRequest
  verdict BLOB            -- joinery.tills.v1.Verdict
);
"""
# Commands on their way without a verdict; what a bad network has to carry again after a break.
_IN_FLIGHT = 32


@dataclass(frozen=True)
class Verdict:
    """What became of one queued command."""

    number: int
    reply: Any
    """The response message, or None when it was refused."""
    error: JoineryError | None
    """The refusal, or None when it was done."""
    commit_sequence: int
    replayed: bool
    """True when it was not carried out now but before."""


class TillQueue:
    """The queue of one terminal in an SQLite file. For one thread; a file belongs to one till.

    A command is on disk when `add` returns, and has a verdict on disk when `sync` yields it: the
    program, the network and the server may end at any moment.
    """

    def __init__(self, path: str | Path, terminal: str) -> None:
        self.terminal = terminal
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(_SCHEMA)
        names = [name for (name,) in self._file.execute("SELECT name FROM terminal")]
        if not names:
            self._file.execute("INSERT INTO terminal VALUES (?)", (terminal,))
        elif names != [terminal]:
            raise ValueError(f"{path} is the queue of {names[0]}, not of {terminal}")

    def __enter__(self) -> "TillQueue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def add(self, request: Any, *, actor: str = "", key: str | None = None) -> int:
        """Queues the command that takes this request message; returns its number.

        `actor` is who asked for it, the client's by default. With the `key` of a single call that
        was tried before, it is the same command as that.
        """
        message = tills.SyncRequest()
        message.command.method = _method_of(request)
        message.command.request = request.SerializeToString(deterministic=True)
        message.command.idempotency_key = key or new_key()
        message.command.actor = actor
        return self._append(message)

    def void(self, reason: str) -> int:
        """Takes the number of a command that shall not be carried out after all."""
        message = tills.SyncRequest()
        message.voided.reason = reason
        return self._append(message)

    def give_up(self, number: int, reason: str) -> None:
        """Replaces a queued command that must not hold up the others any longer. When the server has
        carried it out already, its verdict is that all the same.
        """
        message = tills.SyncRequest()
        message.voided.number, message.voided.reason = number, reason
        changed = self._file.execute(
            "UPDATE queued SET message = ? WHERE number = ? AND verdict IS NULL",
            (message.SerializeToString(), number),
        )
        if changed.rowcount == 0:
            raise ValueError(f"{self.terminal} has no number {number} without a verdict")

    def verdict(self, number: int) -> Verdict | None:
        """What became of that number; None while it is not known."""
        row = self._file.execute(
            "SELECT message, verdict FROM queued WHERE number = ?", (number,)
        ).fetchone()
        return None if row is None or row[1] is None else _read(*row)

    @property
    def waiting(self) -> int:
        """How many commands have no verdict yet: a till is closed for the day when it is 0."""
        return self._file.execute(
            "SELECT count(*) FROM queued WHERE verdict IS NULL"
        ).fetchone()[0]

    def adopt(self, client: Client) -> None:
        """Lets an empty queue go on where the server is: for a till with a new disk."""
        request = tills.GetTerminalRequest(terminal=self.terminal)
        through = client.query(client.tills.GetTerminal, request).acknowledged_through
        if self._last("1"):
            raise ValueError(f"the queue of {self.terminal} is not empty")
        if through:
            self._file.execute("INSERT INTO queued VALUES (?, ?, ?)", (through, b"", b""))

    def sync(self, client: Client) -> Iterator[Verdict]:
        """Sends what is queued and yields each verdict when it is stored, until all have one.

        Goes on over lost connections as often as `client.retry` allows without any progress. Raises
        JoineryError for what another attempt would not change, such as a number that belonged to
        another command.
        """
        failures = 0
        while True:
            try:
                for verdict in self._sync_once(client):
                    failures = 0
                    yield verdict
                return
            except grpc.RpcError as error:
                failures += 1
                pause = client.pause_after(error, failures)
                if pause is None:
                    raise JoineryError.of(error) from error
                time.sleep(pause)

    def _sync_once(self, client: Client) -> Iterator[Verdict]:
        outbox: queue.SimpleQueue[tills.SyncRequest | None] = queue.SimpleQueue()
        opening = tills.SyncRequest()
        opening.opening.terminal = self.terminal
        opening.opening.verdicts_through = known = self._last("verdict IS NOT NULL")
        outbox.put(opening)
        call = client.tills.Sync(iter(outbox.get, None), metadata=client.identity)
        try:
            sent = known
            for answer in call:
                if answer.HasField("verdict"):
                    known = answer.verdict.number
                    yield self._store(answer.verdict)
                for number, message in self._queued(sent, known + _IN_FLIGHT):
                    outbox.put(message)
                    sent = number
                if known == self._last("1"):
                    outbox.put(None)
        finally:
            outbox.put(None)
            call.cancel()

    def _append(self, message: tills.SyncRequest) -> int:
        self._file.execute("BEGIN IMMEDIATE")
        with self._file:
            number = self._last("1") + 1
            part = message.voided if message.HasField("voided") else message.command
            part.number = number
            self._file.execute(
                "INSERT INTO queued (number, message) VALUES (?, ?)",
                (number, message.SerializeToString()),
            )
        return number

    def _last(self, condition: str) -> int:
        row = self._file.execute(f"SELECT max(number) FROM queued WHERE {condition}").fetchone()
        return row[0] or 0

    def _queued(self, after: int, through: int) -> list[tuple[int, tills.SyncRequest]]:
        rows = self._file.execute(
            "SELECT number, message FROM queued WHERE number > ? AND number <= ? ORDER BY number",
            (after, through),
        ).fetchall()
        return [(number, tills.SyncRequest.FromString(message)) for number, message in rows]

    def _store(self, verdict: tills.Verdict) -> Verdict:
        self._file.execute(
            "UPDATE queued SET verdict = ? WHERE number = ?",
            (verdict.SerializeToString(), verdict.number),
        )
        (message,) = self._file.execute(
            "SELECT message FROM queued WHERE number = ?", (verdict.number,)
        ).fetchone()
        return _read(message, verdict.SerializeToString())


def _method_of(request: Any) -> str:
    """Each method has a request message of its own, so the message names the method."""
    for service in request.DESCRIPTOR.file.services_by_name.values():
        for method in service.methods:
            if method.input_type is request.DESCRIPTOR:
                return f"{service.full_name}/{method.name}"
    raise ValueError(f"{request.DESCRIPTOR.full_name} is the request of no method")


def _read(message: bytes, verdict: bytes) -> Verdict:
    sent, got = tills.SyncRequest.FromString(message), tills.Verdict.FromString(verdict)
    reply = error = None
    if got.code:
        error = JoineryError.of_status(status_pb2.Status.FromString(got.status), got.replayed)
    elif sent.HasField("command"):
        reply = _response_type(sent.command.method).FromString(got.reply)
    return Verdict(got.number, reply, error, got.commit_sequence, got.replayed)


def _response_type(method: str) -> Any:
    service, _, name = method.partition("/")
    pool = tills.DESCRIPTOR.pool
    output = pool.FindServiceByName(service).FindMethodByName(name).output_type
    return message_factory.GetMessageClass(output)
