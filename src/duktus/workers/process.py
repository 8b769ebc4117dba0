"""A process that reads for another one: chunks of images come through a pipe, what is written in them goes back."""

import os
import pickle
import signal
import struct
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, NamedTuple, NoReturn

import cv2

from duktus.glyphs.reading.head import Head
from duktus.glyphs.reading.hypotheses import Layout
from duktus.glyphs.reading.reader import Reader
from duktus.models.runtime import Precision, Session
from duktus.workers.batches import read_chunk

READY = b"duktus: ready to read\n"
"""The line with which a worker begins; what stands before it was printed by something that Python loads."""

_LENGTH = struct.Struct("<Q")


class Task(NamedTuple):
    """What a worker is told first: the model by its content, its name for messages, how pages are looked at, a head."""

    content: bytes
    name: str
    precision: Precision
    layout: Layout
    head: Head | None = None


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
    """Read chunks of images until standard input ends; what goes wrong ends this process, and its owner sees that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    with suppress(Exception):
        orders, answers = _take_pipes()
        waiting: SimpleQueue[Any] = SimpleQueue()
        Thread(target=_listen, args=(orders, waiting), daemon=True).start()
        _work(waiting, answers)
    os._exit(1)


def _work(waiting: "SimpleQueue[Any]", answers: BinaryIO) -> NoReturn:
    """Open the model that the first message names, and answer each message after it."""
    task: Task = waiting.get()
    cv2.setNumThreads(1)  # there is a process for each core
    reader = Reader(Session(task.content, 1, task.precision, name=task.name), task.head)
    steps = reader.steps(task.layout)
    answers.write(b"\n" + READY)
    answers.flush()
    while True:
        images = waiting.get()
        try:
            found = read_chunk(images, steps)
        except Exception:  # nobody foresaw it: whoever asked reads these images itself, and raises it there
            found = None
        send(answers, found)


def _listen(orders: BinaryIO, waiting: "SimpleQueue[Any]") -> NoReturn:
    """Take messages as they come: so the end of whoever sends them is seen in the middle of an image, too."""
    with suppress(Exception):
        while True:
            waiting.put(receive(orders))
    os._exit(0)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep standard input and output for messages: others read nothing there, and print to standard error."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, answers


def _read(pipe: BinaryIO, length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError(f"expected {length} bytes, received {len(content)}")
    return content
