"""Networks as estimators of scikit-learn, for pipelines, searches and ensembles.

All of it needs scikit-learn: ``pip install 'kerasette[sklearn]'``. Modules are loaded when a name
in them is first used.
"""

from kerasette.lazy import exports

_load, __dir__, _EXPORTS = exports(
    __name__,
    classifier="KerasetteClassifier",
    keras_classifier="SKLearnClassifier",
    keras_regressor="SKLearnRegressor",
    keras_transformer="SKLearnTransformer",
    regressor="KerasetteRegressor",
    transformer="KerasetteTransformer",
)

__all__ = _EXPORTS


def __getattr__(name):
    try:
        return _load(name)
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "sklearn":
            raise
        raise ImportError(
            f"kerasette.wrappers.{name} needs scikit-learn 1.6 or later: "
            f"pip install 'kerasette[sklearn]'. {error}"
        ) from error
