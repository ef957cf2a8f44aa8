"""How strong a penalty should be: all weights, drawn over its strength.

What you learn: a penalty of squares makes all weights smaller, one of sizes makes some of them 0,
and which ones it leaves says what matters. A path is walked from the strongest penalty to the
weakest, each fit going on with the weights of the last (`warm_start`). Which strength is best is
found by validation: a grid search over both penalties and their mixture.

A lecture's penalties lambda R(w), without figures. The oracles are scikit-learn's Ridge and Lasso,
which minimize other multiples of the same costs, for its table of 442 patients with diabetes.
"""

import numpy as np
from pictures import Pictures
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.preprocessing import scale

import kerasette
from kerasette import layers, optimizers, regularizers
from kerasette.wrappers import KerasetteRegressor

# The rate falls, so that weights whose best value is 0 come to rest there.
SCHEDULE = optimizers.schedules.ExponentialDecay(0.2, decay_steps=120, decay_rate=0.5)
EPOCHS = 1500
SQUARES = np.logspace(3, -1, 9)
SIZES = 0.6 * np.logspace(0, -2.5, 9)


def linear_model(input_shape, output_shape, l1=0.0, l2=0.0):
    output = layers.Dense(*output_shape, kernel_regularizer=regularizers.L1L2(l1, l2))
    return kerasette.Sequential([kerasette.Input(input_shape), output])


def make_regressor(n, epochs=EPOCHS, **options):
    """A linear network that learns from all `n` samples at once."""
    return KerasetteRegressor(
        optimizer="sgd", learning_rate=SCHEDULE, optimizer__momentum=0.9, batch_size=n,
        epochs=epochs, tol=None, random_state=0, **options,
    )  # fmt: skip


def walk(regressor, name, strengths, x, y):
    """Coefficients for each strength, one row after the other."""
    regressor.set_params(warm_start=True)
    rows = []
    for strength in strengths:
        regressor.set_params(**{name: strength}).fit(x, y)
        rows.append(regressor.coefs_[0][:, 0])
    return np.array(rows)


def compare(title, ours, theirs):
    difference = abs(ours - theirs).max()
    print(f"{title}: weights up to {abs(ours).max():.3f}, off by {difference:.1e} at most")
    assert difference < 2e-3 * abs(theirs).max()


def show_paths(pictures, x, y):
    n = len(x)
    squares = walk(make_regressor(n, hidden_layer_sizes=()), "alpha", SQUARES, x, y)
    # Both divide the squared errors by the number of samples, Ridge neither them nor the penalty.
    theirs = [Ridge(alpha / 2).fit(x, y).coef_ for alpha in SQUARES]
    compare("penalty of squares", squares, np.array(theirs))
    sizes = walk(make_regressor(n, model=linear_model), "model__l1", SIZES, x, y)
    # The network's mean squared error is twice as large as what Lasso minimizes.
    theirs = [Lasso(l1 / 2, tol=1e-8).fit(x, y).coef_ for l1 in SIZES]
    compare("penalty of sizes", sizes, np.array(theirs))
    n_used = (abs(sizes) > 1e-3).sum(axis=1)
    print(f"inputs that sizes leave: {n_used.tolist()}; squares: all, {squares.shape[1]}")
    assert n_used[0] <= 2
    assert n_used.max() == 10
    assert (abs(squares) > 1e-3).all()
    # The length of the weights grows as the penalty falls.
    for path, order in ((squares, 2), (sizes, 1)):
        assert (np.diff(np.linalg.norm(path, order, axis=1)) > 0).all()

    def draw(panels):
        shown = (("squares", SQUARES, squares), ("sizes", SIZES, sizes))
        for axes, (title, strengths, path) in zip(panels, shown, strict=True):
            axes.plot(strengths, path, marker=".")
            axes.invert_xaxis()
            axes.set(xscale="log", xlabel="penalty", ylabel="weights", title=title)

    pictures.save("regularisation_path", draw, columns=2)


def search(x, y):
    """The best penalty for sixty patients, with columns of noise beside the ten."""
    noise = np.random.default_rng(0).standard_normal((len(x), 15))
    x_train, x_test, y_train, y_test = train_test_split(
        np.hstack([x, noise]), y, train_size=60, random_state=0
    )
    grid = [
        {"model__l2": [1e-3, 1e-2, 0.1, 1.0, 10.0]},
        {"model__l1": [1e-3, 1e-2, 0.1, 0.3, 1.0]},
        {"model__l1": [0.03, 0.1, 0.3], "model__l2": [0.03, 0.3]},
    ]
    found = GridSearchCV(make_regressor(60, model=linear_model, epochs=200), grid, cv=5)
    found.fit(x_train, y_train)
    results = found.cv_results_
    for i in np.argsort(-results["mean_test_score"])[:3]:
        print(f"  R2 {results['mean_test_score'][i]:.3f} in validation: {results['params'][i]}")
    plain = LinearRegression().fit(x_train, y_train).score(x_test, y_test)
    print(f"R2 of others: {found.score(x_test, y_test):.3f}, without a penalty {plain:.3f}")
    assert found.score(x_test, y_test) > plain + 0.1


def main():
    pictures = Pictures.from_arguments(__doc__)
    x, y = load_diabetes(return_X_y=True)
    x, y = scale(x), scale(y)
    show_paths(pictures, x, y)
    search(x, y)


if __name__ == "__main__":
    main()
