"""What an edit costs is looked up, not what it could not have changed: and the outcome is that of looking anew."""

import numpy as np
from desk import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.indexing.duplicates import Known, find_same
from assistant.types import Note, Place

PLACE = Place("a.txt", 1, 1, 0, 1)
TITLES = st.lists(st.sampled_from(["wide tabs", "tabs wide", "tab 1", "tab 2", "spaces", "open end"]), max_size=12)


def _note(number, title):
    return Note(f"{number}", title, "", "unanswered", PLACE, PLACE, PLACE, title)


@settings(deadline=None)
@given(TITLES, st.sets(st.integers(0, 11)), st.integers(0, 9))
def test_pairs_of_notes_that_are_as_they_were_need_not_be_looked_at_again(titles, kept, seed):
    notes = [_note(number, title) for number, title in enumerate(titles)]
    vectors = np.random.default_rng(seed).normal(size=(len(notes), 2)).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    whole = find_same(notes, vectors, str.split)
    old = frozenset(number for number in kept if number < len(notes))
    pairs = {(int(one), int(other)) for one, others in whole.items() for other in others}
    known = Known(old, frozenset(pair for pair in pairs if set(pair) <= old and pair[0] < pair[1]))
    assert find_same(notes, vectors, str.split, known) == whole


def test_duplicates_after_an_edit_are_those_of_a_new_index(tmp_path):
    desk = Desk(tmp_path)
    for name, question in (("a", "What are tabs?"), ("b", "what are tabs"), ("c", "What are spaces?")):
        desk.write(f"{name}.txt", f"Q. {question}\nText of {name}.\n")
    desk.refresh()
    desk.write("c.txt", "Q. what are tabs ?\nText.\n")
    after = desk.refresh()[0].same
    assert after == desk.refresh(rebuild=True)[0].same
    assert {name: len(others) for name, others in after.items()} == dict.fromkeys(after, 2)
