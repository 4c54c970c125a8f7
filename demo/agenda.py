"""What the invented city has to say: the words of its posts, in Indonesian.

Kota Tirta Kencana, its districts, its river and its officials do not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

OFFICE = "Pemerintah Kota Tirta Kencana"
DISASTER_OFFICE = "BPBD Kota Tirta Kencana"
TRANSPORT_OFFICE = "Dinas Perhubungan Tirta Kencana"
FIRE_BRIGADE = "Damkar Tirta Kencana"
VILLAGE_OFFICE = "Kelurahan Embung Kencana"
FESTIVAL = "Festival Payung Kertas"
"""A committee of citizens: no office, and not archived."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One announcement.

    Attributes:
        title: A few words for the poster.
        line: One sentence for the poster.
        motif: What the poster shows.
        tag: A hashtag without ``#``.
    """

    title: str
    line: str
    motif: str
    tag: str


def _topics(table: str) -> tuple[Topic, ...]:
    return tuple(Topic(*row.split(" | ")) for row in table.splitlines())


CITY = _topics("""\
Mal Pelayanan Publik buka Sabtu | KTP, KK dan akta kelahiran selesai di tempat. | surat | MPP
Taman Embung Kencana dibuka | Jalur lari 1,2 km dan ruang bermain anak. | pohon | RuangTerbuka
Vaksinasi lansia di 14 puskesmas | Cukup bawa KTP. Antar-jemput: telepon 119. | sehat | TirtaSehat
Jembatan Kali Sono dibuka lagi | Perbaikan selesai sebelas hari lebih cepat. | jalan | InfraKota
Jalan Melati satu arah | Berlaku mulai Senin pukul 06.00, arah timur ke barat. | jalan | LaluLintas
Pasar Wage pindah sementara | 412 pedagang di lapangan timur sampai Maret. | pasar | PasarRakyat
Musrenbang kelurahan dimulai | Sampaikan usulan warga sampai tanggal 30. | warga | SuaraWarga
Bank sampah di tiap RW | Botol, kardus dan minyak jelantah dihargai. | pohon | KotaBersih
Beasiswa Tirta Cerdas | 1.200 kursi untuk siswa SMA/SMK kurang mampu. | warga | TirtaCerdas
Laporan kinerja triwulan | Ringkasan anggaran dan capaian, dibuka untuk umum. | surat | Transparansi
Kerja bakti hari Minggu | Kumpul pukul 06.30 di balai kelurahan. | warga | GotongRoyong
Cek kesehatan gratis | Tensi, gula darah dan mata di alun-alun. | sehat | TirtaSehat
Bus kota koridor 3 | Terminal Arjuna – RSUD setiap 15 menit. | bus | TransportasiKota
Festival Payung Kertas | Tiga hari di tepi Kali Sono, masuk gratis. | pasar | BudayaTirta
Ayo kerja bakti lagi | Jadwal pekan kedua untuk kecamatan utara. | warga | GotongRoyong
Selamat pagi, Tirta Kencana | Kabut tipis di Embung Kencana. | pohon | PagiTirta
Layanan aduan 24 jam | Lampu mati atau jalan berlubang? Hubungi 112. | surat | Lapor112
Pajak PBB jatuh tempo | Bayar lewat bank, kantor pos atau gawai. | surat | PajakUntukKota
Perpustakaan keliling | Enam mobil pintar, jadwal baru tiap kecamatan. | bus | GemarMembaca
Air bersih menyala kembali | Pipa induk Jalan Cempaka sudah tersambung. | banjir | AirBersih
Nomor penting warga | Ambulans 119, pemadam 113, aduan 112. | surat | NomorPenting
Pelatihan barista dan roti | Balai latihan kerja menerima 60 peserta. | pasar | SiapKerja
Imunisasi anak sekolah | Dimulai dari kelas satu, izin orang tua diperlukan. | sehat | TirtaSehat
Penataan trotoar Jalan Merdeka | Ramah kursi roda, selesai bulan depan. | jalan | KotaInklusif
Pangan murah akhir pekan | Beras, telur dan minyak di sembilan lokasi. | pasar | PanganMurah
Seribu pohon untuk hulu | Relawan boleh mendaftar sampai Jumat. | pohon | TirtaHijau
Pengumuman hasil seleksi | Nama peserta dan masa sanggah ada di laman kota. | surat | InfoPegawai
Donor darah Jumat ini | Stok golongan O menipis, mari datang. | sehat | DonorDarah
Car free day kembali | Jalan Merdeka bebas kendaraan pukul 05.30–09.30. | jalan | CFDTirta
Sekolah sungai angkatan dua | Anak muda belajar memantau mutu air. | banjir | SekolahSungai
Kartu bus pelajar | Naik gratis dengan kartu pelajar mulai hari ini. | bus | TransportasiKota
Nikah massal di balai kota | Tiga puluh pasangan, biaya ditanggung kota. | warga | LayananKota
Sensus pedagang kaki lima | Petugas berseragam dan berkartu tanda pengenal. | pasar | DataKota
Selamat datang di akun resmi | Kabar layanan Kota Tirta Kencana setiap hari. | warga | TirtaKencana
""")
"""The city's own posts, newest first."""

