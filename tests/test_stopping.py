"""A stop from another thread ends what waits: the model's connection is let go at once, and no other."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from servers import Hang, delta, event, head, saying, serving

from assistant.errors import WriterError
from assistant.llm import open_model
from assistant.stopping import Stop
from assistant.types import Prompt, Tokens, Written

SOON = 2.0  # seconds; the limits that would end a silent model otherwise are 10 and more
PROMPT = Prompt("q?", (), "Answer from the sources.", "What is a mutex?", Tokens(), ())


def test_what_was_to_be_cut_is_cut_once():
    stop, cuts = Stop(), []
    stop.then(lambda: cuts.append("first"))
    stop.then(lambda: cuts.append("second"))
    assert (cuts, stop.is_set()) == ([], False)

    stop.set()
    stop.set()

    assert (cuts, stop.is_set()) == (["first", "second"], True)


def test_what_comes_after_the_stop_is_cut_at_once():
    stop, cuts = Stop(), []
    stop.set()

    stop.then(lambda: cuts.append("late"))

    assert cuts == ["late"]


def test_no_cut_is_lost_between_threads():
    for _ in range(50):
        stop, cuts = Stop(), []
        adding = threading.Thread(
            target=lambda stop=stop, cuts=cuts: [stop.then(lambda: cuts.append(1)) for _ in "123"]
        )
        adding.start()
        stop.set()
        adding.join()
        assert len(cuts) == 3


def silent_from(*said):
    """A script that says so much, and then nothing; its event tells that it fell silent."""
    silent = threading.Event()

    def script(_request):
        yield from said
        silent.set()
        yield Hang()

    return script, silent


class Asked(threading.Thread):
    """A question that another thread waits for."""

    def __init__(self, model):
        super().__init__(daemon=True)
        self.model, self.pieces, self.error = model, [], None
        self.start()

    def run(self):
        try:
            self.pieces.extend(self.model.write(PROMPT))
        except WriterError as error:
            self.error = error


@pytest.mark.parametrize(
    "said",
    [(), (head(),), (head(), event(delta("A mutex is"))), (head(), event(delta("A mutex is")), b": ping\n\n")],
    ids=["before its headers", "after its headers", "between tokens", "after a comment"],
)
def test_a_model_that_hangs_is_let_go_at_once(said):
    script, silent = silent_from(*said)
    with serving(script) as server:
        stop = Stop()
        asked = Asked(replace(open_model("openai:scripted", server.base_url, environment={}), stop=stop))
        assert silent.wait(30)

        stop.set()

        assert server.gone.wait(SOON)
        asked.join(SOON)
    assert not asked.is_alive()
    assert asked.error is not None


def test_after_a_stop_nothing_is_sent():
    with serving(saying("A mutex is a lock. [1]")) as server:
        stop = Stop()
        stop.set()
        with pytest.raises(WriterError, match="told to stop"):
            list(replace(open_model("openai:scripted", server.base_url, environment={}), stop=stop).write(PROMPT))
        assert server.requests == []


def test_a_stop_ends_its_own_answer_and_no_other():
    script, silent = silent_from(head(), event(delta("A mutex is")))
    with serving(script) as hanging, serving(saying("A mutex is a lock. [1]")) as speaking:
        stop = Stop()
        asked = Asked(replace(open_model("openai:scripted", hanging.base_url, environment={}), stop=stop))
        assert silent.wait(30)
        stop.set()
        other = open_model("openai:scripted", speaking.base_url, environment={})
        assert isinstance(list(replace(other, stop=Stop()).write(PROMPT))[-1], Written)
        asked.join(SOON)
    assert not asked.is_alive()
