// A button that hands one file to the kernel, as a message, so that nothing of it is kept. Of a file
// that is too large only as much is sent as shows that it is: beyond 10 MB the server would cut
// the connection, and the kernel could say nothing.

export default {
  render({ model, el }) {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: "image/png,image/jpeg", hidden: true });
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "jupyter-button" });
    button.textContent = "Upload a picture";
    button.title = "a photo or a drawing of one digit, PNG or JPEG";
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", async () => {
      const file = input.files[0];
      if (!file) return;
      const start = file.slice(0, model.get("most") + 1);
      const bytes = await start.arrayBuffer().catch(() => new ArrayBuffer(0));
      model.send({ name: file.name, at: Date.now() }, undefined, [bytes]);
      input.value = ""; // the same file may be chosen again
    });
    el.classList.add("nn-upload");
    el.append(button, input);
  },
};
