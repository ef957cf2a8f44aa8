"""Every example runs, and finds the figures it asserts, without a warning.

Those that need a download use it where it is there: in KERASETTE_HOME, or in shared/data beside
the repository. Those that have a substitute for it are tested with the substitute too.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kerasette
from kerasette.datasets import cache

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SHARED = EXAMPLES.parents[1] / "shared" / "data"

NEEDED_DATA = {
    "mnist_convnet.py": "mnist.npz",
    "mnist_mlp.py": "mnist.npz",
    "babi_next_word.py": "babi_qa1_train.txt",
    "fill_in_the_blank.py": "imdb_train.tsv.gz",
    "framework_from_scratch/babi.py": "babi_qa1_train.txt",
    "imdb_lstm.py": "imdb_train.tsv.gz",
    "linear_rnn.py": "babi_qa1_train.txt",
    "sentiment.py": "imdb_train.tsv.gz",
    "shakespeare_lstm.py": "shakespeare_100k.txt",
    "shakespeare_rnn.py": "shakespeare_100k.txt",
}
SLOW = {"fill_in_the_blank.py", "mnist_mlp.py", "sentiment.py"}
# Arguments with which those that take minutes take seconds.
QUICK = {
    "imdb_lstm.py": ["--quick"],
    "linear_rnn.py": ["--passes", "5"],
    "mnist_convnet.py": ["--quick"],
    "shakespeare_lstm.py": ["--quick"],
    "shakespeare_rnn.py": ["--quick"],
}
# What examples import from each other, and is none itself.
HELPERS = {"characters.py", "few_images.py", "pictures.py", "reviews.py"}

NAMES = sorted({path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.py")} - HELPERS)
TEXTS = {name: (EXAMPLES / name).read_text(encoding="utf-8") for name in NAMES}
WITH_PICTURES = {name for name in NAMES if "from pictures import" in TEXTS[name]}
WITH_FEW_IMAGES = sorted(name for name in NAMES if "from few_images import" in TEXTS[name])


def run(name, *arguments, home=None, first_on_path=None):
    """The finished process of an example, with the kerasette that is tested here."""
    environment = dict(os.environ)
    kerasette_home = str(Path(kerasette.__file__).parents[1])
    places = [first_on_path, kerasette_home, environment.get("PYTHONPATH")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    if home is not None:
        environment["KERASETTE_HOME"] = str(home)
    command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)


def check(name, *arguments, home=None, **options):
    if home is None and name in NEEDED_DATA:
        home = home_with(NEEDED_DATA[name])
    finished = run(name, *arguments, home=home, **options)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout
    return finished.stdout


def home_with(file):
    """A cache that has the file; skips the test if there is none."""
    for home in (cache.home(), SHARED):
        if (home / "datasets" / file).exists():
            return home
    pytest.skip(f"{file} is neither in {cache.home() / 'datasets'} nor in shared/data")


def marked(name):
    return pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name


@pytest.mark.parametrize("name", [marked(name) for name in NAMES])
def test_example_runs_and_finds_its_figures(name, tmp_path):
    arguments = ["--pictures", str(tmp_path)] if name in WITH_PICTURES else []
    arguments += ["--digits"] if name in WITH_FEW_IMAGES else []
    arguments += QUICK.get(name, [])
    output = check(name, *arguments)
    pictures = [line.split(": ", 1)[1] for line in output.splitlines() if line[:8] == "picture:"]
    assert sorted(pictures) == sorted(map(str, tmp_path.iterdir()))
    if name in WITH_PICTURES:
        assert bool(pictures) == (importlib.util.find_spec("matplotlib") is not None)


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_FEW_IMAGES)
def test_example_finds_its_figures_on_mnist(name, tmp_path):
    check(name, "--pictures", str(tmp_path), home=home_with("mnist.npz"))


def test_without_matplotlib_an_example_says_so_and_goes_on(tmp_path):
    (tmp_path / "matplotlib.py").write_text("raise ImportError")
    folder = tmp_path / "pictures"
    output = check("symmetry.py", "--pictures", str(folder), first_on_path=str(tmp_path))
    assert "pip install kerasette[plot]" in output
    assert not folder.exists()


def test_without_mnist_the_bundled_digits_take_its_place(tmp_path):
    broken = tmp_path / "datasets"
    # Where a file is expected that can be neither read nor downloaded.
    broken.mkdir()
    (broken / "mnist.npz").mkdir()
    arguments = ["--pictures", str(tmp_path / "pictures")]
    assert "digits instead" in check("ensemble.py", *arguments, home=tmp_path)


@pytest.mark.slow
def test_networks_find_spam_in_messages_of_people():
    assert "random" not in check("estimator_text.py", home=home_with("sms_spam.tsv"))


@pytest.mark.slow
def test_mean_accuracy_on_mnist_of_five_seeds():
    check("mnist_mlp.py", "--seeds", "5")


@pytest.mark.slow
def test_mean_accuracy_on_mnist_of_three_seeds_with_convolutions():
    check("mnist_convnet.py", "--seeds", "3")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["imdb_lstm.py", "shakespeare_lstm.py", "shakespeare_rnn.py"])
def test_figures_of_all_of_a_text(name):
    check(name)


@pytest.mark.parametrize(
    "name",
    ["framework_from_scratch/babi.py", "linear_rnn.py", "sentiment.py", "shakespeare_lstm.py"],
)
def test_an_example_says_where_to_put_data_that_are_missing(name, tmp_path):
    finished = run(name, home=tmp_path)
    assert finished.returncode == 1
    assert str(tmp_path / "datasets" / NEEDED_DATA[name]) in finished.stderr
    assert "Traceback" not in finished.stderr


def test_table_of_examples_is_complete():
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"]({name})" not in table] == []
