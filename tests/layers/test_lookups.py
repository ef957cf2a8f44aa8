"""Layers that look up or hash strings and integers, against Keras on TensorFlow."""

import numpy as np
import pytest
from agreement import golden_json, make
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import layers, ops
from kerasette.layers.index_lookup import IndexLookup

GOLDEN = golden_json("lookups.json")
WORDS = ["red", "green", "blue"]


def named(case):
    return str(case["layer"])


def values_of(output):
    return output.numpy() if ops.is_tensor(output) else output


def check_answer(case, layer, inputs):
    output = layer(inputs)
    found = values_of(output)
    if case["dtype"] == "string":
        assert found.tolist() == case["output"]
        return
    assert output.dtype == case["dtype"]
    np.testing.assert_allclose(found, case["output"], rtol=1e-6)
    assert found.shape == np.shape(case["output"])


@pytest.mark.parametrize("case", GOLDEN["lookups"], ids=named)
def test_lookups_are_those_of_keras(case):
    kerasette.utils.clear_session(free_memory=False)
    layer = make(layers, case["layer"])
    if case["data"] is not None:
        layer.adapt(np.array(case["data"]))
    assert layer.get_vocabulary() == case["vocabulary"]
    assert layer.vocabulary_size() == len(case["vocabulary"])
    assert layer.get_config() == case["config"]
    shape = np.shape(case["inputs"])
    check_answer(case, layer, case["inputs"])
    check_answer(case, layer, np.array(case["inputs"]))
    if shape:
        assert layer.compute_output_shape(shape) == np.shape(case["output"])
    if isinstance(layer, layers.IntegerLookup):
        check_answer(case, layer, ops.convert_to_tensor(np.array(case["inputs"], "int32")))
    # The config that Keras has written is understood; what was adapted is not in it.
    twin = type(layer).from_config(case["config"])
    assert twin.get_config() == case["config"]
    if case["data"] is None:
        check_answer(case, twin, case["inputs"])


@pytest.mark.parametrize("case", GOLDEN["hashes"], ids=named)
def test_hashes_are_those_of_keras(case):
    kerasette.utils.clear_session(free_memory=False)
    layer = make(layers, case["layer"])
    inputs = case["inputs"]
    check_answer(case, layer, inputs)
    assert layer.get_config() == case["config"]
    check_answer(case, type(layer).from_config(case["config"]), inputs)
    is_crossing = isinstance(layer, layers.HashedCrossing)
    shapes = [np.shape(value) for value in inputs] if is_crossing else np.shape(inputs)
    assert layer.compute_output_shape(shapes) == np.shape(case["output"])


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=named)
def test_errors_are_those_of_keras(case):
    with pytest.raises(Exception) as caught:
        make(layers, case["layer"])
    assert caught.type.__name__ == case["type"]
    assert str(caught.value).startswith(case["message"][:36])


# ---- vocabularies -------------------------------------------------------------------------------


def test_a_vocabulary_comes_from_a_file(tmp_path):
    (tmp_path / "words.txt").write_text("red\ngreen\n")
    layer = layers.StringLookup(vocabulary=str(tmp_path / "words.txt"))
    assert layer.get_vocabulary() == ["[UNK]", "red", "green"]
    assert layer.get_config()["vocabulary"] is None
    (tmp_path / "numbers.txt").write_text("12\n-3\n")
    layer = layers.IntegerLookup(vocabulary=str(tmp_path / "numbers.txt"))
    assert layer.get_vocabulary(include_special_tokens=False) == [12, -3]
    with pytest.raises(ValueError, match="does not support loading a vocabulary from file"):
        layers.StringLookup(
            vocabulary=str(tmp_path / "words.txt"), output_mode="tf_idf", idf_weights=[1, 2]
        )


def test_a_vocabulary_is_set_in_place_of_another():
    layer = layers.StringLookup()
    with pytest.raises(RuntimeError, match="must set the layer's vocabulary before calling it"):
        layer(["red"])
    layer.set_vocabulary(WORDS)
    assert layer(["blue"]).numpy().tolist() == [3]
    layer.set_vocabulary(np.array(["[UNK]", "blue"]))
    assert layer(["blue"]).numpy().tolist() == [1]
    with pytest.raises(ValueError, match="`idf_weights` should only be set"):
        layer.set_vocabulary(WORDS, idf_weights=[1, 2, 3])
    weighted = layers.StringLookup(output_mode="tf_idf")
    with pytest.raises(ValueError, match="`idf_weights` must be set"):
        weighted.set_vocabulary(WORDS)


