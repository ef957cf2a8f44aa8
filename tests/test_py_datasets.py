"""Arguments of data sets whose batches are made by Python code."""

import numpy as np
import pytest

from kerasette.utils import PyDataset


@pytest.mark.parametrize("value", [-1, 1.5, "a", None, True])
@pytest.mark.parametrize("name", ["workers", "max_queue_size"])
def test_counts_are_integers(name, value):
    message = f"`{name}` must be an integer of at least 0. Received: {name}="
    with pytest.raises(ValueError, match=message):
        PyDataset(**{name: value})
    data = PyDataset(**{name: 3})
    with pytest.raises(ValueError, match=message):
        setattr(data, name, value)
    assert getattr(data, name) == 3


@pytest.mark.parametrize("name", ["workers", "max_queue_size"])
@pytest.mark.parametrize("value", [0, 2, np.int64(2)])
def test_counts_may_be_any_integer_of_at_least_0(name, value):
    assert getattr(PyDataset(**{name: value}), name) == value