DISASTER = _topics("""\
Siaga banjir di tiga kecamatan | Pintu air Lembayung 182 cm, siaga dua. | banjir | SiagaBanjir
Posko dan dapur umum | Lima posko buka 24 jam, peta di tautan profil. | warga | PoskoTirta
Status turun ke waspada | Debit Kali Sono menurun sejak pukul 14.00. | banjir | SiagaBanjir
Tas siaga keluarga | Dokumen, obat, senter, air minum tiga hari. | surat | SiapSiaga
Pohon tumbang tertangani | Jalan Kenanga sudah dapat dilalui. | pohon | LaporBPBD
Simulasi gempa di sekolah | Berlindung, keluar tertib, berkumpul. | warga | SekolahAman
Peringatan dini cuaca | Hujan lebat disertai angin sampai malam. | banjir | CuacaTirta
Jalur evakuasi baru | Rambu hijau terpasang di 26 titik. | jalan | SiapSiaga
Relawan siaga angkatan 9 | Pendaftaran dibuka sampai akhir bulan. | warga | RelawanTirta
Alat ukur curah hujan | Sebelas titik baru, datanya terbuka. | surat | DataBencana
Bahaya listrik saat banjir | Matikan sekring sebelum air masuk. | banjir | SiapSiaga
Latihan perahu karet | Tim gabungan berlatih di Embung Kencana. | banjir | LatihanGabungan
Nomor darurat 112 | Satu nomor untuk semua keadaan darurat. | sehat | Darurat112
""")
"""The disaster agency's posts, newest first."""

TRANSPORT = _topics("""\
Koridor 3 mulai beroperasi | Gratis sepekan penuh. | bus | TransportasiKota
Cara naik bus kota | Tempel kartu, duduk, sampai. | bus | NaikBusYuk
Zona sekolah 20 km/jam | Pelan-pelan, ada anak menyeberang. | jalan | SelamatSekolah
Parkir resmi berseragam | Minta karcis, tolak pungutan liar. | jalan | ParkirTertib
Uji KIR keliling | Jadwal untuk kecamatan selatan. | surat | UjiKIR
Halte ramah difabel | Landasan datar di 18 halte. | warga | KotaInklusif
""")
"""The transport agency's films, newest first."""

UPCOMING = _topics("""\
Jadwal imunisasi Desember | Empat belas puskesmas, tanpa antre daring. | sehat | TirtaSehat
Lihat jembatan dari udara | Sebelum dan sesudah perbaikan. | jalan | InfraKota
Siaga dicabut | Terima kasih kepada seluruh relawan. | banjir | SiagaBanjir
Sehari bersama petugas damkar | Dari apel pagi sampai sirene pertama. | warga | KenaliKotamu
""")
"""What will be published between the first night and the second."""


