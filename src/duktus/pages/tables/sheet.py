"""The HTML page in which numbers are corrected: pictures with fields to type into, and a button that saves a table."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from duktus.reporting.canvas import printable
from duktus.reporting.page import document, safe

_STYLE = """
.numbers{border-collapse:collapse}.numbers td{padding:.4em .8em;vertical-align:middle;border-top:1px solid #8884}
.numbers img{max-height:6em;max-width:30em;background:#fff}.numbers input{font:inherit;font-size:1.3em;width:12em}
.doubtful input{outline:2px solid #d0602f}#bar{position:sticky;top:0;padding:.5em 0;background:Canvas}
"""

_SCRIPT = """
const columns = JSON.parse(document.getElementById("columns").textContent);
const rows = JSON.parse(document.getElementById("rows").textContent);
const fields = [...document.querySelectorAll("input[data-row]")];
const quoted = text => /[",\\n\\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
const guarded = text => /^[=+@-]/.test(text) && !/^[+-]?[0-9.]+$/.test(text) && text.length > 1 ? "'" + text : text;
function said(field) { return field.value === field.defaultValue && !field.dataset.sure ? "" : field.value; }
fields.forEach((field, at) => field.addEventListener("keydown", event => {
  if (event.key !== "Enter") return;
  field.dataset.sure = "1";
  field.closest("tr").className = "done";
  if (fields[at + 1]) { fields[at + 1].focus(); fields[at + 1].select(); }
  event.preventDefault();
}));
document.getElementById("save").addEventListener("click", () => {
  const lines = [columns.join(",")];
  for (const field of fields) {
    const row = rows[+field.dataset.row];
    row.label = guarded(said(field));
    lines.push(columns.map(name => quoted(String(row[name]))).join(","));
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\\ufeff" + lines.join("\\n") + "\\n"], {type: "text/csv"}));
  link.download = document.getElementById("save").dataset.name;
  link.click();
});
"""


def page_of(name: str, columns: Sequence[str], records: Sequence[Mapping[str, object]], pictures: Iterable[str]) -> str:
    """Return the page.

    Args:
        name: of the table that it saves.
        columns: of that table; ``label`` is what is typed.
        records: its rows, in the order in which they are shown.
        pictures: of each row, an address that holds the picture itself.
    """
    how = (
        "Correct what is wrong; Enter says that a field is right and goes to the next. What is not touched stays as it "
        "was read. Save the table, then write it back with 'duktus apply'."
    )
    shown = zip(records, pictures, strict=True)
    rows = "".join(_row(number, record, picture) for number, (record, picture) in enumerate(shown))
    body = [
        f"<style>{_STYLE}</style><h1>{safe(name)}</h1>",
        f'<div id="bar"><button id="save" data-name="{escape(name)}">Save {safe(name)}</button> {safe(how)}</div>',
        f'<table class="numbers"><tbody>{rows}</tbody></table>',
        _data("columns", list(columns)),
        _data("rows", [dict(record) for record in records]),
        f"<script>{_SCRIPT}</script>",
    ]
    return document(f"{name}: numbers to correct", body)


def _row(number: int, record: Mapping[str, object], picture: str) -> str:
    """One number: its picture, a field with what was read, and why it is doubtful."""
    text, reason = str(record["text"]), str(record["reason"])
    kind = "" if record["accepted"] == "true" else ' class="doubtful"'
    place = f"{record['source']}, page {record['page']}"
    if record["row"]:
        place += f", row {record['row']}, column {record['column']}"
    field = f'<input data-row="{number}" value="{escape(printable(text, 400))}" aria-label="number {number + 1}">'
    words = f"{safe(printable(reason, 200))}<br><small>{safe(printable(place, 200))}</small>"
    image = f'<img src="{picture}" alt="{escape(printable(text, 40))}">'
    return f"<tr{kind}><td>{image}</td><td>{field}</td><td>{words}</td></tr>"


def _data(name: str, value: object) -> str:
    """Data for the script; "<" is escaped, so that no text ends the element."""
    text = json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'
