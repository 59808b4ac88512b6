"""Sample threads and the best answers to some of them, for a sample network (manage.py generate_network)."""

from datetime import timedelta
from functools import partial

from commons.contributions.generator import BATCH, SAMPLE_REASON, Generator, Stage, contributions
from commons.contributions.models import Comment, Contribution
from commons.contributions.signals import contribution_changed
from commons.moderation.models import Status

from .models import DISCUSSION, QUESTION, Thread

ANSWERED = 0.5  # of the questions to which somebody has replied


def _own(random, number, item):
    """Return what a thread has of its own: most are questions, the first is pinned, and a few are closed."""
    is_question = random.random() < 0.6
    closed = item.status == Status.PUBLISHED and random.random() < 0.03
    return {
        "is_question": is_question,
        "subtype": QUESTION if is_question else DISCUSSION,
        "answered": False if is_question else None,
        "pinned_at": item.published_at if number == 1 else None,
        "closed_at": item.changed_at + timedelta(days=1) if closed else None,
        "closed_reason": SAMPLE_REASON if closed else "",
    }


def best_answers(network, count):
    """Let half of the questions have a best answer, the reply that most found helpful; yield how many, by batches."""
    random = network.random("best answers")
    questions = [
        item
        for item in network.contributions
        if isinstance(item, Thread) and item.is_question and item.comment_count and random.random() < ANSWERED
    ]
    for start in range(0, len(questions), BATCH):
        batch = questions[start : start + BATCH]
        _choose(batch)
        yield len(batch)


def _choose(threads):
    pks = [thread.pk for thread in threads]
    replies = Comment.objects.filter(contribution__in=pks, listed=True).order_by("helpful_count", "-position")
    best = dict(replies.values_list("contribution", "pk"))
    for thread in threads:
        thread.best_answer_id, thread.answered = best[thread.pk], True
    Thread._base_manager.bulk_update(threads, ["best_answer"], batch_size=BATCH)
    Contribution._base_manager.filter(pk__in=pks).update(answered=True)
    contribution_changed.send(sender=Thread, ids=pks)


THREADS = Generator(
    "forum threads",
    Stage.CONTRIBUTIONS,
    partial(contributions, model=Thread, noun="thread", own=_own, talk=4),
    share=5,
)
BEST_ANSWERS = Generator("best answers", Stage.AROUND_CONTRIBUTIONS, best_answers)
