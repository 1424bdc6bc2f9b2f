"""The computer below the lessons: files, errors, threads.  Nothing here is about networks."""
