import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.videos import FRAME_SOURCES, PLATFORMS, Video, video_of
from tests.factories import agreement, session

YOUTUBE = "https://www.youtube-nocookie.com/embed/abcDEF_-123"
BILIBILI = "https://player.bilibili.com/player.html?bvid=BV1xx411c7mD&autoplay=0"
VIMEO = "https://player.vimeo.com/video/123456789?dnt=1"
TENCENT = "https://v.qq.com/txp/iframe/player.html?vid=a0012345bcd"


@pytest.mark.parametrize(
    ("address", "host", "player"),
    [
        ("https://www.youtube.com/watch?v=abcDEF_-123", "youtube.com", YOUTUBE),
        ("https://youtube.com/watch?list=PL1&v=abcDEF_-123&t=90", "youtube.com", YOUTUBE),
        ("https://m.youtube.com/watch?v=abcDEF_-123", "youtube.com", YOUTUBE),
        ("https://www.youtube.com/live/abcDEF_-123?feature=share", "youtube.com", YOUTUBE),
        ("https://youtu.be/abcDEF_-123?t=90", "youtube.com", YOUTUBE),
        ("https://www.bilibili.com/video/BV1xx411c7mD", "bilibili.com", BILIBILI),
        ("https://www.bilibili.com/video/BV1xx411c7mD/?p=2", "bilibili.com", BILIBILI),
        ("https://vimeo.com/123456789", "vimeo.com", VIMEO),
        ("https://player.vimeo.com/video/123456789", "vimeo.com", VIMEO),
        ("https://v.qq.com/x/page/a0012345bcd.html", "v.qq.com", TENCENT),
        ("https://v.qq.com/x/cover/mzc00200/a0012345bcd.html?ptag=1", "v.qq.com", TENCENT),
    ],
)
def test_a_video_of_a_known_platform_has_a_player(address, host, player):
    assert video_of(address) == Video(address, host, player)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.baoshan.example/recording", "baoshan.example"),
        ("http://www.youtube.com/watch?v=abcDEF_-123", "youtube.com"),
        ("https://www.youtube.com/watch?v=short", "youtube.com"),
        ("https://www.youtube.com/watch?v=abcDEF_-123456", "youtube.com"),
        ("https://www.youtube.com/@channel", "youtube.com"),
        ("https://www.youtube.com.evil.example/watch?v=abcDEF_-123", "youtube.com.evil.example"),
        ("https://evil.example/https://youtu.be/abcDEF_-123", "evil.example"),
        ("https://youtu.be@evil.example/abcDEF_-123", "evil.example"),
        ("https://www.bilibili.com/video/av12345", "bilibili.com"),
        ("https://live.bilibili.com/12345", "live.bilibili.com"),
        ("https://vimeo.com/channels/staffpicks", "vimeo.com"),
        ("https://v.qq.com/x/page/../../evil.html", "v.qq.com"),
    ],
)
def test_any_other_address_is_only_linked(address, host):
    assert video_of(address) == Video(address, host)


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "data:text/html,x", "https://", "https://[", "/watch"])
def test_what_is_no_address_of_the_web_is_no_video(address):
    assert video_of(address) is None


PLAYERS = re.compile(
    r"https://www\.youtube-nocookie\.com/embed/[A-Za-z0-9_-]{11}"
    r"|https://player\.bilibili\.com/player\.html\?bvid=BV[0-9A-Za-z]{10}&autoplay=0"
    r"|https://player\.vimeo\.com/video/[0-9]{5,12}\?dnt=1"
    r"|https://v\.qq\.com/txp/iframe/player\.html\?vid=[0-9a-z]{11}"
)
known = st.sampled_from(PLATFORMS).flatmap(lambda platform: st.from_regex(platform.pages, fullmatch=True))


@given(known)
def test_a_player_is_one_of_four_with_nothing_but_an_id(address):
    assert PLAYERS.fullmatch(video_of(address).player)


@given(
    st.one_of(
        st.text(),
        st.builds("{}{}".format, known, st.text()),
        st.builds("{}{}".format, st.text(), known),
        st.builds(str.replace, known, st.sampled_from("/.?=v"), st.text(max_size=3)),
    )
)
def test_whatever_the_address_a_player_is_one_of_four_with_nothing_but_an_id(address):
    video = video_of(address)

    assert video is None or video.player == "" or PLAYERS.fullmatch(video.player)


# --- The page of a session --------------------------------------------------------------------------------------------


def frames_allowed_by(response):
    directives = dict(each.strip().partition(" ")[::2] for each in response["Content-Security-Policy"].split(";"))
    return directives.get("frame-src"), directives["default-src"]


def test_only_the_page_of_a_session_may_show_frames_and_only_players(client, db):
    talk, paper = session(), agreement()

    answers = [
        client.get(address) for address in (talk.get_absolute_url(), paper.get_absolute_url(), "/en/", "/en/no/")
    ]

    assert [frames_allowed_by(answer) for answer in answers] == [
        (
            "https://www.youtube-nocookie.com/embed/ https://player.bilibili.com/player.html "
            "https://player.vimeo.com/video/ https://v.qq.com/txp/iframe/player.html "
            "https://www.bilibili.com/blackboard/webplayer/mbplayer.html",
            "'none'",
        ),
        (None, "'none'"),
        (None, "'none'"),
        (None, "'none'"),
    ]


def test_every_player_may_stand_in_a_frame():
    assert all(platform.player.startswith(FRAME_SOURCES) for platform in PLATFORMS)


def test_a_session_links_its_videos_and_loads_nothing(client, db):
    talk = session(
        title_en="Opening",
        recording_url="https://www.youtube.com/watch?v=abcDEF_-123",
        livestream_url="https://live.example/lake",
    )

    html = client.get(talk.get_absolute_url()).content.decode()

    assert re.findall(r"<iframe|<video|<embed|<object", html) == []
    assert re.findall(r'<a href="(https://[^"]+)" rel="external"', html) == [
        *2 * ["https://live.example/lake"],
        *2 * ["https://www.youtube.com/watch?v=abcDEF_-123"],
    ]
    assert re.findall(r'data-player="([^"]+)" data-title="([^"]+)"', html) == [(YOUTUBE, "Recording: Opening")]
    assert "Watching it sends your IP address to youtube.com." in html


def test_a_session_without_a_video_says_nothing_of_videos(client, db):
    talk = session(recording_url="")

    html = client.get(talk.get_absolute_url()).content.decode()

    assert ("video-title" in html, "js/video.js" in html) == (False, False)


def test_an_address_that_would_run_a_script_is_no_link(client, db):
    talk = session(recording_url="javascript:alert(1)")

    assert "alert(1)" not in client.get(talk.get_absolute_url()).content.decode()
