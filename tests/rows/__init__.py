"""Answers as learners give them, a file for each lesson."""
