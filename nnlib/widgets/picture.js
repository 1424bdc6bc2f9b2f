// A picture with a description: what ipywidgets' own Image lacks. Every frame holds one, so it also
// says for the whole frame that the kernel has ended.

// Older JupyterLabs take a slider's keys for the notebook's, before they reach the slider: mark
// the slider as a place where shortcuts rest, while the key is one of its own.
const OWN = /^(Arrow(Left|Right|Up|Down)|Home|End|Page(Up|Down))$/;
function keepKeys({ target, key }) {
  const isOurs = target.closest?.(".nn-frame");
  if (isOurs) target.toggleAttribute("data-lm-suppress-shortcuts", OWN.test(key));
}
if (!window.nnKeepsKeys) {
  window.nnKeepsKeys = true; // each picture runs this file, the page needs one listener
  window.addEventListener("keydown", keepKeys, true); // before JupyterLab's, which is the document's
}

const ENDED = "Its kernel has ended: run this cell.";
const OVER = ["restarting", "autorestarting", "dead"]; // of what Jupyter calls a kernel's status

// Call act() when the kernel has ended, where the host of the widgets shows its kernel.
function whenEnded(kernel, act) {
  function hear(_, status) {
    if (OVER.includes(status)) act();
  }
  kernel?.statusChanged?.connect(hear);
  kernel?.disposed?.connect(act);
  return () => {
    kernel?.statusChanged?.disconnect(hear);
    kernel?.disposed?.disconnect(act);
  };
}

// Say in a frame that it has ended, once, and let nothing in it be moved any more.
function end(frame) {
  if (!frame || frame.querySelector(".nn-ended")) return;
  const status = document.createElement("div");
  status.className = "nn-ended";
  status.setAttribute("role", "status");
  const body = frame.querySelector(".nn-body");
  body.before(status);
  body.inert = true;
  setTimeout(() => (status.textContent = ENDED), 100); // words that come later are read aloud
}

export default () => {
  let isOver = false; // of the kernel that this picture is drawn by
  const shown = new Set(); // what to do in each view when it ends

  function initialize({ model }) {
    return whenEnded(model.widget_manager?.kernel, () => {
      isOver = true;
      shown.forEach((act) => act());
    });
  }

  function render({ model, el }) {
    const image = document.createElement("img");
    image.className = "widget-image";
    el.append(image);
    let address = null;

    function show() {
      const next = URL.createObjectURL(new Blob([model.get("value")], { type: "image/png" }));
      image.src = next;
      if (address !== null) URL.revokeObjectURL(address);
      address = next;
    }
    function describe() {
      image.alt = model.get("alt");
    }
    function resize() {
      image.style.width = `${model.get("width")}px`;
    }
    function endFrame() {
      if (isOver) end(el.closest(".nn-frame"));
    }
    model.on("change:value", show);
    model.on("change:alt", describe);
    model.on("change:width", resize);
    show();
    describe();
    resize();
    shown.add(endFrame);
    const placed = new ResizeObserver(endFrame); // a view that is made later is not yet in a frame
    placed.observe(el);
    return () => {
      shown.delete(endFrame);
      placed.disconnect();
      if (address !== null) URL.revokeObjectURL(address);
    };
  }

  return { initialize, render };
};
