"""Workers as processes of their own: one that is killed while it reads, several at once, one that is told to stop."""

import json
import os
import signal
import time

import pytest

from commons.files.reading import CHILD

# A parser that says it has begun, and then waits to be told to go on: in a file of its own, `begun` and `go`.
SLOW = """
import os, runpy, sys, time
folder = {folder!r}
open(os.path.join(folder, f"begun-{{os.getpid()}}"), "w").close()
while not os.path.exists(os.path.join(folder, "go")):
    time.sleep(0.01)
sys.argv[0] = {child!r}
runpy.run_path({child!r}, run_name="__main__")
"""

SHARE = """
import json, secrets
from django.core.files.uploadedfile import SimpleUploadedFile
from commons.contributions.attaching import Chosen
from commons.contributions.models import Contribution
from commons.files.accepted import DOCUMENTS
from commons.files.checking import check
from commons.files.models import StoredFile
from commons.files.storing import store
from library.models import Document
from tests.files import made
from tests.factories import make_member, values_for
StoredFile.objects.filter(purpose="original").update(state="read")
author = make_member(email=secrets.token_hex(6) + "@example.org")
made_here = []
for _number in range({number}):
    upload = SimpleUploadedFile("story.pdf", made.pdf(["Of gooseberry."]))
    document = Document(kind="document", author=author)
    file = store(upload, check(upload, DOCUMENTS, most_bytes=10**6), author)
    document.store(values_for(files=[Chosen(file)]), by=author)
    document.submit(author)
    made_here.append(file.pk)
print(json.dumps(made_here))
"""

READ = """
import json
from commons.files import reading, signals
from pathlib import Path
reading.CHILD = Path({child!r})
read = []
signals.file_read.connect(lambda file, **_rest: read.append(file.pk), weak=False)
print("reading", flush=True)
while reading.read_due():
    pass
print(json.dumps(read))
"""

LEASE_OVER = (
    "from commons.files.models import StoredFile; StoredFile.objects.update(taken_at='2020-01-01T00:00Z')"
)

KNOWN = """
import json
from commons.files.models import FileText, StoredFile
file = StoredFile.objects.get(pk={pk})
print(json.dumps([
    file.state, file.tries, file.taken_at is None, file.renditions.count(), FileText.objects.filter(file=file).count()
]))
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def slow(folder):
    """Return the path of a parser that waits until a file `go` is there."""
    path = folder / "slow_child.py"
    path.write_text(SLOW.format(folder=str(folder), child=str(CHILD)))
    return str(path)


def begun(folder, number=1):
    """Wait until so many parsers have begun; return the id of one's process."""
    while len(found := list(folder.glob("begun-*"))) < number:
        time.sleep(0.01)
    return int(found[0].name.partition("-")[2])


def share(site, number=1):
    """Publish so many documents with a file each; return the files' ids."""
    return json.loads(site.python(SHARE.format(number=number)))


def known(site, pk):
    return json.loads(site.python(KNOWN.format(pk=pk)))


def result(process):
    output, _none = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return json.loads(output.strip().splitlines()[-1])


def test_a_worker_that_is_killed_while_it_reads_leaves_the_file_to_the_next_which_reads_it_once(
    other_site, folder, slow
):
    (pk,) = share(other_site)
    worker = other_site.start("-c", READ.format(child=slow))
    begun(folder)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert known(other_site, pk) == ["waiting", 1, False, 0, 0]
    assert result(other_site.start("-c", READ.format(child=slow))) == []  # its lease has not ended
    other_site.python(LEASE_OVER)
    (folder / "go").touch()
    assert result(other_site.start("-c", READ.format(child=slow))) == [pk]
    assert known(other_site, pk) == ["read", 2, True, 2, 1]
    assert result(other_site.start("-c", READ.format(child=slow))) == []


def test_of_two_workers_that_have_the_same_file_one_writes(other_site, folder, slow):
    (pk,) = share(other_site)
    first = other_site.start("-c", READ.format(child=slow))
    begun(folder)
    other_site.python(LEASE_OVER)  # as if the first had slept for very long
    second = other_site.start("-c", READ.format(child=slow))
    begun(folder, 2)
    (folder / "go").touch()
    assert sorted([result(first), result(second)]) == [[], [pk]]
    assert known(other_site, pk) == ["read", 2, True, 2, 1]


def test_several_workers_read_every_file_once(other_site, folder, slow):
    files = share(other_site, number=6)
    (folder / "go").touch()
    workers = [other_site.start("-c", READ.format(child=slow)) for _worker in range(3)]
    assert sorted(pk for worker in workers for pk in result(worker)) == files


def test_a_worker_that_is_told_to_stop_gives_the_file_back_at_once(other_site, folder, slow):
    (pk,) = share(other_site)
    code = (
        "from commons.files import reading; from pathlib import Path\n"
        f"reading.CHILD = Path({slow!r})\n"
        "from django.core.management import call_command; call_command('run_worker')"
    )
    worker = other_site.start("-c", code)
    parser = begun(folder)
    worker.send_signal(signal.SIGTERM)
    output, _none = worker.communicate(timeout=60)
    assert worker.returncode == 0, output
    assert known(other_site, pk) == ["waiting", 0, True, 0, 0]
    with pytest.raises(ProcessLookupError):
        os.kill(parser, 0)
