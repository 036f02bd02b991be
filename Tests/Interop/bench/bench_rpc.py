"""`make bench-rpc`: Joinery's RPC runtime beside gRPC C++, grpc-swift-2 and bare nghttp2 on NIO.

The same generator (h2load) drives each in turn, on one machine, with the same typed message of 200
bytes, decoded and encoded again. Every figure is the median of the rounds. Every response must have
the right length, and a real client looks at statuses and answers beside the load.
"""

import argparse
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from load import (
    MESSAGE,
    REPEAT,
    REPOSITORY,
    Run,
    Sampler,
    Server,
    bytes_per_idle_connection,
    document_pb2,
    framed,
    h2load,
    peers,
)

OURS, TLS, CPP, SWIFT, BARE = "Joinery", "Joinery, TLS", "gRPC C++", "grpc-swift-2", "nghttp2 on NIO"
MANY, FEW, ONE = (10, 100), (50, 1), (1, 1)
REPEATED = document_pb2.Fact(name="number", value="1000000")


def start(names: list[str], folder: Path) -> dict[str, Server]:
    ours = REPOSITORY / ".build" / "release" / "interop-peer"
    nested = REPOSITORY / ".build-grpc-swift" / "release"
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "2", "-subj", "/CN=localhost", "-out", certificate, "-keyout", key],
        check=True,
        capture_output=True,
    )
    secure = ["--tls-certificate", certificate, "--tls-key", key]
    commands = {
        OURS: lambda: [ours, "serve"],
        TLS: lambda: [ours, "serve", *secure],
        CPP: lambda: [peers.build_cpp_peer(), "serve-echo", "127.0.0.1:0"],
        BARE: lambda: [nested / "bare-echo", "serve-echo", "127.0.0.1:0"],
        SWIFT: lambda: [nested / "grpc-swift-peer", "serve-echo", "127.0.0.1:0"],
    }
    servers = {}
    for name in names:
        process, (address,) = peers.serve(commands[name]())
        servers[name] = Server(name, process, address, "https" if name == TLS else "http")
    return servers


class Bench:
    """Runs of one shape against several servers, in turn."""

    def __init__(self, servers: dict[str, Server], rounds: int, seconds: float) -> None:
        self.servers = servers
        self.rounds = rounds
        self.seconds = seconds

    def alternate(self, names: list[str], shape: tuple[int, int], **options) -> dict[str, Run]:
        """The median run of each, after one to find out how many calls make `seconds`."""
        names = [name for name in names if name in self.servers]
        connections, streams = shape
        least = connections * streams * 2
        calls = {}
        for name in names:
            trial = h2load(self.servers[name], max(least, 2_000), connections, streams)
            calls[name] = max(least, int(trial.rate * self.seconds))
        runs: dict[str, list[Run]] = {name: [] for name in names}
        for _ in range(self.rounds):
            for name in names:
                server = self.servers[name]
                if server.scheme == "https" or name == BARE:
                    run = h2load(server, calls[name], connections, streams, **options)
                else:
                    with Sampler(server):
                        run = h2load(server, calls[name], connections, streams, **options)
                runs[name].append(run)
        return {name: median(of, key=lambda run: run.rate) for name, of in runs.items()}

    def latency_us(self, names: list[str]) -> dict[str, float]:
        """Median latency of one caller: the median of the rounds' medians."""
        medians: dict[str, list[float]] = {name: [] for name in names}
        calls = max(500, int(8_000 * self.seconds))
        for _ in range(self.rounds):
            for name in names:
                run = h2load(self.servers[name], calls, *ONE, latencies=True)
                medians[name].append(statistics.median(run.latencies_us))
        return {name: statistics.median(of) for name, of in medians.items()}

    def streamed_seconds(self, names: list[str]) -> dict[str, Run]:
        """One call answered by 1,000,000 messages."""
        message = REPEATED.SerializeToString()
        size = int(REPEATED.value) * len(framed(message))
        runs: dict[str, list[Run]] = {name: [] for name in names}
        for _ in range(self.rounds):
            for name in names:
                runs[name].append(
                    h2load(
                        self.servers[name], 1, *ONE, REPEAT, message=message, response_bytes=size
                    )
                )
        return {name: median(of, key=lambda run: run.seconds) for name, of in runs.items()}


