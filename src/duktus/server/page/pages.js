/* Pages: a scan with its lines laid over it, and the text beside it to correct. */
import { call, stream } from "./api.js";
import { $, make, say, save, takesFiles, tell, trying } from "./parts.js";

const SVG = "http://www.w3.org/2000/svg";
const SAVED = { text: "txt", page: "xml", alto: "alto.xml" };
let sent = null, texts = [], running = null;

export function startPages() {
  takesFiles($("pages-drop"), $("pages-file"), ([file]) => trying($("pages-state"), () => read(file)));
  for (const output of Object.keys(SAVED)) $(`pages-${output}`).onclick = () => trying($("pages-state"), () => download(output));
}

export async function refreshPages() {
  const [models, galleries] = await Promise.all([call("models"), call("galleries")]);
  const chosen = $("pages-model").value;
  const readers = models.filter((one) => ["line-transcriber", "glyph-classifier"].includes(one.task) && !one.name.endsWith("-int8"));
  readers.sort((a, b) => (b.task === "line-transcriber") - (a.task === "line-transcriber"));
  $("pages-model").replaceChildren(...readers.map((one) => new Option(one.name, `model:${one.name}`)),
    ...galleries.filter((one) => one.kind === "letters").map((one) => new Option(one.name, `gallery:${one.name}`)));
  const usual = readers.some((one) => one.name === "lines") ? "model:lines" : "";
  if (chosen || usual) $("pages-model").value = chosen || usual;
}

function query() {
  const [kind, chosen] = $("pages-model").value.split(/:(.*)/s);
  return { [kind]: chosen, layout: $("pages-layout").value };
}

/* Lines are shown as they are read; a page that is dropped meanwhile is read in place of this one. */
async function read(file) {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  tell($("pages-state"), say("reading"));
  $("pages-lines").replaceChildren();
  showSaving(false);
  texts = [];
  const [sheet, image] = [$("pages-sheet"), make("img", { alt: file.name })];
  image.src = URL.createObjectURL(file);
  sheet.replaceChildren(image);
  sheet.hidden = !file.type.startsWith("image/");
  const asked = query();
  const [drawn, errors, reasons] = [layer(sheet, image), [], []];
  await stream("read", { query: { ...asked, unit: "line" }, files: { image: file }, signal }, (records) => {
    for (const one of records) {
      if (one.error) errors.push(one.error);
      else if (texts.push(one.text) && (one.text || one.polygon || one.row)) lay(drawn, one, texts.length - 1);
      else reasons.push(one.reason);
    }
    const count = $("pages-lines").children.length;
    if (count) tell($("pages-state"), say("soFar", { count }));
  });
  sent = { file, asked };
  const count = $("pages-lines").children.length;
  tell($("pages-state"), [count ? say("found", { count }) : reasons[0] ?? "", ...errors].filter(Boolean).join(" ") || say("noLines"), Boolean(errors.length));
  showSaving(count > 0);
}

function showSaving(shown) {
  for (const output of [...Object.keys(SAVED), "training"]) $(`pages-${output}`).hidden = !shown;
}

/* The server writes the document, with the texts as they stand corrected. */
async function download(output) {
  const content = await call("read", { query: { ...sent.asked, output }, fields: { texts: JSON.stringify(texts) }, files: { image: sent.file }, as: "blob" });
  save(content, `${sent.file.name.replace(/\.[^.]*$/, "") || "page"}.${SAVED[output]}`);
}

/* Where lines are drawn over the page. */
function layer(sheet, image) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 1 1");
  image.decode().then(() => drawn.setAttribute("viewBox", `0 0 ${image.naturalWidth} ${image.naturalHeight}`)).catch(() => {});
  drawn.setAttribute("preserveAspectRatio", "none");
  drawn.setAttribute("aria-hidden", "true");
  sheet.append(drawn);
  return drawn;
}

/* Adds a line to the page and to the list; it is corrected there, also while others are read. */
function lay(drawn, one, place) {
  const number = $("pages-lines").children.length + 1;
  const title = one.row ? `${one.row}:${one.column}` : say("line", { number });
  const input = make("input", { value: one.text, "aria-label": title, title: one.reason || title });
  const item = make("li", { className: one.accepted ? "" : "doubtful" }, make("span", { text: one.row ? title : number }), input);
  input.addEventListener("input", () => {
    texts[place] = input.value;
    item.classList.remove("doubtful");
  });
  if (one.page === 1) drawn.append(outline(one, input));
  $("pages-lines").append(item);
}

/* A line on the page: a click goes to its text, at the word that was clicked. */
function outline(one, input) {
  const drawn = document.createElementNS(SVG, "polygon");
  const [x, y, w, h] = one.box;
  const points = one.polygon?.length ? one.polygon : [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];
  drawn.setAttribute("points", points.map((point) => point.join(",")).join(" "));
  drawn.classList.toggle("doubtful", !one.accepted);
  input.onfocus = () => drawn.classList.add("chosen");
  input.onblur = () => drawn.classList.remove("chosen");
  drawn.onclick = (event) => {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawn.getScreenCTM().inverse());
    input.focus();
    const before = (one.words ?? []).findIndex((word) => place.x < word.box[0] + word.box[2]);
    if (before < 0 || input.value !== one.text) return;
    const start = one.words.slice(0, before).reduce((at, word) => one.text.indexOf(word.text, at) + word.text.length, 0);
    const from = one.text.indexOf(one.words[before].text, start);
    if (from >= 0) input.setSelectionRange(from, from + one.words[before].text.length);
  };
  return drawn;
}
