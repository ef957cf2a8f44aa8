"""Data sets of series and of texts that are not shuffled, for Keras and for kerasette alike."""

import os

import numpy as np

SERIES = np.arange(60.0, dtype="float32").reshape(20, 3)
TARGETS = np.arange(100, 120)
WINDOWS = {
    "plain": {"sequence_length": 4},
    "targets": {"targets": TARGETS, "sequence_length": 3, "batch_size": 5},
    "stride": {"targets": TARGETS, "sequence_length": 3, "sequence_stride": 4, "batch_size": 2},
    "rate": {"sequence_length": 3, "sampling_rate": 5, "sequence_stride": 2},
    "part": {"targets": TARGETS, "sequence_length": 5, "start_index": 4, "end_index": 17},
    "start": {"sequence_length": 5, "start_index": 9, "batch_size": 3},
    "end": {"targets": TARGETS, "sequence_length": 2, "end_index": 6},
    "fewer_targets": {"targets": TARGETS[:9], "sequence_length": 2},
    "single": {"targets": TARGETS, "sequence_length": 6, "sequence_stride": 7, "batch_size": None},
    "numbers": {"data": np.arange(9), "targets": np.arange(9) % 2, "sequence_length": 2},
}
TEXTS = {
    "bad/0.txt": "Dull.\n\nVery dull.",
    "bad/1.txt": "",
    "bad/deeper/2.txt": "A waste of time\r\n",
    "bad/notes.md": "no text",
    "good/10.txt": "A great film.",
    "good/9.txt": "Good fun",
    "neither/0.TXT": "It ends.",
}
FOLDERS = {
    "int": {"batch_size": 2},
    "binary": {"label_mode": "binary", "class_names": ["good", "bad"]},
    "categorical": {"label_mode": "categorical"},
    "none": {"labels": None},
    "unlabelled": {"label_mode": None, "max_length": 4},
    "listed": {"labels": [3, 1, 3, 0, 2, 0], "label_mode": "int"},
    "training": {"validation_split": 0.4, "subset": "training"},
    "validation": {"validation_split": 0.4, "subset": "validation"},
    "single": {"batch_size": None, "max_length": 6},
}


def make_folders(folder):
    """Write the texts, in folders by class."""
    for name, text in TEXTS.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)


def of_series(keras):
    """Batches of windows."""
    found = {}
    for name, arguments in WINDOWS.items():
        arguments = {"data": SERIES, "targets": None, **arguments}
        dataset = keras.utils.timeseries_dataset_from_array(**arguments)
        batches = list(dataset)
        found[f"{name}_batches"] = np.array(len(batches))
        for i, batch in enumerate(batches):
            parts = batch if isinstance(batch, tuple) else (batch,)
            for part, values in zip("xy", parts, strict=False):
                found[f"{name}_{part}_{i}"] = np.asarray(values)
    return found


def of_texts(keras, folder):
    """Batches of texts, and names of classes."""
    found = {}
    for name, arguments in FOLDERS.items():
        dataset = keras.utils.text_dataset_from_directory(
            folder, **{"shuffle": False, "verbose": False, **arguments}
        )
        found[f"{name}_classes"] = np.array(dataset.class_names or [], str)
        for i, batch in enumerate(dataset):
            texts, *labels = batch if isinstance(batch, tuple) else (batch,)
            texts = np.asarray(texts).reshape(-1).tolist()
            found[f"{name}_x_{i}"] = np.array([_text(one) for one in texts])
            if labels:
                found[f"{name}_y_{i}"] = np.asarray(labels[0])
    return found


def _text(value):
    return value.decode() if isinstance(value, bytes) else value
