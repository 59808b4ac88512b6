"""That the process which looks into strangers' files can't take more than it may, and that nothing gets past it."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.files import check_child, checking
from commons.files.accepted import FILE_TYPES
from commons.files.checking import check
from commons.files.refusals import MESSAGES

from . import made, made_bad

MEGABYTE = 1024 * 1024
# Runs a command on our standard input, and tells the most memory that it had, in kilobytes.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=0, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
LIMITED = f"""
import resource, sys
sys.path.insert(0, {str(Path(check_child.__file__).parent)!r})
import check_child
check_child.CPU_SECONDS = 1
check_child.set_limits("pdf")
"""


@pytest.mark.parametrize(
    ("kind", "make", "megabytes"),
    [
        ("png", lambda: made_bad.png_of(20_000, 20_000), 100),
        ("webp", lambda: made_bad.webp_header(16_000, 16_000), 100),
        ("docx", lambda: made.docx(more={"word/media/image1.bmp": bytes(10_000_000)}), 100),
        ("pdf", lambda: made_bad.packed_pdf(bytes(70_000_000)), 200),
        ("pdf", made_bad.page_bomb, 512),
    ],
    ids=["pixels", "canvas", "member", "objects", "page"],
)
def test_a_bomb_takes_no_more_memory_than_it_may(kind, make, megabytes):
    with tempfile.TemporaryFile() as file:
        file.write(make())
        file.seek(0)
        command = [sys.executable, "-c", MEASURE, sys.executable, "-I", str(checking.CHILD), kind]
        done = subprocess.run(command, stdin=file, capture_output=True, check=True)
    assert int(done.stdout) * 1024 < megabytes * MEGABYTE


@pytest.mark.parametrize(
    ("script", "ended"),
    [
        ("while True: pass", -signal.SIGKILL),
        ("bytes(600 * 1024 * 1024)", 1),
        ("import tempfile; tempfile.TemporaryFile().write(bytes(100_000))", 1),
    ],
    ids=["time", "memory", "disk"],
)
def test_limits_hold(script, ended):
    done = subprocess.run([sys.executable, "-I", "-c", LIMITED + script], capture_output=True, check=False)
    assert done.returncode == ended


def test_pictures_have_room_for_forty_megapixels():
    content = made.avif((8000, 5000), colour="teal", speed=10)
    facts = check(SimpleUploadedFile("large.avif", content), ("avif",), most_bytes=MEGABYTE)
    assert (facts.width, facts.height) == (8000, 5000)


GOOD = {code: make() for code, make in made.ALL.items()}


def looked_at(content, code):
    """Return the type, or the code of the refusal: whatever else is raised fails the test."""
    upload = SimpleUploadedFile(f"a.{FILE_TYPES[code].extensions[0]}", content)
    try:
        return check(upload, tuple(FILE_TYPES), most_bytes=10 * MEGABYTE).type
    except ValidationError as problem:
        return problem.code


@settings(max_examples=15, deadline=None)
@given(content=st.binary(max_size=200), code=st.sampled_from(sorted(GOOD)), keep=st.integers(0, 12))
def test_any_bytes_give_facts_or_a_refusal(content, code, keep):
    assert looked_at(GOOD[code][:keep] + content, code) in {code, *MESSAGES}


@settings(max_examples=40, deadline=None)
@given(
    code=st.sampled_from(sorted(GOOD)),
    place=st.floats(0, 1),
    cut=st.integers(0, 40),
    put=st.binary(max_size=20),
)
def test_any_change_to_a_good_file_gives_facts_or_a_refusal(code, place, cut, put):
    content = GOOD[code]
    at = int(place * len(content))
    assert looked_at(content[:at] + put + content[at + cut :], code) in {code, *MESSAGES}
