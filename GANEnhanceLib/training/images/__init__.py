"""Real images by recipe: what they are, whence they are fetched, how they are read, which are reserved."""
