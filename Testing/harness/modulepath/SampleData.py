"""Stand-in of Slicer's module SampleData: registering samples, downloading them into the cache, loading them.

Samples come from file: and http(s): addresses. There is no widget; its buttons call `downloadFromSource`, or
the source's customDownloader.
"""

import logging
import os
import urllib.error
import urllib.parse
import urllib.request
import uuid

import slicer
import vtk

_ATTEMPTS = 3
_LISTS = ("fileNames", "nodeNames", "loadFiles", "loadFileTypes", "checksums")


class SampleDataSource:
    """One sample: one address or several, with as many file names, node names, checksums ("SHA256:...")."""

    def __init__(
        self,
        sampleName=None,
        sampleDescription=None,
        uris=None,
        fileNames=None,
        nodeNames=None,
        checksums=None,
        loadFiles=None,
        customDownloader=None,
        thumbnailFileName=None,
        loadFileTypes=None,
        loadFileProperties=None,
        loadFileType=None,
    ):
        if loadFileType is not None and loadFileTypes is not None:
            raise ValueError("loadFileType and loadFileTypes cannot both be given")
        self.sampleName, self.sampleDescription = sampleName, sampleDescription or sampleName
        self.customDownloader, self.thumbnailFileName = customDownloader, thumbnailFileName
        self.loadFileProperties = loadFileProperties or {}
        given = {
            "fileNames": fileNames,
            "nodeNames": nodeNames,
            "loadFiles": loadFiles,
            "loadFileTypes": loadFileTypes or loadFileType,
            "checksums": checksums,
        }
        several = isinstance(uris, (list, tuple))
        self.uris = uris if several else [uris]
        for name in _LISTS:
            value = given[name]
            if not several:
                value = [value]
            elif value is None or (name == "loadFileTypes" and isinstance(value, str)):
                value = [value] * len(uris)
            setattr(self, name, value)
        if any(len(getattr(self, name)) != len(self.uris) for name in _LISTS):
            raise ValueError(f"the lists of the sample {sampleName} have different lengths")

    def _facts(self):
        return {name: value for name, value in vars(self).items() if name != "customDownloader"}

    def __eq__(self, other):
        return isinstance(other, SampleDataSource) and self._facts() == other._facts()

    __hash__ = object.__hash__


def _sources():
    if not hasattr(slicer.modules, "sampleDataSources"):
        slicer.modules.sampleDataSources = {}
    return slicer.modules.sampleDataSources


