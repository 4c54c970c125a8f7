"""A throw-away certificate authority for the pretend platforms.

It lives in a folder of the demo or of one test, signs one leaf certificate
with the platforms' host names, and is trusted by nobody else.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DOMAINS = (
    "instagram.com",
    "cdninstagram.com",
    "fbcdn.net",
    "xx.fbcdn.net",
    "tiktok.com",
    "us.tiktok.com",
    "tiktokv.com",
    "tiktokcdn.com",
    "tiktokcdn-us.com",
    "tiktokcdn-eu.com",
)
"""Each is certified with its own name and as a wildcard one level below."""

LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Authority:
    """Where the certificates lie.

    Attributes:
        ca_file: What clients trust, PEM.
        chain_file: Leaf and authority, PEM, for the server.
        key_file: The leaf's key, PEM, readable by its owner only.
    """

    ca_file: Path
    chain_file: Path
    key_file: Path

    def server_context(self) -> ssl.SSLContext:
        """A new TLS server context that offers HTTP/1.1 only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain_file, self.key_file)
        context.set_alpn_protocols(["http/1.1"])
        return context


def make_authority(
    folder: Path, domains: Iterable[str] = DOMAINS, lifetime: timedelta = LIFETIME
) -> Authority:
    """Make the authority and its leaf afresh.

    Args:
        folder: Created if needed; older files of the same names are replaced.
        domains: Names to certify, each also as ``*.name``.
        lifetime: How long it holds.

    Returns:
        The three files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    ca = _ca_certificate(ca_key, lifetime)
    leaf = _leaf_certificate(leaf_key, ca, ca_key, tuple(domains), lifetime)
    made = Authority(folder / "ca.pem", folder / "chain.pem", folder / "leaf-key.pem")
    ca_pem = ca.public_bytes(serialization.Encoding.PEM)
    made.ca_file.write_bytes(ca_pem)
    made.chain_file.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + ca_pem)
    made.key_file.touch(mode=0o600)
    made.key_file.write_bytes(
        leaf_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


def _builder(
    subject: str, key: ec.EllipticCurvePrivateKey, lifetime: timedelta
) -> x509.CertificateBuilder:
    # A little in the past: two machines' clocks never agree to the second.
    start = datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lifetime)
    )


def _ca_certificate(key: ec.EllipticCurvePrivateKey, lifetime: timedelta) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pretend platforms CA")])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        _builder("Pretend platforms CA", key, lifetime)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf_certificate(
    key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    domains: tuple[str, ...],
    lifetime: timedelta,
) -> x509.Certificate:
    names = [x509.DNSName(name) for domain in domains for name in (domain, f"*.{domain}")]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    return (
        _builder("pretend platforms", key, lifetime)
        .issuer_name(ca.subject)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
