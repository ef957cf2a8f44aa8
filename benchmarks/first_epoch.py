"""A whole script of a contender, from nothing to its first epoch; start-up times this process."""

import sys

from benchmarks import cases, contenders, measure


def main() -> None:
    name, threads, case_name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    training = cases.find(case_name).training
    library = contenders.find(name).load()
    library.use_threads(threads)
    x, y = measure.rows_for(library, training.network, training.rows)
    model = library.build(training.network, training.optimizer)
    library.train(model, x, y, training.batch_size, epochs=1)


if __name__ == "__main__":
    main()
    print("done", flush=True)  # the clock stops here: how long a library takes to exit is not asked
