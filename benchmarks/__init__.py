"""Makers of records, and speed and accuracy beside published peers. They print tables."""
