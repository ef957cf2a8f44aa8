"""Every argument of `PyDataset` acts."""

import itertools
import os
import threading

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row

import kerasette
from kerasette.data.workers import made_ahead
from kerasette.utils import PyDataset


class Places(PyDataset):
    """Batches that tell in which process they were made, and whether in the main thread."""

    def __len__(self):
        return 4

    def __getitem__(self, index):
        is_main = threading.current_thread() is threading.main_thread()
        return np.full((1, 2), [os.getpid(), is_main], "int64")


def places_of(**arguments):
    model = kerasette.Sequential(
        [kerasette.Input((2,), dtype="int64"), kerasette.layers.Identity()]
    )
    return model.predict(Places(**arguments), verbose=0)


def test_one_worker_is_the_program_itself():
    assert (places_of() == [os.getpid(), True]).all()


def test_more_workers_are_threads():
    assert (places_of(workers=2) == [os.getpid(), False]).all()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_workers_may_be_processes():
    assert not (places_of(workers=2, use_multiprocessing=True)[:, 0] == os.getpid()).any()


@pytest.mark.parametrize("size", [1, 3])
def test_the_queue_is_as_long_as_is_said(size):
    taken = []

    def numbers():
        for number in itertools.count():
            taken.append(number)
            yield number

    batches = made_ahead(Places(workers=2, max_queue_size=size), numbers())
    next(batches)
    assert len(taken) == size
    batches.close()


COVERED = {"utils.PyDataset": ["workers", "use_multiprocessing", "max_queue_size"]}


def test_every_argument_has_a_row():
    assert_every_parameter_has_a_row(PyDataset, COVERED["utils.PyDataset"])
