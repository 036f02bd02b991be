"""Generates the stubs from proto/ before the package is built, so that a wheel carries them."""

import runpy
from pathlib import Path

from setuptools import setup

runpy.run_path(str(Path(__file__).parent / "joinery" / "_stubs.py"))["ensure"]()
setup()
