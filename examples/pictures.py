"""Pictures of the examples: where they go, and how they are drawn.

No example itself; the others import it. Each example takes ``--pictures DIR``, by default the
folder `pictures` where it is started. Drawing needs matplotlib (``pip install kerasette[plot]``);
without it the example says so and goes on.
"""

import argparse
from pathlib import Path


def parser(doc):
    """Command line of an example with this docstring; it may add options of its own."""
    made = argparse.ArgumentParser(description=doc.split("\n")[0])
    made.add_argument("--pictures", metavar="DIR", default="pictures", help="folder of pictures")
    return made


class Pictures:
    """A folder of pictures.

    Parameters
    ----------
    folder : str or Path
        Made when the first picture is saved.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            from matplotlib.figure import Figure
        except ImportError:
            print("no pictures: they need matplotlib (pip install kerasette[plot])")
            Figure = None
        self._figure_class = Figure

    @classmethod
    def from_arguments(cls, doc):
        """The folder that the command line names, where there are no other options."""
        return cls(parser(doc).parse_args().pictures)

    def save(self, name, draw, rows=1, columns=1):
        """Saves what `draw` draws, given matplotlib axes: one, or a list for several panels."""
        if self._figure_class is None:
            return
        figure = self._figure_class(figsize=(5 * columns, 3.6 * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
        draw(axes[0] if len(axes) == 1 else axes)
        for unused in axes:
            unused.set_visible(unused.has_data())
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.png"
        figure.savefig(path, dpi=100)
        print(f"picture: {path}")

    def curves(self, name, lines, x_label, y_label, log=False):
        """One panel of lines: a dict from label to the values, or to a pair of x and values."""

        def draw(axes):
            for label, line in lines.items():
                axes.plot(*(line if isinstance(line, tuple) else [line]), label=label)
            axes.set(xlabel=x_label, ylabel=y_label, yscale="log" if log else "linear")
            axes.legend()

        self.save(name, draw)

    def images(self, name, images, titles, columns=5):
        """A panel for each image, a 2-D array; blue is below zero, red above."""

        def draw(panels):
            for panel, image, title in zip(panels, images, titles, strict=True):
                limit = abs(image).max()
                panel.imshow(image, cmap="RdBu_r", vmin=-limit, vmax=limit)
                panel.set_title(title)
                panel.set_axis_off()

        self.save(name, draw, rows=-(-len(images) // columns), columns=columns)
