"""The further facts of a post, as a person reads them."""

from __future__ import annotations

from archiver.cli.seen import seen_facts


def test_every_fact_has_a_name_and_a_value() -> None:
    extra = {
        "title": "Siaga",
        "location": "Balai Kota",
        "location_address": "Jalan Merdeka 1",
        "music": {"artist": "Gamelan Kota", "title": "Puspawarna", "id": "7"},
        "highlights": ["Layanan"],
        "tagged": ["bpbd_kota"],
        "mentions": ["@pmi"],
        "links": ["https://kota.example/lapor"],
        "comments_disabled": True,
        "alt_text": {"1": "Sungai meluap", "2": "Posko"},
        "cover": "abc",
    }
    assert seen_facts(extra) == (
        ("title", "Siaga"),
        ("place", "Balai Kota, Jalan Merdeka 1"),
        ("music", "Gamelan Kota – Puspawarna"),
        ("in highlights", "Layanan"),
        ("tagged", "@bpbd_kota"),
        ("mentioned", "@pmi"),
        ("links", "https://kota.example/lapor"),
        ("comments", "switched off"),
        ("alternative text", "Sungai meluap"),
        ("alternative text", "Posko"),
    )


def test_what_was_told_not_to_be_so_is_not_said() -> None:
    assert seen_facts({"location": None, "comments_disabled": False, "title": "", "music": 3}) == ()
