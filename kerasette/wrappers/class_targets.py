"""From classes and labels to the targets of a loss, and back to predictions."""

import numpy as np
from scipy import sparse
from sklearn.utils import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import assert_all_finite, column_or_1d

from kerasette.wrappers.loss_names import is_of_margins, name_of_loss, takes_logits
from kerasette.wrappers.targets import wrong_columns

# Fragments of the names of losses that compare classes with each other: of one they are 0.
OF_ALL_CLASSES = ("categorical", "divergence", "kld", "cosine")


class ClassTargets:
    """Classes, or an indicator for each of several labels.

    Parameters
    ----------
    y : ndarray of shape (samples,), or indicator matrix of shape (samples, labels)
        Labels of any kind.
    classes : array-like, optional
        All that there will be, if y need not have all.

    Attributes
    ----------
    kind : {"binary", "multiclass", "multilabel"}
        One class alone counts as binary.
    classes : ndarray
        Sorted labels; the numbers of labels for indicators.

    Raises
    ------
    ValueError
        For numbers that are no classes, or classes for each of several outputs.
    """

    def __init__(self, y, classes=None):
        self.is_sparse = sparse.issparse(y)
        y_type = _checked_type(y)
        if y_type == "multilabel-indicator":
            self.kind = "multilabel"
            self.classes = np.arange(y.shape[1])
            if classes is not None and len(classes) != y.shape[1]:
                raise ValueError(f"y has {y.shape[1]} labels, and `classes` has {len(classes)}.")
            return
        self.classes = np.unique(y) if classes is None else _checked_classes(classes)
        self.kind = "multiclass" if len(self.classes) > 2 else "binary"

    @property
    def n_classes(self):
        """How many there are; of labels, if each has an indicator."""
        return len(self.classes)

    @property
    def output_shape(self):
        """Of what a network is expected to return for a sample."""
        return (1,) if self.kind == "binary" else (self.n_classes,)

    @property
    def n_outputs(self):
        """Columns of the output."""
        return self.output_shape[0]

    @property
    def loss(self):
        """Of models that come without one."""
        is_one_of_many = self.kind == "multiclass"
        return "sparse_categorical_crossentropy" if is_one_of_many else "binary_crossentropy"

    def output_for(self, loss):
        """Shape and activation of the output, by the loss.

        Two classes have a column each for losses that compare classes with each other. Outputs are
        probabilities, unless the loss wants logits or margins.
        """
        loss = self.loss if loss is None else loss
        name = name_of_loss(loss).lower()
        is_categorical = self.kind == "binary" and any(part in name for part in OF_ALL_CLASSES)
        shape = (2,) if is_categorical else self.output_shape
        if takes_logits(loss) or is_of_margins(loss):
            return shape, "linear"
        is_one_of_many = self.kind == "multiclass" or is_categorical
        return shape, "softmax" if is_one_of_many else "sigmoid"

    def encoded(self, y):
        """Numbers of classes, of shape (samples,); or indicators as integers.

        Raises
        ------
        ValueError
            For a class that is not known, another number of labels, or indicators that are none.
        """
        if self.kind == "multilabel":
            if y.ndim != 2 or y.shape[1] != self.n_classes:
                raise ValueError(
                    f"y must have an indicator for each of {self.n_classes} labels, got an array "
                    f"of shape {y.shape}."
                )
            y = y.toarray() if sparse.issparse(y) else y
            if not np.isin(y, (0, 1)).all():
                raise ValueError("y must have indicators of labels that are 0 or 1.")
            return y.astype(np.int64)
        if y.ndim != 1:
            raise ValueError(
                "The object was not fitted with multilabel input: y must have a class for each "
                f"sample, got an array of shape {y.shape}."
            )
        numbers = np.searchsorted(self.classes, y).astype(np.int64)
        is_unknown = self.classes[np.minimum(numbers, self.n_classes - 1)] != y
        if is_unknown.any():
            raise ValueError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes}. 'y' "
                f"has {np.unique(y[is_unknown])}."
            )
        return numbers

    def check_same_classes(self, y):
        """Raises unless y has all the classes, and no other: what ``warm_start`` asks for."""
        if self.kind == "multilabel":
            return
        found = np.unique(y)
        if not np.array_equal(found, self.classes):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous "
                f"call to fit. Previously got {self.classes}, `y` has {found}"
            )

    def check_classes(self, classes):
        """Raises unless all `classes` that there will be are those of before; None is."""
        if classes is not None and not np.array_equal(np.unique(classes), self.classes):
            raise ValueError(
                f"`classes={classes!r}` is not the same as on last call to partial_fit, was: "
                f"{self.classes!r}"
            )

    def weights(self, class_weight, encoded):
        """What each sample counts, by its class or its labels.

        Parameters
        ----------
        class_weight : dict, list of dict, or "balanced"
        encoded : ndarray
            What `encoded` has returned; it need not have all classes, unless they are balanced.

        Returns
        -------
        ndarray of shape (samples,)
        """
        if self.kind == "multilabel":
            labels, all_labels = encoded, np.repeat([[0], [1]], self.n_classes, axis=1)
        else:
            labels, all_labels = self.classes[encoded], self.classes
        if isinstance(class_weight, str):
            return compute_sample_weight(class_weight, labels)
        # Weights of classes that are not there would be refused.
        both = np.concatenate([labels, all_labels])
        return compute_sample_weight(class_weight, both)[: len(labels)]

    def for_loss(self, encoded, name, n_columns):
        """Targets as a loss takes them.

        Parameters
        ----------
        encoded : ndarray
            What `encoded` has returned.
        name : str
            Of the loss: a sparse one takes numbers of classes.
        n_columns : int
            Of the model's output.

        Raises
        ------
        ValueError
            If the model does not have the columns for these classes.
        """
        if self.kind == "binary" and n_columns == 1:
            return encoded.reshape(-1, 1).astype(bool)
        expected = max(2, self.n_classes) if self.kind == "binary" else self.n_classes
        if n_columns != expected:
            raise ValueError(wrong_columns(n_columns, f"{self.n_classes} {self._word}"))
        if self.kind == "multilabel":
            return encoded.astype(bool)
        if "sparse" in name.lower():
            return encoded
        return encoded[:, None] == np.arange(n_columns)

    @property
    def _word(self):
        return "labels" if self.kind == "multilabel" else "classes"

    def decoded(self, chosen):
        """Labels.

        Parameters
        ----------
        chosen : ndarray
            As `encoded` returns.
        """
        if self.kind == "multilabel":
            return sparse.csr_matrix(chosen) if self.is_sparse else chosen
        return self.classes[self.known(chosen)]

    def known(self, chosen):
        """Numbers of classes, or indicators, as there are: where there is one class, it alone."""
        return chosen if self.kind == "multilabel" else np.minimum(chosen, self.n_classes - 1)


def one_column(y):
    """y, flat if it is a matrix of one column: with scikit-learn's warning."""
    return column_or_1d(y, warn=True) if y.ndim == 2 and y.shape[1] == 1 else y


def _checked_classes(classes):
    """All classes that there will be, sorted."""
    labels = column_or_1d(classes, input_name="classes")
    if len(labels) == 0:
        raise ValueError("`classes` must have one class or more, got none.")
    assert_all_finite(labels, input_name="classes")
    _checked_type(labels)
    return np.unique(labels)


def _checked_type(y):
    y_type = type_of_target(y, input_name="y")
    if y_type == "multiclass-multioutput":
        raise ValueError(
            "Multioutput target data is not supported: y has classes in several columns. Use "
            "sklearn.multioutput.MultiOutputClassifier."
        )
    if y_type not in ("binary", "multiclass", "multilabel-indicator"):
        # Raises, in scikit-learn's words.
        check_classification_targets(y)
    return y_type
