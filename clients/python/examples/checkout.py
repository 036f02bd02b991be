"""Importing this puts the checkout's client on the path: the examples run without installing."""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

sys.path.insert(0, str(REPOSITORY / "clients" / "python"))
