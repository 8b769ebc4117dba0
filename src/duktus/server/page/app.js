/* The page: its sections, each refreshed when it is shown. */
import { refreshHands, startHands } from "./hands.js";
import { refreshPages, startPages } from "./pages.js";
import { $, tell, trying } from "./parts.js";
import { refreshRead, retell, startRead } from "./read.js";
import { startLanguage } from "./say.js";
import { refreshTeach, startTeach } from "./teach.js";

const VIEWS = {
  read: [refreshRead, "read-state"],
  teach: [refreshTeach, "teach-state"],
  hands: [refreshHands, "hands-state"],
  pages: [refreshPages, "pages-state"],
};

function open(name) {
  for (const view of Object.keys(VIEWS)) $(view).hidden = view !== name;
  for (const button of document.querySelectorAll("nav button")) {
    if (button.dataset.view === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  const [refresh, state] = VIEWS[name];
  return trying($(state), refresh);
}

function shown() {
  const name = location.hash.slice(1);
  return name in VIEWS ? name : "read";
}

startLanguage(() => {
  open(shown());
  retell();
});
startRead();
startTeach(() => {});
startHands();
startPages();
for (const button of document.querySelectorAll("nav button")) {
  button.onclick = () => {
    location.hash = button.dataset.view;
  };
}
window.addEventListener("hashchange", () => open(shown()));
window.addEventListener("unhandledrejection", (event) => tell($("read-state"), String(event.reason?.message ?? event.reason), true));
open(shown());
