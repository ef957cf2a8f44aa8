"""Recorded programs of a model: made once for each kind of batch, then replayed without Python.

A *workspace* is an arena and the programs that were recorded in it. A run leases a workspace, so
that two threads that predict with one model use two; programs of one workspace share its memory,
because only one of them runs at a time.
"""

from collections import OrderedDict

from kerasette._core.feed import keep, placeholder
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette._core.structure import structure_version

# More kinds of batches than this are dropped, the least recently used first.
MAX_PROGRAMS = 64
# An arena that has grown larger than this is given up when its lease ends.
MAX_ARENA_BYTES = 1 << 31


class Program:
    """A recorded step with the tensors that are fed into it and read from it."""

    __slots__ = ("inputs", "is_old", "is_trusted", "outputs", "step")

    def __init__(self, step, inputs, outputs, is_trusted):
        self.step = step
        self.inputs = inputs
        self.outputs = outputs
        # Whether another recording agreed with this one, or only our own code ran in it.
        self.is_trusted = is_trusted
        # Whether it is of an earlier epoch: user code may do something else in this one.
        self.is_old = False


class Workspace:
    """An arena and its programs, by key."""

    def __init__(self):
        self.arena = Arena()
        self.programs = OrderedDict()
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

    def record(self, key, specs, load, function, has_user_code):
        """Runs `function` on inputs of `specs`, filled by `load`, and keeps it as a program.

        Returns
        -------
        (Program, str or None)
            The program, whose outputs hold this run's results, and why it cannot be replayed.
        """
        before = self.programs.get(key)
        step = Step(self.arena)
        with step:
            inputs = [placeholder(shape, dtype) for shape, dtype in specs]
            load(inputs)
            outputs = [keep(output) for output in function(*inputs)]
        program = Program(step, inputs, outputs, is_trusted=not has_user_code)
        obstacle = step.obstacle
        if self.arena.is_exported:
            # Somebody looks at the memory of this arena: leave it to them.
            self.arena = Arena()
            self.programs.clear()
            return program, obstacle
        if obstacle is None and before is not None and has_user_code:
            program.is_trusted = step.agrees_with(before.step, inputs, before.inputs)
            if not program.is_trusted and not before.is_old:
                obstacle = "user code did something else at the next step"
        if obstacle is None:
            self._keep(key, program)
        else:
            self.programs.pop(key, None)
        return program, obstacle

    def _keep(self, key, program):
        self.programs[key] = program
        while len(self.programs) > MAX_PROGRAMS:
            self.programs.popitem(last=False)

    def distrust(self):
        """Has programs with user code recorded again, once an epoch."""
        for program in self.programs.values():
            program.is_trusted = False
            program.is_old = True


class ProgramPool:
    """The workspaces of a model, and what it has learned about its keys."""

    def __init__(self):
        self.free = []
        self.seen = OrderedDict()
        self.obstacles = {}

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
