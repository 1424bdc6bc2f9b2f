// A picture with a description: what ipywidgets' own Image lacks.
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
