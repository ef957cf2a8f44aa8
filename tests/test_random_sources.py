"""Random numbers of one's own, in one thread, in place of the process's."""

import copy
import pickle
import random
import threading

import numpy as np
import pytest
from jobs import Noisy, small_fit

import kerasette
from kerasette import layers
from kerasette.data.epochs import discard_first_draw, shuffled
from kerasette.data.split_dataset import drawn_order
from kerasette.data.streams import DatasetPass
from kerasette.random.sources import RandomSources, number_in_use, sources_in_use


class Numbers(kerasette.utils.PyDataset):
    def __len__(self):
        return 20

    def __getitem__(self, index):
        return index


def passed_over():
    batches = DatasetPass(Numbers(), shuffle=True, has_workers=False)
    return [next(batches) for _ in range(20)]


DRAWS = {
    "seed of an initializer": lambda: kerasette.initializers.GlorotUniform()((3, 2)).numpy(),
    "weights of a layer": lambda: layers.Dense(3)(np.ones((1, 2))).numpy(),
    "a draw without a seed": lambda: kerasette.random.normal((3,)).numpy(),
    "dropout": lambda: layers.Dropout(0.5)(np.ones((20,)), training=True).numpy(),
    "an order of samples": lambda: shuffled(True, 20, 4),
    "an order within batches": lambda: shuffled("batch", 20, 10),
    "an order of batches": passed_over,
    "a split": lambda: drawn_order(20, None),
    "a choice": lambda: kerasette.text.sample(np.zeros((20, 3))),
    "an order of windows": lambda: [
        batch[0]
        for batch in kerasette.utils.timeseries_dataset_from_array(
            np.arange(20.0), None, 1, shuffle=True, batch_size=1
        )
    ],
    "a layer's seed": lambda: layers.RandomCrop(2, 2).get_config()["seed"],
}


def global_state():
    return pickle.dumps((random.getstate(), np.random.get_state()))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_draws_follow_the_seed_and_nothing_else(draw):
    def of(seed):
        with RandomSources(seed).in_use():
            return np.asarray(draw()).tolist()

    generator = kerasette.random.seeds.global_seed_generator()
    before, state = global_state(), generator.state.numpy()
    first = of(1)
    assert global_state() == before and (generator.state.numpy() == state).all()
    random.seed(0)
    np.random.seed(0)
    kerasette.random.normal((1,))
    assert of(1) == first != of(2)


def test_the_first_draw_of_a_fit_is_thrown_away_here_too():
    sources, others = RandomSources(1), RandomSources(1)
    with sources.in_use():
        discard_first_draw("batch", 30, 4)
        discard_first_draw(True, 30, 4)
    others.numpy.permutation(4)
    others.numpy.permutation(30)
    assert sources.numpy.randint(10**6) == others.numpy.randint(10**6)


def test_without_sources_the_global_generators_decide():
    random.seed(5)
    np.random.seed(5)
    drawn = [DRAWS[name]() for name in ("an order of samples", "an order of batches")]
    random.seed(5)
    np.random.seed(5)
    order = list(range(20))
    random.shuffle(order)
    assert drawn[1] == order
    assert (drawn[0] == np.random.permutation(20)).all()


def test_sources_nest_and_end_with_an_error():
    outer, inner = RandomSources(1), RandomSources(2)
    with outer.in_use() as given:
        assert given is outer
        with pytest.raises(KeyError), inner.in_use():
            assert sources_in_use() is inner
            raise KeyError
        assert sources_in_use() is outer and number_in_use() == outer.number
    assert sources_in_use() is None and number_in_use() == 0


def test_sources_are_those_of_one_thread():
    found = []
    with RandomSources(1).in_use():
        thread = threading.Thread(target=lambda: found.append(sources_in_use()))
        thread.start()
        thread.join()
    assert found == [None]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
@pytest.mark.parametrize("is_begun", [True, False])
def test_copies_go_on_where_they_were(copied, is_begun):
    sources = RandomSources(1)
    with sources.in_use():
        _ = [draw() for draw in DRAWS.values() if is_begun]
    other = copied(sources)
    assert other.number != sources.number
    drawn = []
    for each in (sources, other):
        with each.in_use():
            drawn.append([np.asarray(draw()).tolist() for draw in DRAWS.values()])
    assert drawn[0] == drawn[1]


def test_set_random_seed_starts_the_sources_in_use_again():
    sources = RandomSources(1)
    with sources.in_use():
        kerasette.utils.set_random_seed(7)
        drawn = [np.asarray(draw()).tolist() for draw in DRAWS.values()]
        kerasette.utils.set_random_seed(7)
        assert drawn == [np.asarray(draw()).tolist() for draw in DRAWS.values()]
    with RandomSources(7).in_use():
        assert drawn == [np.asarray(draw()).tolist() for draw in DRAWS.values()]


def noisy_model():
    return kerasette.Sequential([kerasette.Input((3,)), Noisy()])


def test_recordings_draw_from_the_sources_in_use():
    model = noisy_model()
    x = np.zeros((400, 3), "float32")

    def predicted(seed):
        with RandomSources(seed).in_use():
            return [model.predict(x, batch_size=100, verbose=0).tolist() for _ in range(2)]

    outside = [model.predict(x, batch_size=100, verbose=0).tolist() for _ in range(3)]
    first, second = predicted(1), predicted(2)
    assert model.replayed_steps > 0
    assert outside[0] != outside[1] != first[0] != first[1] != second[1]
    assert predicted(1) == first and predicted(2) == second
    # As without recordings.
    model.compile(run_eagerly=True)
    assert predicted(1) == first


def test_fits_are_equal_in_threads():
    joblib = pytest.importorskip("joblib")
    expected = [small_fit(seed) for seed in range(6)]
    before = global_state()
    threads = joblib.Parallel(n_jobs=3, backend="threading")(
        joblib.delayed(small_fit)(seed) for seed in range(6)
    )
    assert threads == expected
    assert global_state() == before


def test_fits_are_equal_in_processes():
    joblib = pytest.importorskip("joblib")
    expected = [small_fit(seed) for seed in range(2)]
    fits = (joblib.delayed(small_fit)(seed) for seed in range(2))
    try:
        assert joblib.Parallel(n_jobs=2, backend="loky")(fits) == expected
    finally:
        joblib.externals.loky.get_reusable_executor().shutdown()


@pytest.mark.parametrize("before", [[], ["a draw without a seed"]])
@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_going_back(draw, before):
    with RandomSources(1).in_use() as sources:
        for name in before:
            DRAWS[name]()
        position = sources.position()
        first = draw()
        assert str(first) != str(draw())
        sources.go_back(position)
        np.testing.assert_equal(draw(), first)


def test_recordings_go_back_with_their_generator():
    model = noisy_model()
    x = np.zeros((400, 3), "float32")
    model.predict(x, batch_size=100, verbose=0)
    with RandomSources(1).in_use() as sources:
        position = sources.position()
        first = [model.predict(x, batch_size=100, verbose=0).tolist() for _ in range(2)]
        assert first[0] != first[1]
        sources.go_back(position)
        assert [model.predict(x, batch_size=100, verbose=0).tolist() for _ in range(2)] == first
