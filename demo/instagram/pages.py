"""HTML pages of the pretend Instagram."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

from demo.instagram.answers import Json

_FRAME = """<!DOCTYPE html>
<html lang="id" class="_9dls"><head><meta charset="utf-8"><title>{title}</title>
{head}</head><body><div id="mount_0_0"></div>
{body}</body></html>
"""


def start_page(lsd: str, user_id: str | None, dtsg: str | None) -> str:
    """The start page with the tokens that the web app's queries need."""
    parts = [
        f'["LSD",[],{{"token":"{lsd}"}},323]',
        f'["CurrentUserInitialData",[],{{"USER_ID":"{user_id or 0}"}},270]',
        f'["IGUserData",[],{{"IG_USER_EIMU":"{user_id or 0}"}},10]',
    ]
    if dtsg:
        parts.append(f'["DTSGInitialData",[],{{"token":"{dtsg}"}},258]')
    script = f"<script>requireLazy([],()=>({{define:[{','.join(parts)}]}}))</script>"
    return _FRAME.format(title="Instagram", head="", body=script)


def profile_page(title: str, description: str, results: Sequence[Json], lsd: str) -> str:
    """A profile page that embeds the answers of its own queries."""
    embedded = {
        "require": [
            ["ScheduledServerJS", "handle", None, [{"__bbox": {"require": _relay(results)}}]]
        ]
    }
    script = json.dumps(embedded, ensure_ascii=False).replace("</", "<\\/")
    head = f'<meta property="og:description" content="{html.escape(description, quote=True)}">'
    body = (
        '<script type="application/json" data-content-len="1" data-sjs>{"require":[]}</script>\n'
        f'<script type="application/json" data-sjs>{script}</script>\n'
        f'<script>requireLazy([],()=>[["LSD",[],{{"token":"{lsd}"}},323]])</script>'
    )
    return _FRAME.format(title=html.escape(title), head=head, body=body)


def plain_page(title: str, text: str) -> str:
    """A page without data: login, missing page, challenge."""
    return _FRAME.format(title=html.escape(title), head="", body=f"<p>{html.escape(text)}</p>")


def _relay(results: Sequence[Json]) -> list[object]:
    return [
        [
            "RelayPrefetchedStreamCache",
            "next",
            [],
            [f"adp_{index}", {"__bbox": {"complete": True, "result": {"data": data}}}],
        ]
        for index, data in enumerate(results)
    ]
