"""What a centre says in its own way, from a file in the profile's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage_tui.cli.centre_file import FILE, read_centre_file
from triage_tui.cli.failure import Failure


def test_without_a_file_there_are_replies_and_no_video(tmp_path: Path) -> None:
    words = read_centre_file(tmp_path).words()
    assert len(words.quick_replies) >= 3 and words.video_link is None


def test_each_call_gets_a_room_of_its_own(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        'quick_replies = ["Hei"]\nvideo_link = "https://video.example.no/{room}"\n', encoding="utf-8"
    )
    read = read_centre_file(tmp_path)
    first, second = read.words(), read.words()
    assert first.quick_replies == ("Hei",)
    assert first.video_link and first.video_link.startswith("https://video.example.no/")
    assert first.video_link != second.video_link


@pytest.mark.parametrize(
    "text",
    [
        "quick_replies =",
        "quick_replies = [1]",
        'quick_replies = "Hei"',
        'video_link = "https://video.example.no/"',
        'video_link = "http://video.example.no/{room}"',
    ],
)
def test_what_cant_be_read_says_where_and_what_belongs_there(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(Failure, match="quick_replies"):
        read_centre_file(tmp_path)
