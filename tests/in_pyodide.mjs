// Run a Python file under node with the Pyodide of NNLIB_PYODIDE, which sees this machine's files:
// node tests/in_pyodide.mjs tests/any_products.py LIBRARY COUNT
import path from "node:path";
import { pathToFileURL } from "node:url";

const dist = path.resolve(process.env.NNLIB_PYODIDE);
const project = path.dirname(import.meta.dirname);
const { loadPyodide } = await import(pathToFileURL(path.join(dist, "pyodide.mjs")));
const pyodide = await loadPyodide({ indexURL: dist + path.sep });
await pyodide.loadPackage("numpy", { messageCallback: () => {} });
pyodide.FS.mkdirTree("/machine");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: "/" }, "/machine");

const [file, ...words] = process.argv.slice(2);
const there = (name) => (path.isAbsolute(name) ? "/machine" + name : name);
pyodide.globals.set("argv", pyodide.toPy([file, ...words].map(there)));
pyodide.globals.set("project", "/machine" + project);
try {
  pyodide.runPython(`
import runpy, sys
sys.argv, sys.dont_write_bytecode = argv, True
sys.path.insert(0, project)
runpy.run_path(argv[0], run_name="__main__")`);
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
process.exit(0);
