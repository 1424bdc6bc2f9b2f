"""docs/course.md as the tests read it."""

import re

from lessons import NAMES, ROOT

COURSE = (ROOT / "docs" / "course.md").read_text(encoding="utf-8")
LESSONS = [name[:2] for name in NAMES]


def after(heading, text=COURSE):
    """What stands under a heading, up to the next one of its rank."""
    rank = heading.split()[0]
    (found,) = re.findall(
        rf"^{re.escape(heading)}\n(.*?)(?=^#{{2,{len(rank)}}} |\Z)", text, re.M | re.S
    )
    return found
