"""What made the records and files in data/: each names its seed and its command."""
