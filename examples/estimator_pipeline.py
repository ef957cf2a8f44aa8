"""A network in a pipeline: a table with numbers and categories, some of them missing.

What you learn: scikit-learn's preparation of a table and a network are one estimator, which is
fitted, validated and asked as one; columns keep their names until they are in the network; it finds
what two columns mean together, which a linear model cannot.

The table is drawn at random: customers stay or leave. Long contracts keep customers who pay little,
and drive away those who pay much.
"""

import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from kerasette.wrappers import KerasetteClassifier

N_CUSTOMERS = 1500


def draw_customers(rng):
    """A table of customers, and what they do: "leaves" or "stays"."""
    table = pd.DataFrame(
        {
            "age": rng.integers(18, 80, N_CUSTOMERS).astype(float),
            "price": rng.gamma(4, 10, N_CUSTOMERS),
            "contract": rng.choice(["month", "year", "two years"], N_CUSTOMERS),
            "town": rng.choice(["Aachen", "Bonn", "Celle", "Essen"], N_CUSTOMERS),
        }
    )
    is_dear = np.where(table["price"] > 37, 1.0, -1.0)
    is_long = table["contract"].map({"month": -1.0, "year": 0.5, "two years": 1.0})
    logit = 2.5 * is_dear * is_long + np.where(table["town"] == "Celle", 1.5, -0.5)
    leaves = rng.random(N_CUSTOMERS) < 1 / (1 + np.exp(-logit))
    table.loc[rng.random(N_CUSTOMERS) < 0.05, "age"] = np.nan
    return table, np.where(leaves, "leaves", "stays")


def with_preparation(model):
    """A pipeline: medians for what is missing, numbers scaled, a column for each category."""
    columns = make_column_transformer(
        (
            make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
            make_column_selector(dtype_include="number"),
        ),
        (
            OneHotEncoder(handle_unknown="ignore", sparse_output=False),
            make_column_selector(dtype_exclude="number"),
        ),
        verbose_feature_names_out=False,
    )
    return make_pipeline(columns, model).set_output(transform="pandas")


def main():
    table, y = draw_customers(np.random.default_rng(0))
    network = KerasetteClassifier(
        hidden_layer_sizes=(32,), learning_rate=0.01, epochs=30, random_state=0
    )
    scores = {}
    for name, model in (("linear", LogisticRegression()), ("network", network)):
        found = cross_val_score(with_preparation(model), table, y, cv=5)
        scores[name] = found.mean()
        print(f"{name}: accuracy {found.mean():.3f}, in five parts {found.round(2).tolist()}")
    assert scores["linear"] < 0.7
    assert scores["network"] > scores["linear"] + 0.15

    pipeline = with_preparation(network).fit(table, y)
    names = pipeline[-1].feature_names_in_.tolist()
    print(f"{len(names)} features: {', '.join(names)}")
    assert names == pipeline[:-1].get_feature_names_out().tolist()
    assert names[:3] == ["age", "price", "contract_month"]

    # A town that was never seen is none of the others; columns go by name, not by place.
    customer = pd.DataFrame(
        [{"town": "Wien", "contract": "two years", "price": 80.0, "age": np.nan}]
    )
    probability = pipeline.predict_proba(customer)[0, pipeline.classes_ == "leaves"].item()
    print(f"who pays 80 for two years leaves with probability {probability:.2f}")
    assert probability > 0.7
    try:
        pipeline.predict(table.drop(columns="price"))
    except ValueError as error:
        print(f"without the prices: {error}")
    else:
        raise AssertionError("a column is missing")


if __name__ == "__main__":
    main()
