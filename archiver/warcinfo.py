"""What a WARC file says about itself, in its first record. Pure but for versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archiver.config import Config
from archiver.version import library_versions, own_version


def warcinfo_fields(config: Config, run: str, routes: Iterable[str]) -> Mapping[str, str]:
    """The fields of the warcinfo record of one run.

    Args:
        run: UUID of the run that writes the file.
        routes: Routes in use, for example ``instagram.web``.

    *Source:* WARC 1.1, 6.2 and the DCMI terms it names (``software``,
    ``operator``, ``robots`` …); ours are prefixed ``jejak-``.
    """
    libraries = library_versions()
    return {
        "software": f"jejak/{own_version()} "
        + " ".join(f"{name}/{version}" for name, version in libraries.items()),
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator": config.content.network.contact or "not given",
        "robots": "not applicable: named accounts are read through their platform's own client"
        " libraries, nothing is crawled",
        "description": "Official social-media accounts of government bodies",
        "jejak-run": run,
        "jejak-routes": ", ".join(sorted(set(routes))) or "none",
        "jejak-configuration": config.digest,
        "jejak-redacted": "values with which someone could act as the visitor: cookies,"
        " authorization and CSRF tokens, session ids; each replaced at the same length and"
        " declared in a concurrent metadata record (redaction/1); digests are of what is stored",
        "jejak-user-agent": "as the client libraries send it; some platforms answer browsers only",
    }
