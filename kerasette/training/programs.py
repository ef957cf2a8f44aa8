"""Recorded programs of a model: made once for each kind of batch, then replayed without Python.

A *workspace* is an arena and the programs that were recorded in it. A run leases a workspace, so
that two threads that predict with one model use two; programs of one workspace share its memory,
because only one of them runs at a time.
"""

from collections import OrderedDict

import numpy as np

from kerasette._core.feed import keep, placeholder
from kerasette._core.fuse import fuse
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette._core.structure import structure_version
from kerasette._core.tensor import Tensor
from kerasette.training.results import rows_of
from kerasette.tree import flatten, map_structure

# More kinds of batches than this are dropped, the least recently used first: texts may have as many
# lengths.
MAX_PROGRAMS = 256
# And more than programs of so many bytes; the last one always stays.
MAX_PROGRAM_BYTES = 1 << 26
# What a node takes, in a mean program.
NODE_BYTES = 1100
# An arena may be so many bytes larger than twice what the largest program needs.
ARENA_SLACK = 1 << 22
# An arena that has grown larger than this is given up when its lease ends.
MAX_ARENA_BYTES = 1 << 31


class Program:
    """A recorded step with the tensors that are fed into it and read from it."""

    __slots__ = ("form", "inputs", "is_old", "is_trusted", "nbytes", "outputs", "rows", "step")

    def __init__(self, step, inputs, returned, is_trusted):
        self.step = step
        self.inputs = inputs
        # What the step returned: a structure, and the values in it. Tensors are where each run
        # leaves its results; anything else is what it was when this was recorded.
        self.form = form_of(returned)
        self.outputs = [keep(v) if isinstance(v, Tensor) else v for v in flatten(returned)]
        # Shape and dtype of the outputs' rows, which every prediction asks for.
        self.rows = rows_of(self.outputs, inputs[0].shape[0])
        # Of what it keeps beside the arena.
        self.nbytes = 0
        # Whether another recording agreed with this one, or only our own code ran in it.
        self.is_trusted = is_trusted
        # Whether it is of an earlier epoch: user code may do something else in this one.
        self.is_old = False

    def agrees_with(self, other):
        """Whether the other recording does and returns the same."""
        return self.step.agrees_with(other.step, self.inputs, other.inputs) and all(
            isinstance(mine, Tensor) == isinstance(theirs, Tensor)
            and (isinstance(mine, Tensor) or mine is theirs or is_equal(mine, theirs))
            for mine, theirs in zip(self.outputs, other.outputs, strict=True)
        )


