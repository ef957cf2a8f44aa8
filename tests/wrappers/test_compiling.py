"""What the model of a fit is compiled with."""

import pytest
from estimator_models import X, Y, built, compiled, trained

import kerasette


def test_losses_and_metrics_are_copied():
    metric = kerasette.metrics.SparseCategoricalAccuracy()
    loss = kerasette.losses.SparseCategoricalCrossentropy()

    def own(y_true, y_pred):
        return kerasette.ops.mean(y_pred, axis=-1)

    given = compiled(metrics=[metric, own], loss=loss)
    model = trained(model=given)
    assert model._compile_arguments["metrics"][0] is not metric
    assert model._compile_arguments["metrics"][1] is own
    assert metric.total.numpy() == 0
    model = trained(loss=kerasette.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    assert "accuracy" in model.evaluate(X, Y, verbose=0, return_dict=True)


@pytest.mark.parametrize(
    ("optimizer", "arguments", "expected"),
    [
        (None, {}, {"learning_rate": 0.001, "beta_1": 0.9}),
        (None, {"beta_1": 0.5}, {"learning_rate": 0.001, "beta_1": 0.5}),
        ("sgd", {"momentum": 0.5, "learning_rate": 1}, {"momentum": 0.5, "learning_rate": 1.0}),
        (kerasette.optimizers.SGD, {"nesterov": True}, {"nesterov": True, "momentum": 0.0}),
        (
            kerasette.optimizers.SGD(0.25, momentum=0.5),
            {"clipnorm": 3.0},
            {"clipnorm": 3.0, "momentum": 0.5, "learning_rate": 0.25},
        ),
        (
            {"class_name": "SGD", "config": {"momentum": 0.5}},
            {"clipnorm": 3.0},
            {"clipnorm": 3.0, "momentum": 0.5},
        ),
    ],
)
def test_optimizers(optimizer, arguments, expected):
    nested = {f"optimizer__{name}": value for name, value in arguments.items()}
    model = built(optimizer=optimizer, **nested)
    assert model.optimizer is not optimizer
    config = model.optimizer.get_config()
    assert {name: config[name] for name in expected} == pytest.approx(expected)


def test_schedules_and_functions_as_learning_rates():
    class Halving(kerasette.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.5

    for rate in (Halving(), lambda: 0.25, kerasette.optimizers.schedules.CosineDecay(0.1, 10)):
        assert built(learning_rate=rate).optimizer._learning_rate is rate
        given = kerasette.optimizers.SGD(rate)
        assert built(optimizer=given, optimizer__momentum=0.5).optimizer._learning_rate is rate
    trained(learning_rate=Halving())


def test_names_without_weight_decay_are_kept():
    given = kerasette.optimizers.AdamW(weight_decay=0.1)
    given.exclude_from_weight_decay(var_names=["bias"])
    model = trained(optimizer=given)
    assert model.optimizer._exclusion.covers(model.layers[0].bias)
    assert not model.optimizer._exclusion.covers(model.layers[0].kernel)
    given.exclude_from_weight_decay(var_list=[model.layers[0].bias])
    with pytest.raises(ValueError, match=r"AdamW cannot be copied.*var_names"):
        built(optimizer=given)
