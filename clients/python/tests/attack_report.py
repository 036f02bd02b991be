"""What a neighbour notices of each attack: the 99th percentile of its calls, against idle.

    .venv/bin/python3 clients/python/tests/attack_report.py --joinery .build/release/joinery

One neighbour calls without pause on its own connection while one attacker repeats the attack from
a process of its own. Neither sits on the server's machine in real life, so that what they wait for
a core here must not count: the attacker runs only where a core is free (SCHED_IDLE), and the
neighbour as soon as it can (SCHED_FIFO, which needs the right to; without it, its calls include
slices of a millisecond or more for which the kernel lets others run first).
"""

import argparse
import contextlib
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from attacks import ATTACKS, HASTE, Attack, Neighbour, resident_kib
from joinery.server import LocalServer


def p99_ms(seconds: list[float]) -> float:
    return 1000 * statistics.quantiles(seconds, n=100)[98]


@contextlib.contextmanager
def at_once():
    """All threads of this process run as soon as they can."""

    def schedule(policy: int, priority: int) -> None:
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(ProcessLookupError):
                os.sched_setscheduler(int(thread), policy, os.sched_param(priority))

    try:
        schedule(os.SCHED_FIFO, 1)
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        # What is started next, such as a server, would inherit it.
        schedule(os.SCHED_OTHER, 0)


def repeat(number: int, address: str, rounds: "multiprocessing.sharedctypes.Synchronized") -> None:
    """The attacker's process, until it is killed."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    while True:
        ATTACKS[number].run(address)
        rounds.value += 1


def in_peace(address: str) -> float:
    """The same without an attack, just before it: the speed of a virtual machine changes."""
    with Neighbour(address) as friend, at_once():
        friend.more(500)
        friend.seconds.clear()
        friend.more(2000)
        return p99_ms(friend.seconds)


def under_attack(attack: Attack, address: str, seconds: float) -> tuple[Neighbour, int]:
    """The neighbour after so many seconds of the attack, and how often that was repeated."""
    context = multiprocessing.get_context("spawn")
    rounds = context.Value("i", 0)
    attacker = context.Process(
        target=repeat, args=(ATTACKS.index(attack), address, rounds), daemon=True
    )
    attacker.start()
    # Whole rounds only: an attack has its quiet phases.
    while rounds.value < 1 and attacker.is_alive():
        time.sleep(0.01)
    with Neighbour(address) as friend, at_once():
        end = time.monotonic() + seconds
        before = rounds.value
        while time.monotonic() < end or rounds.value == before or len(friend.seconds) < 1000:
            friend.more(100)
            if not attacker.is_alive() or friend.failures:
                break
    attacker.kill()
    attacker.join()
    return friend, rounds.value - before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--joinery", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="these attacks")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each attack")
    chosen = parser.parse_args()
    worst = 0.0
    haste = [part for limit in HASTE for part in ("--limit", limit)]
    print(f"{'attack':40} {'calls':>7} {'idle ms':>8} {'p99 ms':>8} {'ratio':>7} {'MiB':>6} rounds")
    for hasty in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "joinery.db"
            with LocalServer(chosen.joinery, database, *(haste if hasty else [])) as server:
                for attack in ATTACKS:
                    if attack.hasty != hasty or chosen.only and attack.name not in chosen.only:
                        continue
                    idle = in_peace(server.address)
                    friend, rounds = under_attack(attack, server.address, chosen.seconds)
                    if friend.failures:
                        print(f"{attack.name}: a neighbour was not served: {friend.failures[0]}")
                        return 1
                    p99 = p99_ms(friend.seconds)
                    worst = max(worst, p99 / idle)
                    print(
                        f"{attack.name:40} {len(friend.seconds):7} {idle:8.2f} {p99:8.2f}"
                        f" {p99 / idle:7.1f}"
                        f" {resident_kib(server.pid) / 1024:6.0f} {rounds:7}"
                    )
    print(f"worst ratio {worst:.1f}, the bar is 5")
    return 0


if __name__ == "__main__":
    sys.exit(main())
