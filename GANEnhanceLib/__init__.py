"""GANEnhanceLib: enhance CT, MR and ultrasound volumes with generative adversarial networks, and train them.

Importing the package is instant: nothing heavy is loaded before it is needed.
"""

__version__ = "0.1.0"
