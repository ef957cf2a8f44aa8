"""Numbers of 64 bits that strings are hashed to: the same on every machine, and as in Keras.

FarmHash (Pike, Google, 2014; the variant ``farmhashna`` is the fingerprint of TensorFlow's ops) and
SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) for salted ones.
"""

import numpy as np

BITS = 2**64 - 1
K0, K1, K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
CAT = 0xC6A4A7935BD1E995


def bins_of(values, n_bins, salt=None):
    """The bin of each string or integer in an array, by the fingerprint of its text.

    Parameters
    ----------
    values : array of str, bytes or integers
    n_bins : int
    salt : pair of int, optional

    Returns
    -------
    ndarray of int64 of the same shape

    Examples
    --------
    >>> bins_of(np.array(["a", "b", "a"]), 3).tolist()
    [0, 1, 0]
    """
    return _of_each(values, lambda text: _fingerprint(text, salt) % n_bins)


def crossed(columns, n_bins):
    """The bin of each row of arrays of one shape, for the values side by side."""
    prints = [_of_each(column, _own_print, np.uint64) for column in columns]
    rows = np.stack([column.reshape(-1) for column in prints], axis=1).tolist()
    found = np.array([_joined(row) % n_bins for row in rows], "int64")
    return found.reshape(prints[0].shape)


def _of_each(values, function, dtype="int64"):
    """A function of each value, called once for equal ones."""
    values = np.asarray(values)
    flat = values.reshape(-1).tolist()
    if values.dtype.kind in "OSU":
        flat = [as_text(value) for value in flat]
    found = {value: function(value) for value in set(flat)}
    return np.array([found[value] for value in flat], dtype).reshape(values.shape)


def as_text(value):
    """A str or bytes as a str."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def _fingerprint(value, salt):
    data = str(value).encode("utf-8", "surrogateescape")
    return farmhash(data) if salt is None else siphash(data, *salt)


def _own_print(value):
    return value & BITS if isinstance(value, int) else farmhash(value.encode("utf-8"))


def _joined(prints):
    total = 0xDECAFCAFFE
    for value in prints:
        total = (total ^ CAT ^ _mixed(value * CAT) * CAT) * CAT & BITS
        total = _mixed(_mixed(total) * CAT)
    return total


def _mixed(x):
    x &= BITS
    return x ^ (x >> 47)


def _rotated(x, count):
    """To the right."""
    x &= BITS
    return (x >> count | x << (64 - count)) & BITS


def _both(u, v, factor):
    a = _mixed((u ^ v) * factor)
    b = _mixed(((v & BITS) ^ a) * factor)
    return b * factor & BITS


# ---- FarmHash -----------------------------------------------------------------------------------


def farmhash(data):
    """FarmHash's fingerprint of bytes.

    >>> farmhash(b"") == K2
    True
    """
    if len(data) > 64:
        return _of_long(data)
    if len(data) > 16:
        return _of_middling(data)
    return _of_short(data)


def _number(data, start, size=8):
    return int.from_bytes(data[start : start + size], "little")


def _of_short(data):
    n = len(data)
    factor = K2 + 2 * n
    if n >= 8:
        a, b = _number(data, 0) + K2, _number(data, n - 8)
        c = _rotated(b, 37) * factor + a
        return _both(c & BITS, (_rotated(a, 25) + b) * factor & BITS, factor)
    if n >= 4:
        return _both(n + (_number(data, 0, 4) << 3), _number(data, n - 4, 4), factor)
    if n == 0:
        return K2
    y = data[0] + (data[n >> 1] << 8)
    z = n + (data[n - 1] << 2)
    return _mixed(y * K2 & BITS ^ z * K0 & BITS) * K2 & BITS


def _of_middling(data):
    n = len(data)
    factor = K2 + 2 * n
    a = _number(data, 0) * (K1 if n <= 32 else K2)
    b = _number(data, 8)
    c = _number(data, n - 8) * factor
    d = _number(data, n - 16) * K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d
    z = _both(y & BITS, (a + _rotated(b + K2, 18) + c) & BITS, factor)
    if n <= 32:
        return z
    e, f = _number(data, 16) * factor, _number(data, 24)
    g, h = (y + _number(data, n - 32)) * factor, (z + _number(data, n - 24)) * factor
    first = _rotated(e + f, 43) + _rotated(g, 30) + h
    return _both(first & BITS, (e + _rotated(f + a, 18) + g) & BITS, factor)


def _weak(data, start, a, b):
    w, x, y, z = (_number(data, start + 8 * i) for i in range(4))
    a += w
    b = _rotated(b + a + z, 21)
    c = a
    a += x + y
    b += _rotated(a, 44)
    return (a + z) & BITS, (b + c) & BITS


def _of_long(data):
    n = len(data)
    x, y = 81, 81 * K1 + 113
    z = _mixed(y * K2 + 113) * K2
    v = w = (0, 0)
    x = x * K2 + _number(data, 0)
    for start in range(0, (n - 1) // 64 * 64, 64):
        x, y, z, v, w = _of_block(data, start, x, y, z, v, w, K1, 1)
    factor = K1 + ((z & 0xFF) << 1)
    w = (w[0] + ((n - 1) & 63), w[1])
    v = (v[0] + w[0], v[1])
    w = (w[0] + v[0], w[1])
    x, y, z, v, w = _of_block(data, n - 64, x, y, z, v, w, factor, 9)
    first = _both(v[0], w[0], factor) + _mixed(y) * K0 + z
    return _both(first & BITS, (_both(v[1], w[1], factor) + x) & BITS, factor)


def _of_block(data, start, x, y, z, v, w, factor, weight):
    x = _rotated(x + y + v[0] + _number(data, start + 8), 37) * factor
    y = _rotated(y + v[1] + _number(data, start + 48), 42) * factor
    x = (x & BITS) ^ (w[1] * weight & BITS)
    y = (y + v[0] * weight + _number(data, start + 40)) & BITS
    z = _rotated(z + w[0], 33) * factor & BITS
    v = _weak(data, start, v[1] * factor, x + w[0])
    w = _weak(data, start + 32, z + w[1], y + _number(data, start + 16))
    return z, y, x, v, w


# ---- SipHash ------------------------------------------------------------------------------------


def siphash(data, key0, key1):
    """SipHash-2-4 of bytes, keyed by two integers."""
    key0, key1 = key0 & BITS, key1 & BITS
    state = [
        key0 ^ 0x736F6D6570736575, key1 ^ 0x646F72616E646F6D,
        key0 ^ 0x6C7967656E657261, key1 ^ 0x7465646279746573,
    ]  # fmt: skip
    rest = len(data) % 8
    end = data[len(data) - rest :].ljust(7, b"\0") + bytes([len(data) & 0xFF])
    for start in range(0, len(data) - rest, 8):
        _absorb(state, _number(data, start))
    _absorb(state, _number(end, 0))
    state[2] ^= 0xFF
    for _ in range(4):
        _round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _absorb(state, word):
    state[3] ^= word
    _round(state)
    _round(state)
    state[0] ^= word


def _round(state):
    a, b, c, d = state
    a = (a + b) & BITS
    b = _rotated(b, 51) ^ a
    c = (c + d) & BITS
    d = _rotated(d, 48) ^ c
    a = (_rotated(a, 32) + d) & BITS
    d = _rotated(d, 43) ^ a
    c = (c + b) & BITS
    b = _rotated(b, 47) ^ c
    state[:] = a, b, _rotated(c, 32), d
