/* Pages: a scan with its lines laid over it, and the text beside it to correct. */
import { call } from "./api.js";
import { $, make, say, save, takesFiles, tell, trying } from "./parts.js";

const SVG = "http://www.w3.org/2000/svg";
let name = "page";

export function startPages() {
  takesFiles($("pages-drop"), $("pages-file"), ([file]) => trying($("pages-state"), () => read(file)));
  $("pages-text").onclick = () => {
    const lines = [...$("pages-lines").querySelectorAll("input")].map((input) => input.value);
    save(new Blob([`${lines.join("\n")}\n`], { type: "text/plain" }), `${name}.txt`);
  };
}

export async function refreshPages() {
  const [models, galleries] = await Promise.all([call("models"), call("galleries")]);
  const readers = models.filter((one) => ["line-transcriber", "glyph-classifier"].includes(one.task));
  readers.sort((a, b) => (b.task === "line-transcriber") - (a.task === "line-transcriber"));
  $("pages-model").replaceChildren(...readers.map((one) => new Option(one.name, `model:${one.name}`)),
    ...galleries.filter((one) => one.kind === "letters").map((one) => new Option(one.name, `gallery:${one.name}`)));
}

async function read(file) {
  name = file.name.replace(/\.[^.]*$/, "") || "page";
  tell($("pages-state"), say("reading"));
  $("pages-lines").replaceChildren();
  const sheet = $("pages-sheet");
  const image = make("img", { alt: file.name });
  image.src = URL.createObjectURL(file);
  sheet.replaceChildren(image);
  sheet.hidden = !file.type.startsWith("image/");
  const [kind, chosen] = $("pages-model").value.split(/:(.*)/s);
  const query = { [kind]: chosen, layout: $("pages-layout").value, unit: "line" };
  const [{ records }] = await Promise.all([call("read", { query, files: { image: file } }), image.decode().catch(() => {})]);
  const lines = records.filter((one) => !one.error && one.page === 1 && (one.text || one.polygon || one.row));
  const errors = records.filter((one) => one.error).map((one) => one.error);
  tell($("pages-state"), lines.length ? say("found", { count: lines.length }) : errors[0] ?? records[0]?.reason ?? say("noLines"), Boolean(errors.length));
  $("pages-text").hidden = !lines.length;
  lay(sheet, image, lines);
}

function lay(sheet, image, lines) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", `0 0 ${image.naturalWidth || 1} ${image.naturalHeight || 1}`);
  drawn.setAttribute("preserveAspectRatio", "none");
  drawn.setAttribute("aria-hidden", "true");
  const items = lines.map((one, number) => {
    const outline = document.createElementNS(SVG, "polygon");
    const [x, y, w, h] = one.box;
    const points = one.polygon?.length ? one.polygon : [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];
    outline.setAttribute("points", points.map((point) => point.join(",")).join(" "));
    const title = one.row ? `${one.row}:${one.column}` : say("line", { number: number + 1 });
    const input = make("input", { value: one.text, "aria-label": title, title: one.reason || title });
    const item = make("li", { className: one.accepted ? "" : "doubtful" }, make("span", { text: one.row ? title : number + 1 }), input);
    outline.classList.toggle("doubtful", !one.accepted);
    input.onfocus = () => outline.classList.add("chosen");
    input.onblur = () => outline.classList.remove("chosen");
    outline.onclick = () => input.focus();
    drawn.append(outline);
    return item;
  });
  sheet.append(drawn);
  $("pages-lines").replaceChildren(...items);
}
