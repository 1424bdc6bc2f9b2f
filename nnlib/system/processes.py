"""Processes: followed while they run, ended when we are; what this one prints arrives."""

import os
import subprocess
import sys
import time

APART = (  # options for a process that Ctrl-C does not reach: it is for us, who then end it
    {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    if os.name == "nt"
    else {"process_group": 0}
)


def print_any_sign():
    """Let every print go on; signs that a terminal or file cannot show become "?" there."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")


def stay_with(process, report=lambda: ""):
    """Stay until a process ends, showing a report of how far it is."""
    shown = ""
    while process.poll() is None:  # process.wait() could not be interrupted on Windows
        shown = show_state(report(), shown)
        time.sleep(0.1)
    show_state("", shown)


def wait_for(process, report=lambda: ""):
    """Stay with a process and return its exit code; if we are interrupted, it ends too."""
    try:
        stay_with(process, report)
    finally:
        end_process(process)
    return process.returncode


def end_process(process):
    """Give a process some seconds to end by itself, then ask it to, then make it."""
    for push in (lambda: None, process.terminate, process.kill):
        push()
        try:
            process.wait(5)
            return
        except subprocess.TimeoutExpired:
            pass


def show_state(text, shown):
    """Show a new state: over the old one on a screen, as a further line in a file."""
    if text != shown and sys.stdout.isatty():
        print(f"\r  {text:<74.74}\r", end="", flush=True)
    elif text not in ("", shown):
        print(f"  {text}", flush=True)
    return text
