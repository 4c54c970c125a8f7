from __future__ import annotations

import re

from connectors.tiktok.secrets import RULES
from demo.tiktok import pages
from demo.tiktok.site import TikTokSite


def redacted(body: bytes) -> bytes:
    for pattern in (*RULES.body_patterns, *RULES.private_patterns):
        for match in list(pattern.finditer(body)):
            start, end = match.span("secret")
            body = body[:start] + b"*" * (end - start) + body[end:]
    return body


def test_the_visitors_own_values_are_found_in_a_page() -> None:
    body = pages.rehydration(pages.contexts(TikTokSite.secrets))
    clean = redacted(body)
    assert len(clean) == len(body)
    for value in TikTokSite.secrets.values():
        assert value.encode() in body
        assert value.encode() not in clean


def test_the_visitors_city_is_never_searched_for_elsewhere() -> None:
    # It is also the city whose announcements are kept.
    page = pages.rehydration(pages.contexts(TikTokSite.secrets))
    found = {m["secret"] for pattern in RULES.body_patterns for m in pattern.finditer(page)}
    assert TikTokSite.secrets["city"].encode() not in found
    assert TikTokSite.secrets["csrfToken"].encode() in found
    assert all(len(value) >= 16 for value in found)


def test_escaped_values_are_found_whole() -> None:
    body = rb'{"csrfToken":"a\u002Fb\"c","geoCity":{"Country":"ID","City":"Kota \"X\""}}'
    assert redacted(body).count(b"*") == len(rb"a\u002Fb\"c") + len(rb"Kota \"X\"")


def test_what_a_post_says_stays() -> None:
    kept = (
        rb'{"poi":{"name":"Balai Kota","city":"Tirta Kencana"},"desc":"\"wid\" nonce csrfToken",'
        rb'"width":"576","City":"Bogor"}'
    )
    assert redacted(kept) == kept


def test_cookies_with_which_one_could_act_are_never_public() -> None:
    acting = {
        "tt_chain_token",
        "ttwid",
        "mstoken",
        "tt_csrf_token",
        "sessionid",
        "sid_tt",
        "odin_tt",
    }
    assert not acting & {name.lower() for name in RULES.public_cookies}
    assert "mstoken" in RULES.query_fields
    names = RULES.request_headers | RULES.response_headers | RULES.query_fields
    assert all(re.fullmatch(r"[a-z0-9_-]+", name) for name in names)
