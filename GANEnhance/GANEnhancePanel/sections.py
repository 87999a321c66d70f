"""The sections of the panel, from the first to the last that is told of something."""


def makeSections(panel):
    """Return one of each section, for a PanelContext."""
    from GANEnhancePanel.batch.frames import FramesSection
    from GANEnhancePanel.batch.section import BatchSection
    from GANEnhancePanel.choosing.section import ChoosingSection
    from GANEnhancePanel.comparing.section import ComparingSection
    from GANEnhancePanel.finer.section import FinerSection
    from GANEnhancePanel.install.section import InstallSection
    from GANEnhancePanel.main import MainSection
    from GANEnhancePanel.preview.section import PreviewSection
    from GANEnhancePanel.provenance.section import ProvenanceSection
    from GANEnhancePanel.region.section import RegionSection
    from GANEnhancePanel.reporting.section import ReportingSection

    kinds = [
        InstallSection,
        ChoosingSection,
        FinerSection,
        MainSection,
        RegionSection,
        PreviewSection,
        BatchSection,
        FramesSection,
        ComparingSection,
        ReportingSection,
        ProvenanceSection,
    ]
    return [kind(panel) for kind in kinds]
