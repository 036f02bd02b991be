"""The README's chapter on calling Joinery: every snippet in it is run as written, but for the port,
against a server that has lived through the README's first five minutes.

What has to be compiled takes minutes, so it is run when JOINERY_SNIPPETS=all (`make snippets`).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from joinery.server import LocalServer

REPOSITORY = Path(__file__).resolve().parents[3]
README = (REPOSITORY / "README.md").read_text()
CHINESE = (REPOSITORY / "README.zh-CN.md").read_text()
ADDRESS = "127.0.0.1:50051"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def chapter(readme: str, title: str) -> str:
    return readme.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(section: str) -> list[tuple[str, str]]:
    """Language and text of each block of code."""
    return BLOCK.findall(section)


CALLING = chapter(README, "Calling Joinery")
SECTIONS = {part.partition("\n")[0]: part for part in CALLING.split("\n### ")}


@pytest.fixture(scope="module")
def shop(binary: Path, tmp_path_factory: pytest.TempPathFactory):
    """A server after the first five minutes, a folder with `proto` in it, and the address."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "proto").symlink_to(REPOSITORY / "proto")
    (folder / "bin").mkdir()
    (folder / "bin" / "joinery").symlink_to(binary)
    with LocalServer(binary, folder / "shop.db") as server:
        minutes = blocks(chapter(README, "The first five minutes"))[0][1]
        build, path, serve, commands = minutes.split("\n", 3)
        assert build.startswith("make build") and "PATH" in path and "joinery serve" in serve
        run(folder, server.address, commands)
        yield folder, server.address


def run(folder: Path, address: str, commands: str) -> str:
    """What a shell prints for these commands, the first of which to fail fails the test."""
    path = f"{folder / 'bin'}:{REPOSITORY / '.venv/bin'}:{Path(sys.executable).parent}"
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "JOINERY_SERVER": address}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands.replace(ADDRESS, address)],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def need(*tools: str) -> None:
    absent = [tool for tool in tools if not shutil.which(tool)]
    if absent:
        pytest.skip(f"there is no {', '.join(absent)} (make setup installs what is missing)")


compiled = pytest.mark.skipif(
    os.environ.get("JOINERY_SNIPPETS") != "all", reason="compiles for minutes: make snippets"
)


def test_generic_tools(shop):
    ((_, commands),) = blocks(CALLING.split("\n### ")[0])
    assert run(*shop, commands).count("SO-2026-000001") >= 2


def test_python(shop):
    folder, address = shop
    ((language, program),) = blocks(SECTIONS["Python"])
    assert language == "python"
    done = subprocess.run(
        [sys.executable, "-c", program.replace(ADDRESS, address)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "clients/python")},
        capture_output=True, text=True, timeout=120,
    )
    assert re.fullmatch(r"SO-2026-\d{6} 112774\n", done.stdout), done.stdout + done.stderr


@compiled
def test_cpp(shop):
    need("g++", "grpc_cpp_plugin", "protoc", "pkg-config")
    if subprocess.run(["pkg-config", "--exists", "grpc++"]).returncode != 0:
        pytest.skip("there is no libgrpc++-dev")
    folder, address = shop
    (language, program), (_, commands) = blocks(SECTIONS["C++"])
    assert language == "cpp" and program.startswith("// till.cpp\n")
    (folder / "till.cpp").write_text(program.replace(ADDRESS, address))
    assert re.fullmatch(r"SO-2026-\d{6} 112774\n", run(folder, address, commands))


def test_curl_and_nghttp(shop):
    need("curl", "nghttp", "protoc")
    (_, curl), (_, nghttp) = blocks(SECTIONS["curl, nghttp"])
    printed = run(*shop, curl)
    assert "grpc-status: 0" in printed and 'name_english: "Oak chair"' in printed
    assert "grpc-status: 0" in run(*shop, nghttp)


def test_the_swift_snippet_is_the_example():
    (_, dependency), (_, program) = blocks(SECTIONS["Swift"])
    assert program == (REPOSITORY / "clients/swift/Sources/till/main.swift").read_text()
    package = (REPOSITORY / "clients/swift/Package.swift").read_text()
    # Only where the checkout lies differs.
    for line in dependency.replace("../joinery", "../..").splitlines():
        assert line.strip() in package


