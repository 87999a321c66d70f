"""The one engine that runs a model over a volume: options, plan, devices, backends and the generator."""
