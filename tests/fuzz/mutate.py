"""Makes new inputs of old ones: flips, cuts, splices, repeated tokens, deep nests, huge numbers, hostile words."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

LARGEST = 48 * 1024
"""Bytes; a larger input says nothing that a smaller one does not, and takes longer."""

TOKEN = re.compile(rb"\w+|\s+|[^\w\s]")
NUMBER = re.compile(rb"\d+")
NUMBERS = (
    *(b"0", b"-1", b"1e400", b"-0.0", b"0x1F", b"010", b"1e-999999999", b"2147483648", b"18446744073709551616"),
    *(b"1_000", b"9" * 1001, b"1" * 5000, b"1e999999999", b"NaN", b"Infinity", "٣²".encode()),
)
BYTES = (
    *(b"\x00", b"\xff", b"\xe9", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\r\n", b"\n\n\n", b"\t", b"\x1b[2J", b"\x0c"),
    *("\u2028\u202e\u200b\u0301\ud7ff\U000e0041é“”".encode(), b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x7f"),
)
NESTS = ((b"[", b"]"), (b"(", b")"), (b"{", b"}"), (b'"${', b'}"'), (b"> ", b""), (b"- ", b""), (b"{a=", b"}"))
DEPTHS = (5, 47, 49, 70, 700)


class Mutator:
    """Changes inputs of one kind; the same random numbers give the same inputs."""

    def __init__(self, chance: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> None:
        self._chance = chance
        self._seeds = seeds
        self._words = (*words, *BYTES)
        self._ways: tuple[Callable[[bytes], bytes], ...] = (
            *(self._flip, self._cut_off, self._cut_out, self._splice, self._insert, self._insert, self._repeat),
            *(self._swap, self._nest, self._number, self._borrow, self._line, self._replace, self._replace),
        )

    def new(self, kept: Sequence[bytes] = ()) -> bytes:
        """An input: one of the seeds or of `kept` after a few changes; now and then plain noise."""
        if self._chance.random() < 0.02:
            return self._chance.randbytes(self._chance.randrange(200))
        pool = kept if kept and self._chance.random() < 0.6 else self._seeds
        data = self._chance.choice(pool)
        for _ in range(min(int(self._chance.expovariate(0.6)) + 1, 8)):
            data = self._chance.choice(self._ways)(data)[:LARGEST]
        return data

    def _place(self, data: bytes) -> int:
        return self._chance.randrange(len(data) + 1)

    def _span(self, data: bytes, most: int = 400) -> tuple[int, int]:
        start = self._place(data)
        return start, min(len(data), start + self._chance.randrange(1, most))

    def _flip(self, data: bytes) -> bytes:
        if not data:
            return data
        at = self._chance.randrange(len(data))
        return data[:at] + bytes((data[at] ^ 1 << self._chance.randrange(8),)) + data[at + 1 :]

    def _cut_off(self, data: bytes) -> bytes:
        return data[: self._place(data)] if self._chance.random() < 0.8 else data[self._place(data) :]

    def _cut_out(self, data: bytes) -> bytes:
        start, end = self._span(data)
        return data[:start] + data[end:]

    def _splice(self, data: bytes) -> bytes:
        other = self._chance.choice(self._seeds)
        start, end = self._span(other, 2000)
        at = self._place(data)
        return data[:at] + other[start:end] + data[at:]

    def _insert(self, data: bytes) -> bytes:
        at = self._token(data)[0]
        return data[:at] + self._chance.choice(self._words) + data[at:]

    def _replace(self, data: bytes) -> bytes:
        start, end = self._token(data)
        return data[:start] + self._chance.choice(self._words) + data[end:]

    def _repeat(self, data: bytes) -> bytes:
        start, end = self._token(data) if self._chance.random() < 0.7 else self._span(data, 100)
        times = self._chance.choice((2, 3, 20, 300))
        return data[:start] + data[start:end] * times + data[end:]

    def _swap(self, data: bytes) -> bytes:
        (start, middle), (begin, end) = sorted((self._token(data), self._token(data)))
        if begin < middle:
            return data
        return data[:start] + data[begin:end] + data[middle:begin] + data[start:middle] + data[end:]

    def _nest(self, data: bytes) -> bytes:
        opening, closing = self._chance.choice(NESTS)
        depth = self._chance.choice(DEPTHS)
        start, end = self._token(data)
        closings = closing * (depth if self._chance.random() < 0.8 else 0)
        return data[:start] + opening * depth + data[start:end] + closings + data[end:]

    def _number(self, data: bytes) -> bytes:
        found = list(NUMBER.finditer(data, *self._span(data, 4000)))
        if not found:
            return self._insert(data)
        match = self._chance.choice(found)
        return data[: match.start()] + self._chance.choice(NUMBERS) + data[match.end() :]

    def _borrow(self, data: bytes) -> bytes:
        other = self._chance.choice(self._seeds)
        (start, end), (begin, stop) = self._token(data), self._token(other)
        return data[:start] + other[begin:stop] + data[end:]

    def _line(self, data: bytes) -> bytes:
        lines = data.split(b"\n")
        at, to = self._chance.randrange(len(lines)), self._chance.randrange(len(lines))
        match self._chance.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines.insert(to, lines[at])
            case 2:
                lines[at] = self._chance.choice((b"", b"  ", b"\t")) + lines[at].lstrip()
            case _:
                lines.insert(to, self._chance.choice(self._chance.choice(self._seeds).split(b"\n")))
        return b"\n".join(lines)

    def _token(self, data: bytes) -> tuple[int, int]:
        """Where a token stands; an empty place when there is none."""
        at = self._place(data)
        match = TOKEN.search(data, at)
        return (match.start(), match.end()) if match else (at, at)