@compiled
def test_swift(shop, tmp_path):
    need("swift")
    folder, address = shop
    # A copy, for the port; what is built stays.
    source = REPOSITORY / "clients/swift"
    package = REPOSITORY / ".build" / "snippets"
    package.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source / "Sources", package / "Sources", dirs_exist_ok=True)
    manifest = (source / "Package.swift").read_text()
    (package / "Package.swift").write_text(manifest)
    host, port = address.split(":")
    program = (source / "Sources/till/main.swift").read_text()
    assert "port: 50051" in program
    (package / "Sources/till/main.swift").write_text(program.replace("50051", port))
    done = subprocess.run(
        ["swift", "run", "--package-path", str(package)], capture_output=True, text=True,
        timeout=3600,
    )
    assert re.fullmatch(r"SO-2026-\d{6} 112774\n", done.stdout), done.stdout + done.stderr


def test_the_chinese_chapter_has_the_same_snippets():
    assert blocks(chapter(CHINESE, "调用 Joinery")) == blocks(CALLING)


def help_of(binary: Path, words: tuple[str, ...], seen: dict[tuple[str, ...], str]) -> str:
    if words not in seen:
        done = subprocess.run([binary, *words, "--help"], capture_output=True, text=True, timeout=60)
        seen[words] = done.stdout if done.returncode == 0 else ""
    return seen[words]


def test_every_command_can_be_said_so(binary: Path, tmp_path: Path):
    """Each `joinery …` that stands in a block of its own: options have values, what is required is there. No server answers."""
    (tmp_path / "backups").mkdir()
    environment = {**os.environ, "JOINERY_SERVER": "127.0.0.1:1"}

    def fault(command: tuple[str, ...]) -> str:
        done = subprocess.run(
            [binary, *command[1:]], env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120,
        )
        # EX_USAGE of sysexits.h: the words themselves are wrong.
        return f"{' '.join(command)}\n  {done.stderr.splitlines()[0]}" if done.returncode == 64 else ""

    commands = {command: None for readme in (README, CHINESE) for command in commands_in(readme)}
    assert len(commands) > 300
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [said for said in pool.map(fault, commands) if said]
    assert not wrong, "\n".join(wrong)


def commands_in(readme: str) -> Iterator[tuple[str, ...]]:
    for language, block in blocks(readme):
        if language != "sh":
            continue
        for line in block.replace("\\\n", " ").splitlines():
            # Punctuation stands by itself.
            words = shlex.shlex(line, posix=True, punctuation_chars=";|&><")
            words.whitespace_split = True
            for command in split_at(list(words), {";", "|", "||", "&&", "&", ">", "<"}):
                # What is left out cannot be tried, nor what goes on for ever.
                skipped = {"serve", "watch"} & set(command[:3]) or any("…" in word for word in command)
                if command[:1] == ["joinery"] and not skipped:
                    yield tuple(command)


def split_at(words: list[str], ends: set[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word in ends:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def test_every_command_exists(binary: Path):
    """Nouns, verbs and long options of each `joinery …` in both READMEs."""
    seen: dict[tuple[str, ...], str] = {}
    missing = []
    for name, readme in (("README.md", README), ("README.zh-CN.md", CHINESE)):
        text = readme.replace("\\\n", " ")
        lines = [line for language, block in blocks(text) if language == "sh" for line in block.splitlines()]
        # Commands stand in sentences, too.
        lines += re.findall(r"`(joinery [^`]*)`", text)
        for line in lines:
            for command in re.split(r"[;|&]", re.sub(r"\"[^\"]*\"|'[^']*'|\s#.*", " ", line)):
                words = command.split()
                if "joinery" not in words:
                    continue
                words = words[words.index("joinery") + 1:]
                if not words or not re.fullmatch(r"[a-z][a-z-]*", words[0]):
                    continue
                noun = help_of(binary, (words[0],), seen)
                path, told = (words[0],), noun
                # A verb is what the noun's help lists, unless the noun is a command itself.
                if "SUBCOMMANDS:" in noun and len(words) > 1 and re.fullmatch(r"[a-z][a-z-]*", words[1]):
                    path = (words[0], words[1])
                    told = help_of(binary, path, seen)
                if not told:
                    missing.append(f"{name}: joinery {' '.join(path)}")
                    continue
                for option in {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)}:
                    if option not in re.findall(r"--[a-z][a-z0-9-]*", told):
                        missing.append(f"{name}: joinery {' '.join(path)} {option}")
    assert not missing, "\n".join(sorted(set(missing)))
