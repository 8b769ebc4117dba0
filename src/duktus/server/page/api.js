/* The server's interface: every request of the page passes here. */
import { say } from "./say.js";

const KEPT = "duktus-token";

export class Problem extends Error {}

function askToken() {
  const dialog = document.getElementById("token");
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      sessionStorage.setItem(KEPT, document.getElementById("token-value").value);
      resolve();
    }, { once: true });
    dialog.showModal();
  });
}

export function hasToken() {
  return Boolean(sessionStorage.getItem(KEPT));
}

async function request(path, options) {
  const token = sessionStorage.getItem(KEPT);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  try {
    return await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(say("offline"));
  }
}

/* files: {field: Blob or [Blob]}; fields: form values; query: parameters. */
export async function call(path, { as = "json", ...asked } = {}) {
  return (await ask(path, asked))[as]();
}

/* Gives what is read to a function as it comes, some records at a time. */
export async function stream(path, { query = {}, ...asked }, take) {
  const answer = await ask(path, { query: { ...query, stream: true }, ...asked });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value = "" } = await reader.read().catch((error) => {
      throw asked.signal?.aborted ? error : new Problem(say("offline"));
    });
    const lines = (held + value).split("\n");
    held = lines.pop();
    const records = lines.filter(Boolean).map((line) => JSON.parse(line));
    if (records.length) take(records);
    if (done) return;
  }
}

async function ask(path, { method = "GET", query = {}, files, fields = {}, signal }) {
  const address = `/v1/${path}${Object.keys(query).length ? `?${new URLSearchParams(query)}` : ""}`;
  let body;
  if (files) {
    method = "POST";
    body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    for (const [name, some] of Object.entries(files)) for (const one of [some].flat()) body.append(name, one, one.name ?? "drawing.json");
  }
  let answer = await request(address, { method, body, signal });
  if (answer.status === 401) {
    await askToken();
    answer = await request(address, { method, body, signal });
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Problem(say("failed", { detail: told.detail ?? answer.statusText }));
  }
  return answer;
}
