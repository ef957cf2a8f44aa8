"""Features from an inner layer of a network, for other estimators.

What you learn: an autoencoder without activations finds what principal components find, and one
with them more; what a layer returns is a table with names, which the next step of a pipeline takes;
a network that has been trained already gives its features as it is.

All of it on scikit-learn's digits. The oracle of the linear autoencoder is scikit-learn's PCA: no
other two numbers say more of 64, linearly.
"""

from pictures import Pictures
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from kerasette.wrappers import KerasetteClassifier, KerasetteTransformer


def load_data():
    x, y = load_digits(return_X_y=True)
    x = (x / 16).astype("float32")
    return train_test_split(x, y, test_size=0.3, stratify=y, random_state=0)


def explained(encoder, x):
    """The share of the variance that is still there after two numbers."""
    back = encoder.inverse_transform(encoder.transform(x))
    return r2_score(x, back, multioutput="variance_weighted")


def encode(pictures, x_train, x_test, y_train, y_test):
    # The pipeline hands labels on, which the encoders are not to learn.
    options = {"task": "reconstruction", "batch_size": 32, "tol": None, "alpha": 0.0}
    encoders = {
        "PCA": PCA(2),
        "linear": KerasetteTransformer(
            hidden_layer_sizes=(2,), activation="linear", learning_rate=0.01, epochs=40,
            random_state=0, **options,
        ),
        "deep": KerasetteTransformer(
            hidden_layer_sizes=(128, 64, 2, 64, 128), learning_rate=0.002, epochs=60,
            random_state=0, **options,
        ),
    }  # fmt: skip
    shares, scores, maps = {}, {}, {}
    for name, encoder in encoders.items():
        neighbours = make_pipeline(encoder, KNeighborsClassifier(10)).fit(x_train, y_train)
        shares[name] = explained(encoder, x_train)
        scores[name] = neighbours.score(x_test, y_test)
        maps[name] = encoder.transform(x_test)
        print(f"{name}: two numbers keep {shares[name]:.4f} of the variance", end=", ")
        print(f"and tell {scores[name]:.3f} of the digits")
    assert encoders["deep"].layer_ == "hidden_3"
    assert shares["PCA"] - 0.005 < shares["linear"] <= shares["PCA"] + 1e-6
    assert shares["deep"] > shares["PCA"] + 0.1
    assert scores["deep"] > scores["PCA"] + 0.1

    def draw(panels):
        for axes, (name, points) in zip(panels, maps.items(), strict=True):
            axes.scatter(*points.T, c=y_test, cmap="tab10", s=6)
            axes.set(title=name)

    pictures.save("estimator_features", draw, columns=3)


def lend(x_train, x_test, y_train, y_test):
    """Six numbers of a network that has learned to tell the digits, in a table for neighbours."""
    teacher = KerasetteClassifier(
        hidden_layer_sizes=(64, 6), learning_rate=0.003, batch_size=32, epochs=40, random_state=0
    ).fit(x_train, y_train)  # fmt: skip
    # Nothing is trained: fit looks at the shape of the samples, and at the layer.
    lent = KerasetteTransformer(teacher.model_, keep_weights=True, epochs=0, layer="hidden_2")
    lent.set_output(transform="pandas")
    pipeline = make_pipeline(lent, KNeighborsClassifier(10)).fit(x_train, y_train)
    table, score = lent.transform(x_test), pipeline.score(x_test, y_test)
    components = make_pipeline(PCA(6), KNeighborsClassifier(10)).fit(x_train, y_train)
    print(f"{', '.join(table.columns[:2])}, ... tell {score:.3f} of the digits", end=", ")
    print(f"the network itself {teacher.score(x_test, y_test):.3f}", end=", ")
    print(f"six components {components.score(x_test, y_test):.3f}")
    assert table.columns.tolist() == lent.get_feature_names_out().tolist()
    for weight, own in zip(lent.model_.get_weights(), teacher.model_.get_weights(), strict=True):
        assert (weight == own).all()
    assert score > components.score(x_test, y_test)
    assert score > 0.93


def main():
    pictures = Pictures.from_arguments(__doc__)
    data = load_data()
    encode(pictures, *data)
    lend(*data)


if __name__ == "__main__":
    main()
