"""README.md -> the commands in it with what they print; `python -m tests.readme` writes what they print today."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"(?<=^```sh\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
WIDTH = 118


@dataclass(frozen=True)
class Example:
    command: str
    output: str


def examples(text: str) -> list[Example]:
    """Every `$ assistant …` with the lines below it."""
    found = []
    for block in CONSOLE.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Example(command, output.strip("\n")))
    return found


def shell_lines(text: str) -> list[str]:
    return [line for block in SHELL.findall(text) for line in block.splitlines() if line]


def printed(command: str, index: Path | None = None) -> str:
    """What a command prints in the project, each line cut as the README cuts it."""
    words = shlex.split(command, comments=True)
    assert words[0] == "assistant"
    environment = os.environ | ({"ASSISTANT_INDEX": str(index)} if index else {})
    run = subprocess.run(
        [sys.executable, "-m", "assistant", *words[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return "\n".join(_cut(line.rstrip()) for line in run.stdout.rstrip("\n").split("\n"))


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1].rstrip()}…"


def rewritten(text: str) -> str:
    def block(found: re.Match[str]) -> str:
        runs = (f"$ {each.command}\n{printed(each.command)}\n" for each in examples(f"```console\n{found[0]}```\n"))
        return "\n".join(runs)

    return CONSOLE.sub(block, text)


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text("utf-8")), "utf-8")
