"""Makers of the golden files: one module for each file or family of files.

This package fixes the environment that Keras, PyTorch and rich read when they are imported, so it
has to be imported before any of them.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"
# Plain kernels round alike on most processors, so that another machine makes the same bytes.
os.environ["ATEN_CPU_CAPABILITY"] = "default"
os.environ["MKL_CBWR"] = "COMPATIBLE"
# `Model.summary` fits its table to the width of the terminal.
os.environ["COLUMNS"] = "120"
