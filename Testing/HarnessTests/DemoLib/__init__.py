"""Library of the demo extension."""
