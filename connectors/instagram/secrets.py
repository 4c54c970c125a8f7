"""Where Instagram's traffic holds values someone could act with."""

from __future__ import annotations

import re

from connectors.base import SecretRules

RULES = SecretRules(
    request_headers=frozenset(
        {
            "cookie",
            "authorization",
            "proxy-authorization",
            "x-csrftoken",
            "x-fb-lsd",
            "x-ig-www-claim",
            "x-mid",
            "ig-u-rur",
            "x-ig-device-id",
            "x-ig-family-device-id",
            "family_device_id",
        }
    ),
    response_headers=frozenset(
        {
            "set-cookie",
            "ig-set-authorization",
            "ig-set-x-mid",
            "ig-set-ig-u-rur",
            "ig-set-ig-u-shbid",
            "ig-set-ig-u-shbts",
            "x-ig-set-www-claim",
        }
    ),
    form_fields=frozenset(
        {
            "fb_dtsg",
            "lsd",
            "jazoest",
            "av",
            "enc_password",
            "password",
            "verificationCode",
            "identifier",
        }
    ),
    body_patterns=(
        re.compile(rb'"DTSGInit(?:ial)?Data",\[\],\{[^{}]{0,400}?"token":"(?P<secret>[^"]+)"'),
        re.compile(rb'"async_get_token":"(?P<secret>[^"]+)"'),
        re.compile(rb'"LSD",\[\],\{[^{}]{0,200}?"token":"(?P<secret>[^"]+)"'),
        re.compile(rb'"csrf_token":"(?P<secret>[^"]+)"'),
        re.compile(rb'\\"csrf_token\\":\\"(?P<secret>[^"\\]+)\\"'),
        re.compile(rb'"(?:sessionid|session_id|machine_id|device_id)":"(?P<secret>[^"]{8,})"'),
    ),
    public_cookies=frozenset({"ds_user_id", "ig_pr", "ig_vw", "ig_cb", "ig_nrcb", "dpr", "wd"}),
)
"""Rules for every request and answer of the web and mobile interfaces.

*Source:* what instaloader 4.16 sends and reads; Instagram start pages.
"""
