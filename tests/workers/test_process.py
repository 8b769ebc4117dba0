"""A worker says that it is ready, answers each message, and ends without a word."""

import importlib.util
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple, cast

import pytest

from duktus.glyphs.reading.reader import Reader
from duktus.models.runtime import Precision, Session
from duktus.pen.sources import Readable
from duktus.types import ImageError, MissingExtraError, ModelError
from duktus.workers.job import Job
from duktus.workers.process import READY, receive, send
from tests.cli.door import PATIENCE, environment, save_arbitrary_model, write_page

OPENER = "duktus.glyphs.reading.reader:open_steps"

BEGIN = "from duktus.workers.process import main; main()"


class Worker(NamedTuple):
    """A worker's process and the pipes to it and from it."""

    process: "subprocess.Popen[bytes]"
    requests: BinaryIO
    answers: BinaryIO

    def end(self) -> tuple[int, bytes]:
        """Send no more; the exit code, and all that was written to standard error."""
        self.requests.close()
        return self.process.wait(timeout=PATIENCE), cast(BinaryIO, self.process.stderr).read()


@contextmanager
def worker() -> Iterator[Worker]:
    """A process that runs a worker and nothing else."""
    pipe = subprocess.PIPE
    call = [sys.executable, "-c", BEGIN]
    with subprocess.Popen(call, stdin=pipe, stdout=pipe, stderr=pipe, env=environment()) as process:
        try:
            yield Worker(process, cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout))
        finally:
            process.kill()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A model file's content; its network was never trained."""
    return save_arbitrary_model(tmp_path_factory.mktemp("model") / "arbitrary.onnx").read_bytes()


def test_messages_are_received_in_order() -> None:
    """What was sent is received, message by message."""
    pipe = io.BytesIO()
    send(pipe, ["a", 1])
    send(pipe, None)
    pipe.seek(0)
    assert (receive(pipe), receive(pipe)) == (["a", 1], None)


def test_a_message_comes_whole_or_not_at_all() -> None:
    """A pipe that ends anywhere in a message has none."""
    pipe = io.BytesIO()
    send(pipe, ["a", 1])
    for length in range(len(pipe.getvalue())):
        with pytest.raises(EOFError):
            receive(io.BytesIO(pipe.getvalue()[:length]))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_answers_are_those_of_this_process(precision: Precision, content: bytes) -> None:
    """In either precision; a defect is answered by nothing, and the end of the messages is the end."""
    if precision == "bfloat16" and importlib.util.find_spec("openvino") is None:
        pytest.skip("the extra `fast` is not installed")
    try:
        reader = Reader(Session(content, 1, precision))
    except (MissingExtraError, ModelError) as error:
        pytest.skip(str(error))
    images: list[Readable] = [write_page(), b"no image", write_page("5")]
    with worker() as one:
        send(one.requests, Job(OPENER, (content, "arbitrary", precision, "auto", None)))
        assert READY in one.answers
        for message in (images, 7, images):
            send(one.requests, message)
        found = [receive(one.answers) for _ in range(3)]
        assert one.end() == (0, b"")
    assert found[1] is None
    assert found[0][::2] == found[2][::2] == reader.steps("auto").answer(images)[::2]
    assert isinstance(found[0][1], ImageError)


@pytest.mark.parametrize("size", [0, 1000])
def test_a_model_that_cannot_be_opened_ends_it(size: int, content: bytes) -> None:
    """Whoever started it sees the end of its messages, and nobody else hears of it."""
    with worker() as one:
        send(one.requests, Job(OPENER, (content[:size], "broken", "float32", "auto", None)))
        assert one.answers.read() == b""
        assert one.process.wait(timeout=PATIENCE) == 1
        assert cast(BinaryIO, one.process.stderr).read() == b""


def test_one_to_which_nothing_is_said_ends() -> None:
    """Its owner may be gone before the first message."""
    with worker() as one:
        assert one.end() == (0, b"")


@pytest.mark.parametrize("opener", ["nowhere:nothing", "duktus.workers.job:nothing", "duktus.workers.job"])
def test_an_opener_that_is_not_there_ends_it(opener: str) -> None:
    """A module or function that cannot be found is seen as the end of the messages, too."""
    with worker() as one:
        send(one.requests, Job(opener, ()))
        assert one.answers.read() == b""
        assert one.process.wait(timeout=PATIENCE) == 1
