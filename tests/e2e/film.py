"""A real film of two minutes as a file of any size: its pieces lie far apart, as in a long film.

Each second of it shows its own number. Between the pieces are holes, which take no room on disk;
whoever plays it must find each piece where the index says, by a request for that range.
"""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

SECONDS = 120
_FILM = Path(__file__).with_name("film.mp4")
_AROUND = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def write_film(to: Path, size: int) -> None:
    """Write it there, in about `size` bytes."""
    film = _FILM.read_bytes()
    boxes = {kind: film[at : at + length] for kind, at, length in _boxes(film)}
    begins = sorted(offset for offsets in _offsets(boxes[b"moov"]) for offset in offsets)
    ends = [*begins[1:], len(film)]
    # The index grows as its offsets do, so it is made twice: first only to see how long it gets.
    index = _index(boxes[b"moov"], lambda offset: offset)
    first = len(boxes[b"ftyp"]) + len(index) + 16
    apart = (size - first) // len(begins)
    places = {begin: first + number * apart for number, begin in enumerate(begins)}
    index = _index(boxes[b"moov"], places.__getitem__)
    whole = first + len(begins) * apart
    with to.open("wb") as file:
        file.write(boxes[b"ftyp"] + index)
        file.write(struct.pack(">I4sQ", 1, b"mdat", whole - first + 16))
        for begin, end in zip(begins, ends, strict=True):
            file.seek(places[begin])
            file.write(film[begin:end])
        file.truncate(whole)


def _boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where, how long) of each box."""
    at = 0
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        yield kind, at, length
        at += length


def _offsets(box: bytes) -> Iterator[tuple[int, ...]]:
    """Where the pieces of each track lie."""
    for kind, at, length in _boxes(box[8:]):
        inner = box[8 + at : 8 + at + length]
        if kind in _AROUND:
            yield from _offsets(inner)
        elif kind == b"stco":
            yield struct.unpack(f">{(length - 16) // 4}I", inner[16:])


def _index(box: bytes, moved: Callable[[int], int]) -> bytes:
    """The index with every piece where it lies now, in numbers that have room for gigabytes."""
    pieces = []
    for kind, at, length in _boxes(box[8:]):
        inner = box[8 + at : 8 + at + length]
        if kind in _AROUND:
            inner = _index(inner, moved)
        elif kind == b"stco":
            offsets = struct.unpack(f">{(length - 16) // 4}I", inner[16:])
            numbers = struct.pack(f">{len(offsets)}Q", *map(moved, offsets))
            head = struct.pack(">I4s", 16 + len(numbers), b"co64")
            inner = head + inner[8:16] + numbers
        pieces.append(inner)
    content = b"".join(pieces)
    return struct.pack(">I4s", 8 + len(content), box[4:8]) + content
