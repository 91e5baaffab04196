"""Tokens and recovery codes."""

from __future__ import annotations

import pytest

from app.store import keys

KEY = b"k" * 32


def test_a_token_fits_its_conversation_alone() -> None:
    token = keys.new_token(KEY, "one")
    assert keys.fits(KEY, "one", token)
    assert not keys.fits(KEY, "two", token)
    assert not keys.fits(b"l" * 32, "one", token)


@pytest.mark.parametrize("token", ["", "x", "x" * 65, "汉" * 65, "\ud800" * 65, "x" * 10_000])
def test_what_is_no_token_fits_nothing(token: str) -> None:
    assert not keys.fits(KEY, "one", token)


def test_tokens_hold_256_bits_and_are_never_the_same() -> None:
    drawn = {keys.new_token(KEY, "one")[: keys.RANDOM] for _ in range(200)}
    assert len(drawn) == 200
    assert len(keys.token_hash("x")) == 64


def test_codes_are_short_and_have_no_look_alikes() -> None:
    codes = {keys.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 8 and not set(code) & set("0O1IL5S8B2Z") for code in codes)


@pytest.mark.parametrize("said", ["acde-fghj", " ACDE FGHJ ", "ＡＣＤＥＦＧＨＪ", "acdefghj"])
def test_a_code_is_read_as_people_write_it(said: str) -> None:
    assert keys.read_code(said) == "ACDEFGHJ"


@pytest.mark.parametrize("said", ["", "ACDEFGH", "ACDEFGHJK", "ACDEFGH0", "归雁归雁归雁归雁", "\x00", "\ud800" * 8])
def test_what_is_no_code_is_none(said: str) -> None:
    assert keys.read_code(said) is None


def test_the_hash_of_a_code_depends_on_the_installation() -> None:
    assert keys.code_hash(KEY, "ACDEFGHJ") != keys.code_hash(b"l" * 32, "ACDEFGHJ")
    assert keys.code_hash(KEY, "ACDEFGHJ") == keys.code_hash(KEY, "ACDEFGHJ")
