"""The training loop: PyTorch-Ignite drives the steps; everything needed to go on exactly is kept."""
