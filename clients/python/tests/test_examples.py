"""The examples are programs that people run: each ends well, and says what it did."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def run(name: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, EXAMPLES / name, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def test_the_demo_tells_the_whole_story(binary):
    ran = run("demo.py", "--joinery", binary)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for word in ("Approval", "Preview of a change", "shortage", "nearest valid", "cut list", "Ordered as chosen", "Deposit", "CLOSED", "Trial balance", "verify"):
        assert word in ran.stdout


def test_the_till_example_makes_one_order(binary):
    ran = run("till.py", "--joinery", binary)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "the first reply again" in ran.stdout
    assert "Orders with this receipt: 1" in ran.stdout


def test_the_offline_till_gets_a_verdict_for_everything(binary):
    ran = run("offline_till.py", "--joinery", binary)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "refused: INSUFFICIENT_STOCK" in ran.stdout
    assert "2 connections, 0 commands wait" in ran.stdout
    assert "up to number 4" in ran.stdout


def test_replay_without_data_says_so_and_is_no_failure(binary, tmp_path):
    ran = run("replay.py", "--joinery", binary, JOINERY_DATA_DIR=str(tmp_path / "nothing"))
    assert ran.returncode == 0
    assert "nothing to replay" in ran.stdout


def test_an_example_without_a_server_fails_with_one_line(tmp_path):
    ran = run("demo.py", "--joinery", tmp_path / "nothing")
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1


def test_real_orders_compute_the_revenue_from_the_data_alone():
    from decimal import Decimal

    import real_orders

    repository = Path(__file__).resolve().parents[3]
    default = repository.parent / "shared" / "data"
    folder = Path(os.environ.get("JOINERY_DATA_DIR", default))
    if not (folder / "superstore").exists():
        pytest.skip(f"no data in {folder}")
    history = real_orders.read(folder)
    assert sum(len(sale.lines) for sale in history.sales) == 2_121
    assert history.revenue == Decimal("741999.98")
