"""The first start, with no index: the page can say how far it is; the endpoint waits."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from test_web_gate import call, request
from web_server import LONG, Held, page

from assistant.errors import NotesError
from assistant.web import views
from assistant.web.library import Library

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def held(real_embedder):
    held = Held(real_embedder)
    yield held
    held.go.set()


def test_the_endpoint_answers_when_the_first_index_is_there_and_does_not_fail_before(tmp_path, models_folder, held):
    with page(tmp_path, models_folder, embedder=held) as served, ThreadPoolExecutor(3) as pool:
        assert held.reached.wait(LONG)
        calls = [pool.submit(call, served, "what is a mutex", None) for _ in range(3)]
        assert request(served).status == 200
        assert not any(each.done() for each in calls)
        assert not (tmp_path / "index" / "CURRENT").exists()
        held.go.set()
        answers = [each.result(LONG) for each in calls]

    assert [answer["status"] for answer in answers] == ["answered"] * 3
    assert all(answer["citations"] for answer in answers)


def test_the_endpoint_says_why_when_there_will_be_no_index(tmp_path, models_folder):
    with page(tmp_path, models_folder, notes="") as served:
        assert call(served, "what is a mutex", None)["error"]["code"] == NotesError.code


class OnePage:
    """An assistant whose first index is ready when it is told so."""

    def __init__(self, fault=None):
        self.fault, self.began, self.go = fault, threading.Event(), threading.Event()

    def refresh(self, progress=None):
        if progress:
            progress("embedding", 3, 8)
        self.began.set()
        assert self.go.wait(LONG)
        if self.fault:
            raise self.fault

    def notes(self):
        return ()


def test_a_library_stands_where_its_building_is():
    assistant = OnePage()
    library = Library(assistant)
    library.open()
    assert assistant.began.wait(LONG)
    at_work = library.standing
    assistant.go.set()

    assert library.current() is assistant
    assert (at_work.ready, at_work.what, at_work.done, at_work.total) == (False, "embedding", 3, 8)
    assert library.standing.ready


def test_a_stage_without_a_number_shows_a_bar_that_only_moves():
    assert "value" not in views.building("Opening", 0, 0)
    assert "0 of 0" not in views.building("Opening", 0, 0)
    assert 'value="3"' in views.building("embedding", 3, 8)
    assert "3 of 8" in views.building("embedding", 3, 8)
