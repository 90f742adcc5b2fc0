"""Results before and now -> the risk-coverage curve as inline SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.statistics import risk_coverage

if TYPE_CHECKING:
    from assistant.evaluation.stored import Record

WIDTH, HEIGHT, LEFT, BOTTOM = 560, 300, 46, 34  # pixels
MOST_POINTS = 200


def curve(now: Record, before: Record | None) -> str:
    """The share of mistakes among the answers, against the share of questions that would be answered."""
    drawn = [("before", "#999", before)] if before else []
    drawn.append(("now", "#4a7fd0", now))
    lines = "".join(_line(name, colour, kept, position) for position, (name, colour, kept) in enumerate(drawn) if kept)
    return f"<h3>Risk and coverage</h3>{_frame(lines)}"


def _line(name: str, colour: str, kept: Record, position: int) -> str:
    asked = [each for each in kept.cases.values() if each.status != "failed"]
    found = risk_coverage([each.confidence for each in asked], [each.wrong for each in asked])
    if found is None:
        return ""
    points = list(zip(found.coverage, found.risk, strict=True))
    step = max(1, len(points) // MOST_POINTS)
    kept_points = [*points[::step], points[-1]]
    path = " ".join(f"{_x(coverage):.1f},{_y(risk):.1f}" for coverage, risk in kept_points)
    label = f'<text x="{LEFT + 12}" y="{22 + 16 * position}" fill="{colour}">{name}, area {found.area:.3f}</text>'
    return f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>{label}'


def _frame(lines: str) -> str:
    grid = "".join(
        f'<path d="M{LEFT} {_y(share):.1f} H{WIDTH}" stroke="currentColor" opacity=".15"/>'
        f'<text x="{LEFT - 6}" y="{_y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        f'<text x="{_x(share):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{share:.0%}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH + 20} {HEIGHT}" width="{WIDTH + 20}" height="{HEIGHT}" role="img" '
        'aria-label="risk against coverage" font-size="11" fill="currentColor">'
        f'{grid}{lines}<text x="{WIDTH // 2}" y="{HEIGHT - 4}" text-anchor="middle">'
        "share of questions answered, the most confident first; up: share of them that are mistakes</text></svg>"
    )


def _x(coverage: float) -> float:
    return LEFT + coverage * (WIDTH - LEFT)


def _y(risk: float) -> float:
    return 10 + (1 - risk) * (HEIGHT - BOTTOM - 10)
