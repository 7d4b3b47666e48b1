"""Videos live on other people's sites. From the address of one: whose site it is, and the address of its player, for
the few platforms that can be embedded without an account. Nothing is asked of them before a visitor wants to watch."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Platform:
    host: str
    """How people know it."""
    pages: re.Pattern
    """The addresses of its videos, with the `id` of the video."""
    player: str
    """The address of its player, but for the id."""
    options: str = ""


PLATFORMS = (
    Platform(
        "youtube.com",
        re.compile(
            r"https://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[\w=-]+&)*v=|live/|embed/|shorts/)|youtu\.be/)"
            r"(?P<id>[\w-]{11})(?:[&?#].*)?",
            re.ASCII,
        ),
        "https://www.youtube-nocookie.com/embed/",
    ),
    Platform(
        "bilibili.com",
        re.compile(r"https://(?:www\.|m\.)?bilibili\.com/video/(?P<id>BV[0-9A-Za-z]{10})(?:[/?#].*)?"),
        "https://player.bilibili.com/player.html?bvid=",
        "&autoplay=0",
    ),
    Platform(
        "vimeo.com",
        re.compile(r"https://(?:(?:www\.)?vimeo\.com|player\.vimeo\.com/video)/(?P<id>[0-9]{5,12})(?:[?#].*)?"),
        "https://player.vimeo.com/video/",
        "?dnt=1",
    ),
    Platform(
        "v.qq.com",
        re.compile(r"https://v\.qq\.com/x/(?:page|cover/[0-9a-z]+)/(?P<id>[0-9a-z]{11})\.html(?:[?#].*)?"),
        "https://v.qq.com/txp/iframe/player.html?vid=",
    ),
)
FRAME_SOURCES = (
    *(platform.player.partition("?")[0] for platform in PLATFORMS),
    "https://www.bilibili.com/blackboard/webplayer/mbplayer.html",  # where its player sends a telephone on to
)


@dataclass(frozen=True)
class Video:
    address: str
    host: str
    """Who learns that somebody watches, as people know it."""
    player: str = ""
    """What a frame may load; empty where the video is only linked."""


def video_of(address) -> Video | None:
    """The video at `address`; None where that is no address of the web."""
    for platform in PLATFORMS:
        if page := platform.pages.fullmatch(address):
            return Video(address, platform.host, f"{platform.player}{page['id']}{platform.options}")
    try:
        parts = urlsplit(address)
        is_of_the_web = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        return None
    return Video(address, parts.hostname.removeprefix("www.")) if is_of_the_web else None
