"""Groups and circles on their way from a draft to the day on which they begin: asked all together, answered in private."""
