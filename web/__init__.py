"""The page door: cookies, forms and server-rendered HTML, for people with a browser and nothing else."""
