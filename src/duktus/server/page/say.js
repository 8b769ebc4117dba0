/* The page's language: chosen, kept in this browser, and applied to what stands in the page. */
import { LANGUAGES, TEXTS } from "./texts.js";

const KEPT = "duktus-language";
let current = "en";

export function say(key, values = {}) {
  const text = TEXTS[current][key] ?? TEXTS.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function apply() {
  document.documentElement.lang = current;
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
}

export function startLanguage(changed) {
  const select = document.getElementById("language");
  for (const [code, name] of Object.entries(LANGUAGES)) select.append(new Option(name, code));
  const wanted = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2);
  current = wanted in TEXTS ? wanted : "en";
  select.value = current;
  select.addEventListener("change", () => {
    current = select.value;
    localStorage.setItem(KEPT, current);
    apply();
    changed();
  });
  apply();
}