def test_vectors_keep_their_size():
    layer = layers.StringLookup(output_mode="count")
    with pytest.raises(RuntimeError, match="must set the layer's vocabulary"):
        layer(["red"])
    layer.adapt(["a", "b"])
    layer.adapt(["c", "b"])
    assert layer.get_vocabulary() == ["[UNK]", "c", "b"]
    with pytest.raises(RuntimeError, match="the vocabulary size cannot be changed"):
        layer.adapt(["a"])
    with pytest.raises(RuntimeError, match="the vocabulary size cannot be changed"):
        layer.set_vocabulary(WORDS)
    assert layer.get_vocabulary() == ["[UNK]", "c", "b"]


def test_adaptation_to_batches():
    batches = [np.array(["a", "b"]), np.array(["b", "c"]), np.array(["c", "c"])]
    layer = layers.StringLookup()
    layer.adapt(batch for batch in batches)
    assert layer.get_vocabulary() == ["[UNK]", "c", "b", "a"]
    layer.adapt(iter(batches), steps=2)
    assert layer.get_vocabulary() == ["[UNK]", "b", "c", "a"]
    layer.reset_state()
    layer.update_state(["z"])
    layer.finalize_state()
    assert layer.get_vocabulary() == ["[UNK]", "z"]
    # Nothing was counted: the vocabulary stays.
    layer.adapt([])
    assert layer.get_vocabulary() == ["[UNK]", "z"]
    with pytest.raises(ValueError, match="Cannot adapt layer"):
        layers.StringLookup(vocabulary=WORDS).adapt(["a"])


def test_bytes_are_decoded():
    layer = layers.StringLookup(vocabulary=["é"], encoding="latin-1")
    assert layer([b"\xe9"]).numpy().tolist() == [1]
    assert layers.StringLookup(vocabulary=["é"])(["é".encode(), "é"]).numpy().tolist() == [1, 1]
    assert layers.StringLookup(vocabulary=[b"a", b"b"])(["b"]).numpy().tolist() == [2]


@pytest.mark.parametrize("value", [[1], [1.5], [None], [["a", 1]], ops.ones((2,))])
def test_a_string_lookup_takes_strings(value):
    with pytest.raises(TypeError, match="StringLookup takes strings"):
        layers.StringLookup(vocabulary=WORDS)(value)


def test_an_integer_lookup_takes_integers():
    for value in ([1.5], [True], np.array([1.0])):
        with pytest.raises(TypeError, match="IntegerLookup takes integers"):
            layers.IntegerLookup(vocabulary=[1])(value)
    with pytest.raises(TypeError, match="IntegerLookup takes integers"):
        layers.IntegerLookup().adapt(["a"])
    with pytest.raises(RuntimeError, match="must set the layer's vocabulary"):
        layers.IntegerLookup()([1])
    with pytest.raises(TypeError, match="takes integers"):
        layers.StringLookup(vocabulary=WORDS, invert=True)([0.5])


def test_unknown_tokens_without_a_number():
    words = r"found OOV values \['pink'\], consider setting `num_oov_indices=1`"
    with pytest.raises(ValueError, match=words):
        layers.StringLookup(vocabulary=WORDS, num_oov_indices=0)(["red", "pink"])
    layer = layers.IntegerLookup(vocabulary=[5, 7], num_oov_indices=0, mask_token=0)
    with pytest.raises(ValueError, match=r"found OOV values \[6\], consider"):
        layer([5, 6, 0])
    assert layer([5, 7, 0]).numpy().tolist() == [1, 2, 0]


def test_other_wrong_arguments():
    for arguments, words in [
        ({"output_mode": "vector"}, "Unknown argument value for `output_mode`"),
        ({"oov_method": "other"}, "Unknown argument value for `oov_method`"),
        ({"sparse": True, "output_mode": "count"}, "Sparse tensors are not supported"),
    ]:
        with pytest.raises(ValueError, match=words):
            layers.IntegerLookup(**arguments)
    for inputs, words in [
        (["a"], "a list or tuple of at least two inputs"),
        ("a", "a list or tuple of at least two inputs"),
        ([["a"], ["b", "c"]], "should have equal shape"),
        ([[["a", "b"]], [["b", "c"]]], r"should have shape `\(\)`"),
        ([[1.0], ["a"]], "an integer or string dtype"),
    ]:
        with pytest.raises(ValueError, match=words):
            layers.HashedCrossing(3)(inputs)
    with pytest.raises(ValueError, match="Invalid value for argument `output_mode`"):
        layers.HashedCrossing(3, output_mode="count")
    with pytest.raises(ValueError, match="non-positive"):
        layers.HashedCrossing(0)
    with pytest.raises(ValueError, match="Sparse tensors are not supported"):
        layers.Hashing(3, output_mode="count", sparse=True)
    with pytest.raises(TypeError, match="Strings and numbers are hashed"):
        layers.Hashing(3)([1j])


