"""Short films, sounds and subtitles: real H.264 and AAC files.

A film pans over a drawn scene while its words stand still. ffmpeg is run as
a separate program. Files are kept in a folder under names made from what is
in them, so the next start finds them there.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg
from PIL import Image

from demo.pictures import Scene, draw, write
from demo.world import Asset

_FILMING = "films-1"
FRAMES_PER_SECOND = 15


class FilmFailed(RuntimeError):
    """ffmpeg did not make a file; its last words are in the message."""


def film(folder: Path, scene: Scene, duration_s: float = 3.0) -> Asset:
    """An MP4 film of a scene with sound, index first; made if missing.

    Args:
        scene: Its size must be even in both directions.
        duration_s: Length in seconds.
    """
    key = _key("film", scene.key, str(duration_s))
    path = folder / f"film-{key}.mp4"
    if not path.exists():
        with TemporaryDirectory() as work:
            background, words = _layers(scene, Path(work))
            _make(path, _film_arguments(scene, background, words, duration_s, key))
    return Asset(path.name, path, "video/mp4", *scene.size, duration_s)


def sound(folder: Path, name: str, duration_s: float = 4.0) -> Asset:
    """An M4A (AAC) tune that varies with its name; made if missing."""
    key = _key("sound", name, str(duration_s))
    path = folder / f"suara-{key}.m4a"
    if not path.exists():
        source = ["-f", "lavfi", "-i", _tune(key, duration_s)]
        _make(path, [*source, "-c:a", "aac", "-b:a", "64k", "-f", "ipod"])
    return Asset(path.name, path, "audio/mp4", duration_s=duration_s)


def subtitles(folder: Path, lines: list[str], duration_s: float = 3.0) -> Asset:
    """A WebVTT file that shows the lines one after the other."""
    key = _key("subtitles", *lines, str(duration_s))
    path = folder / f"teks-{key}.vtt"
    if not path.exists():
        each_s = duration_s / max(1, len(lines))
        cues = ["WEBVTT", ""]
        for number, line in enumerate(lines):
            start, end = _clock(number * each_s), _clock((number + 1) * each_s)
            cues += [f"{start} --> {end}", line, ""]
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(cues), encoding="utf-8")
    return Asset(path.name, path, "text/vtt", duration_s=duration_s)


def _key(*parts: str) -> str:
    return hashlib.sha256("|".join((_FILMING, *parts)).encode()).hexdigest()[:16]


def _clock(seconds: float) -> str:
    return f"00:{int(seconds // 60):02d}:{seconds % 60:06.3f}"


def _layers(scene: Scene, work: Path) -> tuple[Path, Path]:
    """A wide background to pan over, and the words on a clear ground."""
    width, height = scene.size
    background, words = work / "latar.png", work / "kata.png"
    wide = draw(replace(scene, size=(round(width * 1.25) // 2 * 2, height), words=False))
    wide.save(background, compress_level=1)
    clear = Image.new("RGBA", scene.size, (0, 0, 0, 0))
    write(clear, scene)
    clear.save(words, compress_level=1)
    return background, words


def _film_arguments(
    scene: Scene, background: Path, words: Path, duration_s: float, key: str
) -> list[str]:
    width, height = scene.size
    # A slow pan; the little swing makes every frame differ from the last.
    pan = f"crop={width}:{height}:x='(iw-{width})*t/{duration_s}':y=0"
    return [
        *("-loop", "1", "-framerate", str(FRAMES_PER_SECOND), "-i", str(background)),
        *("-i", str(words), "-f", "lavfi", "-i", _tune(key, duration_s)),
        "-filter_complex",
        f"[0:v]{pan}[moving];[moving][1:v]overlay=0:0,format=yuv420p[v]",
        *("-map", "[v]", "-map", "2:a", "-t", str(duration_s)),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-threads", "1"),
        *("-c:a", "aac", "-b:a", "48k", "-movflags", "+faststart"),
        *("-metadata", f"comment={key}", "-f", "mp4"),
    ]


def _tune(key: str, duration_s: float) -> str:
    """A source of quiet chords for ffmpeg's lavfi input."""
    root = 196 + int(key[:2], 16) / 2
    tones = "+".join(f"0.08*sin({root * ratio:.1f}*2*PI*t)" for ratio in (1, 1.25, 1.5))
    return f"aevalsrc='({tones})*(0.6+0.4*sin(2*PI*t))':s=32000:d={duration_s}"


def _make(path: Path, arguments: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    program = imageio_ffmpeg.get_ffmpeg_exe()
    steady = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact")
    done = subprocess.run(
        [program, "-v", "error", "-nostdin", "-y", *arguments, *steady, str(unfinished)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise FilmFailed(f"ffmpeg could not make {path.name}: {done.stderr.strip()[-500:]}")
    unfinished.replace(path)
