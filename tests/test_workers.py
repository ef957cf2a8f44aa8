"""Ctrl-C while workers are started: it comes after that, and ends them."""

import signal
import threading

import pytest

from kerasette.data import workers


class Numbers:
    workers = 2
    max_queue_size = 3
    use_multiprocessing = False

    def __init__(self):
        self.made = []

    def __getitem__(self, number):
        self.made.append(number)
        return number


def test_a_signal_waits_for_the_end_of_the_block():
    done = []
    with pytest.raises(KeyboardInterrupt), workers.uninterrupted():
        signal.raise_signal(signal.SIGINT)
        done.append(True)
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_ones_own_is_called_afterwards():
    calls = []
    before = signal.signal(signal.SIGINT, lambda *args: calls.append(args))
    try:
        with workers.uninterrupted():
            signal.raise_signal(signal.SIGINT)
            assert not calls
        assert [number for number, _ in calls] == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_where_nothing_would_be_raised_nothing_is_changed():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with workers.uninterrupted():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    seen = []

    def look():
        with workers.uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]


def test_an_interrupt_while_workers_start_ends_them(monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    pools = []

    class Interrupted(ThreadPoolExecutor):
        def submit(self, *args):
            pools.append(self)
            signal.raise_signal(signal.SIGINT)
            return super().submit(*args)

    numbers = Numbers()
    monkeypatch.setattr(workers, "pool_for", lambda dataset: (Interrupted(2), dataset.__getitem__))
    with pytest.raises(KeyboardInterrupt):
        list(workers.made_ahead(numbers, range(5)))
    assert pools[0]._shutdown
    assert numbers.made in ([], [0])