class SampleDataLogic:
    """Knows the registered samples (`slicer.modules.sampleDataSources`, by category)."""

    def __init__(self, logMessage=None):
        if logMessage is not None:
            self.logMessage = logMessage

    def logMessage(self, message, logLevel=logging.DEBUG):
        """Log a message."""
        logging.log(logLevel, message)

    @staticmethod
    def registerCustomSampleDataSource(
        category="Custom",
        sampleName=None,
        uris=None,
        fileNames=None,
        nodeNames=None,
        customDownloader=None,
        thumbnailFileName=None,
        loadFileTypes=None,
        loadFiles=None,
        loadFileProperties=None,
        checksums=None,
        loadFileType=None,
    ):
        """Register a sample under a category, unless it is registered."""
        source = SampleDataSource(
            sampleName=sampleName,
            uris=uris,
            fileNames=fileNames,
            nodeNames=nodeNames,
            thumbnailFileName=thumbnailFileName,
            loadFileTypes=loadFileTypes,
            loadFiles=loadFiles,
            loadFileProperties=loadFileProperties,
            checksums=checksums,
            customDownloader=customDownloader,
            loadFileType=loadFileType,
        )
        if not SampleDataLogic.isSampleDataSourceRegistered(category, source):
            _sources().setdefault(category, []).append(source)

    @staticmethod
    def isSampleDataSourceRegistered(category, sampleDataSource):
        """Whether an equal sample is registered under the category."""
        return sampleDataSource in _sources().get(category, [])

    @staticmethod
    def sampleDataSourcesByCategory(category=None):
        """The samples of a category, or all of them by category."""
        return _sources() if category is None else _sources().get(category, [])

    def sourceForSampleName(self, sampleName):
        """The sample of this name, or None."""
        every = [source for sources in _sources().values() for source in sources]
        return next((source for source in every if source.sampleName == sampleName), None)

    def downloadSample(self, sampleName):
        """The first node of a sample."""
        return self.downloadSamples(sampleName)[0]

    def downloadSamples(self, sampleName):
        """The nodes of a sample; [] if there is none of this name."""
        source = self.sourceForSampleName(sampleName)
        return self.downloadFromSource(source) if source is not None else []

    def downloadFromSource(self, source, maximumAttemptsCount=_ATTEMPTS, forceDownload=False):
        """Download and load the files of a sample; nodes, or paths of what is not loaded."""
        results = []
        default = all(name is None for name in source.nodeNames)
        for number, uri in enumerate(source.uris):
            fileName, nodeName = source.fileNames[number], source.nodeNames[number]
            path = os.path.basename(fileName or urllib.parse.urlparse(uri).path)
            nodeName = nodeName or (os.path.splitext(path)[0] if default else None)
            fileName = fileName or f"{uuid.uuid4().hex}-{path}"
            for _ in range(maximumAttemptsCount):
                try:
                    file = self.downloadFileIntoCache(uri, fileName, source.checksums[number], forceDownload)
                except ValueError as error:
                    self.logMessage(str(error), logging.ERROR)
                    continue
                loaded = file
                if source.loadFiles[number] is not False and nodeName:
                    kind = source.loadFileTypes[number]
                    loaded = self.loadNode(file, nodeName, kind, dict(source.loadFileProperties))
                if loaded:
                    results.append(loaded)
                    break
                if os.path.exists(file):
                    os.remove(file)
        return results

    def downloadFileIntoCache(self, uri, name, checksum=None, forceDownload=False):
        """Path of a file in the scene's cache, downloaded if it is not there or has another checksum."""
        folder = slicer.mrmlScene.GetCacheManager().GetRemoteCacheDirectory()
        os.makedirs(folder, exist_ok=True)
        return self.downloadFile(uri, folder, name, checksum, forceDownload)

    def downloadFile(self, uri, destFolderPath, name, checksum=None, forceDownload=False):
        """Path of a downloaded file; a file with a wrong checksum is removed again."""
        path = f"{destFolderPath}/{name}"
        if forceDownload or not self._isGood(path, checksum):
            try:
                urllib.request.urlretrieve(uri, path)
            except OSError as error:
                raise ValueError(f"Failed to download {uri} to {path}: {error}") from error
            if not self._isGood(path, checksum):
                self.logMessage(f"The checksum of {name} is not {checksum}", logging.ERROR)
                os.remove(path)
        return path

    @staticmethod
    def _isGood(path, checksum):
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            return False
        algorithm, digest = slicer.util.extractAlgoAndDigest(checksum)
        return algorithm is None or slicer.util.computeChecksum(algorithm, path) == digest

    def loadNode(self, uri, name, fileType=None, fileProperties=None):
        """The node of a file, or None."""
        files, nodes = slicer.app.coreIOManager(), vtk.vtkCollection()
        properties = {**(fileProperties or {}), "fileName": uri, "name": name}
        if not os.path.exists(uri) or not files.loadNodes(fileType or files.fileType(uri), properties, nodes):
            self.logMessage(f"Load failed: {uri}", logging.ERROR)
            return None
        return nodes.GetItemAsObject(0)


def downloadSample(sampleName):
    """The first node of a sample."""
    return SampleDataLogic().downloadSample(sampleName)


def downloadSamples(sampleName):
    """The nodes of a sample."""
    return SampleDataLogic().downloadSamples(sampleName)
