"""The commands: where each is, what it does in one line, and examples for its help."""

from typing import NamedTuple


class Command(NamedTuple):
    """A command: where it is, what it does in one line, and examples for its help."""

    place: str
    purpose: str
    examples: str


COMMANDS = {
    "read": Command(
        "duktus.cli.read:read",
        "Read what is written in images, folders of images and stroke files.",
        """
Examples:
  duktus read photo.jpg                     what is written in a picture
  duktus read scans/ --format csv > it.csv  a folder and all below it
  duktus read - < photo.jpg                 a picture from standard input
  duktus read letter.jpg --format alto > letter.xml
  duktus read scan.pdf --layout table --format csv > numbers.csv
  duktus read scans/ --out read/ --format page   resumes where it stopped
  duktus read page.png --gallery runes.db --review out.csv

Doubtful characters are then listed in out.csv, with their images in
out.files/. Fill in the column 'label', and 'duktus teach runes.db out.csv'
reads the table.

A file that cannot be read gives a record with its error; the remaining files
are read, and the exit code is 1.
""",
    ),
    "explain": Command(
        "duktus.cli.explain:explain",
        "Show which ink decided a reading or an identification, or the stages from a page to its text.",
        """
Examples:
  duktus explain photo.jpg                            writes photo.explained.html
  duktus explain page.png --gallery runes.db          with the nearest examples
  duktus explain page.png --gallery hands.db          which words support which hand
  duktus explain page.png --gallery hands.db --regions 0,0,1200,800
  duktus explain page.png --against letter.png        for or against that hand
  duktus explain line.png --model hands.onnx          the writer that each patch is attributed to
  duktus explain photo.jpg --stages                   writes photo.stages.png
  duktus explain scan.pdf --stages --page 3 --out three.png
""",
    ),
    "train": Command(
        "duktus.cli.train:train",
        "Train, evaluate and export a network: on labelled images, or by a recipe.",
        """
Examples:
  duktus train runes                    one folder per label; writes runes.onnx and runes.report/
  duktus train letters.csv --out mine.onnx
  duktus train mnist                    digits, in seconds; or by name: digits-quick
  duktus train recipes/digits.toml
  duktus train runes --group-by number  ᚠ_07.png is the seventh drawer's
  duktus train recipes/digits.toml --set epochs=2 --out quick.onnx
  duktus train recipes/digits.toml --summary
  duktus train lines --data my-lines/       the shipped model, fine-tuned on your own lines
  duktus train review.csv --from numbers    the same, of corrected numbers

Progress goes to standard error. Interrupted by Ctrl-C or killed, it continues
from its checkpoint when it is called again. Needs the extra 'train'.
""",
    ),
    "evaluate": Command(
        "duktus.cli.evaluate:evaluate",
        "Measure a model or a gallery on labelled images, each figure with its 95 % interval.",
        """
Examples:
  duktus evaluate digits mnist --report report/
  duktus evaluate mine.onnx labelled/ --limit 1000
  duktus evaluate runes.db labelled/ --report report/
  duktus evaluate hand-encoder pages/ --report report/
  duktus evaluate hands.db pages/ --report report/

DATA is a folder with one folder per label (7/01.png) or with labels in file names
(7_01.png), a table (file,label as .csv or .jsonl), a folder with MNIST's idx
files, whose test part is taken, or the name of a data set that 'duktus data'
downloaded. Needs the extra 'train'.
""",
    ),
    "serve": Command(
        "duktus.cli.serve:serve",
        "Serve a web page to draw, teach and compare hands, and an HTTP interface for programs.",
        """
Examples:
  duktus serve                              opens http://127.0.0.1:8000/
  duktus serve --port 9000 --galleries galleries/
  DUKTUS_TOKEN=... duktus serve --host 0.0.0.0 --allow-host archive.example

Needs the extra 'server'. Nothing that is sent is kept, unless it is taught or
enrolled. The interface is described at /openapi.json.
""",
    ),
    "models": Command("duktus.cli.models:app", "List, show, check and quantise models.", ""),
    "teach": Command(
        "duktus.cli.teach:teach",
        "Teach letters from drawings: the next reading with the gallery knows them.",
        """
Examples:
  duktus teach runes.db runes/                one folder per letter, or ᚠ_01.png
  duktus teach runes.db --label ᚠ drawing.png
  duktus teach runes.db out.csv               filled in after 'duktus read --review'
  duktus read page.png --gallery runes.db

The same drawing twice changes nothing. Nothing is trained, and the base
installation is enough.
""",
    ),
    "apply": Command(
        "duktus.cli.apply:apply",
        "Write corrections of numbers and lines back into the table of readings.",
        """
Examples:
  duktus read scan.pdf --layout table --format csv --review review.csv > table.csv
  duktus apply review.csv table.csv

Correct in review.html, which saves review.csv, or in its column 'label'.
""",
    ),
    "enrol": Command(
        "duktus.cli.teach:enrol",
        "Enrol hands from pages: the next identification with the gallery knows them.",
        """
Examples:
  duktus enrol hands.db letters/                 one folder per writer, or a table
  duktus enrol hands.db --writer Anna page.png   pages of one hand

One page is enough. The same page twice changes nothing; a page that is enrolled
under another name is reported, and is changed with --replace only.
""",
    ),
    "identify": Command(
        "duktus.cli.hands:identify",
        "Identify the writer of documents, or say that none of the known hands wrote them.",
        """
Examples:
  duktus identify page.png --gallery hands.db
  duktus identify page.png --model hands.onnx      by a trained network
  duktus identify scans/ --gallery hands.db --top 3 --format jsonl
  duktus identify page.png --gallery hands.db --without 0,1100,800,200
""",
    ),
    "verify": Command(
        "duktus.cli.hands:verify",
        "Compare two documents: the likelihood ratio of one hand against two.",
        """
Examples:
  duktus verify a.png b.png
  duktus verify deed.png deed.png --regions 0,0,900,700 --second-regions 0,700,900,200
""",
    ),
    "search": Command(
        "duktus.cli.hands:search",
        "List the documents of a gallery by similarity of hand.",
        """
Examples:
  duktus search page.png --gallery hands.db
""",
    ),
    "gallery": Command(
        "duktus.cli.gallery:app", "List, rename, merge, remove, export, import and check what a gallery holds.", ""
    ),
    "doctor": Command(
        "duktus.cli.setup:doctor",
        "Report what is installed: versions, cores, extras, models, and where data is searched for.",
        "",
    ),
    "data": Command(
        "duktus.cli.setup:data",
        "Download a data set.",
        """
Examples:
  duktus data mnist
  duktus data mnist --to data/mnist

An interrupted download resumes where it stopped.
""",
    ),
}
