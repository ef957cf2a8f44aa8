"""Where messages to people go."""

import sys

from kerasette import config


def print_msg(message, line_break=True):
    """Prints to standard output, or logs where interactive logging is disabled.

    As Python's `print`, silent in a process that has no standard output.

    Parameters
    ----------
    message : object
        Printed as ``str`` of it.
    line_break : bool
        Whether a line ends after it.
    """
    message = str(message)
    if not config.is_interactive_logging_enabled():
        # Not at the top: most programs need no logging, and it is not free.
        import logging

        logging.getLogger("kerasette").info(message)
        return
    if sys.stdout is None:
        return
    if line_break:
        message += "\n"
    try:
        sys.stdout.write(message)
    except UnicodeEncodeError:
        sys.stdout.write(_encodable(message, sys.stdout.encoding or "utf-8"))
    sys.stdout.flush()


def _encodable(message, encoding):
    """The message in characters that an encoding has; a bar is drawn with ``=`` then."""
    return message.replace("━", "=").encode(encoding, errors="ignore").decode(encoding)
