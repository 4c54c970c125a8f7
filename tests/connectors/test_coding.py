"""Codings come off in pieces of any size, in bounded steps, or are told to be broken."""

from __future__ import annotations

import gzip
import random
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.coding import STEP_BYTES, CodingError, Dechunker, Decoder, names
from demo.awkward import chunked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BOMB = b"\0" * (32 * 1024**2)


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "identity": lambda data: data,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
}


def decoder(content_encoding: str) -> Decoder:
    return Decoder(names(content_encoding)[::-1])


@given(st.binary(max_size=5000), st.sampled_from(sorted(CODERS)), st.integers(0, 2**32))
def test_chunking_and_coding_come_off_in_pieces_of_any_size(data, coding, seed):
    chance = random.Random(seed)
    framed = chunked(CODERS[coding](data), [chance.randint(1, 50) for _ in range(20)])
    dechunker, rest = Dechunker(), decoder(coding)
    out, at = b"", 0
    while at < len(framed):
        assert not dechunker.done
        size = chance.randint(1, 400)
        for part in dechunker.feed(framed[at : at + size]):
            out += b"".join(bytes(piece) for piece in rest.feed(part))
        at += size
    assert dechunker.done
    assert out == data


@given(st.binary(max_size=5000), st.sampled_from(sorted(CODERS)))
def test_byte_by_byte_is_the_same(data, coding):
    one = decoder(coding)
    encoded = CODERS[coding](data)
    pieces = [bytes(p) for n in range(len(encoded)) for p in one.feed(encoded[n : n + 1])]
    assert b"".join(pieces) == data


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_bodies_of_several_members_are_read_whole(coding):
    body = CODERS[coding](b"one") + CODERS[coding](b"two")
    assert b"".join(bytes(piece) for piece in decoder(coding).feed(body)) == b"onetwo"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_comes_in_bounded_pieces(coding):
    sizes = [len(piece) for piece in decoder(coding).feed(CODERS[coding](BOMB))]
    assert sum(sizes) == len(BOMB)
    assert max(sizes) <= 2 * STEP_BYTES


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_false_coding_is_told(coding):
    with pytest.raises(CodingError):
        list(decoder(coding).feed(b"<html>no</html>" * 9))


def test_an_unknown_coding_is_told():
    with pytest.raises(CodingError, match="compress"):
        decoder("compress")


@pytest.mark.parametrize("size", [b"xyz", b"-5", b"", b"+5", b"0x5", b"1_0", b"f" * 17])
def test_a_false_chunk_size_is_told(size):
    with pytest.raises(CodingError):
        list(Dechunker().feed(size + b"\r\n"))


def test_a_chunk_that_goes_on_beyond_its_size_is_told():
    with pytest.raises(CodingError):
        list(Dechunker().feed(b"2\r\nabc\r\n"))


def test_names_are_in_the_order_they_were_applied():
    assert names("GZIP , identity,, br;q=1") == ["gzip", "br"]
