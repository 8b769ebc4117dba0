/* Read: what is drawn or dropped is answered while one draws. */
import { call } from "./api.js";
import { Pad } from "./pad.js";
import { $, button, explain, make, odds, say, tell, trying } from "./parts.js";

const PAUSE = 120; // milliseconds between two questions while a stroke is drawn
const READERS = ["glyph-classifier", "line-transcriber"];
const COPY = /-int8$/; // the same network, only smaller

let pad, layout = "auto", running = null, waiting = null, asked = 0, busy = 0;

export function startRead() {
  pad = new Pad($("read-pad"), (drawing) => later(drawing));
  $("read-clear").onclick = () => pad.clear();
  $("read-undo").onclick = () => pad.undo();
  for (const id of ["read-file", "read-camera"]) {
    $(id).addEventListener("change", (event) => {
      if (event.target.files.length) pad.open(event.target.files[0]);
      event.target.value = "";
    });
  }
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files][0];
    if (file && !$("read").hidden) pad.open(file);
  });
  for (const name of ["auto", "one"]) {
    $(`read-${name}`).onclick = () => {
      layout = name;
      for (const other of ["auto", "one"]) $(`read-${other}`).setAttribute("aria-pressed", String(other === name));
      later();
    };
  }
  $("read-model").onchange = () => later();
  $("read-stages").onclick = () => trying($("read-state"), showStages);
  $("read-why").onclick = () => trying($("read-state"), () => explain(query(), { image: pad.file }));
  show([]);
}

export async function refreshRead() {
  const [models, galleries] = await Promise.all([call("models"), call("galleries")]);
  const chosen = $("read-model").value;
  const options = models.filter((one) => READERS.includes(one.task) && !COPY.test(one.name)).map((one) => {
    const option = new Option(one.name, `model:${one.name}`);
    option.dataset.task = one.task;
    return option;
  });
  for (const one of galleries) if (one.kind === "letters") options.push(new Option(one.name, `gallery:${one.name}`));
  $("read-model").replaceChildren(...options);
  if (options.some((one) => one.value === chosen)) $("read-model").value = chosen;
}

export function retell() {
  pad.tell();
  later();
}

function query() {
  const [kind, name] = $("read-model").value.split(/:(.*)/s);
  const how = ofLines() ? (pad.image ? "auto" : "line") : layout;
  return { [kind || "model"]: name || "digits", layout: how };
}

/* Whether lines are read and not characters, of which alone it can be shown how they were found. */
function ofLines() {
  return $("read-model").selectedOptions[0]?.dataset.task === "line-transcriber";
}

/* While one draws, one question is under way at most: the last, when the pen is lifted, finds a free core. */
function later(drawing = false) {
  if (drawing && (waiting || busy)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    waiting = null;
    busy += 1;
    trying($("read-state"), ask).finally(() => { busy -= 1; });
  }, drawing ? PAUSE : 0);
}

async function ask() {
  running?.abort();
  running = new AbortController();
  asked += 1;
  const number = asked;
  $("read-stages-picture").hidden = true;
  if (pad.empty) return show([]);
  if (pad.image) {
    show([]); // no answer stands beside an image that it is not of
    tell($("read-state"), say("reading"));
  }
  const { records } = await call("read", { query: query(), files: { image: pad.file }, signal: running.signal });
  if (number === asked) show(records);
  return undefined;
}

function show(records) {
  const found = records.filter((one) => one.text);
  $("read-text").replaceChildren();
  let line = found[0]?.line;
  for (const one of found) {
    if (one.line !== line) $("read-text").append(make("br"));
    line = one.line;
    $("read-text").append(make("span", { text: one.text, className: one.accepted ? "" : "doubtful", title: one.reason }));
  }
  const reasons = [...new Set(records.filter((one) => !one.accepted).map((one) => one.error ?? one.reason))].filter(Boolean);
  const state = !records.length ? say("blank") : found.every((one) => one.accepted) && found.length ? say("sure")
    : [found.length ? say("doubtful") : "", ...reasons.slice(0, 3)].filter(Boolean).join(" ");
  tell($("read-state"), state);
  $("read-glyphs").replaceChildren(...found.slice(0, 40).map(tile));
  $("read-auto").parentElement.hidden = ofLines();
  $("read-stages").hidden = !records.length || ofLines();
  $("read-why").hidden = !records.length || ofLines();
}

function tile(one) {
  const further = one.alternatives.slice(0, 2).map((other) => odds(other.text, other.confidence));
  const why = one.accepted ? [] : [make("span", { className: "why", text: one.reason })];
  const { gallery } = query();
  const right = gallery && layout === "one" ? [chips(gallery, one)] : [];
  return make("li", {}, make("b", { text: one.text }), odds(one.text, one.confidence), ...further, ...why, ...right);
}

/* What it may be instead: one touch teaches it. */
function chips(gallery, one) {
  const choose = (label) => trying($("read-state"), async () => {
    await call("teach", { query: { gallery, replace: true }, fields: { label }, files: { images: pad.file } });
    await ask();
  });
  const others = one.alternatives.map((other) => button(other.text, () => choose(other.text)));
  return make("div", { className: "chips", role: "group", "aria-label": say("itIs") }, ...others);
}

async function showStages() {
  const picture = await call("explain", { query: { ...query(), stages: true }, files: { image: pad.file }, as: "blob" });
  const image = $("read-stages-picture");
  image.src = URL.createObjectURL(picture);
  image.alt = say("saw");
  image.hidden = false;
}
