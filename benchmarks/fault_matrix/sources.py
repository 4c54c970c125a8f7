"""What the matrix must cover: every row of what is known about the platforms' troubles.

The wire protocol's sections 2.3 and 2.4 (Instagram) and 3 (TikTok), the silent
ends of listings in 2.5, and section 8 of the rule for deletions.
"""

from __future__ import annotations

INSTAGRAM = (
    *("2.3 items-empty", "2.3 web-info-null", "2.3 execution-error", "2.3 code-4630001"),
    *("2.3 code-1675004", "2.3 single-404", "2.3 media-info-400", "2.3 login-redirect"),
    *("2.4 400", "2.4 feedback-required", "2.4 checkpoint-required", "2.4 challenge-required"),
    *("2.4 401", "2.4 403", "2.4 5xx", "2.4 404", "2.4 429", "2.4 login-302", "2.4 other-302"),
    *("2.4 not-json", "2.4 status-not-ok", "2.4 page-without-data", "2.4 data-null"),
    *("2.4 missing-key", "2.4 unknown-media-type", "2.4 page-400", "2.4 page-5xx", "2.4 page-404"),
    *("2.4 page-429", "2.4 page-302", "2.4 media-403", "2.4 media-5xx", "2.4 media-html"),
    *("2.5 empty-page", "2.5 repeated-page", "2.5 no-page-info"),
)
TIKTOK = (
    *("3 status-10204", "3 status-10216", "3 status-10222", "3 status-10221", "3 status-10231"),
    *("3 status-10101", "3 status-100004", "3 status-other", "3 status-0", "3 no-universal-data"),
    *("3 login-redirect", "3 classified", "3 waf", "3 captcha", "3 user-10222", "3 user-404"),
    *("3 user-403", "3 user-429", "3 user-500", "3 user-no-data", "3 no-secuid", "3 video-http"),
    *("3 list-http", "3 list-empty-body", "3 list-empty-object", "3 list-status", "3 list-endless"),
    *("3 list-text-times", "3 list-same-page", "3 media-5xx", "3 media-4xx", "3 media-html"),
    *("3 chain-cookie", "3 photo-page"),
)
RULE = (
    *("8 401", "8 403", "8 404-login-page", "8 410", "8 429", "8 5xx", "8 empty-list"),
    *("8 cut-json", "8 next-page-loop", "8 private", "8 renamed", "8 disabled", "8 age-wall"),
    *("8 region-wall", "8 ip-blocked", "8 captcha", "8 dns", "8 tls", "8 changed-schema"),
    *("8 clock-jump", "8 stale-cache", "8 duplicate-ids", "8 two-observations"),
    *("8 address-and-listing", "8 control-post", "8 no-block", "8 known-signature", "8 account"),
)
KNOWN = frozenset({*INSTAGRAM, *TIKTOK, *RULE})
"""All of them; a test holds that each has a case."""
