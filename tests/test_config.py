"""Settings of the process."""

import numpy as np
import pytest

import kerasette
from kerasette import config, ops
from kerasette._core.structure import structure_version


@pytest.fixture
def _restored():
    before = config.floatx(), config.epsilon(), config.get_num_threads()
    yield
    config.set_floatx(before[0])
    config.set_epsilon(before[1])
    config.set_num_threads(before[2])


@pytest.mark.usefixtures("_restored")
def test_settings_are_kept_and_invalidate_recordings():
    assert config.epsilon() == 1e-7
    version = structure_version()
    config.set_epsilon(np.float32(0.5))
    assert config.epsilon() == 0.5
    assert structure_version() > version
    version = structure_version()
    config.set_floatx("float64")
    assert config.floatx() == ops.ones(2).dtype == kerasette.layers.Dense(1).dtype == "float64"
    assert structure_version() > version
    config.set_num_threads(1)
    assert config.get_num_threads() == 1


@pytest.mark.parametrize("value", ["a", 0, -1.0, float("nan"), float("inf"), None, True])
def test_epsilon_is_a_positive_number(value):
    with pytest.raises(ValueError, match="`epsilon` must be a positive number"):
        config.set_epsilon(value)
    assert config.epsilon() == 1e-7


@pytest.mark.parametrize("value", ["int32", "float16", None])
def test_floatx_is_a_known_dtype(value):
    with pytest.raises(ValueError, match="Unknown `floatx` value"):
        config.set_floatx(value)


@pytest.mark.parametrize("value", [0, -1, 1.5, "a"])
def test_threads_are_a_positive_integer(value):
    with pytest.raises(ValueError, match="num_threads"):
        config.set_num_threads(value)


def test_what_cannot_be_set():
    assert config.backend() == "kerasette"
    assert config.image_data_format() == "channels_last"


def test_show_config(capsys):
    config.show_config()
    text = capsys.readouterr().out
    for word in ("NumPy", "OpenBLAS", "threads", kerasette.__version__, "float32"):
        assert word in text


def test_the_place_of_channels_can_be_set():
    assert config.image_data_format() == "channels_last"
    try:
        config.set_image_data_format("channels_first")
        assert config.image_data_format() == "channels_first"
        assert kerasette.backend.image_data_format() == "channels_first"
        assert kerasette.layers.Flatten().data_format == "channels_first"
    finally:
        config.set_image_data_format("channels_last")
    with pytest.raises(ValueError, match="`data_format` argument must be one of"):
        config.set_image_data_format("channels_middle")
    assert kerasette.layers.Flatten().data_format == "channels_last"


def test_there_is_one_backend():
    config.set_backend("kerasette")
    with pytest.raises(ValueError, match="no backends to choose from"):
        config.set_backend("torch")


def test_numbers_behind_names():
    kerasette.utils.clear_session()
    assert [kerasette.backend.get_uid("dense") for _ in range(2)] == [1, 2]
    assert kerasette.layers.Dense(1).name == "dense_2"
    assert kerasette.backend.get_uid() == 1
    kerasette.utils.clear_session()
    assert kerasette.backend.get_uid("dense") == 1
