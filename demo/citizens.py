"""Citizens who write under a post of the disaster agency; all of them invented.

Their names are such that nothing else in an archive could hold them by
chance: found anywhere, they were kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.world import Remark

_SAID = (
    ("sukma.ningrum71", "Air di RT 04 sudah setinggi lutut, mohon perahu."),
    ("pak_wiryo_sono", "Terima kasih tim, jalan sudah bisa dilalui."),
    ("dewi.kaliwage_", "Apakah sekolah tetap libur besok?"),
    ("arjuna.lembayung", "Genset di balai RW masih menyala 👍"),
    ("_bu.tatik.embung", "Dapur umum masih buka sampai jam berapa?"),
    ("rangga_cempaka05", "Mohon info pompa di Jalan Cempaka."),
    ("laras.tirta.asri", "Semoga semua sehat 🙏🏽"),
    ("hadi_penggalang9", "Relawan pramuka siap membantu."),
    ("murni.wedangan", "Kami kirim wedang jahe ke posko satu."),
    ("joko.melati.tiga", "Lampu jalan padam di simpang tiga."),
    ("sekar_arum_rw02", "Data lansia sudah saya kirim lewat kelurahan."),
    ("bima.pasarwage", "Pasar buka kembali kapan ya?"),
    ("yanti_kenanga14", "Pohon di depan rumah sudah ditangani, matur nuwun."),
    ("gilang.sekolahsungai", "Angka di papan ukur 160 cm pukul 15.00."),
)
_ANSWERED = (
    (0, "rangga_cempaka05", "@sukma.ningrum71 perahu dari posko dua sedang ke sana."),
    (0, "laras.tirta.asri", "@sukma.ningrum71 semoga lekas surut."),
    (0, "hadi_penggalang9", "Kami di lokasi, @sukma.ningrum71, tunggu di teras."),
    (2, "sekar_arum_rw02", "@dewi.kaliwage_ libur sampai Rabu, kata @guru.tidak.dikenal_88."),
)
"""Replies; the last one names somebody who wrote nothing here."""

HANDLES = (*(author for author, _ in _SAID), "guru.tidak.dikenal_88")
"""Every citizen's name, those who are only mentioned too."""


def remarks(pk: str, posted_at: datetime, office_id: str, office: str) -> tuple[Remark, ...]:
    """Comments under a post: more than a page of them, with replies.

    Args:
        pk: The post's; makes the comments' ids its own.
        office_id: Of the account whose post it is: it answers as well.
        office: Its handle.
    """
    ids = {author: str(31_400_000_000 + 7 * n) for n, (author, _) in enumerate(_SAID)}
    first = int(pk[-9:]) * 1000 + 17_900_000_000_000_000
    said = [
        Remark(
            str(first + number),
            ids[author],
            author,
            text,
            posted_at + timedelta(minutes=4 * number + 3),
            likes=number % 5,
        )
        for number, (author, text) in enumerate(_SAID)
    ]
    answers = [
        Remark(
            str(first + 500 + number),
            ids[author],
            author,
            text,
            said[parent].written_at + timedelta(minutes=number + 1),
            parent=said[parent].native_id,
        )
        for number, (parent, author, text) in enumerate(_ANSWERED)
    ]
    official = Remark(
        str(first + 900),
        office_id,
        office,
        "Sampai pukul 20.00, Bu. Hubungi 112 bila perlu diantar.",
        said[4].written_at + timedelta(minutes=9),
        likes=12,
        parent=said[4].native_id,
    )
    return (*said, *answers, official)
