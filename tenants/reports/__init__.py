"""What is read from many rooms at once: a coordinator's day, the pipeline, a person's record."""
