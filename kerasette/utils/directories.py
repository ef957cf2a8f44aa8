"""Files in folders, a folder for each class, as data sets find them."""

import os

import numpy as np

from kerasette.utils.console import print_msg


def index_directory(
    directory, labels, formats, class_names=None, shuffle=True, seed=None, follow_links=False,
    verbose=True,
):  # fmt: skip
    """The files in a folder and below, and their classes.

    Parameters
    ----------
    directory : str or path
    labels : {"inferred"}, list of int, or None
        ``"inferred"``: each folder in the directory is a class. Or a label for each file, in the
        order of their paths; or none.
    formats : tuple of str
        Ends of the names of files that count.
    class_names : list of str, optional
        Folders of the classes, in the order of their numbers; by default all, by name.
    shuffle : bool
        Whether the files come in another order than that of their paths.
    seed : int
        Of this order.
    follow_links : bool
        Whether folders that are links are gone into.
    verbose : bool
        Whether the number of files is printed.

    Returns
    -------
    (list of str, array or list or None, list of str or None)
        Paths, labels, and names of the classes.

    Raises
    ------
    ValueError
        For names of classes that are no folders, or do not go with the labels; for another number
        of labels than of files.
    """
    directory = os.fspath(directory)
    folders = _folders(directory, labels, class_names)
    found = [_files(os.path.join(directory, name), formats, follow_links) for name in folders]
    paths = [path for paths in found for path in paths]
    if labels == "inferred":
        class_names = folders
        labels = np.repeat(np.arange(len(found), dtype="int32"), [len(paths) for paths in found])
    elif labels is not None:
        if len(labels) != len(paths):
            raise ValueError(
                "Expected the lengths of `labels` to match the number of files in the target "
                f"directory. len(labels) is {len(labels)} while we found {len(paths)} files in "
                f"directory {directory}."
            )
        labels = np.asarray(labels)
        class_names = [str(label) for label in np.unique(labels).tolist()]
    if verbose:
        of = "" if labels is None else f" belonging to {len(class_names)} classes"
        print_msg(f"Found {len(paths)} files{of}.")
    if shuffle:
        for values in (paths, labels):
            if values is not None:
                # Keras's order: the same generator from the beginning for both.
                np.random.RandomState(seed).shuffle(values)
    return paths, labels, class_names


def _folders(directory, labels, class_names):
    """Folders to look for files in: one for each class, or the directory itself."""
    if labels != "inferred":
        if class_names is None:
            return [""]
        raise ValueError(
            "When `labels=None` (no labels), argument `class_names` cannot be specified."
            if labels is None
            else "When argument `labels` is specified, argument `class_names` cannot be specified "
            "(the `class_names` will be the sorted list of labels)."
        )
    folders = [
        name
        for name in sorted(os.listdir(directory))
        if not name.startswith(".") and os.path.isdir(os.path.join(directory, name))
    ]
    if class_names is None:
        return folders
    if not set(class_names) <= set(folders):
        raise ValueError(
            "The `class_names` passed did not match the names of the subdirectories of the target "
            f"directory. Expected: {folders} (or a subset of it), but received: "
            f"class_names={class_names}"
        )
    return list(class_names)


def _files(folder, formats, follow_links):
    """Paths of the files below a folder, by folder and then by name."""
    return [
        os.path.join(root, name)
        for root, _, names in sorted(os.walk(folder, followlinks=follow_links))
        for name in sorted(names)
        if name.lower().endswith(formats)
    ]


def check_validation_split(validation_split, subset, shuffle, seed):
    """Raises unless the arguments that split a data set go together.

    Raises
    ------
    ValueError
        If they do not.
    """
    if validation_split and not 0 < validation_split < 1:
        raise ValueError(
            f"`validation_split` must be between 0 and 1, received: {validation_split}"
        )
    if bool(validation_split) != bool(subset):
        raise ValueError("If `subset` is set, `validation_split` must be set, and inversely.")
    if subset not in ("training", "validation", "both", None):
        raise ValueError(
            f'`subset` must be either "training", "validation" or "both", received: {subset}'
        )
    if validation_split and shuffle and seed is None:
        raise ValueError(
            "If using `validation_split` and shuffling the data, you must provide a `seed` "
            "argument, to make sure that there is no overlap between the training and validation "
            "subset."
        )


def part_of(paths, labels, validation_split, subset):
    """The part of files and labels that is for training, at the front, or for validation."""
    if not validation_split:
        return paths, labels
    n_validation = int(validation_split * len(paths))
    n_training = len(paths) - n_validation
    if subset == "training":
        print_msg(f"Using {n_training} files for training.")
        part = slice(n_training)
    else:
        print_msg(f"Using {n_validation} files for validation.")
        part = slice(n_training, None)
    return paths[part], labels if labels is None else labels[part]
