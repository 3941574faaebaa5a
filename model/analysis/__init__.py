"""What the runs of a batch say: intervals, summaries and comparisons of scenarios."""
