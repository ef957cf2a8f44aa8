"""What the outputs of a classifier's model are: probabilities, their logits, or other scores."""

import numpy as np

from kerasette import activations, tree
from kerasette.wrappers.loss_names import is_of_margins, name_of_loss, single_loss, takes_logits
from kerasette.wrappers.scores import Scores

# A fragment of the name of a loss, without underscores, that tells of probabilities.
OF_PROBABILITIES = ("crossentropy", "divergence", "dice", "tversky")


def has(kind):
    """A check for `available_if`: whether a fitted classifier has "probabilities" or "scores"."""

    def check(estimator):
        outputs = vars(estimator).get("_outputs")
        reason = None if outputs is None else getattr(outputs, f"lacks_{kind}")
        if reason is not None:
            raise AttributeError(f"there are no {kind}: {reason}.")
        return True

    return check


class Outputs:
    """The outputs of a model that has been fitted to classes, and how to read them.

    Parameters
    ----------
    model : Model
        With one output of shape (samples, columns).
    loss : Loss, callable, str or None
        Which it was trained with.
    X : array or dict of arrays
        Samples for the model.
    is_multilabel : bool
        Whether columns are labels, each by itself.

    Attributes
    ----------
    form : {"probabilities", "logits", "margins", "scores"}
        Probabilities if they come from a sigmoid or softmax, or a loss takes them for such; logits
        where the loss does; margins of a hinge, whose sign decides; else scores, which the loss
        compares with 0 and 1: of one alone, or for a label, one half decides.
    """

    def __init__(self, model, loss, X, is_multilabel=False):
        self.model = model
        self.is_multilabel = is_multilabel
        self.squashing = last_squashing(model, X)
        self.form = _form(loss, self.squashing)
        self.loss_name = name_of_loss(loss)
        self._unsquashed = None

    def __getstate__(self):
        # It has the layers of the model, which is there.
        return {**self.__dict__, "_unsquashed": None}

    @property
    def lacks_probabilities(self):
        """Why there are no probabilities; None if there are."""
        if self.form not in ("scores", "margins"):
            return None
        return (
            f"the model gives scores, which the loss {self.loss_name!r} does not take for "
            "probabilities or logits"
        )

    @property
    def lacks_scores(self):
        """Why there is no decision function; None if there is."""
        if self.form != "probabilities" or self.squashing:
            return None
        return (
            "the model gives probabilities that come from neither a sigmoid nor a softmax, so "
            "that there are no scores before it"
        )

    def of(self, X):
        """Outputs for samples.

        Returns
        -------
        ndarray of shape (samples, columns)
        """
        return columns(self.model.predict(X, verbose=0))

    @property
    def _is_shared(self):
        """Whether labels share a softmax, which has no score for each of them."""
        return self.is_multilabel and self.squashing == "softmax"

    def scores(self, X):
        """Outputs before a last sigmoid or softmax, or outputs that are scores by themselves.

        Of a column alone, or a label, 0 is what decides.
        """
        if self.form in ("logits", "margins"):
            return self.of(X)
        if self.form == "scores" or self._is_shared:
            found = self.of(X)
            return found - 0.5 if self.is_multilabel or found.shape[1] == 1 else found
        if self._unsquashed is None:
            self._unsquashed = Scores(self.model)
        return columns(self._unsquashed.predict(X, verbose=0))

    def probabilities(self, X):
        """Outputs as probabilities of each class or label."""
        found = self.of(X)
        is_alone = self.is_multilabel or found.shape[1] == 1
        if self.form == "logits":
            found = (activations.sigmoid if is_alone else activations.softmax)(found).numpy()
        elif self.squashing == "sigmoid" and not is_alone:
            # Each class against the rest: together they need not be 1, and all may round to 0.
            total = found.sum(axis=1, keepdims=True)
            found = found / total if total.all() else np.exp(self.log_probabilities(X))
        if found.shape[1] == 1 and not self.is_multilabel:
            return np.hstack([1 - found, found])
        return found

    def log_probabilities(self, X):
        """Logarithms of `probabilities`.

        Exact where the scores before a sigmoid or softmax are known; otherwise those of
        probabilities, which may be 0.
        """
        if (self.form == "logits" or self.squashing) and not self._is_shared:
            scores = self.scores(X)
            if scores.shape[1] == 1 and not self.is_multilabel:
                return activations.log_sigmoid(np.hstack([-scores, scores])).numpy()
            if self.is_multilabel:
                return activations.log_sigmoid(scores).numpy()
            if self.squashing == "sigmoid":
                scores = activations.log_sigmoid(scores)
            return activations.log_softmax(scores).numpy()
        with np.errstate(divide="ignore"):
            return np.log(self.probabilities(X))

    def chosen(self, outputs):
        """Numbers of the most likely classes, or indicators of the labels that are likely."""
        threshold = 0.0 if self.form in ("logits", "margins") else 0.5
        if self.is_multilabel:
            return (outputs > threshold).astype(np.int64)
        if outputs.shape[1] == 1:
            return (outputs[:, 0] > threshold).astype(np.int64)
        return outputs.argmax(axis=1)


def columns(outputs):
    """Outputs as a matrix; those of one number for each sample may come without an axis."""
    return outputs.reshape(len(outputs), -1) if outputs.ndim == 1 else outputs


def output_shape(model, X, target_shape=(1,)):
    """Shape of the output for a sample; the model is built by samples.

    Parameters
    ----------
    model : Model
    X : array or dict of arrays
    target_shape : tuple of int
        Of a sample's target; the output of one number may be without its axis.

    Raises
    ------
    ValueError
        If it has several outputs, or one of other axes.
    """
    _, outputs = model._specs_and_outputs(X)
    if outputs is None:
        raise ValueError(f"The outputs of the model {model.name!r} cannot be told before a step.")
    shapes = [tuple(output.shape[1:]) for output in tree.flatten(outputs)]
    is_one = len(shapes) == 1 and (len(shapes[0]) == len(target_shape) or shapes[0] == ())
    if not is_one or None in shapes[0]:
        axes = "columns" if len(target_shape) == 1 else ", ".join(map(str, target_shape))
        raise ValueError(
            f"The model must have one output of shape (samples, {axes}). It has outputs whose "
            f"samples have the shapes {shapes}."
        )
    return shapes[0]


def last_squashing(model, X):
    """Whether outputs come from a "sigmoid" or "softmax", as a call finds; None if from neither."""
    sample = tree.map_structure(lambda array: array[:1], X)
    kept = model(sample, training=False)._logits
    return None if kept is None else kept[0]


def loss_of(model):
    """The loss of the output that a model was compiled with: as an object once it is in use."""
    compiled = model._compiled_loss
    found = [] if compiled is None else compiled.losses
    return (found or tree.flatten(single_loss(model.loss)))[0]


def _form(loss, squashing):
    if takes_logits(loss):
        return "logits"
    if is_of_margins(loss):
        return "margins"
    name = name_of_loss(loss).lower().replace("_", "")
    is_of_probabilities = any(part in name for part in OF_PROBABILITIES)
    return "probabilities" if squashing or is_of_probabilities else "scores"
