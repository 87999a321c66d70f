"""Physics of noise and resolution loss, to make degraded images from clean ones."""
