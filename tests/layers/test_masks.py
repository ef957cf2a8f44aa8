"""How masks go from layer to layer: what is expected here is what Keras was seen to do."""

import warnings

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops
from kerasette.layers import Layer

X = np.arange(12, dtype="float32").reshape(2, 3, 2)
MASK = [[True, False, True], [False, False, True]]


def tensor(x=X, mask=MASK):
    found = ops.convert_to_tensor(x)
    if mask is not None:
        found._keras_mask = ops.convert_to_tensor(mask)
    return found


def mask_of(x):
    return None if x._keras_mask is None else x._keras_mask.numpy().tolist()


def plain(masks):
    if isinstance(masks, (list, tuple)):
        return [plain(mask) for mask in masks]
    if isinstance(masks, dict):
        return {name: plain(mask) for name, mask in masks.items()}
    return None if masks is None else masks.numpy().tolist()


class Passing(Layer):
    """Supports masks, and takes none."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs):
        return inputs * 2.0


class Unaware(Layer):
    def call(self, inputs):
        return inputs * 2.0


class Seeing(Layer):
    """Notes the masks that it gets."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.__dict__["seen"] = []

    def call(self, inputs, mask=None):
        self.seen.append(plain(mask))
        return ops.multiply(inputs, 2.0) if not isinstance(inputs, (list, dict)) else inputs


class Pair(Layer):
    """Takes two tensors, and notes the masks of both."""

    def __init__(self):
        super().__init__()
        self.supports_masking = True
        self.__dict__["seen"] = []

    def call(self, query, value, query_mask=None, value_mask=None):
        self.seen.append((plain(query_mask), plain(value_mask)))
        return query + value


class Inverting(Layer):
    """Computes a mask of its own."""

    def call(self, inputs):
        return inputs * 1.0

    def compute_mask(self, inputs, previous_mask):
        return None if previous_mask is None else ops.logical_not(previous_mask)


def test_layers_that_support_masks_hand_them_on():
    assert mask_of(Passing()(tensor())) == MASK
    assert mask_of(Passing()(tensor(mask=None))) is None


def test_layers_that_do_not_warn_and_destroy_them():
    with pytest.warns(UserWarning, match=r"'unaware.*does not support masking.*destroy the mask"):
        assert mask_of(Unaware()(tensor())) is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Unaware()(tensor(mask=None))


def test_call_gets_the_mask_that_its_input_carries_or_is_given():
    layer = Seeing()
    layer(tensor())
    layer(X, mask=ops.convert_to_tensor(MASK))
    layer(X, mask=np.array(MASK))
    layer(X)
    assert layer.seen == [MASK, MASK, MASK, None]
    other = np.logical_not(MASK)
    layer(tensor(), mask=other)
    assert layer.seen[-1] == other.tolist()


def test_a_mask_that_is_given_goes_on_with_the_output():
    assert mask_of(Seeing()(X, mask=np.array(MASK))) == MASK


def test_each_of_several_arguments_has_a_mask_of_its_own():
    layer, other = Pair(), np.logical_not(MASK).tolist()
    layer(tensor(), X)
    layer(X, tensor())
    layer(tensor(), value=tensor(mask=other))
    layer(X, X, value_mask=np.array(MASK))
    assert layer.seen == [(MASK, None), (None, MASK), (MASK, other), (None, MASK)]
    # The output carries the mask of the first.
    assert mask_of(layer(tensor(), tensor(mask=other))) == MASK
    assert mask_of(layer(X, tensor())) is None


def test_lists_and_dicts_of_tensors_have_such_masks():
    layer = Seeing()
    first, second = layer([tensor(), tensor(mask=None)])
    assert layer.seen[-1] == [MASK, None]
    assert (mask_of(first), mask_of(second)) == (MASK, None)
    layer({"a": tensor(mask=None), "b": tensor()})
    assert layer.seen[-1] == {"a": None, "b": MASK}


def test_masks_survive_casts():
    layer = Seeing(dtype="float64")
    found = layer(tensor())
    assert found.dtype == "float64"
    assert mask_of(found) == MASK and layer.seen == [MASK]


def test_compute_mask_of_a_user_layer():
    layer = Inverting()
    assert layer.supports_masking
    assert mask_of(layer(tensor())) == np.logical_not(MASK).tolist()
    assert mask_of(layer(tensor(mask=None))) is None


def test_layers_inside_see_the_masks_of_what_they_are_given():
    class Direct(Layer):
        def __init__(self):
            super().__init__()
            self.inner = Seeing()
            self.supports_masking = True

        def call(self, inputs):
            return self.inner(inputs)

    class Computing(Direct):
        def call(self, inputs):
            # The result of an op carries no mask.
            return self.inner(inputs + 0.0)

    direct, computing = Direct(), Computing()
    assert mask_of(direct(tensor())) == MASK and direct.inner.seen[-1] == MASK
    assert mask_of(computing(tensor())) == MASK and computing.inner.seen[-1] is None


def test_a_mask_reaches_through_a_model_with_layers_that_are_stacked():
    seeing = Seeing()
    inner = kerasette.Sequential([layers.Dense(2), seeing])
    model = kerasette.Sequential([layers.Masking(), layers.Dropout(0.5), inner])
    x = X.copy()
    x[0, 1] = x[1, :2] = 0
    assert mask_of(model(x)) == MASK
    assert seeing.seen[-1] == MASK
    model(X + 1, mask=np.array(MASK))
    assert seeing.seen[-1] != MASK  # Masking makes its own.


def test_a_mask_in_a_model_is_that_of_each_batch():
    """Recorded once, computed anew from the data at each step."""
    tokens = np.array([[1, 2, 0], [0, 0, 3], [1, 0, 0], [2, 2, 2]])
    model = kerasette.Sequential(
        [
            kerasette.Input((3,), dtype="int32"),
            layers.Embedding(4, 2, embeddings_initializer="ones", mask_zero=True),
            layers.Dense(1, kernel_initializer="ones"),
        ]
    )
    model.compile("sgd", "mse")
    y = np.arange(12, dtype="float32").reshape(4, 3, 1)
    losses = [model.test_on_batch(tokens[i : i + 1], y[i : i + 1]) for i in range(4)]
    expected = [((2 - y[i, tokens[i] > 0]) ** 2).mean() for i in range(4)]
    np.testing.assert_allclose(losses, expected, rtol=1e-6)
    assert model.replayed_steps > 0
