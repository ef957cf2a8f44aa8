"""Shakespeare, character by character, with an LSTM.

What you learn: a text of 100,000 characters is one sequence. It is cut into 16 streams, of which
each batch has the next 25 characters; a layer with ``stateful=True`` carries its state from batch
to batch, and gradients reach back to the beginning of a window: truncated back-propagation through
time. The state of an LSTM is a copy of the one before, plus and minus what gates let through, so
that it remembers over many steps, where a plain recurrent network forgets.

Figures of the book: the output layer begins with zeros, so that the perplexity of the first batch
is 62, the number of different characters; after a night of training with 512 units it is 9.9. Here
it must be below 9.9 within ten minutes; with Adam it is after two passes: 9.5 with 128 units, in
seconds, 8.1 with ``--units 512``, in a minute. The rate is multiplied by 0.99 after each pass, as
in the book. It is a perplexity of the text that is learnt, not of another one.
"""

import time

from characters import parser, read, train

from kerasette import layers

BOOK, MINUTES = 9.9, 10
REQUIRED_OF_QUICK = 35.0


def main():
    options = parser(__doc__, epochs=10).parse_args()
    start = time.perf_counter()
    writer = train(
        read(options.quick),
        layers.LSTM,
        options,
        batch_size=16,
        steps=25,
        rate=0.005,
        first="T",
        temperature=0,
    )
    seconds = time.perf_counter() - start
    for temperature in (1.0, 0.5):
        print(f"\nWritten at temperature {temperature}:\n{writer.write(400, temperature)}")
    if options.quick:
        assert min(writer.perplexities) < REQUIRED_OF_QUICK
        return
    assert seconds < 60 * MINUTES
    assert min(writer.perplexities) < BOOK, "what the book reaches in a night"


if __name__ == "__main__":
    main()
