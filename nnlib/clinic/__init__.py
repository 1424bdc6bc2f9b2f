"""Broken networks to learn from: sixteen patients, what examining them shows, a training doctor.

`patients` has the broken functions, the right ones and a unit test for each; `examine` trains and
examines them; `doctor` looks at the history of any run.  Lesson 14.
"""

from nnlib.clinic.examine import (
    Records,
    accuracy_says,
    admit,
    as_table,
    begin,
    case_sheet,
    curve,
    curves,
    doctor_sees,
    gradient_errors,
    history_of,
    line,
    seen_by,
    told,
    train_with,
)

__all__ = [
    "Records",
    "accuracy_says",
    "admit",
    "as_table",
    "begin",
    "case_sheet",
    "curve",
    "curves",
    "doctor_sees",
    "gradient_errors",
    "history_of",
    "line",
    "seen_by",
    "told",
    "train_with",
]
