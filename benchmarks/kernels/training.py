"""Whole trainings against the peak of sgemm: ``python -m benchmarks.kernels.training``.

Samples a second of kerasette, and the multiplications and additions of convolutions, dense and
recurrent layers, there and back, as a share of what a product of 1024 x 1024 matrices reaches in
the same run.
"""

import argparse
import json
import statistics

import kerasette
from benchmarks import cases, measure
from benchmarks.arithmetic import training_flop
from benchmarks.contenders import kerasette_
from benchmarks.kernels.peak import clock_for, gflops, peak_way


def measure_training(case, repeats, clock):
    """Samples/s of a whole training, and what share of the peak its arithmetic is."""
    x, y = measure.rows_for(kerasette_, case.network, case.rows)
    model = kerasette_.build(case.network, case.optimizer)
    measure.compile_both_batches(kerasette_, model, x, y, case.batch_size)
    product, product_flop = peak_way()
    rates, peaks = [], []
    for _ in range(repeats):
        peaks.append(gflops(product, product_flop, clock, at_least=0.2))
        start = clock()
        kerasette_.train(model, x, y, case.batch_size, epochs=1)
        rates.append(case.rows / (clock() - start))
    rate, peak = statistics.median(rates), statistics.median(peaks)
    flop = training_flop(case.network)
    return {
        "case": case.name,
        "samples_per_second": round(rate, 1),
        "megaflop_per_sample": round(flop / 1e6, 2),
        "peak": round(peak, 1),
        "of_peak": round(rate * flop / 1e9 / peak, 3),
    }


def main():
    """Prints a line of JSON for each training."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--cases", nargs="+", default=["G", "H", "L", "M", "N"], help="names of trainings")
    add("--threads", type=int, default=1)
    add("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    kerasette.config.set_num_threads(arguments.threads)
    for name in arguments.cases:
        result = measure_training(cases.find(name), arguments.repeats, clock_for(arguments.threads))
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
