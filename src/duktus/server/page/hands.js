/* Hands: writers enrolled, a page's hand identified, two pages compared. */
import { call } from "./api.js";
import { $, button, explain, listen, make, saveReport, say, takesFiles, tell, trying } from "./parts.js";

const gallery = () => $("hands-gallery").value.trim();
const pair = { first: null, second: null };

export function startHands() {
  $("hands-gallery").onchange = () => trying($("hands-state"), refreshHands);
  takesFiles($("hands-pages").parentElement, $("hands-pages"), (files) => trying($("hands-state"), () => enrol(files)));
  takesFiles($("hands-ask"), $("hands-file"), (files) => identify(files));
  for (const side of ["first", "second"]) {
    const input = $(`hands-${side}`);
    takesFiles(input.parentElement, input, ([file]) => {
      pair[side] = file;
      input.previousElementSibling.textContent = file.name;
      if (pair.first && pair.second) compare();
    });
  }
}

export async function refreshHands() {
  const galleries = (await call("galleries")).filter((one) => one.kind === "hands");
  listen("hands-galleries", galleries.map((one) => one.name));
  const there = galleries.some((one) => one.name === gallery());
  const { labels } = there ? await call(`galleries/${encodeURIComponent(gallery())}`) : { labels: [] };
  if (!labels.length) tell($("hands-state"), say("noWriters"));
  $("hands-writers").replaceChildren(...labels.map(writer));
}

function writer(one) {
  const remove = make("button", { type: "button", text: say("remove"), "aria-label": `${say("remove")} ${one.label}`, onclick: () => trying($("hands-state"), async () => {
    await call(`galleries/${encodeURIComponent(gallery())}/labels/${encodeURIComponent(one.label)}`, { method: "DELETE" });
    await refreshHands();
  }) });
  return make("li", {}, make("span", { text: one.label }), make("span", { text: `× ${one.examples}` }), remove);
}

async function enrol(files) {
  const name = $("hands-writer").value.trim();
  if (!name) {
    $("hands-writer").focus();
    return tell($("hands-state"), say("nameWriter"), true);
  }
  tell($("hands-state"), say("looking"));
  const told = await call("enrol", { query: { gallery: gallery() }, fields: { writer: name }, files: { images: files } });
  await refreshHands();
  const notes = [...told.failed, ...told.conflicts, ...told.notes];
  tell($("hands-state"), [say("enrolled", { count: told.added }), ...notes].join(" "), Boolean(told.failed.length));
  return undefined;
}

function identify(files) {
  const place = $("hands-answer");
  place.replaceChildren(make("p", { className: "state", text: say("looking") }));
  return trying(place.firstChild, async () => {
    const found = await call("identify", { query: { gallery: gallery() }, files: { images: files } });
    const [best] = found.matches;
    const answer = found.accepted && best ? say("hand", { label: best.label }) : found.reason || say("noHand");
    const rows = found.matches.map((one) => make("tr", {}, make("td", { text: one.label }),
      make("td", { className: "number", text: one.score.toFixed(3) }), make("td", { className: "number", text: one.log10_lr.toFixed(2) })));
    const head = make("tr", {}, make("th", { text: say("writer") }), make("th", { className: "number", text: say("likeness") }),
      make("th", { className: "number", text: say("ratio") }));
    const [query, sent] = [{ gallery: gallery() }, { image: files[0] }];
    const like = button(say("like"), () => trying(place.querySelector(".bar .state"), () => search(place, sent)));
    place.replaceChildren(make("p", { className: "verdict", text: answer }), ...notes([...found.notes, `${say("ink")}: ${found.ink}`]),
      ...(rows.length ? [make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)), make("div", { className: "bar" }, like, ...evidence(query, sent))] : []));
  });
}

/* Shows which ink speaks for a hand, and saves it as a page. */
function evidence(query, sent) {
  const told = make("p", { className: "state" });
  const shown = button(say("evidence"), () => trying(told, () => explain(query, sent)));
  const kept = button(say("saveReport"), () => trying(told, () => saveReport(query, sent)));
  return [shown, kept, told];
}

/* The enrolled pages by likeness of hand. */
async function search(place, sent) {
  const { records } = await call("search", { query: { gallery: gallery() }, files: sent });
  const rows = records.map((one) => make("tr", {}, make("td", { text: one.label }), make("td", { text: one.source }), make("td", { className: "number", text: one.score.toFixed(3) })));
  place.querySelector(".like")?.remove();
  place.append(make("table", { className: "like" }, make("tbody", {}, ...rows)));
}

function compare() {
  const place = $("hands-verdict");
  place.replaceChildren(make("p", { className: "state", text: say("looking") }));
  return trying(place.firstChild, async () => {
    const found = await call("verify", { files: { first: pair.first, second: pair.second } });
    place.replaceChildren(make("p", { className: "verdict", text: found.statement || found.reason }),
      ...notes([`${say("ratio")}: ${found.log10_lr?.toFixed?.(2) ?? "–"}`, `${say("ink")}: ${found.ink.join(" / ")}`, ...(found.notes ?? [])]),
      make("div", { className: "bar" }, ...evidence({}, { image: pair.first, against: pair.second })),
      make("details", {}, make("summary", { text: say("limits") }), ...notes(found.limits ?? [])));
  });
}

function notes(list) {
  return [make("ul", { className: "notes" }, ...list.filter(Boolean).map((text) => make("li", { text })))];
}
