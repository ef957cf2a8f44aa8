"""Names that Keras keeps where they were in older versions."""

from kerasette.preprocessing import sequence

__all__ = ["sequence"]
