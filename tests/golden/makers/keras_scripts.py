"""Logs of the scripts in `tests/keras_scripts`.

They need more than PyTorch: a `GradientTape` is TensorFlow's, and the order in which `fit` shuffles
follows NumPy's generator on JAX. KERAS_JAX_PYTHON and KERAS_TENSORFLOW_PYTHON name the interpreters
that have Keras on these backends; without them the golden file stays as it is.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from . import scripts_of_keras
from .store import write_json

HELPERS = {"digits", "same_start"}

# One thread: the order of sums depends on their number.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}


def make():
    """Write `keras_scripts.json`."""
    pythons = {
        backend: os.environ.get(f"KERAS_{backend.upper()}_PYTHON")
        for backend in ("jax", "tensorflow")
    }
    if not all(pythons.values()):
        print("keras_scripts: left as it is, for want of KERAS_JAX_PYTHON, KERAS_TENSORFLOW_PYTHON")
        return
    by_backend = {"jax": [], "tensorflow": []}
    for path in sorted(scripts_of_keras.SCRIPTS.glob("*.py")):
        if path.stem not in HELPERS:
            needs_tape = "GradientTape" in path.read_text(encoding="utf-8")
            by_backend["tensorflow" if needs_tape else "jax"].append(path.stem)
    logs = {}
    for backend, names in by_backend.items():
        logs |= run(backend, pythons[backend], names)
    write_json("keras_scripts", dict(sorted(logs.items())))


def run(backend, python, names):
    """Run scripts by another interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "logs.json"
        subprocess.run(
            [python, scripts_of_keras.__file__, out, *names],
            env={**os.environ, **ONE_THREAD, "KERAS_BACKEND": backend},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return json.loads(out.read_text(encoding="utf-8"))
