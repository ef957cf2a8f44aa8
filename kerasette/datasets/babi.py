"""bAbI: small stories with questions about them (Weston et al. 2015)."""

from kerasette.datasets.cache import present_file, reading


def load_data(task=1, path="babi_qa{task}_{part}.txt"):
    """Loads the lines of a task of bAbI from the cache.

    Parameters
    ----------
    task : int
        1 is "single supporting fact": who went where, and where somebody is.
    path : str
        Of the files, with ``{task}`` and ``{part}`` ("train" or "test"): in the cache's
        ``datasets`` folder, or absolute.

    Returns
    -------
    (list of str, list of str)
        The lines to train with and to test with, as they are in the files: each begins with its
        number in the story; an answer and the number of the line it follows from stand behind
        tabs.

    Raises
    ------
    FileNotFoundError
        If one of the files is not there. They are not downloaded.
    ValueError
        If one is no text.
    """
    return tuple(_lines(task, part, path) for part in ("train", "test"))


def _lines(task, part, path):
    source = f"en/qa{task}_*_{part}.txt of tasks_1-20_v1-1.tar.gz of the bAbI tasks"
    name = path.format(task=task, part=part)
    file_path = present_file(name, source)
    with reading(file_path):
        return file_path.read_text(encoding="utf-8").splitlines()
