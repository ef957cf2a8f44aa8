"""Texts cut into words."""

import re

# What is left of web pages in reviews: <br />, <i>. Not a "<" between words or numbers.
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# Letters, digits and apostrophes between them, or one other character that is no space.
WORD = re.compile(r"\w+(?:['\u2019]\w+)*|[^\w\s]")


def split_words(text, lower=True, punctuation=True):
    """The words of a text, each punctuation mark one of its own.

    Parameters
    ----------
    text : str
        Tags as ``<br />`` part words and are left out.
    lower : bool
        Whether capitals become small letters.
    punctuation : bool
        Whether marks are kept, or left out. An apostrophe within a word belongs to it.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If it is no string.

    Examples
    --------
    >>> from kerasette import text
    >>> text.split_words("It isn't good...<br />Is it?")
    ['it', "isn't", 'good', '.', '.', '.', 'is', 'it', '?']
    >>> text.split_words("Oh, no!", lower=False, punctuation=False)
    ['Oh', 'no']
    """
    if not isinstance(text, str):
        raise TypeError(f"`text` must be a string. Received: {text!r} of {type(text)}")
    words = WORD.findall(TAG.sub(" ", text.lower() if lower else text))
    return words if punctuation else [word for word in words if word[0].isalnum() or word[0] == "_"]
