"""The class at a glance, as one HTML page: by mistake, and by learner."""

import html
import re
from collections import Counter, defaultdict

from nnlib.checks.registry import EXERCISES
from nnlib.classroom.marks import mark_of, says_of
from nnlib.views.words import counted

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#ccc, #555); --quiet: light-dark(#555, #aaa) }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; line-height: 1.2 } h2 { font-size: 1.25rem; margin-top: 2.5rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem }
caption { text-align: left; font-weight: 600; padding: .4rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-top: 1px solid var(--line) }
thead th { font-weight: 400; color: var(--quiet); border: 0 } tbody th { font-weight: 500 }
.few { width: 1%; white-space: nowrap } .who { width: 32% }
.quiet { color: var(--quiet); font-weight: 400; font-size: .8rem }
.right { background: light-dark(#e3f4e5, #1d3b22) }
.wrong { background: light-dark(#fbe5e1, #4a2620) }
.wide { overflow-x: auto }
@media print { body { font-size: 11px; margin: 0 } tr { break-inside: avoid } }
"""
KINDS = {"✓": "right", "✗": "wrong", "!": "wrong"}
WORDS = {"✓": "right", "✗": "wrong", "○": "not written yet", "–": "not on the page"}
WORDS |= {"?": "not judged", "!": "tampered with"}
ALIKE = "○–✓"  # of these there is nothing more to say


def as_overview(rows, ids, title):
    """Write the page.

    Parameters
    ----------
    rows : list of Row
    ids : list of str
        The exercises, in order.
    title : str
        What was marked.

    Returns
    -------
    bytes
        HTML without anything from elsewhere.
    """
    body = [f"<h1>{escaped(title)}</h1>", f"<p>{summary(rows, ids)}</p>", not_marked(rows)]
    body.append(most_frequent(rows, ids))
    if ids:
        body += ["<h2>By mistake</h2>", *(mistakes_table(rows, id) for id in ids)]
    body += ["<h2>By learner</h2>", learners_table(rows, ids)]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    ).encode("utf-8", "backslashreplace")


def escaped(text):
    """Return a text in which nothing is HTML and no sign is invisible."""
    return html.escape("".join(sign for sign in str(text) if sign.isprintable()))


def summary(rows, ids):
    """Say in a sentence how it went."""
    marked = [row for row in rows if row.expected]
    asked = [verdict for row in marked for id in ids if (verdict := row.verdict(id))]
    count = Counter(verdict.mark for verdict in asked)
    said = ", ".join(f"{count[sign]} {word}" for sign, word in WORDS.items() if count[sign])
    return f"{counted(len(marked), 'page')}, {counted(len(asked), 'answer')}: {said or 'none'}."


def not_marked(rows):
    """Write a list of the files that could not be marked, and why."""
    items = "".join(
        f"<li>{escaped(row.learner)} ({escaped(row.place)}): {escaped('; '.join(row.remarks))}</li>"
        for row in rows
        if not row.expected
    )
    return f"<p>Could not be marked:</p>\n<ul>{items}</ul>" if items else ""


def most_frequent(rows, ids):
    """Write a list of the mistakes that most share, over all exercises."""
    groups = [(id, group) for id in ids for group in answers_alike(rows, id).values()]
    shared = [(id, g) for id, g in groups if g[0][1].mark in "✗!" and len(g) > 1]
    first = sorted(shared, key=lambda pair: -len(pair[1]))[:3]
    items = "".join(
        f"<li>{len(group)} × {id}: {escaped(mistake_in(group[0][1]))}</li>" for id, group in first
    )
    return f"<p>What most share:</p>\n<ul>{items}</ul>" if items else ""


def answers_alike(rows, id):
    """Group the answers to one exercise by what was said: {kind: [(learner, Verdict)]}."""
    groups = defaultdict(list)
    for row in rows:
        if verdict := row.verdict(id):
            groups[kind_of_mistake(verdict)].append((row.learner, verdict))
    return groups


def mistakes_table(rows, id):
    """Write what was said of the answers to one exercise, the most frequent first."""
    groups = answers_alike(rows, id).values()
    ordered = sorted(groups, key=lambda group: (group[0][1].mark in ALIKE, -len(group)))
    cells = "\n".join(mistake_row(group) for group in ordered)
    return (
        f"<table>\n<caption>{id} <code>{escaped(EXERCISES[id].form)}</code></caption>\n<thead><tr>"
        '<th scope="col" class="few">How many</th><th scope="col">What was said</th>'
        f'<th scope="col">Who</th></tr></thead>\n<tbody>\n{cells}\n</tbody>\n</table>'
    )


def mistake_row(group):
    """Write one row: how many, what was said to the first of them, who."""
    first = group[0][1]
    names = "" if first.mark == "✓" else in_a_row(name for name, _ in group)
    said = WORDS[first.mark] if first.mark in ALIKE else mistake_in(first)
    return (
        f'<tr class="{KINDS.get(first.mark, "")}"><td class="few">{len(group)} × {first.mark}</td>'
        f'<th scope="row">{escaped(said)}</th>'
        f'<td class="who">{escaped(names)}</td></tr>'
    )


def in_a_row(names):
    """Write names in alphabetical order, with commas."""
    return ", ".join(sorted(names, key=str.casefold))


def mistake_in(verdict):
    """Return what was said of an answer, without its sign and number."""
    return verdict.line[2:].removeprefix(verdict.id).removeprefix(":").strip()


def kind_of_mistake(verdict):
    """Return what verdicts of one kind share: the sentence without its numbers and quotations."""
    text = re.sub(r"“[^”]*”|«[^»]*»", "“…”", verdict.line)
    text = re.sub(r" \([^()]*\)$", "", text)  # the case in which it shows
    return re.sub(r"[-−+]?\d[\d.,e+-]*", "#", text)


def learners_table(rows, ids):
    """Write one row for each page; what is said of an answer opens under its sign."""
    heads = "".join(f'<th scope="col" class="few">{id}</th>' for id in ids)
    cells = "\n".join(learner_row(row, ids) for row in rows)
    return (
        '<div class="wide">\n<table>\n<caption>Every page, and what to know of it</caption>\n'
        f'<thead><tr><th scope="col">Learner</th>{heads}<th scope="col" class="few">Right</th>'
        f'<th scope="col">Remarks</th></tr></thead>\n<tbody>\n{cells}\n</tbody>\n</table>\n</div>'
    )


def learner_row(row, ids):
    """Write one page's row."""
    verdicts = [row.verdict(id) for id in ids]
    marks = "".join(
        f'<td class="few {KINDS.get(verdict.mark, "")}" title="{escaped(says_of(verdict))}">'
        f"{mark_of(verdict)}</td>"
        if verdict
        else "<td></td>"
        for verdict in verdicts
    )
    asked = sum(verdict is not None for verdict in verdicts)
    right = f"{row.right()} of {asked}" if asked else "–"
    hows = [f"{v.id}: {v.how}" for v in verdicts if v and v.how]
    remarks = " ".join(f"{escaped(remark)}." for remark in [*row.remarks, *hows])
    return (
        f'<tr><th scope="row">{escaped(row.learner)}'
        f'<br><span class="quiet">{escaped(row.place)}</span></th>{marks}'
        f'<td class="few">{right}</td><td>{remarks}</td></tr>'
    )
