"""The cases with the gRPC clients of Python, direct and through proxies."""

import asyncio
import warnings

import grpc
import pytest

from messages import (
    DUPLEX,
    EMPTY,
    HALF_DUPLEX,
    INPUT,
    OUTPUT,
    UNARY,
    UNIMPLEMENTED_METHOD,
    UNIMPLEMENTED_SERVICE,
    Empty,
    SimpleRequest,
    StreamingInputCallRequest,
    StreamingOutputCallRequest,
)
from peers import CASES, PROXIES
from python_clients import CLIENTS, Call, Client, Outcome

OK = grpc.StatusCode.OK
GZIP = grpc.Compression.Gzip
REQUEST_SIZES = [27182, 8, 1828, 45904]
RESPONSE_SIZES = [31415, 9, 2653, 58979]
INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
CALLERS = 10
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")


def large(**fields) -> SimpleRequest:
    return SimpleRequest(response_size=314159, payload={"body": bytes(271828)}, **fields)


def sizes(outcome: Outcome) -> list[int]:
    return [len(response.payload.body) for response in outcome.responses]


async def run(client: Client, method, requests, *, code=OK, **options) -> Outcome:
    outcome = await client.run(Call(method, requests, **options))
    assert outcome.code is code, outcome.details
    return outcome


async def empty_unary(client):
    outcome = await run(client, EMPTY, [Empty()])
    assert outcome.responses == [Empty()]


async def large_unary(client):
    outcome = await run(client, UNARY, [large()])
    assert outcome.responses[0].payload.body == bytes(314159)


async def client_compressed_unary(client):
    untrue = large(expect_compressed={"value": True})
    await run(client, UNARY, [untrue], code=grpc.StatusCode.INVALID_ARGUMENT)
    for compression, value in [(GZIP, True), (grpc.Compression.Deflate, True), (None, False)]:
        request = large(expect_compressed={"value": value})
        outcome = await run(client, UNARY, [request], compression=compression)
        assert sizes(outcome) == [314159]


async def server_compressed_unary(client):
    for value in (True, False):
        outcome = await run(client, UNARY, [large(response_compressed={"value": value})])
        assert sizes(outcome) == [314159]


async def custom_metadata(client):
    duplex = StreamingOutputCallRequest(
        response_parameters=[{"size": 314159}], payload={"body": bytes(271828)}
    )
    for method, request in [(UNARY, large()), (DUPLEX, duplex)]:
        outcome = await run(client, method, [request], metadata=[INITIAL, TRAILING])
        assert sizes(outcome) == [314159]
        assert outcome.initial[INITIAL[0]] == INITIAL[1]
        assert outcome.trailing[TRAILING[0]] == TRAILING[1]


async def client_streaming(client):
    requests = [StreamingInputCallRequest(payload={"body": bytes(size)}) for size in REQUEST_SIZES]
    outcome = await run(client, INPUT, requests)
    assert outcome.responses[0].aggregated_payload_size == 74922


async def client_compressed_streaming(client):
    request = StreamingInputCallRequest(
        payload={"body": bytes(27182)}, expect_compressed={"value": True}
    )
    await run(client, INPUT, [request], code=grpc.StatusCode.INVALID_ARGUMENT)
    outcome = await run(client, INPUT, [request, request], compression=GZIP)
    assert outcome.responses[0].aggregated_payload_size == 54364


async def server_streaming(client):
    request = StreamingOutputCallRequest(
        response_parameters=[{"size": size} for size in RESPONSE_SIZES]
    )
    assert sizes(await run(client, OUTPUT, [request])) == RESPONSE_SIZES


async def server_compressed_streaming(client):
    request = StreamingOutputCallRequest(
        response_parameters=[
            {"size": 31415, "compressed": {"value": True}},
            {"size": 92653, "compressed": {"value": False}},
        ]
    )
    assert sizes(await run(client, OUTPUT, [request])) == [31415, 92653]


def duplex_requests() -> list[StreamingOutputCallRequest]:
    return [
        StreamingOutputCallRequest(
            response_parameters=[{"size": response}], payload={"body": bytes(request)}
        )
        for request, response in zip(REQUEST_SIZES, RESPONSE_SIZES, strict=True)
    ]


async def ping_pong(client):
    outcome = await run(client, DUPLEX, duplex_requests(), alternates=True)
    assert sizes(outcome) == RESPONSE_SIZES


async def half_duplex(client):
    assert sizes(await run(client, HALF_DUPLEX, duplex_requests())) == RESPONSE_SIZES


async def empty_stream(client):
    assert (await run(client, DUPLEX, [])).responses == []


