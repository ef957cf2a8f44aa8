"""Where images have their channels: `kerasette.data_format`."""

from kerasette.data_format import standardize_data_format as standardize_data_format
