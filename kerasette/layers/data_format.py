"""Where images have their channels."""

from kerasette.config import standardize_data_format

__all__ = ["standardize_data_format"]
