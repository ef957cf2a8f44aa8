"""What a network looks at, and whether it would gain by more data.

What you learn: an input matters if predictions get worse when its column is shuffled; scikit-learn
measures that for any estimator. A learning curve tells whether more samples help, or another model.

Friedman's function of ten numbers, of which five count: 10 sin(pi x0 x1) + 20 (x2 - 1/2)^2 + 10 x3
+ 5 x4. The last five are noise, which is known here, so that it can be checked.
"""

import numpy as np
from pictures import Pictures
from sklearn.datasets import make_friedman1
from sklearn.inspection import permutation_importance
from sklearn.linear_model import Ridge
from sklearn.model_selection import LearningCurveDisplay, learning_curve, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kerasette.wrappers import KerasetteRegressor


def find_importance(network, x, y):
    x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
    network.fit(x_train, y_train)
    print(f"R2 on the test set {network.score(x_test, y_test):.3f}")
    found = permutation_importance(network, x_test, y_test, n_repeats=10, random_state=0)
    for i, (mean, std) in enumerate(
        zip(found.importances_mean, found.importances_std, strict=True)
    ):
        print(f"  x{i}: without it R2 falls by {mean:.3f} (+- {std:.3f})")
    assert set(np.argsort(-found.importances_mean)[:5]) == {0, 1, 2, 3, 4}
    assert found.importances_mean[3] == max(found.importances_mean)
    assert abs(found.importances_mean[5:]).max() < 0.05
    return found.importances


def find_learning_curves(models, x, y):
    sizes = [100, 200, 400, 700]
    found = {}
    for name, model in models.items():
        counts, train, test = learning_curve(model, x, y, train_sizes=sizes, cv=3)
        found[name] = LearningCurveDisplay(
            train_sizes=counts, train_scores=train, test_scores=test, score_name="R2"
        )
        text = ", ".join(
            f"{r2:.3f} of {n}" for n, r2 in zip(counts, test.mean(axis=1), strict=True)
        )
        print(f"{name}: R2 {text}")
    # The linear model has learnt what it can; the network learns more.
    linear, network = (display.test_scores.mean(axis=1) for display in found.values())
    assert linear[-1] - linear[-2] < 0.01
    assert network[-1] > network[-2] + 0.01
    assert network[-1] > linear[-1] + 0.1
    return found


def main():
    pictures = Pictures.from_arguments(__doc__)
    x, y = make_friedman1(1050, n_features=10, noise=0.5, random_state=0)
    network = make_pipeline(
        StandardScaler(),
        KerasetteRegressor(
            hidden_layer_sizes=(64, 64), batch_size=16, epochs=40, alpha=0.01, random_state=0
        ),
    )
    importances = find_importance(network, x, y)
    curves = find_learning_curves({"linear": Ridge(), "network": network}, x, y)

    def draw_importances(axes):
        names = [f"x{i}" for i in range(10)]
        axes.barh(names, importances.mean(axis=1), xerr=importances.std(axis=1))
        axes.set(xlabel="fall of R2")

    def draw_curves(panels):
        for (name, display), axes in zip(curves.items(), panels, strict=True):
            display.plot(ax=axes, score_type="both")
            axes.set(title=name, ylim=(0, 1.05), xscale="linear")

    pictures.save("estimator_importance", draw_importances)
    pictures.save("estimator_learning_curves", draw_curves, columns=2)


if __name__ == "__main__":
    main()
