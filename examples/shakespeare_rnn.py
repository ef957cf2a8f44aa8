"""Shakespeare, character by character, with a plain recurrent layer.

What you learn: how to train on one long sequence, and to let the model go on writing. 32 streams of
the text are read side by side, 16 characters a batch, with the state carried over; what is written
is drawn from what the model thinks likely, more or less boldly by its temperature, or is the
likeliest character each time, which soon goes in circles.

Figures of the book, with 512 units: running perplexity of a pass 20.6 in the second, 8.82 after
ten, 6.58 after 20, 3.66 after 40, 1.05 in the hundredth: it learns the text by heart. Its listing
corrects the weights by the last of 16 characters alone; here all count, by Adam, so that 128 units
are below 8.82 in the third pass. The rate is multiplied by 0.99 after each, as in the book.
"""

import numpy as np
from characters import parser, read, train

from kerasette import layers

# Of the book, in the second pass and after ten.
SECOND, TENTH = 20.588816924127116, 8.82
REQUIRED_OF_QUICK = 35.0


def recurrent(units, **arguments):
    return layers.SimpleRNN(units, activation="sigmoid", **arguments)


def main():
    options = parser(__doc__, epochs=10).parse_args()
    writer = train(
        read(options.quick),
        recurrent,
        options,
        batch_size=32,
        steps=16,
        rate=0.005,
        first="\n",
        temperature=0.1,
    )
    rng = np.random.default_rng(options.seed)
    for temperature in (1.0, 0.5, 0.1):
        print(f"\nWritten at temperature {temperature}:\n{writer.write(300, temperature, rng)}")
    likeliest = writer.write(300, 0)
    print(f"\nThe likeliest each time:\n{likeliest}")
    assert likeliest == writer.write(300, 0), "nothing is drawn"
    if options.quick:
        assert min(writer.perplexities) < REQUIRED_OF_QUICK
        return
    assert writer.of_passes[1] < SECOND
    assert min(writer.of_passes) < TENTH


if __name__ == "__main__":
    main()
