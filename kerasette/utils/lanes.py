"""Directed graphs drawn with characters: a row for each node, and lines down to where it goes.

Each node that is still needed further down has a lane, a column of its own. Where a node does not
simply continue the lane above it, a row before it leads from the lanes of its sources to its own::

    ○    nothing leads here          ├ ┤ ┼   a source, or the lane in which the node stands
    ●    what is above leads here    ╰ ╯ ┴   a source whose lane ends
    │    a lane that goes by         ╭ ╮ ┬   the node's lane begins
"""

from collections import Counter
from typing import NamedTuple

ENDS, BEGINS, TOUCHES = "╰╯┴", "╭╮┬", "├┤┼"


class LaneRow(NamedTuple):
    """Characters of a row, the node in it or None, and what goes on in the row below."""

    text: str
    node: object
    below: str


def lane_rows(nodes, sources):
    """The rows of a graph.

    Parameters
    ----------
    nodes : list of hashable
        Each after its sources.
    sources : dict of node to list of node

    Returns
    -------
    list of LaneRow
        All of one width.

    Examples
    --------
    >>> rows = lane_rows("abcd", {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]})
    >>> for row in rows:
    ...     print(row.text, row.node or "")
    ○   a
    ├─╮
    │ ● b
    ● │ c
    ├─╯
    ●   d
    """
    uses = Counter(source for node in nodes for source in set(sources[node]))
    lanes, rows = Lanes(), []
    for node in nodes:
        given = [lanes.of.index(source) for source in dict.fromkeys(sources[node])]
        uses.subtract(lanes.of[i] for i in given)
        ending = {i for i in given if not uses[lanes.of[i]]}
        own = lanes.place(given, ending)
        if given and given != [own]:
            rows.append(LaneRow(lanes.connections(given, ending, own), None, ""))
        for i in ending:
            lanes.of[i] = None
        lanes.begin(own, node)
        text = lanes.text({own: "●" if given else "○"})
        if not uses[node]:
            lanes.of[own] = None
        rows.append(LaneRow(text, node, lanes.text({})))
    width = max((len(row.text) for row in rows), default=0)
    return [LaneRow(text.ljust(width), node, below.ljust(width)) for text, node, below in rows]


class Lanes:
    """Which node each lane belongs to; None for a lane that is free."""

    def __init__(self):
        self.of = []

    def begin(self, index, node):
        """Gives a lane to a node."""
        self.of += [None] * (index + 1 - len(self.of))
        self.of[index] = node

    def place(self, given, ending):
        """The lane for a node with these sources, of which some are needed no more."""
        if ending:
            return min(ending)
        first = min(given, default=0)
        free = [i for i in range(first, len(self.of)) if self.of[i] is None]
        return min(free, default=len(self.of))

    def connections(self, given, ending, own):
        """The row that leads from lanes to the lane of a node."""
        joined = {*given, own}
        low, high = min(joined), max(joined)

        def form(i):
            if i not in given:
                kind = BEGINS
            else:
                kind = ENDS if i in ending and i != own else TOUCHES
            return kind[0 if i == low else 1 if i == high else 2]

        return self.text({i: form(i) for i in joined}, range(low, high))

    def text(self, signs, line=()):
        """A row.

        Parameters
        ----------
        signs : dict of int to str
            What stands in some lanes, in place of their lines.
        line : range
            Lanes from which a line leads to the next one.
        """
        parts = []
        for i in range(max(len(self.of), *(n + 1 for n in signs), 0)):
            is_used = i < len(self.of) and self.of[i] is not None
            parts.append(signs.get(i, "│" if is_used else "─" if i in line else " "))
            parts.append("─" if i in line else " ")
        return "".join(parts).rstrip()
