"""Graphs in Graphviz's language, DOT, and pictures of them where Graphviz is installed."""


class Dot:
    """A directed graph to be drawn, or a part of one with a box around.

    Parameters
    ----------
    cluster : str, optional
        For a part: a name for it, by which it differs from other parts of the graph.
    **attributes : str, int, bool
        Of the graph, as Graphviz knows them.

    Examples
    --------
    >>> dot = Dot(rankdir="LR")
    >>> dot.add_node("a", label="first")
    >>> dot.add_edge("a", "b")
    >>> print(dot.to_string())
    digraph {
      rankdir="LR";
      a [label="first"];
      a -> b;
    }
    """

    def __init__(self, cluster=None, **attributes):
        self.cluster = cluster
        self.attributes = attributes
        self.node_defaults = {}
        self.nodes = {}
        self.edges = []
        self.subgraphs = []

    def add_node(self, key, **attributes):
        """Adds a node.

        Parameters
        ----------
        key : str
            A word, by which edges name it.
        **attributes : str, int, bool, Html
        """
        self.nodes[key] = attributes

    def add_edge(self, source, target):
        """Adds an arrow between the nodes of two keys, unless there is one."""
        if (source, target) not in self.edges:
            self.edges.append((source, target))

    def add_subgraph(self, dot):
        """Adds a part."""
        self.subgraphs.append(dot)

    def to_string(self):
        """The graph as DOT text."""
        return "\n".join(self._lines())

    __str__ = to_string

    def _lines(self):
        yield "digraph {" if self.cluster is None else f"subgraph cluster_{self.cluster} {{"
        for name, value in self.attributes.items():
            yield f"  {name}={quoted(value)};"
        if self.node_defaults:
            yield f"  node {listed(self.node_defaults)};"
        for key, attributes in self.nodes.items():
            yield f"  {key} {listed(attributes)};"
        for part in self.subgraphs:
            yield from (f"  {line}" for line in part._lines())
        for source, target in self.edges:
            yield f"  {source} -> {target};"
        yield "}"

    # ---- pictures ------------------------------------------------------------------

    def create(self, prog=None, format="ps"):
        """The picture, drawn by Graphviz, as bytes.

        Parameters
        ----------
        prog : str, optional
            The program of Graphviz that draws it; ``"dot"`` by default.
        format : str
            ``"png"``, ``"svg"``, ``"pdf"`` and others; ``"raw"`` is DOT text.

        Raises
        ------
        FileNotFoundError
            If the program is not installed.
        ValueError
            If it fails; Graphviz's words are in the message.
        """
        if format == "raw":
            return f"{self.to_string()}\n".encode()
        # Not at the top: most programs draw nothing.
        import subprocess

        program = program_path(prog or "dot")
        whole = self if self.cluster is None else _around(self)
        done = subprocess.run(
            [program, f"-T{format}"], input=whole.to_string().encode(), capture_output=True
        )
        if done.returncode or not done.stdout:
            raise ValueError(
                f"Graphviz could not draw the graph as {format!r}: "
                f"{done.stderr.decode(errors='replace').strip()}"
            )
        return done.stdout

    def write(self, path, prog=None, format="raw"):
        """Writes the picture, or by default DOT text, to a file; arguments are those of `create`.

        Parameters
        ----------
        path : str or path
        """
        picture = self.create(prog, format)
        with open(path, "wb") as file:
            file.write(picture)

    def _repr_svg_(self):
        """The picture for notebooks; None where Graphviz is not installed."""
        try:
            return self.create(format="svg").decode()
        except FileNotFoundError:
            return None


class Html(str):
    """A label in Graphviz's kind of HTML."""


def quoted(value):
    r"""An attribute's value as DOT text.

    >>> print(quoted('a "b" \\ c'), quoted(Html("<b>x</b>")), quoted(True), quoted(3))
    "a \"b\" \\ c" <<b>x</b>> true 3
    """
    if isinstance(value, Html):
        return f"<{value}>"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(attributes):
    """Attributes of a node as DOT text."""
    return "[" + ", ".join(f"{name}={quoted(value)}" for name, value in attributes.items()) + "]"


def program_path(program):
    """Where a program of Graphviz is.

    Raises
    ------
    FileNotFoundError
        If it is not among the programs that a shell would find.
    """
    from shutil import which

    path = which(program)
    if path is None:
        raise FileNotFoundError(
            f"The program {program!r} of Graphviz is not installed. "
            "Install Graphviz (https://graphviz.org/download/) to draw pictures of models."
        )
    return path


def _around(part):
    whole = Dot()
    whole.node_defaults = part.node_defaults
    whole.add_subgraph(part)
    return whole
