"""Texts by Shakespeare, for models that write character by character."""

from kerasette.datasets.cache import present_file, reading


def load_data(path="shakespeare_100k.txt"):
    """Loads a text from the cache.

    Parameters
    ----------
    path : str
        Of the file: in the cache's ``datasets`` folder, or absolute. By default the 100,000
        characters, 62 different ones, that are found on the page "The unreasonable effectiveness
        of recurrent neural networks" by A. Karpathy.

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If it is not there. It is not downloaded.
    ValueError
        If it is no text.
    """
    source = "shakespear.txt of karpathy.github.io/2015/05/21/rnn-effectiveness, or another text,"
    file_path = present_file(path, source)
    with reading(file_path), open(file_path, encoding="utf-8", newline="") as file:
        return file.read()
