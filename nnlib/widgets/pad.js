// A drawing pad. Ink appears here, in the browser, at once; the kernel gets 140 × 140 bytes of it,
// 0 (paper) to 255 (ink), at most once in 50 ms, and always the last state.

const SIDE = 280; // pixels of the pad, each way
const SENT = 140; // pixels that the kernel gets, each way
const PAUSE = 50; // ms between two messages
const STEP = 7; // pixels that an arrow key moves; with Shift, 1
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const HELP =
  "Draw with mouse, finger or pen. By keyboard: go to the pad with Tab; the arrow keys move " +
  "(with Shift: slowly), Space puts the pen down and lifts it.";

function make(kind, options, ...children) {
  const element = Object.assign(document.createElement(kind), options);
  element.append(...children);
  return element;
}

export default () => {
  const actions = []; // what was done: {width, points}, or {clear: true}; all views share it

  function visible() {
    const last = actions.findLastIndex((action) => action.clear);
    return actions.slice(last + 1);
  }

  function render({ model, el }) {
    const canvas = make("canvas", { width: SIDE, height: SIDE, tabIndex: 0 });
    const small = make("canvas", { width: SENT, height: SENT });
    const ink = canvas.getContext("2d");
    const read = small.getContext("2d", { willReadFrequently: true });
    const pen = make("div", { className: "pen", hidden: true });
    const kind = { type: "button", className: "jupyter-button" };
    const undo = make("button", { ...kind, title: "take back the last stroke" }, "Undo");
    const clear = make("button", { ...kind, title: "a new sheet" }, "Clear");
    const width = make("input", { type: "range", min: 8, max: 48, step: 2 });
    const wide = make("label", {}, make("span", {}, "line width"), width);
    const hint = model.get("hint");
    const cursor = { x: SIDE / 2, y: SIDE / 2, down: false };
    let stroke = null; // the one that is being drawn
    let pointer = null; // the mouse, finger or pen that draws it
    let timer = null;
    let sent = 0;

    canvas.setAttribute("role", "application");
    el.dataset.lmSuppressShortcuts = "true"; // JupyterLab has other plans for arrows and Space
    el.append(
      make(
        "div",
        { className: "nn-pad", style: `width: ${model.get("size") + 4}px` },
        make("div", { className: "stage" }, canvas, pen),
        make("div", { className: "row" }, undo, clear, ...(hint ? [] : [wide])),
        make("div", { className: "help" }, hint || HELP),
      ),
    );

    function segment({ width, points }, from) {
      ink.fillStyle = ink.strokeStyle = "black";
      ink.lineWidth = width;
      ink.lineCap = ink.lineJoin = "round";
      ink.beginPath();
      if (from === 0) {
        ink.arc(...points[0], width / 2, 0, 2 * Math.PI);
        ink.fill();
        ink.beginPath();
      }
      ink.moveTo(...points[Math.max(from - 1, 0)]);
      points.slice(from).forEach((point) => ink.lineTo(...point));
      ink.stroke();
    }

    function paint() {
      ink.fillStyle = "white";
      ink.fillRect(0, 0, SIDE, SIDE);
      visible().forEach((action) => segment(action, 0));
      undo.disabled = actions.length === 0;
      clear.disabled = visible().length === 0;
    }

    function pixels() {
      read.drawImage(canvas, 0, 0, SENT, SENT);
      const rgba = read.getImageData(0, 0, SENT, SENT).data;
      const bytes = new Uint8Array(SENT * SENT);
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = 255 - rgba[4 * i];
      return new DataView(bytes.buffer);
    }

    function send() {
      model.set("drawn_at", Date.now());
      if (timer !== null) return;
      timer = setTimeout(
        () => {
          timer = null;
          sent = performance.now();
          model.set("value", pixels());
          model.save_changes();
        },
        Math.max(0, sent + PAUSE - performance.now()),
      );
    }

    function begin(point) {
      stroke = { width: model.get("width"), points: [point] };
      actions.push(stroke);
      segment(stroke, 0);
      undo.disabled = clear.disabled = false;
      send();
    }

    function extend(points) {
      const from = stroke.points.length;
      stroke.points.push(...points);
      segment(stroke, from);
      send();
    }

    function redo(change) {
      lift();
      change();
      paint();
      send();
    }

    function place(event) {
      const box = canvas.getBoundingClientRect();
      const scale = SIDE / box.width;
      return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    }

    function showPen(shown) {
      pen.hidden = !shown;
      pen.classList.toggle("down", cursor.down);
      const percent = (length) => `${(100 * length) / SIDE}%`;
      const across = percent(Math.max(model.get("width"), 10));
      const at = { left: percent(cursor.x), top: percent(cursor.y) };
      Object.assign(pen.style, at, { width: across, height: across });
      const state = cursor.down ? "The pen is down." : "The pen is up.";
      canvas.setAttribute("aria-label", `Drawing pad, ${SIDE} by ${SIDE}. ${state} ${HELP}`);
    }

    function lift() {
      cursor.down = false;
      stroke = pointer = null;
      showPen(!pen.hidden);
    }

    canvas.addEventListener("pointerdown", (event) => {
      if (pointer !== null || event.button !== 0) return;
      event.preventDefault();
      lift();
      showPen(false);
      pointer = event.pointerId;
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(pointer);
      begin(place(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pointer || stroke === null) return;
      const between = event.getCoalescedEvents?.() ?? [];
      extend((between.length ? between : [event]).map(place));
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId === pointer) lift();
      });
    }

    canvas.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      const undoing = (event.ctrlKey || event.metaKey) && event.key === "z";
      if (!arrow && event.key !== " " && !undoing) return;
      event.preventDefault();
      event.stopPropagation();
      if (pointer !== null) return;
      if (undoing) {
        undo.click();
      } else if (arrow) {
        const step = event.shiftKey ? 1 : STEP;
        cursor.x = Math.min(Math.max(cursor.x + step * arrow[0], 0), SIDE);
        cursor.y = Math.min(Math.max(cursor.y + step * arrow[1], 0), SIDE);
        if (cursor.down) extend([[cursor.x, cursor.y]]);
      } else if (!event.repeat) {
        cursor.down = !cursor.down;
        if (cursor.down) begin([cursor.x, cursor.y]);
        else stroke = null;
      }
      showPen(true);
    });
    canvas.addEventListener("focus", () => {
      if (pointer === null) showPen(canvas.matches(":focus-visible"));
    });
    canvas.addEventListener("blur", () => {
      lift();
      showPen(false);
    });

    undo.addEventListener("click", () => redo(() => actions.pop()));
    clear.addEventListener("click", () => redo(() => actions.push({ clear: true })));
    width.addEventListener("input", () => {
      model.set("width", Number(width.value));
      model.save_changes();
    });

    function showWidth() {
      width.value = model.get("width");
      showPen(!pen.hidden);
    }
    function follow() {
      if (stroke === null) paint(); // another view of the same pad may have drawn
    }
    model.on("change:width", showWidth);
    model.on("change:value", follow);
    showWidth();
    paint();
    const held = model.get("value"); // after a reload the kernel may still hold a drawing
    const bytes = new Uint8Array(held.buffer, held.byteOffset, held.byteLength);
    if (actions.length === 0 && bytes.some((byte) => byte > 0)) send();
    return () => {
      clearTimeout(timer);
      model.off("change:width", showWidth);
      model.off("change:value", follow);
    };
  }

  return { render };
};
