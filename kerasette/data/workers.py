"""Batches made ahead of time by threads or processes, in order."""

from collections import deque
from contextlib import contextmanager

# The data set of a worker process.
_dataset = None


def made_ahead(dataset, numbers):
    """The batches of these numbers, one after the other, made by the workers of a data set.

    Closing the generator, or an error in a batch, ends the workers.

    Parameters
    ----------
    dataset : PyDataset
    numbers : iterable of int

    Yields
    ------
    What ``dataset[number]`` is.
    """
    waiting = deque()
    pool, get = pool_for(dataset)
    try:
        for number in numbers:
            with uninterrupted():
                waiting.append(pool.submit(get, number))
            if len(waiting) >= max(dataset.max_queue_size, 1):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # What has begun is finished; what has not is dropped.
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def uninterrupted():
    """Has Ctrl-C wait until the block is over.

    It starts workers, and an exception in the midst of that would leave some that never end.
    """
    # Not free to import either.
    import signal
    import threading

    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        # Nothing is raised here.
        yield
        return
    arrived = []
    signal.signal(signal.SIGINT, lambda *signal_and_frame: arrived.append(signal_and_frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if arrived:
            before(*arrived[0])


def pool_for(dataset):
    """An executor, and the function that its workers call."""
    # Rarely needed, and not free to import.
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    if not dataset.use_multiprocessing:
        return ThreadPoolExecutor(dataset.workers, "kerasette_data"), dataset.__getitem__
    pool = ProcessPoolExecutor(dataset.workers, initializer=take_dataset, initargs=(dataset,))
    return pool, get_batch


def take_dataset(dataset):
    """What a worker process does first."""
    import signal

    global _dataset
    _dataset = dataset
    # Ctrl-C reaches all processes of a terminal; the one that trains ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def get_batch(number):
    """Batch `number`, in a worker process."""
    return _dataset[number]
