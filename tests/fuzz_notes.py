"""Random and mutated inputs through every reader: `python -m tests.fuzz_notes --inputs 1000000`.

Fails on an exception, a lost line, a slice that is not what it claims to be, or time that grows faster than size.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from assistant import notes
from assistant.notes.formats import FORMATS
from tests.lossless import check_lossless, decoded

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if path.name != "expected.json")
PIECES = [
    *(
        "Q. ",
        "Q1) ",
        "q: ",
        "Question 3:",
        "A: ",
        "Ans. ",
        "**A:** ",
        "**",
        "***",
        "__",
        "*",
        "_",
        "`",
        "```",
        "~~~",
        "```js",
    ),
    *(
        "# ",
        "## ",
        "### 1. ",
        "#### Q2. ",
        "- ",
        "* ",
        "1. ",
        "2) ",
        "> ",
        "| a | b |",
        "|---|---|",
        "|",
        "---",
        "===",
        "***",
    ),
    *(
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<b>",
        "</b>",
        "<br>",
        "<pre>",
        "</pre>",
        "<!--",
        "-->",
        "<h3>",
    ),
    *(
        "<div align='right'>",
        "</div>",
        "<a href='#top'>",
        "[back to top](#top)",
        "[x](#x)",
        "![i](i.png)",
        "https://a.b/c",
    ),
    *(
        "What is it?",
        "Explain that",
        "Example",
        "Answer",
        "TODO",
        "Table of Contents",
        "question,answer",
        '"',
        '""',
        ",",
        ";",
    ),
    *(
        "#separator:tab",
        "#html:true",
        "\t",
        '{"question": "x", "answer": "y"}',
        "{",
        "}",
        "\\",
        "?",
        ":",
        ".",
        "text",
        "7",
    ),
    *(
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "    ",
        "  ",
        "\x00",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
        "\ufeff",
        "\u00e9",
    ),
    *(
        "==A",
        "1. **",
        "->",
        "<br />",
        "Qustion 2: ",
        "Anwser: ",
        "![e](t/e.png)",
        "# 3.",
        "\U0001f7e2 a",
        "x = 1;",
        "2\ufe0f\u20e3 a:",
    ),
    *("\U0001f600", "\u200b", "\u0301", "\u202e", "\u00a0", "\u0130", "\u00df", "\u00b2", "\u0663"),
]
REPEATS = [
    "Q. a\n",
    "Q.",
    "# ",
    "#",
    "*",
    "**",
    "**a**\n",
    "`",
    "```\n",
    "```js\n",
    "~~~~\n",
    "<",
    "<b",
    "<details>",
    "<details>\n",
]
REPEATS += [
    "<details><summary>What?</summary>\n",
    "</details>\n",
    "</div>\n",
    "<br>",
    "<br>\n",
    "---\n",
    "| a ",
    "|---",
    '"',
    '"a,\n',
]
REPEATS += [
    "[",
    "[a](",
    "[a](#a)\n",
    "(",
    "1. ",
    "1.",
    "1. What?\n",
    "## 1. a\n",
    "## What?\n",
    "### Example\n",
    " ",
    "\t",
    "\n",
]
REPEATS += [
    "- a?\n",
    "a?\n\n",
    "A: ",
    "\\",
    "&amp;",
    "<!--\n",
    "<pre>\n",
    "![",
    "{",
    '{"question":',
    "_",
    "__a__ ",
    "=",
    "a\n===\n",
    "\r",
]
REPEATS += [
    "==A\n1. b?\n",
    "a?<br />\n",
    "![e](t/e.png)\n",
    "# 1.\n",
    "x = 1;\n",
    "What? ",
    "a()  ",
    "1. a?\n\n---\n",
    "1. a?\n   1. b?\n",
    "```\n1. a?\n```\n",
    "\U0001f7e2 a\nb?\n",
    "(from)\na?\n",
    "``` a b c?\n",
    "Q. a\n1. b?\n",
]
REPEATS += [
    "**Q: what\n",
    "**A: x**\n",
    "<summary>",
    "<a ",
    "what is ",
    "see ",
    "see this ",
    "\u2b06",
    "Q1",
    "Q 1 ",
    ".",
    "...",
    "- - ",
]
LENGTH = 60_000


def main() -> int:
    """Run the inputs; 0 when all hold, 1 with the first that does not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.monotonic()
    for number in range(asked.inputs):
        chance = random.Random(f"{asked.seed}/{number}")
        data = random_input(chance)
        name = chance.choice(["n.md", "n.txt", "n.csv", "n.jsonl"])
        forced = {name: chance.choice(list(FORMATS))} if number % 2 else {}
        try:
            file = notes.read(name, data, forced)
            check_lossless(file, decoded(file, data))
        except Exception as error:
            sys.stdout.write(f"input {number} of seed {asked.seed} as {forced or name}: {error!r}\n{data!r}\n")
            raise
    sys.stdout.write(f"{asked.inputs} inputs, {time.monotonic() - started:.0f} s: nothing failed, no line lost\n")
    return 1 if slow() else 0


def random_input(chance: random.Random) -> bytes:
    """Bytes, a mixture of marks, or a sample with some of it moved, doubled, cut or spoilt."""
    kind = chance.random()
    if kind < 0.1:
        return chance.randbytes(chance.randrange(200))
    if kind < 0.6:
        return "".join(chance.choices(PIECES, k=chance.randrange(1, 60))).encode()
    return mutated(chance, chance.choice(SAMPLES).read_bytes())


def mutated(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        first = chance.randrange(len(data) + 1)
        last = min(len(data), first + chance.randrange(300))
        piece = chance.choice(
            [
                data[first:last] * 2,
                b"",
                chance.choice(PIECES).encode(),
                chance.randbytes(3),
                data[first:last][::-1],
                b"\n",
            ]
        )
        data = data[:first] + piece + data[last:]
    return data


def slow() -> list[str]:
    """The repeated pieces for which twice the size takes more than three times as long, by every reader together."""
    found = []
    for piece in REPEATS:
        once, twice = timed(piece, LENGTH), timed(piece, 2 * LENGTH)
        if _grows(once, twice):  # once more: the machine may have been busy with something else
            once, twice = timed(piece, LENGTH), timed(piece, 2 * LENGTH)
        if _grows(once, twice):
            found.append(f"{piece!r}: {once:.3f} s, {twice:.3f} s")
            sys.stdout.write(f"slow: {found[-1]}\n")
    return found


def _grows(once: float, twice: float) -> bool:
    return twice > 3 * once and twice > 0.1


def timed(piece: str, length: int) -> float:
    """The best of three, in seconds of the processor."""
    data = (piece * (length // len(piece))).encode()
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        notes.read("n.md", data)
        best = min(best, time.process_time() - started)
    return best


if __name__ == "__main__":
    sys.exit(main())