@pytest.mark.parametrize("output_mode", ["int", "count", "tf_idf"])
def test_an_adapted_vocabulary_goes_to_a_file_and_back(tmp_path, output_mode):
    for cls, data in ((layers.StringLookup, [["b", "a", ""], ["b", "c", ""]]),
                      (layers.IntegerLookup, [[5, -7, 0], [5, 8, 0]])):  # fmt: skip
        layer = cls(output_mode=output_mode, mask_token="" if "b" in data[0] else 0)
        layer.adapt(data)
        layer.save_assets(tmp_path)
        twin = cls.from_config(layer.get_config())
        # Weights of tokens come with the other weights.
        twin.idf_weights = layer.idf_weights
        twin.load_assets(str(tmp_path))
        assert twin.get_vocabulary() == layer.get_vocabulary()
        np.testing.assert_array_equal(values_of(twin(data)), values_of(layer(data)))
        (tmp_path / "vocabulary.txt").unlink()
    given = layers.StringLookup(vocabulary=WORDS)
    given.save_assets(tmp_path)
    assert not list(tmp_path.iterdir())
    given.load_assets(tmp_path)
    assert given.get_vocabulary()[1:] == WORDS


# ---- every argument has an effect ---------------------------------------------------------------

LOOKUP = {
    "max_tokens": (3, {"adapt": True}),
    "num_oov_indices": 2,
    "oov_token": ("?", {"invert": True}),
    "vocabulary": (WORDS[:2], {}),
    "idf_weights": ([1.0, 2.0, 3.0], {"output_mode": "tf_idf", "idf_weights": [1.0, 1.0, 1.0]}),
    "invert": True,
    "output_mode": "multi_hot",
    "sparse": True,
    "pad_to_max_tokens": (True, {"max_tokens": 9, "output_mode": "count"}),
    "salt": (3, {"num_oov_indices": 50}),
}
CHANGES = {
    "StringLookup": {**LOOKUP, "mask_token": "", "encoding": "latin-1"},
    "IntegerLookup": {
        **LOOKUP,
        "mask_token": 0,
        "oov_token": (-5, {"invert": True}),
        "vocabulary": ([3, 5], {}),
        "vocabulary_dtype": "int32",
        "oov_method": ("farmhash", {"num_oov_indices": 50}),
        "salt": (3, {"num_oov_indices": 50, "oov_method": "farmhash"}),
    },
    "Hashing": {
        "num_bins": 5,
        "mask_value": "a",
        "salt": 3,
        "output_mode": "count",
        "sparse": True,
    },
    "HashedCrossing": {"num_bins": 5, "output_mode": "one_hot", "sparse": True},
}
COVERED = {
    **{f"layers.{name}": changes for name, changes in CHANGES.items()},
    # In tests above.
    **{
        f"layers.{name}.{method}": parameters
        for name in ("StringLookup", "IntegerLookup")
        for method, parameters in {
            "adapt": ["data", "steps"],
            "set_vocabulary": ["vocabulary", "idf_weights"],
        }.items()
    },
}
TOKENS = {"StringLookup": [["a", "b", "", "é"]], "IntegerLookup": [[1, 3, 0, 77]]}
VOCABULARIES = {"StringLookup": WORDS, "IntegerLookup": [3, 5, 7]}


def observed(name, arguments):
    """The output of a layer and its vocabulary, or the error that it raises."""
    arguments = dict(arguments)
    is_lookup = issubclass(getattr(layers, name), IndexLookup)
    is_adapted = arguments.pop("adapt", False)
    if not is_lookup:
        arguments.setdefault("num_bins", 1000)
    elif not is_adapted:
        arguments.setdefault("vocabulary", VOCABULARIES[name])
    try:
        layer = getattr(layers, name)(**arguments)
        inputs = TOKENS.get(name, [["a", "b", "", "é"]])
        if is_adapted:
            layer.adapt(inputs)
        if name == "HashedCrossing":
            inputs = [inputs[0], inputs[0]]
        if arguments.get("invert"):
            inputs = [[0, 1, 9]]
        found = values_of(layer(inputs)).tolist()
        return [found, layer.get_vocabulary() if is_lookup else None]
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("name", CHANGES)
def test_every_argument_has_an_effect(name):
    changes = CHANGES[name]
    assert_every_parameter_has_a_row(getattr(layers, name), changes)
    for argument, value in changes.items():
        if argument == "encoding":
            # See test_bytes_are_decoded.
            continue
        value, others = value if isinstance(value, tuple) else (value, {})
        found = observed(name, {**others, argument: value})
        expected = observed(
            name, others if argument == "idf_weights" else without(others, argument)
        )
        assert str(found) != str(expected), argument