STORIES = _topics("""\
Loket Sabtu masih buka | Nomor antrean tersisa 40. Ketuk tautan. | surat | MPP
Simulasi gempa siang ini | Bersama BPBD di SDN 3 Embung. | warga | SekolahAman
Cara mengurus KTP hilang | Surat kehilangan, KK, lima belas menit. | surat | MPP
Akta lahir selesai sehari | Berkas dikirim lewat laman layanan. | surat | MPP
Pintu air Lembayung 160 cm | Turun 22 cm sejak pagi. | banjir | SiagaBanjir
Dapur umum Balai Wage | Seribu nasi bungkus setiap siang. | warga | PoskoTirta
Perahu karet ke RW 05 | Lansia dan anak didahulukan. | banjir | SiagaBanjir
""")
"""Stories: the city's four, then the disaster agency's three."""

LIFE = _topics("""\
Selamat Idulfitri | Mohon maaf lahir dan batin. | warga | Idulfitri
Siaran langsung musrenbang | Tayangan ulang sidang pleno. | warga | SuaraWarga
Di balik loket layanan | Sehari bersama petugas loket. | surat | KenaliKotamu
Pidato kesiapsiagaan | Apel siaga bencana di alun-alun. | warga | SiapSiaga
Payung kertas dibentangkan | Pembukaan bersama di tepi Kali Sono. | pasar | BudayaTirta
Pos jaga malam | Regu tiga siaga sampai pagi. | jalan | DamkarTirta
Sosialisasi tabung gas | Kunci, cium, matikan. | sehat | DamkarTirta
Cek hidran pasar | Dua belas hidran berfungsi. | pasar | DamkarTirta
Posyandu Embung Kencana | Timbang balita tiap Rabu pertama. | sehat | Posyandu
Ronda malam RW 02 | Jadwal bulan ini di balai RW. | warga | RondaMalam
Ponsel bekas bergaransi | Tukar tambah, buka setiap hari. | pasar | JualBeli
Pengisi daya dan pelindung | Murah, antar ke rumah. | pasar | JualBeli
""")
"""Posts of the remaining kinds, and of the smaller accounts."""

STORY_OF_THE_DAY = _topics("""\
Genangan surut | Jalan Kenanga dapat dilalui lagi. | jalan | SiagaBanjir
""")[0]
"""What the disaster agency shows between the first night and the second."""

EID_GREETING = (
    "\u062a\u0642\u0628\u0644 \u0627\u0644\u0644\u0647 \u0645\u0646\u0627 "
    "\u0648\u0645\u0646\u0643\u0645"
)
"""The greeting of Idulfitri in Arabic, which runs from right to left."""


def festive_caption(topic: Topic) -> str:
    """Two directions of writing in one caption, on one line as well."""
    return (
        f"{EID_GREETING}\n{topic.title} \u2013 {EID_GREETING} \u2013 {topic.line} \U0001f319\n"
        f"{OFFICE}.\n#{topic.tag} #TirtaKencana"
    )


def javanese_caption(topic: Topic) -> str:
    """A caption that begins in Javanese script."""
    return f"ꦱꦸꦒꦼꦁ ꦫꦮꦸꦃ! {topic.title}. {topic.line} #{topic.tag}"


def caption(topic: Topic, office: str) -> str:
    """An ordinary caption."""
    return (
        f"{topic.title}.\n\n{topic.line} Informasi lengkap tersedia di kanal resmi {office}."
        f"\n\n#{topic.tag} #TirtaKencana"
    )


def emoji_caption(topic: Topic) -> str:
    """A caption with emoji of several code points, joined and flagged."""
    return (
        f"🌊🚧 {topic.title} 👨‍👩‍👧‍👦🇮🇩\n{topic.line} 🙏🏽✨\n❤️‍🔥 Terima kasih! "
        f"Bahasa Jawa: ꦱꦸꦒꦼꦁ ꦫꦮꦸꦃ\n#{topic.tag}"
    )


def longest_caption(topic: Topic) -> str:
    """A caption of 2,200 characters, the most Instagram takes."""
    parts = (
        f"\n{number}. Rincian kegiatan bagian {number}: target, realisasi dan sisa anggaran "
        "dapat dibaca di laman keterbukaan informasi."
        for number in range(1, 60)
    )
    return f"{topic.title}. {topic.line}\n{''.join(parts)}"[:2199] + "…"
