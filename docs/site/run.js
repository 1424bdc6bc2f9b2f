// Links marked "run" open a lesson in JupyterLite: in Lab, or alone where the screen is narrow.
// Where browsers refuse what it needs, one sentence says so and the links lead nowhere.
const serve = "Serve its folder instead, for example with python3 -m http.server in it, and open http://localhost:8000.";
const refused =
  location.protocol === "file:"
    ? `This page was opened from a file. It can be read, but lessons cannot run: a browser gives them what they need only from a server. ${serve}`
    : !window.isSecureContext
      ? `Lessons can be read but not run here: ${location.origin} is plain http, and a browser gives the service worker that they need only to https and to localhost. Ask whoever runs this site for an https address, or open it on localhost.`
      : "";

function openWhereItFits() {
  const narrow = window.matchMedia("(max-width: 999px)").matches;
  this.href = this.href.replace(/\/(lab|notebooks)\/index\.html/, narrow ? "/notebooks/index.html" : "/lab/index.html");
}

for (const link of document.querySelectorAll("a.run")) {
  if (refused) link.removeAttribute("href");
  else link.addEventListener("click", openWhereItFits);
}
if (refused) {
  const note = document.createElement("p");
  note.className = "refused";
  note.setAttribute("role", "status");
  note.textContent = refused;
  document.querySelector("main").prepend(note);
}
