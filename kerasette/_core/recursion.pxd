"""How functions of ours that call themselves keep from running out of C's stack, as Python's do."""

cdef extern from "Python.h":
    # Raises a RecursionError, in whose message `where` stands, when calls are nested too deeply. It
    # returns -1 then, or 1, as the version of Python has it.
    int Py_EnterRecursiveCall(const char *where) except *
    void Py_LeaveRecursiveCall() noexcept
