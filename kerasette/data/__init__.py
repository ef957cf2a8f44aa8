"""From what users pass as data to batches."""
