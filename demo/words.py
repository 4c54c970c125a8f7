"""What the demo says, in Indonesian and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]

SENTENCES: dict[str, tuple[str, str]] = {
    "opening": (
        "Demo jejak: enam malam pengarsipan akun resmi sebuah kota rekaan.\n"
        "Instagram dan TikTok ditirukan di komputer ini; tidak ada yang keluar ke internet.\n"
        "Jarak antarmalam benar-benar satu hari: jam program dan jam platform digeser bersama.",
        "The jejak demo: six nights of archiving the official accounts of an invented city.\n"
        "Instagram and TikTok are imitated on this machine; nothing goes out to the internet.\n"
        "The nights are really a day apart: the program's clock and theirs are moved together.",
    ),
    "drawing": (
        "Foto dan video sedang dibuat (beberapa detik, hanya pertama kali) …",
        "Pictures and films are being made (some seconds, only the first time) …",
    ),
    "setting-up": ("Menyiapkan arsip", "Setting up the archive"),
    "setting-up-said": (
        "Seorang arsiparis membuat arsip, menyerahkan sesi perambannya, lalu mendaftarkan tujuh\n"
        "akun: lima milik kota rekaan, dua disusun dari objek platform yang asli. Nomor setiap\n"
        "akun ditetapkan, supaya akun orang lain yang kelak memakai nama itu tidak terarsip.\n"
        "Damkar dibaca tanpa masuk; komentar hanya direkam pada akun BPBD.",
        "An archivist makes an archive, hands over a browser session, and adds seven accounts:\n"
        "five of an invented city, two made of real objects of the platforms. The number of\n"
        "each account is pinned, so that a stranger who takes its name later is not archived.\n"
        "The fire brigade is read without login; comments are recorded for the BPBD only.",
    ),
    "planning": ("Rencana", "The plan"),
    "planning-said": (
        "Sebelum apa pun berjalan: berapa permintaan, jam, dan gigabita.",
        "Before anything runs: how many requests, hours and gigabytes.",
    ),
    "night-one": ("Malam pertama", "The first night"),
    "night-one-said": (
        "Semua unggahan setiap akun dibaca, dan semua jawaban platform direkam.",
        "Every post of every account is read, and every answer of the platforms is recorded.",
    ),
    "day": ("Siang hari", "During the day"),
    "day-said": ("Kota menerbitkan unggahan baru:", "The city publishes new posts:"),
    "published": (
        "  @{handle}, {kind}: {caption}",
        "  @{handle}, {kind}: {caption}",
    ),
    "kind-photo": ("foto", "photo"),
    "kind-carousel": ("korsel", "carousel"),
    "kind-reel": ("reel", "reel"),
    "kind-video": ("video", "video"),
    "kind-photo-mode": ("mode foto", "photo-mode"),
    "kind-story": ("cerita", "story"),
    "kind-highlight": ("sorotan", "highlight"),
    "kind-live": ("siaran langsung", "live"),
    "night-two": ("Malam kedua", "The second night"),
    "night-two-said": (
        "Kali ini hanya yang baru yang diambil.",
        "This time only what is new is fetched.",
    ),
    "taken": ("Nama akun yang jatuh ke tangan orang lain", "A name in a stranger's hands"),
    "taken-said": (
        "Kelurahan didaftarkan, lalu menutup akunnya. Orang lain membuka nama itu lagi.",
        "A village office is added, then closes its account. A stranger opens the name again.",
    ),
    "figures": ("Angka kedua malam", "The figures of both nights"),
    "figures-said": (
        "Peladen tiruan menghitung sendiri; hitungannya harus sama dengan hitungan jejak.",
        "The pretend server counts for itself; its count must equal that of jejak.",
    ),
    "figures-head": (
        "               permintaan (peladen)  permintaan (jejak)  MB (peladen)  MB (jejak)  baru",
        "               requests (server)     requests (jejak)    MB (server)   MB (jejak)  new",
    ),
    "looking": ("Isi arsip", "What the archive holds"),
    "looking-said": (
        "Unggahan tiga hari terakhir, lalu satu unggahan bersama selengkapnya dengan komentarnya,\n"
        "lalu semua putaran.",
        "The posts of the last three days, then one shared post in full with its comments, then\n"
        "all runs.",
    ),
    "playing": ("Memutar kembali dari arsip", "Playing back from the archive"),
    "playing-said": (
        "Satu media dari setiap jenis dikeluarkan dan dibandingkan dengan aslinya.",
        "One media item of every kind is taken out and compared with the original.",
    ),
    "verifying": ("Memeriksa keutuhan", "Checking fixity"),
    "verifying-said": (
        "Setiap segmen, rekaman, dan media dibaca kembali dan dicocokkan.",
        "Every segment, record and media item is read back and compared.",
    ),
    "results": ("Yang diperiksa sesudah dua malam", "What is checked after two nights"),
    "at-night": (
        "Malam {number}, {date} pukul 02.10 WIB.",
        "Night {number}, {date} at 02:10 office time.",
    ),
    "day-two": ("Hari kedua: pemilik akun mengubah dan menarik", "The second day: owners act"),
    "edited": (
        "@{handle} menyunting keterangan {kind} “{title}”",
        "@{handle} edits the caption of the {kind} “{title}”",
    ),
    "swapped": (
        "@{handle} menukar satu gambar dalam {kind} “{title}”",
        "@{handle} swaps a picture of the {kind} “{title}”",
    ),
    "withdrew": (
        "@{handle} menarik {kind} “{title}”",
        "@{handle} withdraws the {kind} “{title}”",
    ),
    "made-private": (
        "@{handle} menjadikan {kind} “{title}” hanya untuk dirinya",
        "@{handle} makes the {kind} “{title}” private",
    ),
    "story-told": (
        "@{handle} menayangkan {kind} “{title}”",
        "@{handle} shows the {kind} “{title}”",
    ),
    "took-down": (
        "@{handle} menurunkan {kind} “{title}” sebelum waktunya",
        "@{handle} takes the {kind} “{title}” down before its time",
    ),
    "looks-again": (
        "arsiparis merekam @{handle} sekali lagi",
        "the archivist captures @{handle} once more",
    ),
    "gave-back": (
        "@{handle} menampilkan lagi {kind} “{title}”",
        "@{handle} shows the {kind} “{title}” again",
    ),
    "renamed": ("@{old} berganti nama menjadi @{new}", "@{old} is called @{new} from now on"),
    "night-three": ("Malam ketiga", "The third night"),
    "night-three-said": (
        "Yang berubah menjadi versi baru. Yang tidak tampak dikunjungi di alamatnya sendiri, lalu\n"
        "unggahan pembanding dari akun itu pada menit yang sama. Satu malam belum cukup.",
        "What changed becomes a new version. What is not seen is visited at its own address, and\n"
        "a control post of the account in the same minute. One night does not suffice.",
    ),
    "afternoon": ("Siang hari ketiga", "The third day, after noon"),
    "afternoon-said": (
        "Pemeriksaan kedua yang terlalu cepat tidak dihitung: jaraknya harus satu siklus (20 jam).",
        "A second check that comes too soon does not count: a cycle (20 hours) must lie between.",
    ),
    "night-four": ("Malam keempat: dua malam sepakat", "The fourth night: two nights agree"),
    "night-four-said": (
        "Baru sekarang unggahan disebut ditarik, dengan bukti setiap langkah.",
        "Only now a post is called withdrawn, with the evidence of each step.",
    ),
    "still-plays": (
        "Yang ditarik masih dapat diputar",
        "What was withdrawn still plays",
    ),
    "stories-end": ("Cerita berakhir, tidak ditarik", "Stories end; they are not withdrawn"),
    "stories-end-said": (
        "Cerita tayang sehari. Sesudah itu berakhir, dan tidak pernah disebut ditarik.",
        "A story is shown for a day. Then it has expired, and it is never called withdrawn.",
    ),
    "day-four": ("Hari keempat: kembali, dan nama baru", "The fourth day: a return, new names"),
    "night-five": ("Malam kelima", "The fifth night"),
    "night-five-said": (
        "Nomor akun tetap, maka akun diteruskan di bawah nama barunya.",
        "The number of an account stays, so the account continues under its new name.",
    ),
    "night-six": ("Malam keenam: platform menolak", "The sixth night: the platform refuses"),
    "night-six-said": (
        "Di tengah malam Instagram mulai menjawab 429. Malam ini tidak ada yang disimpulkan, dan\n"
        "hitungan dua malam dimulai lagi dari awal.",
        "In the middle of the night Instagram begins to answer 429. Tonight nothing is concluded,\n"
        "and the count of two nights begins anew.",
    ),
    "coverage": ("Cakupan", "Coverage"),
    "coverage-said": (
        "Dari kapan unggahan setiap akun diketahui, dan kapan semuanya terlihat lagi.",
        "Of which times each account's posts are known, and when all are seen again.",
    ),
    "claim-edited": (
        "“{title}”: keterangan yang disunting menjadi versi kedua, beda katanya ditunjukkan",
        "“{title}”: the edited caption is a second version, its changed words are shown",
    ),
    "claim-swapped": (
        "“{title}”: gambar yang ditukar menjadi versi kedua, gambar lama tetap ada",
        "“{title}”: the swapped picture is a second version, the old picture is kept",
    ),
    "claim-awaiting-confirmation": (
        "“{title}”: tidak teramati, menunggu kepastian; belum disebut ditarik",
        "“{title}”: not observed, awaiting confirmation; not called withdrawn",
    ),
    "claim-private": (
        "“{title}”: tidak teramati, menjadi pribadi; tidak disebut ditarik",
        "“{title}”: not observed, made private; not called withdrawn",
    ),
    "claim-not-yet": (
        "malam {night}: tidak satu unggahan pun disebut ditarik",
        "night {night}: no post is called withdrawn",
    ),
    "claim-ended-early": (
        "cerita “{title}”: berakhir sebelum waktunya, tidak disebut ditarik",
        "the story “{title}” ended before its time and is not called withdrawn",
    ),
    "claim-expired": (
        "cerita “{title}”: berakhir sesudah sehari, tidak disebut ditarik",
        "the story “{title}” expired after its day and is not called withdrawn",
    ),
    "claim-window": (
        "“{title}”: ditarik antara {after} dan {by}; sesungguhnya pukul {moment}",
        "“{title}”: withdrawn between {after} and {by}; in truth at {moment}",
    ),
    "claim-evidence": (
        "semua {count} rekaman yang disebut sebagai bukti ada, dan berbunyi “{said}”",
        "all {count} records named as evidence exist, and they say “{said}”",
    ),
    "claim-no-story-deleted": (
        "tidak satu cerita pun disebut ditarik",
        "no story is called withdrawn",
    ),
    "claim-returned": (
        "“{title}”: kembali, riwayatnya utuh: satu versi, satu catatan penarikan, media yang sama",
        "“{title}”: returned, its history unbroken: one version, one tombstone, the same media",
    ),
    "claim-renamed": (
        "@{new}: diteruskan dengan nomor yang sama ({id}), baris yang perlu diubah disebutkan",
        "@{new}: continued under the same number ({id}), the line to change is named",
    ),
    "claim-blocked": (
        "malam platform menolak: “{title}” tetap tidak teramati, keadaan lain tidak berubah",
        "the night of the block: “{title}” stays not observed, no other state changed",
    ),
    "claim-captured": (
        "malam {night}: semua akun terekam lengkap",
        "night {night}: every account was captured completely",
    ),
    "claim-all-posts": (
        "semua {count} unggahan yang tampak pada kedua malam ada di arsip",
        "all {count} posts on show in either night are in the archive",
    ),
    "claim-kinds": (
        "setiap jenis ada di {platform}: {kinds}",
        "every kind of {platform} is there: {kinds}",
    ),
    "claim-mixed": (
        "ada korsel yang memuat foto dan video sekaligus",
        "a carousel holds both pictures and films",
    ),
    "claim-captions": (
        "{count} keterangan sama huruf demi huruf: Arab, Jawa, emoji, 2.200 huruf",
        "{count} captions are kept letter by letter: Arabic, Javanese, emoji, 2,200 letters",
    ),
    "claim-shared": (
        "unggahan bersama dua akun: satu catatan, medianya diambil sekali",
        "a post of two accounts is one record, and its media were fetched once",
    ),
    "claim-invited": (
        "unggahan milik akun lain, @{handle}, ada beserta pemiliknya",
        "a post of another account, @{handle}, is kept with its owner",
    ),
    "claim-highlights": (
        "sorotan {titles} lengkap, juga isi yang masa tayang ceritanya sudah berakhir",
        "the highlights {titles} are complete, also where the story itself has expired",
    ),
    "claim-subtitles": (
        "satu video TikTok memuat teks dalam {count} bahasa",
        "a TikTok video has its subtitles in {count} languages",
    ),
    "claim-comments": (
        "{count} komentar bernama samaran; nama warga hanya ada di jawaban asli",
        "{count} comments are under pseudonyms; names of citizens only in raw answers",
    ),
    "claim-stranger": (
        "akun orang lain ditolak (kode 4, kedua nomor disebut), unggahannya tidak direkam",
        "the stranger was refused (code 4, both numbers told), no post of theirs kept",
    ),
    "claim-whole": (
        "semua {count} media utuh",
        "all {count} media items are whole",
    ),
    "claim-only-new": (
        "malam kedua hanya menyimpan {count} unggahan baru beserta medianya",
        "the second night stored only the {count} new posts and their media",
    ),
    "claim-fewer": (
        "malam kedua {second} permintaan, malam pertama {first}",
        "second night {second} requests, first night {first}",
    ),
    "claim-counted": (
        "malam {night}: jejak mencatat setiap permintaan yang diterima peladen ({count})",
        "night {night}: jejak recorded every request the server received ({count})",
    ),
    "claim-played": (
        "{post} media {number}: sama dengan aslinya, byte demi byte ({sha256})",
        "{post} media {number}: equal to the original, byte by byte ({sha256})",
    ),
    "claim-verified": (
        "`jejak verify --full` tidak menemukan kesalahan",
        "`jejak verify --full` finds nothing wrong",
    ),
    "claim-no-cookie": (
        "tidak ada kuki yang terkirim ke penyimpanan media Instagram",
        "no cookie reached Instagram's media hosts",
    ),
    "claim-no-secret": (
        "rahasia sesi tidak ada di satu file arsip pun, kecuali di tempat simpan sesi",
        "the session's secret is in no file of the archive but the one kept for it",
    ),
    "practice-open": (
        "Platform tiruan berjalan. Bahan latihan ada di {folder}.\n"
        "Tekan Enter: satu hari berlalu. Tekan Ctrl-D: latihan selesai.",
        "The pretend platforms are running. What you need for practice is in {folder}.\n"
        "Press Enter: a day passes. Press Ctrl-D: practice is over.",
    ),
    "practice-day": (
        "Satu hari berlalu: kota menerbitkan unggahan baru.",
        "A day has passed: the city published new posts.",
    ),
    "practice-nothing": (
        "Satu hari berlalu: tidak ada unggahan baru.",
        "A day has passed: nothing new was published.",
    ),
    "practice-closed": ("Latihan selesai.", "Practice is over."),
    "done": (
        "Selesai: {count} pernyataan diperiksa dan semuanya benar.",
        "Done: {count} claims were checked, and all of them hold.",
    ),
    "not-done": (
        "{count} pernyataan TIDAK benar; lihat tanda ✗ di atas.",
        "{count} claims do NOT hold; see the ✗ above.",
    ),
    "look-here": (
        "Arsipnya tetap ada di {folder}. Silakan dicoba dari folder ini:",
        "The archive stays in {folder}. From this folder, try:",
    ),
    "command-failed": (
        "`{command}` berakhir dengan kode {code}; pesannya ada di atas.",
        "`{command}` ended with code {code}; its message stands above.",
    ),
    "not-ours": (
        "{folder} bukan buatan demo ini, jadi tidak dihapus. Pilih folder lain dengan --folder.",
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

    def figure(self, value: float, places: int = 0) -> str:
        """A number with the marks of the language: ``1.234,5`` or ``1,234.5``."""
        text = f"{value:,.{places}f}"
        return text.translate({44: ".", 46: ","}) if self.language == "id" else text
