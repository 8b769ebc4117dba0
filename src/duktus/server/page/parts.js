/* Pieces of the page that several sections use. Text is set as text, never as markup. */
import { say } from "./say.js";

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
  try {
    return await work();
  } catch (error) {
    if (error.name !== "AbortError") tell(place, error.message, true);
    return undefined;
  }
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