def without(arguments, name):
    return {key: value for key, value in arguments.items() if key != name}


def test_what_has_no_meaning_is_taken_as_configs_have_it():
    layer = layers.StringLookup(vocabulary=WORDS, trainable=False, dtype="int32")
    assert layer.get_config() == layers.StringLookup(vocabulary=WORDS, name=layer.name).get_config()


# ---- in models ----------------------------------------------------------------------------------


def test_an_integer_lookup_is_part_of_a_model_that_is_replayed():
    kerasette.utils.set_random_seed(1)
    rng = np.random.default_rng(0)
    keys = np.array([100, -5, 7, 2000, 31])
    x = rng.choice(keys, (60, 1))
    y = (x % 3).astype("float32")
    lookup = layers.IntegerLookup(output_mode="one_hot")
    lookup.adapt(x)
    model = kerasette.Sequential([kerasette.Input((1,), dtype="int64"), lookup, layers.Dense(1)])
    model.compile(kerasette.optimizers.Adam(0.1), "mse")
    losses = model.fit(x, y, epochs=60, verbose=0).history["loss"]
    assert losses[-1] < 0.02
    np.testing.assert_allclose(model.predict(keys[:, None], verbose=0)[:, 0], keys % 3, atol=0.3)


def test_strings_are_looked_up_before_the_model():
    with pytest.raises(TypeError, match="call it on the data before the model"):
        layers.StringLookup(vocabulary=WORDS)(kerasette.Input((1,)))
    lookup = layers.StringLookup(vocabulary=WORDS)
    model = kerasette.Sequential([layers.Embedding(lookup.vocabulary_size(), 2)])
    assert model(lookup([["red", "pink"]])).shape == (1, 2, 2)


def test_hashes_of_integers_in_a_model():
    model = kerasette.Sequential(
        [kerasette.Input((2,), dtype="int64"), layers.Hashing(4, output_mode="multi_hot")]
    )
    x = np.array([[1, 2], [3, 3]])
    np.testing.assert_array_equal(
        model.predict(x, verbose=0), layers.Hashing(4, output_mode="multi_hot")(x)
    )
    assert differ(model(x), model(x + 5))


@pytest.mark.parametrize("cls", [layers.StringLookup, layers.IntegerLookup])
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("max_tokens", "a"), ("max_tokens", 1.5), ("max_tokens", True),
        ("num_oov_indices", "a"), ("num_oov_indices", None), ("num_oov_indices", 1.5),
    ],
)  # fmt: skip
def test_counts_of_tokens_are_integers(cls, argument, value):
    with pytest.raises(ValueError, match=f"`{argument}` must be an integer. Received: {argument}="):
        cls(**{argument: value})


@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
@pytest.mark.parametrize("name", ["Discretization", "HashedCrossing", "Hashing", "IntegerLookup"])
def test_a_symbolic_call_tells_the_dtype(name, mode):
    if name == "HashedCrossing" and mode not in ("int", "one_hot"):
        pytest.skip("no such mode")
    arguments = {
        "Discretization": {"bin_boundaries": [1.0]},
        "HashedCrossing": {"num_bins": 3},
        "Hashing": {"num_bins": 3},
        "IntegerLookup": {"vocabulary": [1, 2]},
    }[name]
    layer = getattr(layers, name)(**arguments, output_mode=mode)
    dtype = "float32" if name == "Discretization" else "int64"
    x, symbolic = np.array([[1], [2]]).astype(dtype), kerasette.Input((1,), dtype=dtype)
    if name == "HashedCrossing":
        x, symbolic = [x, x], [symbolic, symbolic]
    assert layer(symbolic).dtype == layer(x).dtype
    if mode == "int":
        rows = kerasette.Model(symbolic, ops.take(ops.arange(5.0), layer(symbolic)))
        np.testing.assert_array_equal(rows(x).numpy(), layer(x).numpy())


def test_a_symbolic_call_tells_the_dtype_of_weighted_counts():
    layer = layers.IntegerLookup(vocabulary=[1], idf_weights=[0.5], output_mode="tf_idf")
    assert layer(kerasette.Input((1,), dtype="int64")).dtype == layer(np.array([[1]])).dtype
