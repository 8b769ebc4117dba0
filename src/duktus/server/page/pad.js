/* A pad to write on: mouse, finger and pen, with pressure. It keeps strokes as a pen made them, and no pixels. */
import { takesDrops } from "./parts.js";
import { say } from "./say.js";

const WIDTH = 3.4; // pixels of a line at usual pressure

export class Pad {
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
    this.strokes = [];
    this.image = null;
    this.canvas = document.createElement("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.picture = document.createElement("img");
    this.picture.alt = "";
    this.picture.hidden = true;
    this.picture.onerror = () => {
      this.picture.hidden = true;
      this.tell();
    };
    this.hint = document.createElement("div");
    this.hint.className = "hint";
    place.append(this.picture, this.canvas, this.hint);
    new ResizeObserver(() => this.#resize()).observe(place);
    this.#listen();
    this.tell();
  }

  tell() {
    this.canvas.setAttribute("aria-label", say("pad"));
    const named = this.image && this.picture.hidden; // what the browser cannot show is there by its name
    this.hint.textContent = named ? this.image.name : say("hint");
    this.hint.hidden = !named && !this.empty;
  }

  get empty() {
    return !this.strokes.length && !this.image;
  }

  /* What the server reads: the image as it came, or the strokes. */
  get file() {
    if (this.image) return this.image;
    const strokes = this.strokes.map((stroke) => stroke.map(([x, y, t, p]) => [x, y, t, p]));
    return new File([JSON.stringify({ time_unit: "ms", strokes })], "drawing.json", { type: "application/json" });
  }

  clear() {
    this.strokes = [];
    this.#show(null);
    this.#draw();
    this.changed();
  }

  undo() {
    if (this.image) return this.clear();
    this.strokes.pop();
    this.#draw();
    this.changed();
  }

  open(file) {
    this.strokes = [];
    this.#show(file);
    this.#draw();
    this.changed();
  }

  #show(file) {
    if (this.picture.src) URL.revokeObjectURL(this.picture.src);
    this.image = file;
    this.picture.hidden = !file || !file.type.startsWith("image/");
    if (file) this.picture.src = URL.createObjectURL(file);
    else this.picture.removeAttribute("src");
  }

  #listen() {
    const canvas = this.canvas;
    let current = null;
    const point = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top, event.timeStamp, event.pressure || 0.5];
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || current) return;
      if (this.image) this.#show(null);
      canvas.setPointerCapture(event.pointerId);
      current = event.pointerId;
      this.strokes.push([point(event)]);
      this.#draw();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== current) return;
      const stroke = this.strokes.at(-1);
      for (const each of event.getCoalescedEvents?.() ?? [event]) stroke.push(point(each));
      this.#draw();
      this.changed(true);
    });
    const end = (event) => {
      if (event.pointerId !== current) return;
      current = null;
      this.changed();
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape" || event.key === "Delete") this.clear();
      if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
    });
    const place = this.place;
    takesDrops(place, ([file]) => this.open(file));
  }

  #resize() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.place.getBoundingClientRect();
    if (!width) return;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#draw();
  }

  #draw() {
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = pen.fillStyle = "#1d2430";
    for (const stroke of this.strokes) {
      for (let i = 0; i < stroke.length; i += 1) {
        const [x, y, , pressure] = stroke[i];
        const [px, py] = stroke[Math.max(0, i - 1)];
        pen.lineWidth = WIDTH * (0.5 + pressure);
        pen.beginPath();
        pen.moveTo(px, py);
        pen.lineTo(i ? x : x + 0.01, y);
        pen.stroke();
      }
    }
    this.tell();
  }
}
