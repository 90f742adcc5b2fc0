"""A function that makes many values -> the same without a pause of the garbage collector at every 700th of them."""

from __future__ import annotations

import functools
import gc
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Made = TypeVar("Made")


def uncollected(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let the collector rest meanwhile: 10,000 notes are no garbage, but it looks at them all again and again."""

    @functools.wraps(function)
    def resting(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return resting
