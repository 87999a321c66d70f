"""The sections of the panel, from the first to the last that is told of something."""


def makeSections(panel):
    """Return one of each section, for a PanelContext."""
    from GANEnhancePanel.main import MainSection

    kinds = [MainSection]
    return [kind(panel) for kind in kinds]
