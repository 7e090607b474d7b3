"""
Make a browser's screenshot small: at most 256 colours, chosen by median cut, best compression.

Screens of flat colours lose nothing an eye could see, and are a third of their size.
"""

import struct
import zlib

import numpy as np
from numba import njit
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
Bytes = NDArray[np.uint8]


def shrink(png: bytes) -> bytes:
    """
    Re-encode a PNG of 8-bit RGB or RGBA with a palette; transparency is dropped.

    Parameters
    ----------
    png
        What ``page.screenshot()`` returns.
    """
    pixels = _decode(png)
    height, width, _ = pixels.shape
    packed = (
        (pixels[..., 0].astype(np.uint32) << 16)
        | (pixels[..., 1].astype(np.uint32) << 8)
        | pixels[..., 2]
    )
    colours, index, counts = np.unique(packed, return_inverse=True, return_counts=True)
    rgb = np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.int64)
    box = _median_cut(rgb, counts)
    palette = np.array(
        [np.average(rgb[box == b], axis=0, weights=counts[box == b]) for b in range(box.max() + 1)]
    )
    rows = np.zeros((height, width + 1), np.uint8)  # filter 0 before each row
    rows[:, 1:] = box[index].reshape(height, width)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return SIGNATURE + b"".join(
        [
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", palette.round().astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _median_cut(rgb: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each colour a box, always splitting the widest one."""
    box = np.zeros(len(rgb), np.int64)
    spread = [_spread(rgb, counts)]
    while len(spread) < MOST_COLOURS:
        widest = int(np.argmax([s[0] for s in spread]))
        score, channel = spread[widest]
        if score <= 0:
            break
        members = np.flatnonzero(box == widest)
        members = members[np.argsort(rgb[members, channel], kind="stable")]
        half = np.searchsorted(np.cumsum(counts[members]), counts[members].sum() / 2)
        upper = members[min(max(int(half), 1), len(members) - 1) :]
        box[upper] = len(spread)
        lower = members[: len(members) - len(upper)]
        spread[widest] = _spread(rgb[lower], counts[lower])
        spread.append(_spread(rgb[upper], counts[upper]))
    return box


def _spread(rgb: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[float, int]:
    """How much a box wants to be split, and along which channel."""
    sides = rgb.max(axis=0) - rgb.min(axis=0)
    channel = int(np.argmax(sides))
    return float(sides[channel]) * float(np.sqrt(counts.sum())) * (len(rgb) > 1), channel


def _decode(png: bytes) -> Bytes:
    """Pixels of a PNG, shape (height, width, channels)."""
    at, data, shape = 8, b"", (0, 0, 0)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            if (depth, interlace) != (8, 0) or colour not in (2, 6):
                raise ValueError("Only 8-bit RGB or RGBA without interlacing can be read.")
            shape = (height, width, 3 if colour == 2 else 4)
        elif kind == b"IDAT":
            data += body
        at += 12 + length
    height, width, channels = shape
    raw = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, width * channels + 1)
    pixels: Bytes = _unfilter(raw[:, 0].copy(), raw[:, 1:].copy(), channels)
    return pixels.reshape(height, width, channels)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _unfilter(filters, rows, step):  # type: ignore[no-untyped-def]
    """Undo the five row filters of PNG in place."""
    for y in range(rows.shape[0]):
        kind = filters[y]
        for x in range(rows.shape[1]):
            left = np.int32(rows[y, x - step]) if x >= step else 0
            up = np.int32(rows[y - 1, x]) if y > 0 else 0
            corner = np.int32(rows[y - 1, x - step]) if y > 0 and x >= step else 0
            guess = 0
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = up
            elif kind == 3:
                guess = (left + up) // 2
            elif kind == 4:
                p = left + up - corner
                a, b, c = abs(p - left), abs(p - up), abs(p - corner)
                guess = left if a <= b and a <= c else (up if b <= c else corner)
            rows[y, x] = np.uint8((np.int32(rows[y, x]) + guess) & 255)
    return rows


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