def median(runs: list[Run], key: Callable[[Run], float]) -> Run:
    return sorted(runs, key=key)[len(runs) // 2]


class Table:
    def __init__(self) -> None:
        self.rows = [("Measured", "Value", "Bar", "Holds")]

    def bar(self, what: str, value: float, bar: float, least: bool, digits: int = 2) -> None:
        holds = value >= bar if least else value <= bar
        sign = "≥" if least else "≤"
        self.rows.append((what, f"{value:,.{digits}f}", f"{sign} {bar:g}", "yes" if holds else "NO"))

    @property
    def text(self) -> str:
        widths = [max(len(row[column]) for row in self.rows) for column in range(4)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in self.rows
        )


def describe(shape: tuple[int, int], runs: dict[str, Run]) -> str:
    lines = [f"\n{shape[0]} connections x {shape[1]} streams"]
    for name, run in runs.items():
        lines.append(
            f"  {name:<15} {run.rate:>9,.0f} calls/s   server {run.cpu_us_per_call:6.2f} µs/call"
        )
    return "\n".join(lines)


def measure(bench: Bench, idle: int) -> str:
    table = Table()
    notes = []
    many = bench.alternate([OURS, CPP, SWIFT, BARE, TLS], MANY)
    notes.append(describe(MANY, many))
    table.bar("10 × 100: ÷ gRPC C++", many[OURS].rate / many[CPP].rate, 2, True)
    if SWIFT in many:
        table.bar("10 × 100: ÷ grpc-swift-2", many[OURS].rate / many[SWIFT].rate, 10, True)
    few = bench.alternate([OURS, CPP, SWIFT], FEW)
    notes.append(describe(FEW, few))
    table.bar("50 × 1: ÷ gRPC C++", few[OURS].rate / few[CPP].rate, 1.3, True)
    if SWIFT in few:
        table.bar("50 × 1: ÷ grpc-swift-2", few[OURS].rate / few[SWIFT].rate, 4, True)

    latency = bench.latency_us([OURS, CPP])
    table.bar("1 × 1: median latency ÷ gRPC C++'s", latency[OURS] / latency[CPP], 1, False)
    notes.append("\n1 connection x 1 stream, median latency")
    notes += [f"  {name:<15} {value:6.0f} µs" for name, value in latency.items()]

    table.bar("10 × 100: ÷ bare nghttp2 on NIO", many[OURS].rate / many[BARE].rate, 0.4, True)
    streamed = bench.streamed_seconds([OURS, CPP])
    table.bar(
        "1,000,000 streamed: ÷ gRPC C++", streamed[CPP].seconds / streamed[OURS].seconds, 3, True
    )
    notes.append("\n1,000,000 messages streamed in one call")
    for name, run in streamed.items():
        rate = int(REPEATED.value) / run.seconds
        cpu = run.cpu_seconds / int(REPEATED.value) * 1e6
        notes.append(f"  {name:<15} {rate:>9,.0f} messages/s   server {cpu:5.2f} µs/message")
    cost = 1 - many[TLS].rate / many[OURS].rate
    table.bar("10 × 100: cost of TLS, %", cost * 100, 35, False, digits=0)
    kilobytes = bytes_per_idle_connection(bench.servers[OURS], idle) / 1024
    table.bar(f"KiB per idle connection ({idle:,})", kilobytes, 12, False, digits=1)
    secured = bytes_per_idle_connection(bench.servers[TLS], idle) / 1024
    notes.append(f"\nKiB per idle connection with TLS ({idle:,}): {secured:.1f}")
    return table.text + "\n" + "\n".join(notes)


def soak(server: Server, seconds: float) -> str:
    """The server's memory over a time under load: connections come and go all the while."""
    samples: list[int] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with Sampler(server):
            h2load(server, 100_000, *MANY)
        samples.append(server.resident_bytes)
    half = samples[len(samples) // 2 :]
    mebibyte = 1 << 20
    return (
        f"{len(samples)} runs of 100,000 calls over 10 connections in {seconds:,.0f} s: resident "
        f"after the first {samples[0] / mebibyte:.1f} MiB, in the second half "
        f"{min(half) / mebibyte:.1f} to {max(half) / mebibyte:.1f} MiB"
    )


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, load average at the start {load:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of one run")
    parser.add_argument("--idle", type=int, default=1000, help="idle connections")
    parser.add_argument("--soak", type=float, help="only this: so many seconds of load")
    parser.add_argument("--without-grpc-swift", action="store_true")
    options = parser.parse_args()
    folder = REPOSITORY / ".build" / "bench-rpc"
    folder.mkdir(parents=True, exist_ok=True)
    began = machine()
    names = [OURS] if options.soak else [OURS, TLS, CPP, BARE]
    if not options.soak and not options.without_grpc_swift:
        names.append(SWIFT)
    servers = start(names, folder)
    try:
        if options.soak:
            print(soak(servers[OURS], options.soak))
        else:
            print(measure(Bench(servers, options.rounds, options.seconds), options.idle))
            print(f"\nMessage of {len(MESSAGE.SerializeToString())} bytes; {options.rounds} rounds")
            print(f"of {options.seconds:g} s each. {began}")
    finally:
        for server in servers.values():
            server.process.end()


if __name__ == "__main__":
    main()
