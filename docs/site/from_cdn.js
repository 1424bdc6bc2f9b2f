// Start Pyodide from the public CDN: every file of its core must have the hash in core.json.
// What lies on this site (our lock, and the wheels that it names without an address) stays here.

self.loadPyodide = async function (options) {
  const here = options.indexURL;
  const { address, hashes } = await json(here + "core.json");
  const lock = await json(here + "pyodide-lock.json");
  for (const entry of Object.values(lock.packages)) {
    entry.file_name = new URL(entry.file_name, here).href; // an address stays what it is
  }
  demandHashes(address, hashes);
  for (const name of ["pyodide.asm.js", "pyodide.js"]) {
    importScripts(blob(await (await fetch(address + name)).text(), "text/javascript"));
  }
  const lockFileURL = blob(JSON.stringify(lock), "application/json");
  return self.loadPyodide({ ...options, indexURL: address, lockFileURL }); // now Pyodide's own
};

async function json(url) {
  return (await fetch(url)).json();
}

function blob(text, type) {
  return URL.createObjectURL(new Blob([text], { type }));
}

// From here on the browser refuses a file of the core that is not what was tested.
function demandHashes(address, hashes) {
  const plain = self.fetch;
  self.fetch = (url, options) => {
    const name = String(url).replace(address, "");
    return plain(url, name in hashes ? { ...options, integrity: hashes[name] } : options);
  };
}
