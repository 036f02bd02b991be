"""Generates the Python stubs from proto/, once, and again whenever a .proto file changes.

They are not checked in: `ensure` runs on the first import in a checkout and when a wheel is built.
An installed wheel carries them and needs neither proto/ nor grpcio-tools. They land in
`_generated/joinery/<area>/v1`, which `joinery/__init__.py` adds to the package's path, so that they
are imported by the names of the protos: `from joinery.orders.v1 import order_pb2`.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
GENERATED = PACKAGE / "_generated"
PROTO = PACKAGE.parents[2] / "proto"


def ensure() -> Path:
    """The folder with the generated modules; generates them when they are missing or old."""
    sources = sorted(PROTO.glob("joinery/*/v1/*.proto"))
    if sources:
        digest = _digest(sources)
        stamp = GENERATED / ".digest"
        if not stamp.exists() or stamp.read_text() != digest:
            _generate(sources, digest)
    elif not (GENERATED / "joinery").exists():
        raise ImportError(f"{GENERATED} is missing, and so is {PROTO} to generate it from")
    return GENERATED / "joinery"


def _digest(sources: list[Path]) -> str:
    digest = hashlib.sha256()
    for source in [Path(__file__), *sources]:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def _generate(sources: list[Path], digest: str) -> None:
    from grpc_tools import protoc

    google = Path(protoc.__file__).parent / "_proto"
    with tempfile.TemporaryDirectory(dir=PACKAGE, prefix=".generating-") as folder:
        fresh = Path(folder) / "fresh"
        fresh.mkdir()
        outputs = [f"--{kind}_out={fresh}" for kind in ("python", "pyi", "grpc_python")]
        arguments = ["protoc", f"-I{PROTO}", f"-I{google}", *outputs, *map(str, sources)]
        if protoc.main(arguments) != 0:
            raise ImportError("protoc refused the .proto files; its message is above")
        (fresh / ".digest").write_text(digest)
        # Two processes may import at once: each moves a whole folder, and the loser's is thrown
        # away.
        if GENERATED.exists():
            shutil.move(GENERATED, Path(folder) / "old")
        try:
            fresh.rename(GENERATED)
        except OSError:
            if (GENERATED / ".digest").read_text() != digest:
                raise


if __name__ == "__main__":
    print(ensure())
