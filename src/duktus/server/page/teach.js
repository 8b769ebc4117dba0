/* Teach: an alphabet of one's own, a drawing a letter. */
import { call } from "./api.js";
import { Pad } from "./pad.js";
import { $, button, listen, make, say, save, tell, trying } from "./parts.js";

const MOST_CHIPS = 24; // letters that are offered for one touch, the likely first

let pad, changed = () => {};
const gallery = () => $("teach-gallery").value.trim();

export function startTeach(onChange) {
  changed = onChange;
  pad = new Pad($("teach-pad"), (drawing) => { if (!drawing) trying($("teach-state"), preview); });
  $("teach-clear").onclick = () => pad.clear();
  $("teach-undo").onclick = () => pad.undo();
  $("teach-add").onclick = () => trying($("teach-state"), () => add());
  $("teach-label").addEventListener("keydown", (event) => { if (event.key === "Enter") trying($("teach-state"), () => add()); });
  $("teach-gallery").onchange = () => trying($("teach-state"), refreshTeach);
  $("teach-export").onclick = () => trying($("teach-state"), async () => {
    save(await call(`galleries/${encodeURIComponent(gallery())}/file`, { as: "blob" }), `${gallery()}.zip`);
  });
  $("teach-import").addEventListener("change", (event) => trying($("teach-state"), async () => {
    const [file] = event.target.files;
    if (file) await call(`galleries/${encodeURIComponent(gallery())}/file`, { files: { file } });
    event.target.value = "";
    await refreshTeach();
    changed();
  }));
}

export async function refreshTeach() {
  const galleries = (await call("galleries")).filter((one) => one.kind === "letters");
  listen("teach-galleries", galleries.map((one) => one.name));
  const there = galleries.some((one) => one.name === gallery());
  const { labels } = there ? await call(`galleries/${encodeURIComponent(gallery())}`) : { labels: [] };
  tell($("teach-empty"), labels.length ? "" : say("none"));
  $("teach-export").hidden = !labels.length;
  $("teach-labels").replaceChildren(...labels.map(tile));
  pad.tell();
  const found = labels.length > 1 ? await call(`galleries/${encodeURIComponent(gallery())}/confusions`) : [];
  $("teach-advice-title").hidden = !found.length;
  $("teach-advice").replaceChildren(...found.map((one) => make("li", { text: say("confusion", { ...one, share: percent(one.share), after: percent(one.after) }) })));
  return labels;
}

const percent = (share) => `${Math.round(100 * share)} %`;

function tile(one) {
  const picture = make("img", { src: `data:image/png;base64,${one.drawing}`, alt: "" });
  const remove = make("button", { type: "button", text: say("remove"), "aria-label": `${say("remove")} ${one.label}`, onclick: () => trying($("teach-state"), async () => {
    await call(`galleries/${encodeURIComponent(gallery())}/labels/${encodeURIComponent(one.label)}`, { method: "DELETE" });
    await refreshTeach();
    changed();
  }) });
  return make("li", {}, ...(one.drawing ? [picture] : []), make("b", { text: one.label }), make("div", { text: `× ${one.examples}` }), remove);
}

async function add(chosen) {
  const label = chosen ?? $("teach-label").value.trim();
  if (!label) {
    $("teach-label").focus();
    return tell($("teach-state"), say("typeLetter"), true);
  }
  if (pad.empty) return tell($("teach-state"), say("drawFirst"), true);
  const told = await call("teach", { query: { gallery: gallery() }, fields: { label }, files: { images: pad.file } });
  pad.clear(); // at once: who is quick draws the next letter already
  const labels = await refreshTeach();
  const count = labels.find((one) => one.label === label)?.examples ?? 0;
  const notes = [...told.failed, ...told.conflicts, ...told.notes];
  tell($("teach-state"), notes.length ? notes.join(" ") : say("learnt", { label, count }), Boolean(told.failed.length));
  changed();
  return undefined;
}

/* What the alphabet makes of a drawing before it is told what it is. */
async function preview() {
  $("teach-chips").replaceChildren();
  if (pad.empty || !$("teach-labels").children.length) return;
  const { records } = await call("read", { query: { gallery: gallery(), layout: "one" }, files: { image: pad.file } });
  const [one] = records;
  const known = [...$("teach-labels").querySelectorAll("b")].map((label) => label.textContent);
  const likely = one ? [one.text, ...one.alternatives.map((other) => other.text)].filter(Boolean) : [];
  const texts = one ? [...new Set([...likely, ...known])].slice(0, MOST_CHIPS) : [];
  $("teach-chips").replaceChildren(...texts.map((text) => button(text, () => trying($("teach-state"), () => add(text)))));
  if (one) tell($("teach-state"), one.text ? `${say("looks", { text: one.text })} ${one.accepted ? "" : one.reason}` : one.reason);
}
