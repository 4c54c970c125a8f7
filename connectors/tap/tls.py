"""Names of TLS versions and ciphers as records want them."""

from __future__ import annotations

# TLS 1.3 suites have one name everywhere. OpenSSL has names of its own for
# older ones; these are those that modern servers still choose.
# Source: IANA, TLS Cipher Suites.
_IANA = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
}


def tls_protocol(version: str) -> tuple[str, ...]:
    """``TLSv1.3`` -> ``("tls/1.3",)``; empty if it is no TLS version.

    Source: the values of WARC-Protocol.
    """
    return (f"tls/{version.removeprefix('TLSv')}",) if version.startswith("TLSv") else ()


def cipher_name(name: str) -> str | None:
    """The IANA name of a cipher suite, or ``None`` if it is not known."""
    return name if name.startswith("TLS_") else _IANA.get(name)
