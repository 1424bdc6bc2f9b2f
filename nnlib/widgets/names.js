// What ipywidgets' controls lack for who listens: a slider's name and the number shown beside it
// (its own would be an exponent or an index), and what a cell of numbers stands for.

function put(node, attribute, words) {
  if (words && node.getAttribute(attribute) !== words) node.setAttribute(attribute, words);
}

function nameControls() {
  for (const handle of document.querySelectorAll(".nn-frame .noUi-handle")) {
    const slider = handle.closest(".widget-slider");
    const label = slider.querySelector(".widget-label");
    const tip = label?.title === "null" ? "" : label?.title; // so it stands there without one
    put(handle, "aria-label", tip || label?.textContent);
    put(handle, "aria-valuetext", slider.querySelector(".widget-readout")?.textContent);
  }
  for (const button of document.querySelectorAll(".nn-frame button[title]")) {
    if (!/\p{L}/u.test(button.textContent)) put(button, "aria-label", button.title);
  }
}

if (!window.nnNamesControls) {
  window.nnNamesControls = true; // each picture runs this file, the page needs one observer
  const changes = { childList: true, characterData: true, attributeFilter: ["aria-valuetext", "title"] };
  new MutationObserver(nameControls).observe(document.body, { subtree: true, ...changes });
}

