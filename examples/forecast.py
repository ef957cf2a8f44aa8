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
from numpy.lib.stride_tricks import sliding_window_view
from pictures import Pictures

import kerasette as keras
from kerasette import callbacks, layers

DELAY, PARTS = 17, 10
N_VALUES, N_SKIPPED = 4000, 118
N_TRAIN = 2500
WINDOW, AHEAD = 24, 20
EPOCHS, RATE = 12, 0.01


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


def make_windows(series):
    """All windows, shape (windows, `WINDOW`, 1), and what comes `AHEAD` after the end of each."""
    known = series[:N_TRAIN]
    series = ((series - known.mean()) / known.std()).astype("float32")
    windows = sliding_window_view(series[:-AHEAD], WINDOW)
    return windows[:, :, None], series[WINDOW - 1 + AHEAD :]


def error(forecast, truth):
    """The root of the mean square."""
    return float(np.sqrt(np.mean(np.square(forecast - truth, dtype="float64"))))


def linear_forecast(x, y, train):
    """The linear function of a window that fits best."""
    inputs = np.append(x[:, :, 0], np.ones((len(x), 1)), axis=1)
    weights, *_ = np.linalg.lstsq(inputs[train], y[train])
    return inputs @ weights


def recurrent_forecast(recurrent, x, y, train):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((WINDOW, 1)), recurrent, layers.Dense(1)])
    model.compile(keras.optimizers.Adam(), loss="mse")
    schedule = callbacks.LearningRateScheduler(lambda epoch: RATE * 0.02 ** (epoch / EPOCHS))
    model.fit(x[train], y[train], batch_size=32, epochs=EPOCHS, callbacks=[schedule], verbose=0)
    return model.predict(x, batch_size=256, verbose=0)[:, 0]


def main():
    pictures = Pictures.from_arguments(__doc__)
    x, y = make_windows(mackey_glass(N_VALUES)[N_SKIPPED:])
    # No value that the training has seen as a target stands in a window of the test.
    train, test = slice(0, N_TRAIN), slice(N_TRAIN + AHEAD + WINDOW, None)
    forecasts = {
        "as it is": x[:, -1, 0],
        "linear": linear_forecast(x, y, train),
        "GRU": recurrent_forecast(layers.GRU(32), x, y, train),
        "LSTM": recurrent_forecast(layers.LSTM(32), x, y, train),
    }
    print(f"Forecasts {AHEAD} ahead, of {len(y[test])} values that come later; error:")
    errors = {}
    for name, forecast in forecasts.items():
        errors[name] = error(forecast[test], y[test])
        print(f"  {name:8s} {errors[name]:.3f}")
    assert errors["as it is"] > 1, "worse than always saying the mean"
    assert errors["linear"] > 0.45
    assert max(errors["GRU"], errors["LSTM"]) < 0.06

    shown = slice(test.start, test.start + 200)
    lines = {name: forecasts[name][shown] for name in ("linear", "GRU")}
    pictures.curves("forecast", {"as it came": y[shown], **lines}, "time", "value")


if __name__ == "__main__":
    main()
