"""Every store must find what the exact one finds, and refuse what is not what it kept."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IndexForeignError
from assistant.store import STORES, ExactStore, FaissStore, Joined, store_named

DIMENSION = 16
CLOSE = 1e-5


def unit_rows(rows, seed=0, dimension=DIMENSION):
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def reopened(store, rows, dimension=DIMENSION):
    return type(store).from_bytes(bytes(store.to_bytes()), rows, dimension)


@pytest.fixture(params=sorted(STORES))
def kind(request):
    return STORES[request.param]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(1, 60),
    limit=st.integers(-1, 70),
    bounds=st.tuples(st.integers(-3, 70), st.one_of(st.none(), st.integers(0, 70))),
    seed=st.integers(0, 5),
    name=st.sampled_from(sorted(STORES)),
    saved=st.booleans(),
)
def test_every_store_gives_the_rows_and_scores_of_the_exact_one(rows, limit, bounds, seed, name, saved):
    vectors = unit_rows(rows, seed)
    query = unit_rows(1, seed + 100)[0]
    store = STORES[name].from_vectors(vectors)
    if saved:
        store = reopened(store, rows)
    found, scores = Joined.of(store).search(query, limit, *bounds)
    expected, exact = Joined.of(ExactStore.from_vectors(vectors)).search(query, limit, *bounds)
    assert found.tolist() == expected.tolist()
    assert np.allclose(scores, exact, atol=CLOSE)
    assert found.dtype == np.int64
    assert scores.dtype == np.float32


def test_ties_come_in_the_order_of_rows_even_where_they_do_not_all_fit(kind):
    vectors = np.repeat(unit_rows(3), 7, axis=0)
    rows, scores = Joined.of(kind.from_vectors(vectors)).search(vectors[7], 4)
    assert rows.tolist() == [7, 8, 9, 10]
    assert np.allclose(scores, 1.0, atol=CLOSE)


@settings(max_examples=100, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 20), min_size=1, max_size=4),
    limit=st.integers(0, 30),
    bounds=st.tuples(st.integers(-3, 30), st.one_of(st.none(), st.integers(0, 30))),
    seed=st.integers(0, 1000),
    name=st.sampled_from(sorted(STORES)),
)
def test_stores_joined_in_any_order_find_what_one_store_finds(sizes, limit, bounds, seed, name):
    """Also where vectors are equal, and where a part holds vectors that are no rows any more."""
    chance = np.random.default_rng(seed)
    vectors = np.concatenate([unit_rows(3, seed), unit_rows(40, seed + 1)])[chance.integers(0, 43, sum(sizes))]
    places = chance.permutation(sum(sizes))[: chance.integers(0, sum(sizes) + 1)]
    parts = [STORES[name].from_vectors(part) for part in np.split(vectors, np.cumsum(sizes)[:-1])]
    many, one = Joined(parts, places), Joined.of(STORES[name].from_vectors(vectors[places]))
    query = unit_rows(1, seed)[0]
    (rows, scores), (expected, exact) = many.search(query, limit, *bounds), one.search(query, limit, *bounds)
    assert rows.tolist() == expected.tolist()
    assert np.array_equal(scores, exact)
    assert np.array_equal(many.vectors(), vectors[places])
    assert np.array_equal(many.vectors(rows), vectors[places][rows])
    assert len(many) == len(places)


@pytest.mark.parametrize("places", [[0, 0], [-1, 0], [0, 5]])
def test_rows_that_share_a_place_or_have_none_are_refused(kind, places):
    with pytest.raises(ValueError, match="place"):
        Joined([kind.from_vectors(unit_rows(5))], np.array(places))


@settings(max_examples=100, deadline=None)
@given(
    count=st.integers(1, 600),
    limit=st.integers(1, 300),
    first=st.integers(0, 100),
    seed=st.integers(0, 1000),
    name=st.sampled_from(sorted(STORES)),
)
def test_among_many_equal_scores_the_lowest_rows_are_taken(count, limit, first, seed, name):
    """FAISS alone does not: where a better row comes late, it drops the first of the equal ones."""
    axes = np.random.default_rng(seed).integers(0, 4, count)
    vectors = np.eye(4, dtype=np.float32)[axes]
    query = np.array([0.5, 0.5, 0.5, 0.25], dtype=np.float32)
    rows, _ = Joined.of(STORES[name].from_vectors(vectors)).search(query, limit, first)
    scores = [(-float(query[axis]), row) for row, axis in enumerate(axes) if row >= first]
    assert rows.tolist() == [row for _, row in sorted(scores)[:limit]]


def test_no_row_is_invented_where_fewer_than_the_limit_are_there(kind):
    rows, scores = Joined.of(kind.from_vectors(unit_rows(3))).search(unit_rows(1)[0], 50)
    assert sorted(rows.tolist()) == [0, 1, 2]
    assert np.isfinite(scores).all()


def test_an_empty_store_finds_nothing_and_can_be_saved(kind):
    store = reopened(kind.from_vectors(unit_rows(0)), 0)
    rows, scores = Joined.of(store).search(unit_rows(1)[0], 5)
    assert (len(store), rows.shape, scores.shape) == (0, (0,), (0,))
    assert Joined.of(store).vectors().shape == (0, DIMENSION)


def test_vectors_come_back_as_they_were_before_and_after_saving(kind):
    vectors = unit_rows(9)
    for store in (kind.from_vectors(vectors), reopened(kind.from_vectors(vectors), 9)):
        assert np.array_equal(Joined.of(store).vectors(), vectors)
        assert np.array_equal(Joined.of(store).vectors([3, 3, 0]), vectors[[3, 3, 0]])


def test_vectors_outlive_the_store_that_lent_them(kind):
    vectors = unit_rows(500)
    lent = reopened(kind.from_vectors(vectors), 500).vectors(np.arange(500))
    churn = [bytes(100_000) for _ in range(50)]
    assert np.array_equal(lent, vectors)
    assert len(churn) == 50


def test_a_saved_store_outlives_the_bytes_it_was_read_from(kind):
    vectors = unit_rows(500)
    store = reopened(kind.from_vectors(vectors), 500)
    churn = [bytes(len(store.to_bytes())) for _ in range(50)]
    rows, scores = Joined.of(store).search(vectors[123], 1)
    assert rows.tolist() == [123]
    assert np.allclose(scores, 1.0, atol=CLOSE)
    assert len(churn) == 50


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_question_with_numbers_that_are_none_is_refused(kind, bad):
    query = unit_rows(1)[0].copy()
    query[3] = bad
    with pytest.raises(ValueError, match="not finite"):
        Joined.of(kind.from_vectors(unit_rows(4))).search(query, 2)


@pytest.mark.parametrize("dimension", [1, DIMENSION - 1, DIMENSION + 1, 2 * DIMENSION])
def test_a_question_of_another_dimension_is_refused(kind, dimension):
    with pytest.raises(ValueError, match="was expected"):
        Joined.of(kind.from_vectors(unit_rows(4))).search(unit_rows(1, dimension=dimension)[0], 2)


def test_shapes_are_checked_under_python_o_too():
    """FAISS checks them with an assertion, which -O removes: it then reads memory that is not its own."""
    program = (
        "import numpy as np; from assistant.store import FaissStore, Joined\n"
        "store = FaissStore.from_vectors(np.eye(16, dtype=np.float32))\n"
        "try: Joined.of(store).search(np.ones(8, dtype=np.float32), 2)\n"
        "except ValueError as error: print('refused', __debug__)"
    )
    run = subprocess.run([sys.executable, "-O", "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "refused False\n"


@pytest.mark.parametrize("wrong", [np.zeros((2, DIMENSION)), np.full((2, DIMENSION), np.nan), 3 * np.eye(DIMENSION)])
def test_rows_that_are_not_of_length_one_are_refused(kind, wrong):
    with pytest.raises(ValueError, match="length is not 1"):
        kind.from_vectors(wrong.astype(np.float32))


def test_rows_of_another_kind_of_number_are_refused(kind):
    with pytest.raises(ValueError, match="float32"):
        kind.from_vectors(np.eye(DIMENSION))


@pytest.mark.parametrize(("rows", "dimension"), [(4, DIMENSION), (6, DIMENSION), (5, DIMENSION + 1), (0, 0)])
def test_a_file_of_another_shape_is_refused(kind, rows, dimension):
    data = bytes(kind.from_vectors(unit_rows(5)).to_bytes())
    with pytest.raises(ValueError, match="where"):
        kind.from_bytes(data, rows, dimension)


@pytest.mark.parametrize("name", STORES)
def test_a_prepared_store_loads_no_library_when_it_is_opened(name):
    program = (
        "import sys; from assistant.store import STORES; kind = STORES[sys.argv[1]]; kind.prepare(); "
        "before = set(sys.modules); kind.from_bytes(sys.stdin.buffer.read(), 5, 4); "
        "print(*{new.partition('.')[0] for new in set(sys.modules) - before} & {'numpy', 'faiss'})"
    )
    data = bytes(STORES[name].from_vectors(unit_rows(5, dimension=4)).to_bytes())
    done = subprocess.run(
        [sys.executable, "-c", program, name], check=False, input=data, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], b"")


def test_a_truncated_file_is_refused_at_every_length(kind):
    data = bytes(kind.from_vectors(unit_rows(2, dimension=4)).to_bytes())
    for length in range(len(data)):
        with pytest.raises(ValueError):
            kind.from_bytes(data[:length], 2, 4)


def test_a_file_with_vectors_that_are_no_numbers_is_refused(kind):
    data = bytearray(kind.from_vectors(unit_rows(2, dimension=4)).to_bytes())
    data[-4:] = np.float32(np.nan).tobytes()
    with pytest.raises(ValueError, match="length is not 1"):
        kind.from_bytes(bytes(data), 2, 4)


def test_another_kind_of_faiss_index_is_refused():
    import faiss

    other = faiss.IndexFlatL2(4)
    other.add(np.eye(4, dtype=np.float32))
    with pytest.raises(ValueError, match="another kind"):
        FaissStore.from_bytes(faiss.serialize_index(other).tobytes(), 4, 4)


@pytest.mark.parametrize("rows", [0, 1, 100])
def test_a_written_store_is_what_faiss_itself_would_write(rows):
    import faiss

    vectors = unit_rows(rows)
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(vectors)
    assert bytes(FaissStore.from_vectors(vectors).to_bytes()) == faiss.serialize_index(index).tobytes()


def test_a_store_that_this_version_has_not_is_foreign():
    assert store_named("faiss") is FaissStore
    with pytest.raises(IndexForeignError, match="annoy"):
        store_named("annoy")
