// Links marked "run" open a lesson in JupyterLite: in Lab, or alone where the screen is narrow.
// Where a browser gives less than lessons could use, one sentence says what; from a file they cannot
// run at all, and the links lead nowhere.
const opened = location.protocol === "file:";
const lacking = opened
  ? "This page was opened from a file. It can be read, but lessons cannot run: a browser gives them what they need only from a server. Serve its folder, for example with python3 -m http.server in it, and open http://localhost:8000."
  : !window.isSecureContext
    ? `${location.origin} is plain http: lessons run, and your pages are kept in this browser, but files that a cell writes are lost when the page is closed, and without a network nothing opens. An https address or localhost has both; ask whoever runs this site for one.`
    : "";

function openWhereItFits() {
  const narrow = window.matchMedia("(max-width: 999px)").matches;
  this.href = this.href.replace(/\/(lab|notebooks)\/index\.html/, narrow ? "/notebooks/index.html" : "/lab/index.html");
}

for (const link of document.querySelectorAll("a.run")) {
  if (opened) link.removeAttribute("href");
  else link.addEventListener("click", openWhereItFits);
}
if (lacking) {
  const note = document.createElement("p");
  note.className = "lacking";
  note.setAttribute("role", "status");
  note.textContent = lacking;
  document.querySelector("main").prepend(note);
}