class Workspace:
    """An arena and its programs, by key."""

    def __init__(self):
        self.arena = Arena()
        self.programs = OrderedDict()
        # What the program needs that needs most of the arena.
        self.largest = 0
        self.version = structure_version()

    def find(self, key):
        """The program recorded for `key` since the structure last changed, or None."""
        version = structure_version()
        if version != self.version:
            self.programs.clear()
            self.version = version
        program = self.programs.get(key)
        if program is not None:
            self.programs.move_to_end(key)
        return program

    def record(self, key, specs, load, function, code_has_moved=None):
        """Runs `function` on inputs of `specs`, filled by `load`, and keeps it as a program.

        Where it runs code of a user, `code_has_moved` tells whether something that this reads has
        changed since that was last asked.

        Returns
        -------
        (Program, str or None)
            The program, whose outputs hold this run's results, and why it cannot be replayed.
        """
        before = self.programs.get(key)
        has_user_code = code_has_moved is not None
        if has_user_code:
            # What has changed until now does not count.
            code_has_moved()
        step = Step(self.arena)
        with step:
            inputs = [placeholder(shape, dtype) for shape, dtype in specs]
            load(inputs)
            program = Program(step, inputs, function(*inputs), is_trusted=not has_user_code)
        obstacle = step.obstacle
        if self.arena.is_exported:
            # Somebody looks at the memory of this arena: leave it to them.
            self.arena = Arena()
            self.programs.clear()
            return program, obstacle
        if obstacle is None and before is not None and has_user_code:
            program.is_trusted = program.agrees_with(before)
            if not program.is_trusted and not before.is_old:
                obstacle = "user code did something else at the next step"
            elif code_has_moved():
                # It may be something done once: then the next step changes nothing any more.
                program.is_trusted = False
                obstacle = None if before.is_old else "user code changes what it reads itself"
        if obstacle is None:
            fuse(program.step, program.outputs)
            self._keep(key, program)
        else:
            self.programs.pop(key, None)
        self._fill_holes()
        return program, obstacle

    @property
    def nbytes(self):
        """What the arena and the programs take, about."""
        return self.arena.nbytes + self._program_bytes()

    def _program_bytes(self):
        return sum(program.nbytes for program in self.programs.values())

    def _keep(self, key, program):
        program.nbytes = len(program.step) * NODE_BYTES + self.arena.constant_bytes
        self.programs[key] = program
        while len(self.programs) > 1 and (
            len(self.programs) > MAX_PROGRAMS or self._program_bytes() > MAX_PROGRAM_BYTES
        ):
            self.programs.popitem(last=False)

    def _fill_holes(self):
        """Begins a new arena if blocks of many sizes, none of which fits, make up most of this.

        So the batches of texts that get longer and longer would leave a set of blocks each. All
        programs are recorded anew then, in one block in which there is room for twice as much:
        this happens once for each doubling of the lengths.
        """
        self.largest = max(self.largest, self.arena.used)
        if self.arena.nbytes > 2 * self.largest + ARENA_SLACK:
            self.arena = Arena(max(self.largest, min(2 * self.largest, MAX_ARENA_BYTES)))
            self.programs.clear()

    def distrust(self):
        """Has programs with user code recorded again, once an epoch."""
        for program in self.programs.values():
            program.is_trusted = False
            program.is_old = True


def form_of(returned):
    """The structure of what a step returned, with None for each value."""
    return map_structure(lambda _: None, returned)


def is_equal(a, b):
    """Whether two constants, as a rule numbers, are the same."""
    return type(a) is type(b) and bool(np.all(np.equal(a, b, dtype=object)))


class BoundedDict(dict):
    """A dict that is emptied before it grows too large."""

    def __setitem__(self, key, value):
        if len(self) >= 4 * MAX_PROGRAMS:
            self.clear()
        super().__setitem__(key, value)


class ProgramPool:
    """The workspaces of a model, and what it has learned about its keys."""

    def __init__(self):
        self.free = []
        self.seen = OrderedDict()
        self.obstacles = {}
        # What kinds of inputs become, and what comes of them, for `DataChecks`.
        self.known = BoundedDict()

    def __deepcopy__(self, memo):
        # Recordings belong to the variables of one model.
        return ProgramPool()

    def __reduce__(self):
        return ProgramPool, ()

    def lease(self):
        """A workspace that nobody else uses, until `give_back`."""
        try:
            return self.free.pop()
        except IndexError:
            return Workspace()

    @property
    def nbytes(self):
        """What the workspaces take that nobody uses now, about."""
        return sum(workspace.nbytes for workspace in self.free)

    def give_back(self, workspace):
        """Ends a lease."""
        if workspace.arena.nbytes <= MAX_ARENA_BYTES:
            self.free.append(workspace)

    def distrust(self):
        """Has programs recorded anew that nobody is using now, because a new pass begins."""
        for workspace in self.free:
            workspace.distrust()

    def is_replayable(self, key):
        """Whether nothing is known that speaks against replaying `key`."""
        return (structure_version(), key) not in self.obstacles

    def is_new(self, key):
        """Whether `key` has not come before: what comes once is not worth a recording."""
        if key in self.seen:
            self.seen.move_to_end(key)
            return False
        self.seen[key] = True
        if len(self.seen) > 4 * MAX_PROGRAMS:
            self.seen.popitem(last=False)
        return True

    def note_obstacle(self, key, obstacle):
        """Remembers, and logs once, why `key` runs eagerly."""
        # Rare, and not free to import.
        import logging

        logging.getLogger("kerasette").info("%s steps run eagerly: %s", key[0], obstacle)
        if len(self.obstacles) > 4 * MAX_PROGRAMS:
            self.obstacles.clear()
        self.obstacles[structure_version(), key] = obstacle
