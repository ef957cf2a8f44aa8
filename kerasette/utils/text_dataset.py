"""Data sets of the texts in folders."""

from typing import Any

from kerasette.checks import is_whole
from kerasette.utils.labelled_files import check_format, check_labels, datasets_of_files


class TextReader:
    """Reads texts.

    Parameters
    ----------
    max_length : int, optional
        How many characters there are at most.
    """

    def __init__(self, max_length=None):
        self.max_length = max_length

    def __call__(self, path):
        """The text in a file."""
        try:
            # Ends of lines stay as they are.
            with open(path, encoding="utf-8", newline="") as file:
                return file.read(-1 if self.max_length is None else self.max_length)
        except UnicodeDecodeError as error:
            error.add_note(f"in the text {path}")
            raise


def text_dataset_from_directory(
    directory, labels: Any = "inferred", label_mode: Any = "int", class_names=None,
    batch_size: Any = 32, max_length=None, shuffle=True, seed=None, validation_split=None,
    subset=None, follow_links=False, format="py_dataset", verbose=True,
):  # fmt: skip
    """A data set of the texts in a folder, files that end in ``.txt``.

    Parameters
    ----------
    directory : str or path
    labels : {"inferred"}, list of int, or None
        ``"inferred"``: each folder in the directory is a class. Or a label for each text, in the
        order of their paths; or none.
    label_mode : {"int", "categorical", "binary", None}
        int32 numbers, float32 one-hot vectors, float32 0 and 1 of shape (batch, 1), or none.
    class_names : list of str, optional
        Folders of the classes, in the order of their numbers; by default all, by name.
    batch_size : int or None
        None: texts come one by one.
    max_length : int, optional
        Characters of a text, at most; what comes after them is cut off.
    shuffle : bool
        Whether they come in another order than that of their paths, a new one in each epoch.
    seed : int, optional
        Of these orders; by default drawn from NumPy's global generator.
    validation_split : float, optional
        Share that is for validation.
    subset : {"training", "validation", "both"}, optional
        Which part is returned, if there is a split.
    follow_links : bool
        Whether folders that are links are gone into.
    format : {"py_dataset"}
        There is no ``"tf"``, which needs TensorFlow, and no ``"grain"``.
    verbose : bool
        Whether the number of texts is printed.

    Returns
    -------
    PyDataset, or with ``subset="both"`` a list of two
        Of batches of texts, arrays of str objects of shape (batch,), or of ``(texts, labels)``.
        Its ``class_names`` and ``file_paths`` are as the names say. Strings are no tensors: make
        numbers of them before they go into a model.

    Raises
    ------
    ValueError
        For arguments that are not known or do not go together; if there are no texts.
    UnicodeDecodeError
        For a file that is not UTF-8, when it is read.

    Examples
    --------
    >>> import kerasette, os, pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for name, text in (("bad", "Dull."), ("good", "A great film.")):
    ...     (folder / name).mkdir()
    ...     _ = (folder / name / "0.txt").write_text(text)
    >>> data = kerasette.utils.text_dataset_from_directory(folder, shuffle=False, max_length=7)
    Found 2 files belonging to 2 classes.
    >>> texts, labels = data[0]
    >>> texts.tolist(), labels.tolist()
    (['Dull.', 'A great'], [0, 1])
    """
    check_labels(labels, label_mode, class_names, "text")
    check_format(format)
    if max_length is not None and not (is_whole(max_length) and max_length >= 0):
        raise ValueError(
            f"`max_length` must be a number of characters. Received: max_length={max_length}"
        )
    return datasets_of_files(
        directory, TextReader(max_length), "text files", (".txt",), labels, label_mode,
        class_names, batch_size, shuffle, seed, validation_split, subset, follow_links, verbose,
    )  # fmt: skip
