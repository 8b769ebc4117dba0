/* Pieces of the page that several sections use. Text is set as text, never as markup. */
import { call, hasToken } from "./api.js";
import { say } from "./say.js";

const PATIENCE = 250; // milliseconds after which it is shown that work goes on

export const $ = (id) => document.getElementById(id);

export function make(tag, { text, className, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function tell(place, text, bad = false) {
  place.textContent = text;
  place.classList.toggle("bad", bad);
}

/* Runs work whose failure is told in a place; one that was called off is told nowhere. */
export async function trying(place, work) {
  const slow = setTimeout(() => place.classList.add("busy"), PATIENCE);
  try {
    return await work();
  } catch (error) {
    if (error.name !== "AbortError") tell(place, error.message, true);
    return undefined;
  } finally {
    clearTimeout(slow);
    place.classList.remove("busy");
  }
}

/* An explanation is a page of its own, which may hold styles and no scripts: a form opens it beside this one. Where a
   token is needed, which no form can send, it is saved instead. */
export async function explain(query, files) {
  if (hasToken()) return saveReport(query, files);
  const form = make("form", { method: "post", enctype: "multipart/form-data", target: "_blank", action: `/v1/explain?${new URLSearchParams(query)}`, hidden: "" });
  for (const [name, file] of Object.entries(files)) {
    const held = new DataTransfer();
    held.items.add(file);
    const input = make("input", { type: "file", name });
    input.files = held.files;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
  form.remove();
  return undefined;
}

export async function saveReport(query, files) {
  save(await call("explain", { query, files, as: "blob" }), `${files.image.name.replace(/\.[^.]*$/, "")}.html`);
}

export function button(text, onclick) {
  return make("button", { type: "button", text, onclick });
}

export function odds(text, share) {
  const percent = `${(100 * share).toFixed(share > 0.99 && share < 0.9995 ? 1 : 0)} %`;
  return make("div", { className: "odds" }, make("span", { text: text || "–" }),
    make("progress", { max: 1, value: share, "aria-label": text || "–" }), make("span", { text: percent }));
}

/* A place on which a file may be dropped as well as chosen. */
export function takesFiles(place, input, taken) {
  input.addEventListener("change", () => {
    if (input.files.length) taken([...input.files]);
    input.value = "";
  });
  takesDrops(place, taken);
}

/* A place on which files may be dropped. */
export function takesDrops(place, taken) {
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer.files.length) taken([...event.dataTransfer.files]);
  });
}

export function save(content, name) {
  const link = make("a", { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function listen(id, list) {
  $(id).replaceChildren(...list.map((name) => new Option(name)));
}

export { say };
