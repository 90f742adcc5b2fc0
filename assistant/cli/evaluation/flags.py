"""Options that the commands of an evaluation share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FolderOption = Annotated[
    Path | None, typer.Option("--eval", metavar="FOLDER", help="Where cases, baselines and results are kept.")
]
CasesOption = Annotated[
    list[Path] | None, typer.Option("--cases", metavar="FILE", help="Case files or folders of them; several times.")
]
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", metavar="ID", help="Ask this case only; several times.")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Let warnings fail as well.")]
RepeatOption = Annotated[
    int, typer.Option("--repeat", min=1, max=20, help="Ask each case so often; a case passes by majority.")
]
