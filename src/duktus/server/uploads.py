"""Images that come with a request: held in memory, never on the disk, each under the name that it was sent with."""

import io
from http import HTTPStatus
from pathlib import PurePath

from fastapi import UploadFile

from duktus.server.problems import ProblemError

LONGEST = 200
"""Characters of a file's name that are kept."""


class Upload(io.BytesIO):
    """The content of a file that was sent.

    Args:
        content: of the file.
        name: under which it was sent.
    """

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


async def take(file: UploadFile) -> Upload:
    """Return a file as it may be opened.

    Raises:
        ProblemError: it is empty.
    """
    content = await file.read()
    # What a browser sends is a name; what a program sends may be a path, of which nobody needs to know more.
    name = PurePath((file.filename or "-").replace("\\", "/")).name[:LONGEST] or "-"
    if not content:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}: expected an image or a stroke file, received no bytes"
        )
    return Upload(content, name)


async def take_all(files: list[UploadFile]) -> list[Upload]:
    """Return files as they may be opened. Raises ProblemError where one is empty."""
    return [await take(file) for file in files]
