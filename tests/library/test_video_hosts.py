"""Addresses of hosted videos: which are recognised, and how each is kept."""

import pytest

from library.video_hosts import recognise

ID = "a-b_C1234xY"
YOUTUBE = f"https://www.youtube.com/watch?v={ID}"
VIMEO = "https://vimeo.com/123456789"


@pytest.mark.parametrize(
    ("typed", "host", "kept"),
    [
        (f"https://www.youtube.com/watch?v={ID}", "youtube", YOUTUBE),
        (f"http://youtube.com/watch?app=desktop&v={ID}&t=42s&list=PL1", "youtube", YOUTUBE),
        (f"  HTTPS://WWW.YouTube.COM/watch?v={ID}#here ", "youtube", YOUTUBE),
        (f"youtube.com/watch?v={ID}", "youtube", YOUTUBE),
        (f"//m.youtube.com/watch?v={ID}", "youtube", YOUTUBE),
        (f"https://youtu.be/{ID}?si=tracking", "youtube", YOUTUBE),
        (f"https://www.youtube.com/shorts/{ID}", "youtube", YOUTUBE),
        (f"https://www.youtube.com/embed/{ID}?rel=0", "youtube", YOUTUBE),
        (f"https://www.youtube.com/live/{ID}/", "youtube", YOUTUBE),
        (f"https://www.youtube-nocookie.com/embed/{ID}", "youtube", YOUTUBE),
        ("https://vimeo.com/123456789", "vimeo", VIMEO),
        ("vimeo.com/123456789?share=copy", "vimeo", VIMEO),
        ("https://www.vimeo.com/123456789/", "vimeo", VIMEO),
        ("https://vimeo.com/123456789/abcdef0123", "vimeo", f"{VIMEO}/abcdef0123"),
        ("https://player.vimeo.com/video/123456789", "vimeo", VIMEO),
        ("https://player.vimeo.com/video/123456789?h=abcdef0123&dnt=1", "vimeo", f"{VIMEO}/abcdef0123"),
    ],
)
def test_recognised(typed, host, kept):
    found = recognise(typed)
    assert (found.host.code, found.address) == (host, kept)
    assert recognise(kept) == found


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "words",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=",
        f"https://www.youtube.com/watch?v={ID}x",
        f"https://www.youtube.com/watch?v={ID[:-1]}",
        f"https://www.youtube.com/watch?v={ID[:-1]}%22",
        "https://www.youtube.com/playlist?list=PL1234567890",
        "https://www.youtube.com/@somebody",
        f"https://www.youtube.com/redirect/{ID}",
        f"https://youtube.com.example.org/watch?v={ID}",
        f"https://example.org/youtube.com/watch?v={ID}",
        f"https://notyoutube.com/watch?v={ID}",
        f"https://youtube.com@example.org/watch?v={ID}",
        f"https://somebody:word@youtube.com/watch?v={ID}",
        f"https://youtube.com:8443/watch?v={ID}",
        f"https://youtube.com:port/watch?v={ID}",
        f"javascript://www.youtube.com/watch?v={ID}",
        f"ftp://youtube.com/watch?v={ID}",
        f"https://youtu.be/{ID}/more",
        "https://[youtube.com/watch",
        "https://vimeo.com/",
        "https://vimeo.com/0123",
        "https://vimeo.com/somebody",
        "https://vimeo.com/1234567890123",
        "https://vimeo.com/123456789/settings",
        "https://vimeo.com/123456789/abcdef0123/more",
        "https://player.vimeo.com/123456789",
        "https://player.vimeo.com/video/",
        "https://player.vimeo.com/video/123456789?h=%3Cscript",
        "https://vimeo.com/１２３４５６７８９",
    ],
)
def test_not_recognised(typed):
    assert recognise(typed) is None
