"""`eval fit`: dev cases -> coefficients of the confidence, in a file that the settings may name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import streams
from assistant.cli.evaluation.bench import Bench, corpus, layout
from assistant.cli.evaluation.flags import CasesOption, FolderOption
from assistant.cli.options import DebugOption, IndexOption, Model, NotesOption, Place
from assistant.cli.progress import bar
from assistant.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.evaluation.fit import Features, Fit


def fit(
    context: typer.Context,
    false_answers: Annotated[
        float, typer.Option("--false-answers", min=0.0, max=1.0, help="The share of false answers that is allowed.")
    ] = 0.05,
    most_right: Annotated[
        bool, typer.Option("--most-right", help="Choose the threshold with the most outcomes right, whatever is false.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the coefficients go.")] = None,
    cases: CasesOption = None,
    folder: FolderOption = None,
    notes: NotesOption = None,
    index: IndexOption = None,
    debug: DebugOption = False,
) -> int:
    """Fit the confidence on the dev cases and choose its threshold. The package's own coefficients stay as they are."""
    from assistant.evaluation import fit as fitting
    from assistant.evaluation import read_suites

    place = layout(folder)
    path = out or place.folder / "confidence.json"
    with bar(stays=False) as progress:
        bench = Bench(context, Place(notes, index), Model(no_llm=True), progress)
        searched = []
        for suite in read_suites(cases or [place.cases]):
            assistant = bench.assistant(suite)
            searched.append(fitting.Searched(suite, corpus(assistant), assistant.search))
        samples = fitting.collect(searched, progress)
        found = fitting.fit(samples, searched, _features(), None if most_right else false_answers)
    fitting.write(found, path)
    streams.write("\n".join(_told(found, path)) + "\n")
    return 0


def _features() -> list[Features]:
    """The signals that the package's own coefficients use: with a verdict of the model, and without."""
    from assistant import retrieval
    from assistant.evaluation.fit import Features

    return [Features(each.noted.features, each.answered.features) for each in retrieval.load(None).outcomes]


def _told(found: Fit, path: Path) -> Iterator[str]:
    at = found.operating
    yield f"AUROC {found.auroc:.3f}, out of fold, no need in two folds"
    yield from (f"  against {tag}: {value:.3f}" for tag, value in found.auroc_by_tag.items())
    yield f"threshold {at.threshold:.4f}: {at.coverage:.1%} of what the notes answer is answered,"
    shown = counted(at.clusters, "need shows", "needs show")
    yield f"  {at.false_answers:.1%} of what they do not; at most {at.bound:.1%} at 95 %, as {shown}"
    if found.target is not None and found.smallest_bound > found.target:
        few = counted(at.clusters, "need that has", "needs that have")
        yield (
            f"not enough cases to promise {found.target:.1%}: with {few} no answer, even no "
            f"false answer at all would show at most {found.smallest_bound:.1%}"
        )
    elif not found.guaranteed:
        yield f"{found.target:.1%} is what was measured, no promise: a smaller --false-answers brings the bound down"
    yield f'written to {path}. To use it, in assistant.toml: confidence = "{path.absolute().as_posix()}"'
