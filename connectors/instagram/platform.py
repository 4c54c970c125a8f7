"""How people name Instagram's accounts and posts, and what a session of it is."""

from __future__ import annotations

import re

from connectors.base import Platform

INSTAGRAM = Platform(
    name="instagram",
    domain="instagram.com",
    # Letters, digits, dots and underscores, 30 at most; no dot at either end
    # and no two in a row.
    handle=re.compile(r"(?!\.)(?!.*\.\.)[A-Za-z0-9._]{1,30}(?<!\.)"),
    post=re.compile(r"story:[0-9]{1,25}|[A-Za-z0-9_-]{1,64}"),
    post_paths=(
        re.compile(
            r"(?:/[A-Za-z0-9._]{1,30})?/(?:p|reels?|tv)/(?P<code>[A-Za-z0-9_-]{1,64})(?:/.*)?"
        ),
    ),
    session_cookies=("sessionid", "csrftoken", "ds_user_id"),
    has_comments=True,
    story_paths=(
        re.compile(r"/stories/(?!highlights/)[A-Za-z0-9._]{1,30}/(?P<code>[0-9]{1,25})/?"),
    ),
    # The second is what the app shares; its text is coded and names the collection.
    collection_paths=(
        re.compile(r"/stories/highlights/[0-9]{1,25}/?"),
        re.compile(r"/s/[A-Za-z0-9_=-]{1,200}/?"),
    ),
)
