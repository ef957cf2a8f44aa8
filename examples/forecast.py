"""A time series: a chaotic one, forecast by recurrent layers.

What you learn: a series becomes windows, each with the value that is looked for; it is divided in
time, the later part for testing, with a gap as wide as the forecast; it is scaled by what is known
of the earlier part; and what a network says has to be better than what costs nothing, that all
stays as it is, and than what costs little, a linear function of the window.

The series is Mackey and Glass's ("Oscillation and chaos in physiological control systems", Science
197, 1977), of the number of blood cells: what is produced depends on what there was 17 days ago,
``x' = 0.2 x(t - 17) / (1 + x(t - 17)**10) - 0.1 x``. It seems to repeat itself and never does. The
next value but nineteen is no linear function of those before. Errors are in standard deviations of
the series: 1 is as good as always saying the mean.
"""

import numpy as np
from pictures import Pictures

import kerasette as keras
from kerasette import callbacks, layers

DELAY, PARTS = 17, 10
N_VALUES, N_SKIPPED = 4000, 118
N_TRAIN = 2500
WINDOW, AHEAD = 24, 20
UNITS, EPOCHS, RATE = 32, 12, 0.01


def mackey_glass(n_values):
    """Values at t = 0, 1, ...: 1.2 at first, 0 before, by Runge and Kutta's method."""
    step, delay = 1 / PARTS, DELAY * PARTS
    x = np.zeros(delay + n_values * PARTS)
    x[delay] = 1.2

    def slope(now, then):
        return 0.2 * then / (1 + then**10) - 0.1 * now

    for t in range(delay, len(x) - 1):
        then, after = x[t - delay], x[t - delay + 1]
        middle = (then + after) / 2
        first = slope(x[t], then)
        second = slope(x[t] + step / 2 * first, middle)
        third = slope(x[t] + step / 2 * second, middle)
        fourth = slope(x[t] + step * third, after)
        x[t + 1] = x[t] + step / 6 * (first + 2 * second + 2 * third + fourth)
    return x[delay::PARTS]


def make_datasets(series):
    """Windows of `WINDOW` values, each with what comes `AHEAD` after its end: earlier, later."""
    known = series[:N_TRAIN]
    series = ((series - known.mean()) / known.std()).astype("float32")
    data, targets = series[:, None], series[WINDOW - 1 + AHEAD :]
    windows = keras.utils.timeseries_dataset_from_array
    train = windows(data, targets, WINDOW, batch_size=32, shuffle=True, seed=0, end_index=N_TRAIN)
    # No value that training has seen as a target stands in a window of the test.
    test = windows(data, targets, WINDOW, batch_size=256, start_index=N_TRAIN + AHEAD)
    return train, test


def all_of(dataset):
    """All windows and targets, each as one array."""
    return [np.concatenate(parts) for parts in zip(*dataset, strict=True)]


def error(forecast, truth):
    """The root of the mean square."""
    return float(np.sqrt(np.mean(np.square(forecast - truth, dtype="float64"))))


def linear_forecast(train, test):
    """By the linear function of a window that fits best."""
    (x, y), (x_test, _) = all_of(train), all_of(test)
    weights, *_ = np.linalg.lstsq(with_one(x), y)
    return with_one(x_test) @ weights


def with_one(windows):
    return np.append(windows[:, :, 0], np.ones((len(windows), 1)), axis=1)


def recurrent_forecast(recurrent, train, test):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((WINDOW, 1)), recurrent(UNITS), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(), loss="mse")
    schedule = callbacks.LearningRateScheduler(lambda epoch: RATE * 0.02 ** (epoch / EPOCHS))
    model.fit(train, epochs=EPOCHS, callbacks=[schedule], verbose=0)
    return model.predict(test, verbose=0)[:, 0]


def main():
    pictures = Pictures.from_arguments(__doc__)
    train, test = make_datasets(mackey_glass(N_VALUES)[N_SKIPPED:])
    x, y = all_of(test)
    forecasts = {
        "as it is": x[:, -1, 0],
        "linear": linear_forecast(train, test),
        "GRU": recurrent_forecast(layers.GRU, train, test),
        "LSTM": recurrent_forecast(layers.LSTM, train, test),
    }
    print(f"Forecasts {AHEAD} ahead, of {len(y)} values that come later; error:")
    errors = {name: error(forecast, y) for name, forecast in forecasts.items()}
    for name, value in errors.items():
        print(f"  {name:8s} {value:.3f}")
    assert errors["as it is"] > 1, "worse than always saying the mean"
    assert errors["linear"] > 0.45
    assert max(errors["GRU"], errors["LSTM"]) < 0.08

    lines = {"as it came": y, "linear": forecasts["linear"], "GRU": forecasts["GRU"]}
    lines = {name: values[:200] for name, values in lines.items()}
    pictures.curves("forecast", lines, "time", "value")


if __name__ == "__main__":
    main()