async def fails_with(client, text: str):
    status = {"code": 2, "message": text}
    for method, request in [
        (UNARY, SimpleRequest(response_status=status)),
        (DUPLEX, StreamingOutputCallRequest(response_status=status)),
    ]:
        outcome = await run(client, method, [request], code=grpc.StatusCode.UNKNOWN)
        assert outcome.details == text


async def status_code_and_message(client):
    await fails_with(client, "test status message")


async def special_status_message(client):
    await fails_with(
        client, "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
    )


async def unimplemented_method(client):
    await run(client, UNIMPLEMENTED_METHOD, [Empty()], code=grpc.StatusCode.UNIMPLEMENTED)


async def unimplemented_service(client):
    await run(client, UNIMPLEMENTED_SERVICE, [Empty()], code=grpc.StatusCode.UNIMPLEMENTED)


async def cancel_after_begin(client):
    await run(
        client, INPUT, [], code=grpc.StatusCode.CANCELLED, cancel_after=0, stays_open=True
    )


async def cancel_after_first_response(client):
    outcome = await run(
        client,
        DUPLEX,
        duplex_requests()[:1],
        code=grpc.StatusCode.CANCELLED,
        cancel_after=1,
        stays_open=True,
    )
    assert sizes(outcome) == RESPONSE_SIZES[:1]


async def timeout_on_sleeping_server(client):
    # Connected, or it would be the handshake that takes too long.
    await run(client, EMPTY, [Empty()])
    request = StreamingOutputCallRequest(payload={"body": bytes(27182)})
    for timeout in [0.001, 0.01, 0.1, 1, 10]:
        outcome = await client.run(Call(DUPLEX, [request], timeout=timeout, stays_open=True))
        # What grpcio's asyncio client makes of a deadline that passes before its first write
        # (grpc/grpc#36066), as it does where the machine is busy.
        if outcome.details != "Internal error from Core":
            break
    assert outcome.code is grpc.StatusCode.DEADLINE_EXCEEDED, outcome.details


@pytest.mark.parametrize("route", ["direct", "unix", "tls", *PROXIES])
@pytest.mark.parametrize("case", [*CASES, "half_duplex"])
@pytest.mark.parametrize("client", CLIENTS)
def test_case(routes, certificate, client, case, route):
    kind = CLIENTS[client]
    if "client_compressed" in case and not kind.compresses:
        pytest.skip(f"{client} does not compress")
    address = routes(route)

    async def body():
        client = kind(address, certificate[0] if route == "tls" else None)
        try:
            await globals()[case](client)
        finally:
            await client.close()

    asyncio.run(body())


def test_a_proxy_balances_over_two_servers(balanced):
    address, _ = balanced

    async def body() -> list[str]:
        client = CLIENTS["grpcio asyncio"](address, None)
        asked = [run(client, UNARY, [SimpleRequest(fill_server_id=True)]) for _ in range(100)]
        outcomes = await asyncio.gather(*asked)
        await client.close()
        return [outcome.responses[0].server_id for outcome in outcomes]

    answered_by = asyncio.run(body())
    assert all(answered_by.count(name) >= 25 for name in "AB"), answered_by


# Not nginx: it sends calls on connections that nobody has accepted yet, and never sends one again.
# nghttpx sends again what it had not sent yet, but for once in a great while, when it gives up with
# INTERNAL: whatever came to the server that ends must have been answered.
@pytest.mark.parametrize("balanced", ["nghttpx"], indirect=True)
def test_behind_a_proxy_a_server_ends_and_the_other_goes_on(balanced):
    address, (first, _) = balanced
    names: list[str] = []
    given_up: list[Outcome] = []

    async def body() -> None:
        client = CLIENTS["grpcio asyncio"](address, None)
        enough = asyncio.Event()

        async def ask() -> None:
            # Until the other server has answered long enough alone.
            while names[-200:].count("B") < 200 and len(given_up) <= CALLERS:
                outcome = await client.run(Call(UNARY, [SimpleRequest(fill_server_id=True)]))
                if outcome.code is not OK:
                    given_up.append(outcome)
                    continue
                names.append(outcome.responses[0].server_id)
                if len(names) >= 200:
                    enough.set()

        callers = [asyncio.create_task(ask()) for _ in range(CALLERS)]
        await enough.wait()
        await asyncio.to_thread(first.stop)
        await asyncio.gather(*callers)
        await client.close()

    asyncio.run(body())
    (came,) = first.wait_for(r"(\d+) calls$")
    assert names.count("A") == int(came) > 50, given_up
    # No more than each caller's one that was under way when the server ended.
    assert len(given_up) <= CALLERS
    for outcome in given_up:
        warnings.warn(f"nghttpx gave up: {outcome.details}", stacklevel=1)
        assert outcome.code is grpc.StatusCode.INTERNAL
