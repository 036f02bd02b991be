"""Starts a Joinery server of one's own: for demonstrations and tests."""

import re
import signal
import subprocess
import threading
from pathlib import Path

_LISTENING = re.compile(rb"^listening (\S+:\d+)\s*$")


class ServerFailed(Exception):
    """The server did not start, or ended otherwise than asked."""


class LocalServer:
    """A server process on a free port of this machine, with its database in a file.

    It believes callers who they say they are, unless `trust_callers` is false: then it prints the
    first administrator's one-time password, which is in `output`.

    `start` returns when the server says that it listens. The same object can be started again after
    `stop` or `kill`, on the same database.
    """

    def __init__(
        self,
        binary: str | Path,
        database: str | Path,
        *arguments: str,
        trust_callers: bool = True,
    ) -> None:
        self.binary = Path(binary)
        self.database = Path(database)
        self.arguments = (*arguments, "--trust-callers") if trust_callers else arguments
        self.environment: dict[str, str] | None = None
        """Of the process; None for that of this one."""
        self.address = ""
        """HOST:PORT while it runs."""
        self._process: subprocess.Popen | None = None
        self._output: list[bytes] = []
        self._spoke = threading.Condition()

    def __enter__(self) -> "LocalServer":
        return self.start()

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is None:
            self.stop()
        else:
            self.kill()

    def start(self, patience_seconds: float = 20.0) -> "LocalServer":
        if not self.binary.exists():
            raise ServerFailed(f"{self.binary} does not exist: build it with `make build`")
        command = [self.binary, "serve", "--listen", "127.0.0.1:0", "--database", self.database]
        self._process = process = subprocess.Popen(
            [*map(str, command), *self.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environment,
        )
        self._output, self.address = [], ""
        said = threading.Event()
        threading.Thread(target=self._read, args=(process, said), daemon=True).start()
        if not said.wait(patience_seconds) or not self.address:
            self.kill()
            raise ServerFailed(f"the server did not start:\n{self.output}")
        return self

    def stop(self, patience_seconds: float = 20.0) -> None:
        """Asks the server to finish what it has begun and to end; raises when it does not do so."""
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        self.wait_stopped(patience_seconds)

    def signal_stop(self) -> None:
        """Only asks; `wait_stopped` sees to it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def wait_stopped(self, patience_seconds: float = 20.0) -> None:
        process = self._process
        if process is None:
            return
        try:
            status = process.wait(patience_seconds)
        except subprocess.TimeoutExpired as expired:
            self.kill()
            raise ServerFailed(f"the server did not end:\n{self.output}") from expired
        self._process = None
        if status != 0:
            raise ServerFailed(f"the server ended with status {status}:\n{self.output}")

    def kill(self) -> None:
        """Ends it as a power cut would: kill −9."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def verify(self, patience_seconds: float = 60.0) -> str:
        """Runs `joinery verify` on the stopped server's database; raises when a rule is broken."""
        ran = subprocess.run(
            [self.binary, "verify", "--database", self.database],
            capture_output=True,
            text=True,
            timeout=patience_seconds,
        )
        if ran.returncode != 0:
            raise ServerFailed(
                f"`joinery verify` ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}"
            )
        return ran.stdout

    @property
    def pid(self) -> int:
        """Of the running process."""
        if self._process is None:
            raise ServerFailed("the server does not run")
        return self._process.pid

    @property
    def output(self) -> str:
        """What it wrote since its last start."""
        return b"".join(self._output).decode(errors="replace")

    def wait_for(self, text: str, count: int = 1, patience_seconds: float = 60.0) -> None:
        """Returns once it has written so many lines with this text since its last start."""

        def is_there() -> bool:
            return sum(text.encode() in line for line in self._output) >= count

        with self._spoke:
            if not self._spoke.wait_for(is_there, patience_seconds):
                raise ServerFailed(f"the server did not say {text!r}:\n{self.output}")

    def _read(self, process: subprocess.Popen, said: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                with self._spoke:
                    self._output.append(line)
                    self._spoke.notify_all()
                if match := _LISTENING.match(line):
                    self.address = match[1].decode()
                    said.set()
        said.set()
