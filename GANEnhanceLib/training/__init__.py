"""Train generators off line and export them to what the panel loads."""
