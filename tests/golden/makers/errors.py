"""What Keras raises for common mistakes."""

import contextlib
import io
import re
import warnings

import keras
import numpy as np

from .networks import fresh_session
from .store import write_json

# Runs before every snippet, so that each of them is one line.
SETUP = """\
x = np.linspace(-1.0, 1.0, 32, dtype="float32").reshape(8, 4)
y = np.arange(8) % 3
one_hot = np.eye(3, dtype="float32")[y]
model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dense(5, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
unbuilt = keras.Sequential([keras.layers.Dense(3)])
uncompiled = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
"""

SNIPPETS = {
    # Layers
    "dense_zero_units": "keras.layers.Dense(0)",
    "dense_negative_units": "keras.layers.Dense(-3)",
    "dense_fractional_units": "keras.layers.Dense(2.5)",
    "dense_text_units": "keras.layers.Dense('a')",
    "dense_no_units": "keras.layers.Dense()",
    "dense_unknown_argument": "keras.layers.Dense(3, unit=4)",
    "dense_rank_one_input": "keras.layers.Dense(3)(np.ones(4, 'float32'))",
    "dense_build_unknown_width": "keras.layers.Dense(3).build((None, None))",
    "dense_kernel_before_build": "keras.layers.Dense(3).kernel",
    "dense_call_without_input": "keras.layers.Dense(3)()",
    "layer_bad_dtype": "keras.layers.Dense(3, dtype='float31')",
    "layer_name_not_text": "keras.layers.Dense(3, name=3)",
    "layer_name_with_slash": "keras.layers.Dense(3, name='a/b')",
    "dropout_rate_above_one": "keras.layers.Dropout(1.5)",
    "dropout_negative_rate": "keras.layers.Dropout(-0.1)",
    "dropout_text_rate": "keras.layers.Dropout('half')",
    "dropout_noise_shape": "keras.layers.Dropout(0.5, noise_shape=3)",
    "input_without_shape": "keras.Input()",
    "input_negative_shape": "keras.Input((-4,))",
    "input_text_shape": "keras.Input('abc')",
    "count_params_unbuilt": "keras.layers.Dense(3).count_params()",
    # Arguments and inputs of other layers
    "reshape_two_unknown": "keras.layers.Reshape((-1, -1))",
    "reshape_below_minus_one": "keras.layers.Reshape((-2, 3))",
    "reshape_other_size": "keras.layers.Reshape((3,))(np.ones((2, 4), 'float32'))",
    "reshape_not_divisible": "keras.layers.Reshape((3, -1))(np.ones((2, 4), 'float32'))",
    "permute_not_a_permutation": "keras.layers.Permute((1, 3))",
    "permute_from_zero": "keras.layers.Permute((0, 1))",
    "permute_other_rank": "keras.layers.Permute((2, 1))(np.ones((2, 4), 'float32'))",
    "repeat_vector_fraction": "keras.layers.RepeatVector(2.0)",
    "repeat_vector_zero": "keras.layers.RepeatVector(0)",
    "repeat_vector_of_rank_three": "keras.layers.RepeatVector(2)(np.ones((2, 3, 4), 'float32'))",
    "relu_negative_maximum": "keras.layers.ReLU(max_value=-1)",
    "relu_negative_slope": "keras.layers.ReLU(negative_slope=-1)",
    "relu_no_slope": "keras.layers.ReLU(negative_slope=None)",
    "relu_negative_threshold": "keras.layers.ReLU(threshold=-1)",
    "leaky_relu_negative": "keras.layers.LeakyReLU(-0.1)",
    "leaky_relu_none": "keras.layers.LeakyReLU(None)",
    "prelu_other_rank": (
        "layer = keras.layers.PReLU(); layer.build((None, 4)); layer(np.ones((2, 4, 4), 'float32'))"
    ),
    "prelu_unknown_size": "keras.layers.PReLU().build((None, None))",
    "softmax_mask_rank": (
        "keras.layers.Softmax()(np.ones((2, 3), 'float32'), mask=np.ones((2, 3, 4), bool))"
    ),
    "softmax_mask_size": (
        "keras.layers.Softmax()(np.ones((2, 3), 'float32'), mask=np.ones((2, 2), bool))"
    ),
    "noise_above_one": "keras.layers.GaussianNoise(1.5)",
    "gaussian_dropout_negative": "keras.layers.GaussianDropout(-0.5)",
    "alpha_dropout_above_one": "keras.layers.AlphaDropout(2)",
    "spatial_dropout_rank": (
        "keras.layers.SpatialDropout1D(0.5)(np.ones((2, 3), 'float32'), training=True)"
    ),
    "spatial_dropout_format": "keras.layers.SpatialDropout2D(0.5, data_format='last')",
    "spatial_dropout_trainable": "keras.layers.SpatialDropout1D(0.5, trainable=False)",
    "dropout_noise_shape_text": "keras.layers.Dropout(0.5, noise_shape='ab')",
    "dropout_noise_shape_fraction": "keras.layers.Dropout(0.5, noise_shape=(2.5, 1))",
    "dropout_noise_shape_zero": "keras.layers.Dropout(0.5, noise_shape=(0, 1))",
    "flatten_format": "keras.layers.Flatten('last')",
    "unit_normalization_axis": "keras.layers.UnitNormalization('a')",
    "unit_normalization_bounds": (
        "keras.layers.UnitNormalization(3).compute_output_shape((None, 2))"
    ),
    "regularization_negative": "keras.layers.ActivityRegularization(l1=-1.0)",
    "lambda_of_text": "keras.layers.Lambda('tanh')",
    "lambda_shape_not_found": (
        "keras.layers.Lambda(lambda x: x @ x).compute_output_shape((None, 3, 4))"
    ),
    "lambda_unsafe": (
        "keras.layers.Lambda.from_config(keras.layers.Lambda(lambda x: x).get_config())"
    ),
    "lambda_unknown_function": (
        "keras.layers.Lambda.from_config({'function': {'module': 'builtins', "
        "'class_name': 'function', 'config': 'mine', 'registered_name': 'function'}})"
    ),
    "merge_one_tensor": "keras.layers.Add()(np.ones((2, 3), 'float32'))",
    "merge_shapes": "keras.layers.Add()([np.ones((2, 3)), np.ones((2, 4))])",
    "merge_batches": "keras.layers.Multiply()([np.ones((2, 3)), np.ones((4, 3))])",
    "merge_masks": (
        "keras.layers.Add().compute_mask([np.ones((2, 3))] * 2, mask=[np.ones(2, bool)])"
    ),
    "merge_mask_alone": "keras.layers.Add().compute_mask([np.ones((2, 3))] * 2, np.ones(2))",
    "subtract_of_three": "keras.layers.Subtract()([np.ones((2, 3))] * 3)",
    "concatenate_one_tensor": "keras.layers.Concatenate()(np.ones((2, 3), 'float32'))",
    "concatenate_ranks": "keras.layers.Concatenate()([np.ones((2, 3)), np.ones((2, 3, 4))])",
    "concatenate_shapes": (
        "keras.layers.Concatenate(axis=1)([np.ones((2, 3, 4)), np.ones((2, 3, 5))])"
    ),
    "dot_axes_text": "keras.layers.Dot('a')",
    "dot_axes_of_three": "keras.layers.Dot((1, 2, 3))",
    "dot_axes_fraction": "keras.layers.Dot((1, 2.0))",
    "dot_of_three": "keras.layers.Dot(1)([np.ones((2, 3))] * 3)",
    "dot_sizes": "keras.layers.Dot(1)([np.ones((2, 3)), np.ones((2, 4))])",
    "dot_batches": "keras.layers.Dot(1)([np.ones((2, 3)), np.ones((4, 3))])",
    "dot_over_the_batch": "keras.layers.Dot(0)([np.ones((2, 3)), np.ones((2, 3))])",
    "dot_of_vectors": "keras.layers.Dot(-1)([np.ones(3), np.ones(3)])",
    "normalization_mean_alone": "keras.layers.Normalization(mean=1.0)",
    "normalization_shapes": "keras.layers.Normalization(mean=[1.0, 2.0], variance=1.0)",
    "normalization_rank": "keras.layers.Normalization(None, mean=[1.0], variance=[1.0])",
    "normalization_axis": "keras.layers.Normalization(3).build((None, 2))",
    "normalization_unknown_size": "keras.layers.Normalization().build((None, None))",
    "category_mode": "keras.layers.CategoryEncoding(3, output_mode='int')",
    "category_no_tokens": "keras.layers.CategoryEncoding()",
    "category_zero_tokens": "keras.layers.CategoryEncoding(0)",
    "category_weights_in_another_mode": (
        "keras.layers.CategoryEncoding(3)(np.ones((2, 2), int), count_weights=np.ones((2, 2)))"
    ),
    # Names that do not exist
    "unknown_activation": "keras.layers.Dense(3, activation='rely')",
    "unknown_activation_layer": "keras.layers.Activation('rely')",
    "unknown_kernel_initializer": "keras.layers.Dense(3, kernel_initializer='glorot')",
    "unknown_regularizer": "keras.layers.Dense(3, kernel_regularizer='l3')",
    "unknown_optimizer": "model.compile('sgdd', 'mse')",
    "unknown_loss": "model.compile('sgd', 'msee'); model.train_on_batch(x, one_hot)",
    "unknown_metric": (
        "model.compile('sgd', 'mse', metrics=['accurate']); model.train_on_batch(x, one_hot)"
    ),
    "get_unknown_activation": "keras.activations.get('rely')",
    "get_unknown_initializer": "keras.initializers.get('glorot')",
    "get_unknown_loss": "keras.losses.get('msee')",
    "get_unknown_metric": "keras.metrics.get('accurate')",
    "get_unknown_optimizer": "keras.optimizers.get('sgdd')",
    "get_number_activation": "keras.activations.get(3)",
    "get_number_optimizer": "keras.optimizers.get(3)",
    # Arguments of optimizers, losses, initializers and metrics
    "sgd_negative_momentum": "keras.optimizers.SGD(momentum=-1)",
    "sgd_text_momentum": "keras.optimizers.SGD(momentum='much')",
    "sgd_unknown_argument": "keras.optimizers.SGD(lr=0.1)",
    "sgd_text_learning_rate": "keras.optimizers.SGD('fast')",
    "two_ways_of_clipping": "keras.optimizers.Adam(clipnorm=1.0, clipvalue=1.0)",
    "loss_unknown_reduction": "keras.losses.MeanSquaredError(reduction='average')",
    "loss_shapes_differ": "keras.losses.CategoricalCrossentropy()(one_hot, one_hot[:, :2])",
    "binary_loss_shapes_differ": "keras.losses.BinaryCrossentropy()(one_hot, one_hot[:, :2])",
    "mse_shapes_differ": "keras.losses.MeanSquaredError()(one_hot, one_hot[:, :2])",
    "sparse_loss_shapes_differ": "keras.losses.SparseCategoricalCrossentropy()(y[:4], one_hot)",
    "loss_weights_do_not_fit": (
        "keras.losses.MeanSquaredError()(one_hot, one_hot, sample_weight=np.ones(5, 'float32'))"
    ),
    "scaling_negative": "keras.initializers.VarianceScaling(scale=-1.0)",
    "scaling_unknown_mode": "keras.initializers.VarianceScaling(mode='fan')",
    "scaling_unknown_distribution": "keras.initializers.VarianceScaling(distribution='flat')",
    "binary_accuracy_threshold": "keras.metrics.BinaryAccuracy(threshold='half')",
    # Sequential
    "add_text": "model.add('dense')",
    "add_class": "keras.Sequential([keras.layers.Dense])",
    "add_same_name": (
        "keras.Sequential([keras.layers.Dense(3, name='a'), keras.layers.Dense(3, name='a')])"
    ),
    "add_layer_twice": "unbuilt.add(unbuilt.layers[0])",
    "add_second_input": "model.add(keras.Input((3,)))",
    "pop_of_nothing": "keras.Sequential().pop()",
    "call_of_nothing": "keras.Sequential()(x)",
    "get_layer_by_index": "model.get_layer(index=9)",
    "get_layer_by_name": "model.get_layer('missing')",
    "get_layer_by_both": "model.get_layer('a', 0)",
    "get_layer_by_none": "model.get_layer()",
    "unbuilt_count_params": "unbuilt.count_params()",
    "unbuilt_input_shape": "unbuilt.input_shape",
    "unbuilt_set_weights": "unbuilt.set_weights([np.ones((4, 3)), np.ones(3)])",
    # Weights
    "set_too_few_weights": "model.set_weights(model.get_weights()[:-1])",
    "set_too_many_weights": "model.set_weights(model.get_weights() * 2)",
    "set_wrong_shape": "model.set_weights([np.ones((2, 2))] + model.get_weights()[1:])",
    "layer_set_wrong_shape": "model.layers[0].set_weights([np.ones((2, 2)), np.ones(5)])",
    "layer_set_too_few": "model.layers[0].set_weights([])",
    "variable_assign_wrong_shape": "model.weights[1].assign(np.ones((2, 2)))",
    # Not compiled
    "fit_uncompiled": "uncompiled.fit(x, y, verbose=0)",
    "evaluate_uncompiled": "uncompiled.evaluate(x, y, verbose=0)",
    "train_on_batch_uncompiled": "uncompiled.train_on_batch(x, y)",
    "optimizer_uncompiled": "uncompiled.optimizer",
    "compile_without_loss": "uncompiled.compile('sgd'); uncompiled.fit(x, y, verbose=0)",
    "compile_again_without_loss": "model.compile('sgd'); model.fit(x, y, verbose=0)",
    "metrics_not_a_list": (
        "model.compile('sgd', 'mse', metrics='accuracy'); model.train_on_batch(x, one_hot)"
    ),
    "compile_unknown_argument": "model.compile('sgd', loss_function='mse')",
    # Data
    "lengths_differ": "model.fit(x, y[:-1], verbose=0)",
    "evaluate_lengths_differ": "model.evaluate(x, y[:-1], verbose=0)",
    "sample_weight_length": "model.fit(x, y, sample_weight=np.ones(5), verbose=0)",
    "wrong_features": "model.fit(np.ones((8, 7), 'float32'), y, verbose=0)",
    "wrong_features_predict": "model.predict(np.ones((8, 7), 'float32'), verbose=0)",
    "wrong_features_call": "model(np.ones((8, 7), 'float32'))",
    "wrong_features_layer": "model.layers[0](np.ones((8, 7), 'float32'))",
    "rank_one_predict": "model.predict(np.ones(4, 'float32'), verbose=0)",
    "rank_one_batch": "model.train_on_batch(np.ones(4, 'float32'), y[:4])",
    "rank_three_predict": "model.predict(np.ones((8, 2, 4), 'float32'), verbose=0)",
    "rank_zero_data": "model.fit(np.float32(1.0), y, verbose=0)",
    "no_data": "model.fit(verbose=0)",
    "no_targets": "model.fit(x, verbose=0)",
    "predict_without_data": "model.predict(verbose=0)",
    "text_data": "model.fit('data', y, verbose=0)",
    "text_array": "model.predict(np.array([['a'] * 4]), verbose=0)",
    "list_of_lists": "model.fit([[0.0, 1.0, 2.0, 3.0]] * 8, y, verbose=0)",
    "empty_fit": "model.fit(x[:0], y[:0], verbose=0)",
    "empty_evaluate": "model.evaluate(x[:0], y[:0], verbose=0)",
    "empty_predict": "model.predict(x[:0], verbose=0)",
    "label_too_large": "model.fit(x, y + 1, verbose=0)",
    "label_negative": "model.fit(x, y - 1, verbose=0)",
    "sparse_loss_one_hot_targets": "model.fit(x, one_hot, verbose=0)",
    "categorical_loss_sparse_targets": (
        "model.compile('sgd', 'categorical_crossentropy'); model.fit(x, y, verbose=0)"
    ),
    "binary_loss_too_few_outputs": (
        "model.compile('sgd', 'binary_crossentropy'); model.fit(x, one_hot[:, :2], verbose=0)"
    ),
    # Arguments of fit, evaluate and predict
    "batch_size_zero": "model.fit(x, y, batch_size=0, verbose=0)",
    "batch_size_negative": "model.fit(x, y, batch_size=-2, verbose=0)",
    "batch_size_fraction": "model.fit(x, y, batch_size=2.5, verbose=0)",
    "batch_size_text": "model.fit(x, y, batch_size='many', verbose=0)",
    "epochs_zero": "model.fit(x, y, epochs=0, verbose=0)",
    "epochs_negative": "model.fit(x, y, epochs=-1, verbose=0)",
    "epochs_fraction": "model.fit(x, y, epochs=1.5, verbose=0)",
    "fit_unknown_argument": "model.fit(x, y, epoch=3)",
    "evaluate_unknown_argument": "model.evaluate(x, y, epochs=3)",
    "split_above_one": "model.fit(x, y, validation_split=1.5, verbose=0)",
    "split_of_one": "model.fit(x, y, validation_split=1.0, verbose=0)",
    "split_too_small": "model.fit(x[:2], y[:2], validation_split=0.9, verbose=0)",
    "split_negative": "model.fit(x, y, validation_split=-0.5, verbose=0)",
    "validation_data_alone": "model.fit(x, y, validation_data=x, verbose=0)",
    "validation_data_of_four": "model.fit(x, y, validation_data=(x, y, y, y), verbose=0)",
    "validation_lengths_differ": "model.fit(x, y, validation_data=(x, y[:-1]), verbose=0)",
    "validation_freq_text": (
        "model.fit(x, y, validation_data=(x, y), validation_freq='often', verbose=0)"
    ),
    "both_weights": ("model.fit(x, y, class_weight={0: 1.0}, sample_weight=np.ones(8), verbose=0)"),
    "steps_zero": "model.fit(x, y, steps_per_epoch=0, verbose=0)",
}


def make():
    """Write `errors.json`."""
    write_json("errors", {"setup": SETUP, "cases": answered(SNIPPETS, SETUP)})


def answered(snippets, setup):
    """The cases of a dict of snippets, with what Keras raises."""
    return [{"name": name, "code": code, **outcome(code, setup)} for name, code in snippets.items()]


def outcome(code, setup):
    """Run a snippet in a fresh session, and describe the error it raises, or that it raises none.

    Snippets are code, so that the tests can run the very same ones; they are allowed to raise
    anything.
    """
    fresh_session()
    names = {"keras": keras, "np": np}
    exec(setup, names)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            exec(code, names)
        except Exception as error:
            return {"type": type(error).__name__, "message": stable(str(error))}
    return {"type": None, "message": None}


def stable(message):
    """Take out of a message what differs from run to run: addresses, and the order of sets."""
    message = re.sub(r"0x[0-9a-f]+", "0x0", message)
    return re.sub(r"\{([^{}:]*)\}", lambda found: sort_set(found.group(1)), message)


def sort_set(items):
    """Sort the printed items of a set."""
    return "{" + ", ".join(sorted(items.split(", "))) + "}"
