"""What data sets of pictures and of texts in folders have in common."""

import numpy as np

from kerasette.random.sources import numpy_random
from kerasette.utils.directories import check_validation_split, index_directory, part_of
from kerasette.utils.numbered_dataset import FileDataset
from kerasette.utils.numerical import to_categorical


def check_labels(labels, label_mode, class_names, kind):
    """Raises unless what is said of labels goes together.

    Parameters
    ----------
    labels, label_mode, class_names
        Of `image_dataset_from_directory`.
    kind : str
        What the files are: "image" or "text".

    Raises
    ------
    ValueError
        If it does not.
    """
    is_list = isinstance(labels, (list, tuple))
    if not (is_list or labels is None or (isinstance(labels, str) and labels == "inferred")):
        raise ValueError(
            "`labels` argument should be a list/tuple of integer labels, of the same size as the "
            f"number of {kind} files in the target directory. If you wish to infer the labels from "
            'the subdirectory names in the target directory, pass `labels="inferred"`. If you '
            f"wish to get a dataset that only contains {kind}s (no labels), pass `labels=None`. "
            f"Received: labels={labels}"
        )
    if is_list and class_names:
        raise ValueError(
            'You can only pass `class_names` if `labels="inferred"`. '
            f"Received: labels={labels}, and class_names={class_names}"
        )
    if label_mode not in ("int", "categorical", "binary", None):
        raise ValueError(
            '`label_mode` argument must be one of "int", "categorical", "binary", or None. '
            f"Received: label_mode={label_mode}"
        )


def check_format(format):
    """Raises unless it is "py_dataset"."""
    if format != "py_dataset":
        raise ValueError(
            "`format` must be 'py_dataset': data sets of TensorFlow and Grain are not made. "
            f"Received: format={format}"
        )


def datasets_of_files(
    directory, read, kind, formats, labels, label_mode, class_names, batch_size, shuffle, seed,
    validation_split, subset, follow_links, verbose,
):  # fmt: skip
    """The data set of the files in a folder; with ``subset="both"`` a list of two.

    Parameters
    ----------
    read : callable
        Of a path: what the file holds.
    kind : str
        What the files are, in errors.
    formats : tuple of str
        Ends of their names.
    directory, labels, ...
        Of `image_dataset_from_directory`.

    Raises
    ------
    ValueError
        For arguments that do not go together; if there are no files.
    """
    if labels is None or label_mode is None:
        labels = label_mode = None
    check_validation_split(validation_split, subset, shuffle, seed)
    seed = numpy_random().randint(1e6) if seed is None else seed
    paths, labels, class_names = index_directory(
        directory, labels, formats, class_names, shuffle, seed, follow_links, verbose
    )
    if label_mode == "binary" and len(class_names) != 2:
        raise ValueError(
            'When passing `label_mode="binary"`, there must be exactly 2 class_names. '
            f"Received: class_names={class_names}"
        )

    def dataset(subset, which="", shuffle=shuffle):
        chosen, its_labels = part_of(paths, labels, validation_split, subset)
        if not chosen:
            allowed = f"formats: {formats}" if len(formats) > 1 else f"format: {formats[0]}"
            raise ValueError(f"No {which}{kind} found in directory {directory}. Allowed {allowed}")
        targets = _targets(its_labels, label_mode, class_names)
        return FileDataset(chosen, targets, read, batch_size, shuffle, seed, class_names)

    if subset == "both":
        return [dataset("training", "training "), dataset("validation", "validation ", False)]
    return dataset(subset)


def _targets(labels, label_mode, class_names):
    if labels is None:
        return None
    labels = np.asarray(labels)
    if label_mode == "categorical":
        return to_categorical(labels, len(class_names)).astype("float32")
    if label_mode == "binary":
        return labels.astype("float32")[:, None]
    return labels.astype("int32")
