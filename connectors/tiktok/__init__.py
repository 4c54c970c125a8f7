"""TikTok, read through yt-dlp."""
