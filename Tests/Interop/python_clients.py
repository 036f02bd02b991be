"""Three gRPC clients of Python behind one face: grpcio, grpcio's asyncio, and grpclib."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import grpc
from grpclib.client import Channel
from grpclib.client import StreamStreamMethod, StreamUnaryMethod
from grpclib.client import UnaryStreamMethod, UnaryUnaryMethod
from grpclib.exceptions import GRPCError

from messages import Method

TIMEOUT_SECONDS = 20.0
"""Of calls that are not about time: none may hang."""


@dataclass
class Outcome:
    """How a call ended and what came before."""

    code: grpc.StatusCode
    details: str = ""
    responses: list[Any] = field(default_factory=list)
    initial: dict[str, str | bytes] = field(default_factory=dict)
    trailing: dict[str, str | bytes] = field(default_factory=dict)


@dataclass
class Call:
    """What to ask. The request side closes after the requests unless it `stays_open`."""

    method: Method
    requests: Sequence[Any]
    metadata: Sequence[tuple[str, str | bytes]] = ()
    timeout: float = TIMEOUT_SECONDS
    compression: grpc.Compression | None = None
    stays_open: bool = False
    alternates: bool = False
    """Whether each request waits for the response to the one before."""
    cancel_after: int | None = None
    """Cancel after so many responses."""


class Client(Protocol):
    compresses: bool

    async def run(self, call: Call) -> Outcome: ...

    async def close(self) -> None: ...


class Grpcio:
    """The synchronous client, in a thread of its own."""

    compresses = True

    def __init__(self, address: str, authority: Path | None) -> None:
        if authority is None:
            self.channel = grpc.insecure_channel(address)
        else:
            trust = grpc.ssl_channel_credentials(authority.read_bytes())
            self.channel = grpc.secure_channel(address, trust)

    async def run(self, call: Call) -> Outcome:
        return await asyncio.to_thread(self._run, call)

    def _run(self, call: Call) -> Outcome:
        method = call.method
        stub = getattr(self.channel, method.shape)(
            method.path, method.request.SerializeToString, method.response.FromString
        )
        turns = threading.Semaphore(1)
        over = threading.Event()

        def requests() -> Iterator[Any]:
            for request in call.requests:
                if call.alternates:
                    turns.acquire()
                yield request
            if call.stays_open:
                over.wait()

        request = requests() if method.streams_requests else call.requests[0]
        options = {
            "timeout": call.timeout,
            "metadata": call.metadata,
            "compression": call.compression,
        }
        responses = []
        try:
            if call.cancel_after == 0:
                running = stub.future(request, **options)
                running.cancel()
            elif method.streams_responses:
                running = stub(request, **options)
                for response in running:
                    responses.append(response)
                    turns.release()
                    if len(responses) == call.cancel_after:
                        running.cancel()
            else:
                # Not `future`: grpcio's forgets the compression of a streamed request.
                response, running = stub.with_call(request, **options)
                responses.append(response)
        except grpc.RpcError as error:
            running = error
        over.set()
        return Outcome(
            running.code(),
            running.details(),
            responses,
            dict(running.initial_metadata() or ()),
            dict(running.trailing_metadata() or ()),
        )

    async def close(self) -> None:
        self.channel.close()


class GrpcioAsync:
    """grpcio's asyncio client."""

    compresses = True

    def __init__(self, address: str, authority: Path | None) -> None:
        if authority is None:
            self.channel = grpc.aio.insecure_channel(address)
        else:
            trust = grpc.ssl_channel_credentials(authority.read_bytes())
            self.channel = grpc.aio.secure_channel(address, trust)

    async def run(self, call: Call) -> Outcome:
        method = call.method
        stub = getattr(self.channel, method.shape)(
            method.path, method.request.SerializeToString, method.response.FromString
        )
        turns = asyncio.Semaphore(1)
        over = asyncio.Event()

        async def requests() -> AsyncIterator[Any]:
            for request in call.requests:
                if call.alternates:
                    await turns.acquire()
                yield request
            if call.stays_open:
                await over.wait()

        running = stub(
            requests() if method.streams_requests else call.requests[0],
            timeout=call.timeout,
            metadata=call.metadata,
            compression=call.compression,
        )
        responses = []
        try:
            if call.cancel_after == 0:
                running.cancel()
            if method.streams_responses:
                async for response in running:
                    responses.append(response)
                    turns.release()
                    if len(responses) == call.cancel_after:
                        running.cancel()
            else:
                responses.append(await running)
        except (grpc.RpcError, asyncio.CancelledError):
            pass
        over.set()
        return Outcome(
            await running.code(),
            await running.details(),
            responses,
            {name: value for name, value in await running.initial_metadata() or ()},
            {name: value for name, value in await running.trailing_metadata() or ()},
        )

    async def close(self) -> None:
        await self.channel.close()


class Grpclib:
    """grpclib: HTTP/2 in Python, without any code of gRPC's. It does not compress."""

    compresses = False
    _KINDS = {
        "unary_unary": UnaryUnaryMethod,
        "unary_stream": UnaryStreamMethod,
        "stream_unary": StreamUnaryMethod,
        "stream_stream": StreamStreamMethod,
    }

    def __init__(self, address: str, authority: Path | None) -> None:
        if address.startswith("unix:"):
            self.channel = Channel(path=address.removeprefix("unix:"))
            return
        host, port = address.rsplit(":", 1)
        secure = None
        if authority is not None:
            import ssl

            secure = ssl.create_default_context(cafile=str(authority))
            secure.set_alpn_protocols(["h2"])
        self.channel = Channel(host, int(port), ssl=secure)

    async def run(self, call: Call) -> Outcome:
        method = call.method
        kind = self._KINDS[method.shape](
            self.channel, method.path, method.request, method.response
        )
        outcome = Outcome(grpc.StatusCode.OK)
        try:
            async with kind.open(timeout=call.timeout, metadata=call.metadata) as stream:
                await self._exchange(stream, call, outcome)
            outcome.initial = dict(stream.initial_metadata or {})
            outcome.trailing = dict(stream.trailing_metadata or {})
        except GRPCError as error:
            codes = {code.value[0]: code for code in grpc.StatusCode}
            outcome.code, outcome.details = codes[error.status.value], error.message
        except asyncio.TimeoutError:
            outcome.code = grpc.StatusCode.DEADLINE_EXCEEDED
        return outcome

    async def _exchange(self, stream: Any, call: Call, outcome: Outcome) -> None:
        closes = call.method.streams_requests and not call.stays_open
        await stream.send_request()
        for request in call.requests:
            await stream.send_message(request, end=not call.method.streams_requests)
            if call.alternates:
                outcome.responses.append(await stream.recv_message())
        if closes:
            await stream.end()
        while call.cancel_after is None or len(outcome.responses) < call.cancel_after:
            response = await stream.recv_message()
            if response is None:
                return
            outcome.responses.append(response)
            if not call.method.streams_responses:
                return
        # grpclib gives no status to what it cancelled itself; what the case then shows is that the
        # server is not left with the call.
        outcome.code = grpc.StatusCode.CANCELLED
        await stream.cancel()

    async def close(self) -> None:
        self.channel.close()


CLIENTS = {"grpcio": Grpcio, "grpcio asyncio": GrpcioAsync, "grpclib": Grpclib}
