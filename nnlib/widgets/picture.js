// A picture with a description: what ipywidgets' own Image lacks.

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

function render({ model, el }) {
  const image = document.createElement("img");
  image.className = "widget-image";
  el.append(image);
  let shown = null;

  function show() {
    const next = URL.createObjectURL(new Blob([model.get("value")], { type: "image/png" }));
    image.src = next;
    if (shown !== null) URL.revokeObjectURL(shown);
    shown = next;
  }
  function describe() {
    image.alt = model.get("alt");
  }
  function resize() {
    image.style.width = `${model.get("width")}px`;
  }
  model.on("change:value", show);
  model.on("change:alt", describe);
  model.on("change:width", resize);
  show();
  describe();
  resize();
  return () => {
    if (shown !== null) URL.revokeObjectURL(shown);
  };
}

export default { render };
