"""`make check-allocations`: heap allocations of the server for each unary call, against the thresholds.

Counts, not seconds: the same on a busy machine. The thresholds are in allocations.json.
"""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

from load import HERE, REPOSITORY, Server, fail, h2load, peers

CALLS = 20_000
EMPTY = "/grpc.testing.TestService/EmptyCall"
KINDS = {
    "200 bytes, 1 connection x 1 stream": (1, 1, {}),
    "200 bytes, 10 connections x 100 streams": (10, 100, {}),
    "empty message, 1 connection x 1 stream": (1, 1, {"path": EMPTY, "message": b""}),
}


def main() -> None:
    build = REPOSITORY / ".build"
    library = build / "count_allocations.so"
    command = ["cc", "-O2", "-shared", "-fPIC", "-o", library, HERE / "count_allocations.c"]
    subprocess.run(command, check=True)
    (counter := build / "allocations.count").write_bytes(bytes(8))
    os.environ |= {"LD_PRELOAD": str(library), "COUNT_ALLOCATIONS": str(counter)}
    process, (address,) = peers.serve(
        [REPOSITORY / ".build" / "release" / "interop-peer", "serve", "--threads", "1"]
    )
    del os.environ["LD_PRELOAD"]
    server = Server("Joinery", process, address)

    def count() -> int:
        return struct.unpack("=Q", counter.read_bytes())[0]

    thresholds = json.loads((HERE / "allocations.json").read_text())
    above = False
    try:
        for name, (connections, streams, options) in KINDS.items():
            # Connections and what they grow once are not what is asked for: twice as many calls,
            # and the difference.
            counts = []
            for calls in (CALLS, CALLS, 2 * CALLS):
                before = count()
                h2load(server, calls, connections, streams, **options)
                counts.append(count() - before)
            allocations = (counts[2] - counts[1]) / CALLS
            most = thresholds[name]
            # What happens once in a while (a reply that waits for the next turn) is not one more.
            whole = round(allocations)
            verdict = "ok" if whole <= most else "TOO MANY"
            if whole < most:
                verdict = "ok; the threshold can be lowered"
            above = above or whole > most
            print(f"{name}: {allocations:.2f} allocations per call, at most {most}: {verdict}")
        server.process.stop()
    finally:
        server.process.kill()
    if above:
        fail(f"more allocations than {Path('Tests/Interop/bench/allocations.json')} allows")


if __name__ == "__main__":
    sys.exit(main())
