"""The choice of a model: list, search, suitability for the volume, card, and the user's own models."""
