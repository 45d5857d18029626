"""The only module that talks to RQ. Redis is the doorbell: whatever it loses, the sweeper finds in the database."""

from __future__ import annotations

import logging
from functools import lru_cache

import django_rq
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.worker import SimpleWorker, Worker

log = logging.getLogger(__name__)

INTERACTIVE, BULK, CORRECT, LOOK, EXPORT = "interactive", "bulk", "correct", "look", "export"
QUEUES = (INTERACTIVE, BULK, CORRECT, LOOK, EXPORT)
JOBS = {
    "read": "documents.jobs.read_page",
    "correct": "documents.jobs.correct_page",
    "look": "documents.jobs.look_at_document",
    "change": "documents.jobs.change_documents",
    "export": "documents.jobs.export_documents",
    "test": "documents.jobs.test_model",
}
EXPORT_SECONDS = 4 * 3600
"""The longest that an export may take: 100,000 pages at seven in a second."""
WINDOW = 2
"""Jobs waiting in one queue at a time, besides those with a worker: every job calls the next ones before it ends, so
nobody waits; order and fairness stay the database's, an idle worker gets a share, and Redis can lose next to none."""


class ForbiddenJob(Exception):
    """A message in Redis asks for something that is not one of our jobs."""


class PageJob(Job):
    """A job that can only be one of ours: whoever can write to Redis must not get to run other code."""

    @property
    def func(self):
        if self.func_name not in JOBS.values():
            raise ForbiddenJob(f"{self.func_name} is not one of our jobs")
        return super().func

    # Callbacks and web hooks in a message would bypass `func`, and we use none.
    success_callback = failure_callback = stopped_callback = property(lambda self: None)
    webhooks = property(lambda self: [], lambda self, value: None)


class PageWorker(SimpleWorker):
    """Runs jobs in its own process, which keeps the engine's child warm; native code is never loaded here."""

    job_class = PageJob


@lru_cache(maxsize=1)
def doorbell() -> redis.Redis:
    """Return a connection that answers or fails within two seconds: an upload must not wait for Redis."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 0)
    )


def _queue(name: str):
    return django_rq.get_queue(name, connection=doorbell())


def ring(queue: str, step: str, page_id: int, revision: int, dispatches: int) -> None:
    """Put one page's job into `queue`. Raises redis.RedisError when Redis does not take it."""
    _enqueue(queue, step, (page_id, revision), job_id(page_id, revision, dispatches), f"{step} page {page_id}")


def ring_look(document_id: int) -> None:
    """Put a document's first look into its queue. Raises redis.RedisError when Redis does not take it."""
    _enqueue(LOOK, "look", (document_id,), look_id(document_id), f"look at document {document_id}")


def ring_test(model_id: int) -> None:
    """Put a language model's trial where pages are corrected. Raises redis.RedisError when Redis does not take it."""
    _enqueue(CORRECT, "test", (model_id,), f"test-{model_id}", f"try language model {model_id or 'of the settings'}")


def ring_change(change_id: int) -> None:
    """Put the next batches of a change into the queue of short jobs. Raises redis.RedisError like the others."""
    _enqueue(LOOK, "change", (change_id,), change_job_id(change_id), f"change {change_id}")


def change_job_id(change_id: int) -> str:
    """Return the id of a change's job; one that runs twice does no harm."""
    return f"change-{change_id}"


def ring_export(job_id: int) -> None:
    """Put an export into its queue. Raises redis.RedisError when Redis does not take it."""
    _enqueue(EXPORT, "export", (job_id,), export_job_id(job_id), f"export {job_id}", seconds=EXPORT_SECONDS)


def export_job_id(job_id: int) -> str:
    """Return the id of an export's job; of two that run, the older one stops."""
    return f"export-{job_id}"


def _enqueue(
    queue: str, step: str, args: tuple[int, ...], name: str, description: str, *, seconds: int | None = None
) -> None:
    _queue(queue).enqueue_call(
        JOBS[step], args=args, job_id=name, description=description, timeout=seconds, result_ttl=60, failure_ttl=3600
    )


def look_id(document_id: int) -> str:
    """Return the id of a document's look; one that runs twice does no harm."""
    return f"look-{document_id}"


def job_id(page_id: int, revision: int, dispatches: int) -> str:
    """Return the id of one dispatch: a new one each time, since RQ may keep the hash of a lost job for ever."""
    return f"p{page_id}-r{revision}-d{dispatches}"


def room(queue: str) -> int:
    """Return how many more jobs the window of `queue` takes; 0 when Redis cannot be asked."""
    try:
        return max(0, WINDOW - _queue(queue).count)
    except redis.RedisError as exc:
        log.warning("Redis does not answer (%s); the sweeper will try again.", exc)
        return 0


def known_job_ids() -> set[str]:
    """Return the ids of all jobs that are in a list, on the way to a worker or with one. Raises redis.RedisError."""
    ids: set[str] = set()
    for name in QUEUES:
        queue = _queue(name)
        ids.update(queue.get_job_ids())
        ids.update(_text(x) for x in queue.intermediate_queue.get_job_ids())
        # cleanup=False: cleaning may run RQ's own failure handling, which belongs to the workers.
        ids.update(_text(x) for x in StartedJobRegistry(queue=queue).get_job_ids(cleanup=False))
    return {job.split(":")[0] for job in ids}


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def workers_per_queue() -> dict[str, int]:
    """Return how many live workers listen to each queue. Raises redis.RedisError."""
    counts = dict.fromkeys(QUEUES, 0)
    for worker in Worker.all(connection=doorbell()):
        for name in worker.queue_names():
            if name in counts:
                counts[name] += 1
    return counts


def clean_registries() -> None:
    """Let RQ forget jobs that ended long ago. Housekeeping only; nothing of ours depends on it."""
    for name in QUEUES:
        StartedJobRegistry(queue=_queue(name)).cleanup()
