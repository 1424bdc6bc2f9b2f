"""Exports that can be heard: in templates/, what nbconvert's own lack, the descriptions of figures.

python -m nnlib.system.exports    let this environment's exports use them from now on

`run.py lab` does that for its own environment. Nothing but the standard library is needed.
"""

import json
import sys
from pathlib import Path

from nnlib.system.pages import write_json

TEMPLATES = Path(__file__).with_name("templates")  # each extends nbconvert's of the same name


def use_templates(environment):
    """Let nbconvert, and the export of JupyterLab's menu, find our templates before their own.

    Parameters
    ----------
    environment : pathlib.Path
        The folder of a Python environment; what else it has set stays.

    Returns
    -------
    pathlib.Path
        The file that says so.
    """
    path = environment / "etc" / "jupyter" / "jupyter_config.json"
    config = json.loads(path.read_bytes()) if path.exists() else {}
    exporter = config.setdefault("TemplateExporter", {})
    folders = exporter.setdefault("extra_template_basedirs", ["."])  # as it is without us
    if str(TEMPLATES) not in folders:
        folders.insert(0, str(TEMPLATES))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, config)
    return path


if __name__ == "__main__":
    print(f"{use_templates(Path(sys.prefix))} names the templates of nnlib.")
