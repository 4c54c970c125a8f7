"""What the demo says, in Indonesian and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]

SENTENCES: dict[str, tuple[str, str]] = {
    "opening": (
        "Dua platform tiruan dijalankan di komputer ini; tidak ada yang keluar ke internet.",
        "Two pretend platforms run on this machine; nothing goes out to the internet.",
    ),
    "drawing": (
        "Menggambar foto dan membuat video (beberapa detik, hanya pertama kali) …",
        "Drawing pictures and making films (some seconds, only the first time) …",
    ),
    "setting-up": ("Menyiapkan arsip", "Setting up the archive"),
    "night-one": ("Malam pertama", "The first night"),
    "day": ("Siang hari", "During the day"),
    "published": (
        "@{handle} menerbitkan {kind}: {caption}",
        "@{handle} publishes a {kind}: {caption}",
    ),
    "night-two": ("Malam kedua", "The second night"),
    "figures": ("Catatan peladen dan catatan jejak", "The server's log and jejak's own figures"),
    "figures-head": (
        "               permintaan (peladen)  permintaan (jejak)  MB (peladen)  MB (jejak)  baru",
        "               requests (server)     requests (jejak)    MB (server)   MB (jejak)  new",
    ),
    "looking": ("Isi arsip", "What the archive holds"),
    "playing": ("Memutar kembali dari WARC", "Playing back from the WARC files"),
    "verifying": ("Memeriksa keutuhan", "Checking integrity"),
    "results": ("Yang diperiksa demo ini", "What this demo checked"),
    "claim-captured": (
        "malam {night}: semua akun tersimpan lengkap",
        "night {night}: every account was captured completely",
    ),
    "claim-all-posts": (
        "semua {count} unggahan yang tampak ada di arsip",
        "all {count} posts on show are in the archive",
    ),
    "claim-kinds": (
        "setiap jenis ada: {kinds}",
        "every kind is there: {kinds}",
    ),
    "claim-mixed": (
        "ada korsel yang memuat foto dan video",
        "a carousel holds both pictures and films",
    ),
    "claim-whole": (
        "semua {count} berkas media utuh",
        "all {count} media files are whole",
    ),
    "claim-only-new": (
        "malam kedua hanya menyimpan {count} unggahan baru dan berkasnya",
        "the second night stored only the {count} new posts and their files",
    ),
    "claim-fewer": (
        "malam kedua: {second} permintaan, malam pertama: {first}",
        "second night: {second} requests, first night: {first}",
    ),
    "claim-counted": (
        "malam {night}: jejak mencatat setiap permintaan yang diterima peladen ({count})",
        "night {night}: jejak recorded every request the server received ({count})",
    ),
    "claim-played": (
        "{post} media {number}: byte sama dengan yang disajikan ({sha256})",
        "{post} media {number}: the bytes equal what was served ({sha256})",
    ),
    "claim-verified": (
        "`jejak verify` tidak menemukan apa-apa",
        "`jejak verify` finds nothing",
    ),
    "claim-no-cookie": (
        "tidak ada kuki yang sampai ke penyimpanan media Instagram",
        "no cookie reached Instagram's media hosts",
    ),
    "claim-no-secret": (
        "sandi sesi pengunjung tidak ada di berkas arsip mana pun",
        "the visitor's session secret is in no file of the archive",
    ),
    "done": (
        "Selesai: {count} pernyataan benar.",
        "Done: {count} claims hold.",
    ),
    "not-done": (
        "{count} pernyataan TIDAK benar; lihat tanda ✗ di atas.",
        "{count} claims do NOT hold; see the ✗ above.",
    ),
    "look-here": (
        "Arsip tetap ada di {folder}. Coba:",
        "The archive stays in {folder}. Try:",
    ),
    "command-failed": (
        "`{command}` berakhir dengan kode {code}; pesannya ada di atas.",
        "`{command}` ended with code {code}; its message stands above.",
    ),
    "not-ours": (
        "{folder} bukan buatan demo ini dan tidak dihapus. Pilih folder lain dengan --folder.",
        "{folder} was not made by this demo and is not deleted. Choose another with --folder.",
    ),
}
"""Indonesian and English by key."""


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language."""

    language: Language

    def __call__(self, key: str, **facts: object) -> str:
        """The sentence with its facts filled in."""
        indonesian, english = SENTENCES[key]
        chosen = indonesian if self.language == "id" else english
        return chosen.format(**facts)
