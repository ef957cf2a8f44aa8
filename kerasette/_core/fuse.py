"""What replays of a recording leave out: nodes that another one does as well.

While a step is recorded each op runs by itself. Before it is replayed, chains of nodes whose
results in between nobody else reads become one node, which does the same operations in the same
order on numbers that are still in registers or in the cache: replays keep the bits of the recorded
run. Each rule looks through what the one before has left.
"""

from kerasette._core.fuse_activations import fuse_activations
from kerasette._core.fuse_bags import fuse_bags
from kerasette._core.fuse_pools import fuse_pools
from kerasette._core.fuse_tables import fuse_tables
from kerasette._core.recording import Recording


def fuse(step, outputs):
    """Has replays of a recording run fewer nodes.

    Parameters
    ----------
    step : Step
        Made with an arena, and finished.
    outputs : list
        What is read after a replay: the tensors among these.
    """
    for rule in (fuse_activations, fuse_pools, fuse_bags, fuse_tables):
        rule(Recording(step, outputs))
