"""Pictures of a batch: the figures, and one page that shows them all."""
