"""Speed and accuracy beside published peers. They print tables."""
