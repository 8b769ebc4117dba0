"""A worker process: batches of inputs come through a pipe, their answers go back."""

import os
import pickle
import signal
import struct
from contextlib import nullcontext, suppress
from math import inf
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, NoReturn

import cv2

from duktus.imaging.files import budget
from duktus.workers.job import Job

READY = b"duktus: ready\n"
"""The line with which a worker begins; what stands before it was printed by something that Python loads."""

_LENGTH = struct.Struct("<Q")


def send(pipe: BinaryIO, message: object) -> None:
    """Write a message. Raises OSError where nobody is at the other end."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """Read a message; both ends are this project's. Raises EOFError where none comes, or not all of it."""
    return pickle.loads(_read(pipe, *_LENGTH.unpack(_read(pipe, _LENGTH.size))))


def main() -> NoReturn:
    """Answer batches of inputs until standard input ends; an error ends this process, and its parent sees that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    with suppress(Exception):
        requests, answers = _take_pipes()
        waiting: SimpleQueue[Any] = SimpleQueue()
        Thread(target=_listen, args=(requests, waiting), daemon=True).start()
        _work(waiting, answers)
    os._exit(1)


def _work(waiting: "SimpleQueue[Any]", answers: BinaryIO) -> NoReturn:
    """Open the job of the first message, and answer each message after it."""
    job: Job = waiting.get()
    cv2.setNumThreads(1)  # there is a process for each core
    steps = job.open()
    answers.write(b"\n" + READY)
    answers.flush()
    keeps_time = budget.timeout() < inf and hasattr(signal, "setitimer")  # Windows has none
    while True:
        inputs = waiting.get()
        with budget.watched(_renew) if keeps_time else nullcontext():
            try:
                found = steps.answer(inputs)
            except Exception:  # a defect: the parent answers these inputs itself, and raises it there
                found = None
        if keeps_time:
            signal.setitimer(signal.ITIMER_REAL, 0)
        send(answers, found)


def _renew(_: str) -> None:
    """Have the system end this process in a while: a signal needs no Python, which may be within C for long."""
    signal.setitimer(signal.ITIMER_REAL, budget.timeout())


def _listen(requests: BinaryIO, waiting: "SimpleQueue[Any]") -> NoReturn:
    """Take messages as they come: so the end of whoever sends them is seen in the middle of an input, too."""
    with suppress(Exception):
        while True:
            waiting.put(receive(requests))
    os._exit(0)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep standard input and output for messages: others read nothing there, and print to standard error."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _read(pipe: BinaryIO, length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError(f"expected {length} bytes, received {len(content)}")
    return content
