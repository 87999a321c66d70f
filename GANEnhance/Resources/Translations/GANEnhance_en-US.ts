<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en-US" sourcelanguage="en">
<context>
    <name>GANEnhance</name>
    <message>
        <source>GAN Enhance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removes noise from CT, MR and ultrasound volumes with a trained network or a classical filter. The input is never changed; the result says which model made it, and is not for diagnosis. See the &lt;a href=&quot;{tutorial}&quot;&gt;tutorial&lt;/a&gt;, the &lt;a href=&quot;{troubleshooting}&quot;&gt;troubleshooting page&lt;/a&gt; and the &lt;a href=&quot;{url}&quot;&gt;documentation&lt;/a&gt;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made by the GANEnhance developers on 3D Slicer, MONAI and OpenVINO.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped, because the scene was closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input volume was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped, because the input volume was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input volume:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume to enhance. It is never changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trained network or classical filter that enhances the volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the model&apos;s change is applied: 0 gives the input back, 1 the model&apos;s full result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fidelity:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the fidelity that was measured to be best for this model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the model advises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 keeps closest to the measured data, 0 looks sharpest but may show texture that was not measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output volume:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume that gets the result: a new one, or an existing one that is overwritten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(Create new volume)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the input volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the work is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the module is doing, or what went wrong and what to do.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A model can remove findings or add structures that are not there. Always look at the original volume as well.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhanced volumes are not for diagnosis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Modality:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which kind of image the input is. Needed where the volume was not loaded from DICOM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the network runs. Automatic takes the fastest device that works. The choice is kept on this computer, not in the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Voxel type:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The type of the result&apos;s voxels: that of the input (rounded where it is a whole number), or 32-bit floating point.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doubt map:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a second volume beside the result: how far each voxel may be wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>how far each voxel may be wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the module did, line by line; holds nothing about a patient.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the log on the clipboard, for example for a question to the developers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the pages in the web browser.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceBatch</name>
    <message>
        <source>Frames:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input volume shows a sequence: which of its frames to enhance. More than the one shown make a new sequence, which is played together with this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first frame to enhance; the sequence begins with frame 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last frame to enhance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why a sequence is not among the input volumes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volumes:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the volumes that are to be enhanced one after another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the checked volumes one after another, each into a new volume, with the settings above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happened to each volume. Noise is the standard deviation in units of the values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the table on the clipboard, to paste it into a spreadsheet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceChoosing</name>
    <message>
        <source>Search all models, and show only those for one modality, anatomy or task.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begin every new scene with this model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Favorite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add models of your own, remove them, or look at the folder that they are in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>My models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words that the model&apos;s name, purpose, anatomy or data must hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only models for this modality.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only models for this anatomy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only models for this task.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The models that were found. Gray ones do not suit the input volume; their tool tips say why. Click to choose, double-click to choose and close the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give up adding the model; nothing of it is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the chosen model is for, where its limits are, what was measured, and what this volume will take.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole card: all limits, training data, license, version and network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More about this model</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceComparing</name>
    <message>
        <source>Result:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The enhanced volume that is compared, measured and described below: the newest one, or one that you choose.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before and after:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the slice views show the result and its input together. Your own layout and views are kept, and come back when you switch this off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fade:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the result is seen: 0 shows the input alone, 1 the result alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the line stands between the left (0) and the right (1) end of the volume. The input is left of it, the result right of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tiles:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many tiles lie along the longest side of the volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the views show, or why they cannot show it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop comparing: the layout and what each slice view showed come back as they were.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to my layout</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceFiner</name>
    <message>
        <source>Finer grid:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How fine the result shall be: edges of the voxels as equal as the model can make them, factors, a spacing, or the grid of another volume. The result lies in the same place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Through plane:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many slices one slice becomes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In plane:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many rows one row of a slice becomes, and columns as well.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spacing:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distance of neighbor voxels in the result. Axes that are finer already stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Like:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A volume that shows the same place: the result gets its voxel grid. Only its grid counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which grid the result has, or why it cannot be made.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceInstall</name>
    <message>
        <source>Which device runs the trained models, and why it was taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what can be installed, and which Python runs the models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What keeps a faster device from being used, or the worker from starting.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the package that runs trained models on the CPU. You are asked first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install OpenVINO...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the extension PyTorch install the package that runs trained models on a GPU. You are asked first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install PyTorch...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An environment of your own that has the packages already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use another Python:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder of a Python environment that has numpy, SimpleITK and OpenVINO or PyTorch, or its program python.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the Python; if it has all that is needed, it runs the models from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check and use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the models run in the Python of Slicer again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to Slicer&apos;s own Python</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The Python that runs the models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is being installed or tried, or how it ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something is being installed or tried.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the installation writes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the command that installs by hand, to paste into a terminal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what the installation wrote, for example into a report.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop; what was there before stays as it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load a small real MR volume that comes with GANEnhance and choose it as the input. The arrow, or the menu key, offers others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load sample</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.choices</name>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (not available)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.client</name>
    <message>
        <source>The worker process ended unexpectedly (code {code}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker process cannot be started with {python}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker process did not answer within {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker process does not answer and was ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Enhance to start it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hint} It wrote: {line}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker speaks version {theirs} of the protocol, but {ours} is needed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.context</name>
    <message>
        <source>It is not known yet whether {name} can refine the grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until the list of models is there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.doubtmap</name>
    <message>
        <source>{volume} doubt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{caption}; of an earlier run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{caption}; the result now has {strength:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doubt: {share:.0%} of the errors shall lie below it (strength {strength:.0%})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.inputfiles</name>
    <message>
        <source>The volume was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume changed meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.interpreter</name>
    <message>
        <source>The folder {path} has no Python in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder of an environment, or its program python.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the program python of an environment, or the folder of the environment.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.job</name>
    <message>
        <source>Starting...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input volume changed before its voxels were copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Enhance again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copying the voxels...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copying the region...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the volume...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.main</name>
    <message>
        <source>Help: &lt;a href=&quot;{tutorial}&quot;&gt;tutorial&lt;/a&gt;, &lt;a href=&quot;{troubleshooting}&quot;&gt;troubleshooting&lt;/a&gt;, &lt;a href=&quot;{trust}&quot;&gt;what to trust&lt;/a&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chosen model has no doubt map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model by its name: not every one has a doubt map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a second volume beside the result: how far each voxel may be wrong, in the units of the input. {share:.0%} of the errors shall lie below it, as measured on a few volumes like those of the training; it is an estimate, no proof. Made for a single volume, not by preview, batch or sequence, and for the strength of the run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canceled. No volume was made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canceled.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.output</name>
    <message>
        <source>The input volume was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{volume} {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>enhanced</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.parameters</name>
    <message>
        <source>From DICOM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Floating point (32 bit)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inside an ROI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inside a segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inside a label map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Equal edges (cubes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By factors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By spacing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Like another volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The one shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From ... to ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fader</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkerboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Swipe line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.resultgrid</name>
    <message>
        <source>The result has the shape {result}, but the input has {input}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.samples</name>
    <message>
        <source>MR head, noise added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MR head, T1-weighted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MR brain, diffusion b=0 (noisy)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample {path} cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the extension again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.scripting</name>
    <message>
        <source>The work was canceled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The work is not done after {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scene was closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the volume again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input was deleted from the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session is a {kind}, but must be a {needed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A WorkerSession is for calls that wait, a WorkerClient for those that do not.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.sequences</name>
    <message>
        <source>No sequence is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the sequence to enhance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input node is a {kind} that shows no sequence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a sequence node, or the volume that a sequence browser shows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frames of {name} are in color; only those with one value in each voxel can be enhanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Convert them to gray first: the scripting page shows how in ten lines.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence has no frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load or record it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frames are {frames}, but the sequence has frames 0 to {last}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame {number} of {count}: {sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models for super-resolution do not enhance the frames of a sequence together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the one that is shown, or choose a model that keeps the grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sequence was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another sequence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} enhanced</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.state</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the enhancement; no volume is made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the input volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an output volume that is not the input, or let a new one be made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model: {name} is not installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is ready: {model}, {time}, {device}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the volume...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the model...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interpolating...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bringing the result back to the input...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhancing...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring what changed...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copying the voxels...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stage} {time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count}&#xa0;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count}&#xa0;min</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.task</name>
    <message>
        <source>The modality is {value}, but must be one of: {allowed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output volume is the input volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another output, or let a new one be made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output node is a {kind}, not a scalar volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a scalar volume, or let a new one be made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume&apos;s DICOM modality is {value}, but models are for: {allowed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If DICOM is wrong, choose the modality in the Advanced section.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.volumes</name>
    <message>
        <source>No input volume is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the volume to enhance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input node is a {kind}, not a scalar volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a volume with one value in each voxel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input volume is a label map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the image, not its labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input volume has no voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the image first, or choose another volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input volume has {count} values in each voxel, but must have one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Convert a color image to a scalar volume first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The voxels cannot be copied to {folder} ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space on that disk, or set another temporary folder in the application&apos;s settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The input volume changed while its voxels were copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Enhance again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhancePreview</name>
    <message>
        <source>Preview in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the slice that the Red view shows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the slice that the Yellow view shows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the slice that the Green view shows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows the input as long as it is held down with the mouse, or with the space bar.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold to see the input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in all views what they showed before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which slice is previewed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the strength and fidelity sliders do to the result that is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the whole volume with the fidelity that the views show, into the same result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply to whole volume</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceProvenance</name>
    <message>
        <source>Provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether the model that made the result is still the one that is installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say how the chosen result was made: model, settings, input, device, warnings. The same is kept in the volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the chosen result was made, in words, and below in full as JSON.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the text on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the input, model and settings of the chosen result again. Nothing runs before you press Enhance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run again with these settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write &quot;not for diagnosis&quot; into each slice view that shows an enhanced volume. Switched off, it comes back when the application starts again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark enhanced volumes in views</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceRegion</name>
    <message>
        <source>Region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which part of the volume is enhanced. Outside, the voxels stay exactly those of the input.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROI:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The box to enhance inside of. It may be rotated, and can be moved in the views.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a box in the middle of the input volume, and show it with handles in the views.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New ROI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segmentation:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The segmentation that has the segment to enhance inside of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segment:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The segment to enhance inside of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label map:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The label map to enhance inside of. It may have another grid than the volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The label to enhance inside of; &quot;All&quot; takes every label above 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feather:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Over how many millimeters the enhancement fades out towards the border, inside the region. 0 is a hard edge.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether the chosen region can be used.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GANEnhanceReporting</name>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the figures come to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What of the volume is not as the model expects it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The figures of the input and of the result. Point at a row to read how it was measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the module is measuring, or what to do.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure the chosen result and its input again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the table on the clipboard, for a spreadsheet or a document.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the report: as a page with pictures (.html), as a table (.csv), or in full (.json).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save report...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A volume of the same object without noise, on the same grid. Gives PSNR, SSIM and mean absolute error.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(None)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data range:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which span of values is full scale for PSNR and SSIM. At 0 it is largest less smallest value of the reference. The report says which one was taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tissue:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An ROI in the tissue of interest, for the contrast-to-noise ratio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make an ROI in the middle of the volume. Drag it to where the tissue is uniform.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Background:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An ROI in what the tissue is to be told from, for the contrast-to-noise ratio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make an ROI near a corner of the volume. Drag it to what the tissue is to be told from.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>batch.frames</name>
    <message>
        <source>Frame {number} of {count}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped, because the sequence was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flicker: {before} before, {after} after.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>batch.rows</name>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canceled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {count} volumes are enhanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{failed} failed: see the table.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>batch.section</name>
    <message>
        <source>Enhance the checked volumes one after another, each into a new volume, with the settings above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until the present run has ended, or cancel it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the volumes to enhance first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canceled. {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>batch.volumes</name>
    <message>
        <source>The volume was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume {number} failed: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume {number} of {count}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(all: {time} left)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>choosing.card</name>
    <message>
        <source>Limits: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained on: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>License: {text}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not for this volume: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With care: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any modality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any anatomy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch on the CPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This volume: about {time} on {device}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This volume: about {time} and {size} of memory on {device}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Risk: {text}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not for diagnosis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Architecture: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cost: {count} kFLOP per voxel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receptive field: {count} voxels around each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest change of a voxel: {count} of the scaled range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hash: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anatomy: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} kB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>choosing.modelfiles</name>
    <message>
        <source>Add a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models (*.zip *.onnx *.ts *.safetensors);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The card of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cards (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a model&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adding {name}...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canceled. No model was added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the model &quot;{name}&quot; from this computer? {size} will be free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {folder} cannot be made ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of your models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your models are now in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the model...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added &quot;{name}&quot; ({size}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added the model {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} Replace it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model was added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removed {name}; {size} are free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removed the model {name}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>choosing.modelnames</name>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes the model made for the volume&apos;s modality.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model is not installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes the model for the volume&apos;s modality.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The modality is not known, so a classical filter is taken. For a network, choose the modality under Advanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes the model for {modality}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes {title}, which is made for {modality}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes {title}; {other} is made for {modality}, but is only taken when chosen: {risk}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes {title}, because no trained model is made for {modality}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (not available)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>choosing.modelsearch</name>
    <message>
        <source>Modality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anatomy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} of {total} models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>choosing.section</name>
    <message>
        <source>Add from a file...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add from a folder...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the chosen model...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the folder of my models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep my models in another folder...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model is not installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>★ Favorite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>☆ Favorite</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>choosing.suitability</name>
    <message>
        <source>The input volume changed meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>comparing.colors</name>
    <message>
        <source>GANEnhance difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>comparing.comparison</name>
    <message>
        <source>Making the picture...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GANEnhance checkerboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GANEnhance swipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GANEnhance difference</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>comparing.notes</name>
    <message>
        <source>Left: {before}. Right: {after}. Scroll or zoom one view, and the other follows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top: {before}. Bottom: {after}. Scroll or zoom one view, and the others follow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 shows {before}, 1 shows {after}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tiles show {before} and {after} in turn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left of the line: {before}. Right of it: {after}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{before} is interpolated to the finer grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input minus output: no change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input minus output: {low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input minus output: both volumes hold the same values everywhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input minus output: from {low} (blue) over no change (black) to {high} (orange).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The largest change is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>comparing.pair</name>
    <message>
        <source>There are no slice views in this application, so nothing can be compared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no result yet. Enhance a volume first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side and the fader work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result has {result} voxels, but its source has {source}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result and its source are not in the same place any more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>comparing.section</name>
    <message>
        <source>Enhance a volume, then compare it with its input here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>finer.again</name>
    <message>
        <source>The panel has no control for the finer grid of that run: choose one again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume that gave the finer grid is not in the scene as it was: choose the grid again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>finer.choice</name>
    <message>
        <source>No volume is chosen that the result shall be like.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one, or another way to say how fine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, which the result shall be like, has no voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harden that transform first, or choose another volume.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>finer.section</name>
    <message>
        <source>How many slices one slice becomes. The model was trained for {factors}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many rows one row of a slice becomes, and columns as well. The model was trained for {factors}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a volume to see which grid the result has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking which grid the result has...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>finer.words</name>
    <message>
        <source>Result: {voxels} voxels of {spacing} mm, {factors} times as many</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result: {voxels} voxels of {spacing} mm, on the grid of the chosen volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{grid}; needs about {size} of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1, or {low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.commandrunner</name>
    <message>
        <source>The program {path} cannot be started.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.deviceline</name>
    <message>
        <source>Runs on {device}. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No trained model can run on the device that is chosen under Advanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} cannot be used: {reason}. Choose Automatic under Advanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not in this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on {device}, as chosen under Advanced.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.installing</name>
    <message>
        <source>The folder {path} cannot be made ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set another cache folder in the application&apos;s settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} was not installed: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} was not installed: you canceled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You canceled; nothing was installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The Python {path} does not say what is installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} was removed again, because it cannot be loaded here: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installing {title} changed packages that were there: {changes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To repair that, copy the command and run it in a terminal.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.packages</name>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the Python {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install PyTorch into {where}?

The PyTorch extension chooses the build for this computer&apos;s GPU and downloads it from download.pytorch.org: 0.2 GB for the CPU, up to 3 GB for a GPU. Slicer waits until it is done, which may take several minutes.

Nothing that is installed already is replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install OpenVINO into {where}?

It is downloaded from the Python Package Index (pypi.org), or from the index that pip is set up for: about 60 MB, 200 MB on disk. You can go on working meanwhile.

Nothing that is installed already is replaced.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.pipoutput</name>
    <message>
        <source>{title} was not installed: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this Python has no pip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use another Python.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it needs {wanted}, but {there} is installed here and is never replaced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use another Python that has it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>you may not change this Python&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a file that was downloaded is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the package index does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the network connection and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the network connection, or use another Python.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no {name} was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no {name}, only {versions}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pip said nothing</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.preparation</name>
    <message>
        <source>Installing {title}...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} {version} is installed; the worker starts again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} is installed, but the worker does not find it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart Slicer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} {version} is installed: trained models can be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No Python is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the folder of an environment that has OpenVINO or PyTorch, or its program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trying {path}...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker now runs in {where}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canceled: the Python is as before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Canceling...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The filters work as before. To install by hand, copy the command into a terminal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The filters work as before. The Python console has what the extension wrote.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.pythoncheck</name>
    <message>
        <source>{path} cannot run the worker: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenVINO or PyTorch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} lacks {packages}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To install what is missing, copy the command and run it in a terminal.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.section</name>
    <message>
        <source>Warning: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker cannot start, so nothing can be enhanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for devices...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained models need OpenVINO or PyTorch, which are missing; filters work without.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Repair to go back to Slicer&apos;s own Python, or to choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {version} is installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the CPU: about 60 MB to download, 200 MB on disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use: {where} {version}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {version} is installed. The module PyTorch Utils can change it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For Slicer&apos;s own Python only; in another one, install it with that one&apos;s pip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a GPU: up to 3 GB to download, by the extension PyTorch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The command is on the clipboard: paste it into a terminal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is loaded: press Enhance.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>install.torchextension</name>
    <message>
        <source>PyTorch is installed by the extension PyTorch, which is not here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the Extensions Manager, install PyTorch, restart Slicer, and press this button again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch was not installed: the extension PyTorch did not do it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>preview.plane</name>
    <message>
        <source>The {view} view does not show {name} where it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the view&apos;s slice into the volume.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>preview.section</name>
    <message>
        <source>Enhancing the slice in {view}...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{view} shows slice {index} along {axis} enhanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{view} was oblique to the volume: it is turned by {degrees}° to the nearest slices until the preview ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no {view} slice view in this application.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {view} slice view is not shown: choose a layout that has it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until the run is over, or cancel it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A slice cannot be previewed on the grid of another volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the whole volume, or choose factors or a spacing for the preview.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the slice that the {view} view shows.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>preview.slicevolume</name>
    <message>
        <source>Preview in {view}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>preview.tuning</name>
    <message>
        <source>The sliders set the next run: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The views show fidelity {new}, but {name} has {old}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The slider says fidelity {new}, but {name} has {old}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is being blended...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The strength slider changes {name} at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was not made since the scene was loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the worker does not keep the run of {name} any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the voxels of {name} were changed by something else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was made from something else, or with other settings.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>provenance.GANEnhanceSubjectHierarchyPlugin</name>
    <message>
        <source>Show GANEnhance provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run GANEnhance again with these settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>provenance.again</name>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load it, choose it as the input, and set the model by hand.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not set, since the panel has no control for it: {options}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {name} is not here, so the chosen one stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The mask of that run is not in the scene: choose its region again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} region</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>provenance.annotation</name>
    <message>
        <source>GANEnhance {model}: not for diagnosis</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>provenance.describe</name>
    <message>
        <source>The model {name} is still the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model {name} has changed since: a new run may give other voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model {name} is not installed any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was made by {model} {version}; its source is not in the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was made from {source} by {model} {version}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run: {facts}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>strength {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fidelity {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fidelity as the model advises</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>modality {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings: {list}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>feather {value} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Region: a box of {size} mm, {feather}; outside, the voxels are the input&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Region: {count} voxels of a mask, {feather}; outside, the voxels are the input&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finer grid: {voxels} voxels of {spacing} mm, that of another volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finer grid: {voxels} voxels of {spacing} mm, {factors} times as many.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In {count} voxels the model&apos;s change was limited to its bound.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>provenance.section</name>
    <message>
        <source>Hide provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no result yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The provenance is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The panel is set as it was for {name}: press Enhance.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>qSlicerAbstractCoreModule</name>
    <message>
        <source>Filtering.Denoising</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>region.box</name>
    <message>
        <source>No ROI is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an ROI, or press New ROI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ROI {name} has no size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place it in a view, or press New ROI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ROI {name} is inside out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch that off in the Markups module, or enhance inside a segment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Region to enhance</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>region.files</name>
    <message>
        <source>The region was changed meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>region.mask</name>
    <message>
        <source>No label map is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the label map to enhance inside of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The label map {name} has no voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No segmentation is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the segmentation to enhance inside of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No segment is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the segment to enhance inside of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The segment {name} has no binary labelmap.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create that representation in the Segmentations module.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The segment {name} is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another segment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region has no voxel inside the volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another segment or label, or the whole volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region cannot be written to {folder} ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space on that disk, or set another temporary folder in the application&apos;s settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region changed while it was copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>region.section</name>
    <message>
        <source>Outside, the voxels stay exactly those of the input.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>region.space</name>
    <message>
        <source>{name} is under a transform that is not linear.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harden that transform first, or choose another region.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>reporting.measuretalk</name>
    <message>
        <source>The voxels changed while they were measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Measure again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>reporting.request</name>
    <message>
        <source>There is no result to measure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance a volume first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load it, and enhance it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the source again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before: {name}, interpolated to the finer grid of the result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast-to-noise needs both a tissue and a background ROI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {one} has {size} voxels, but the {other} has {otherSize}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {one} does not lie where the {other} lies.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reference is the result itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resample it onto the result first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resample it onto the source first.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>reporting.saving</name>
    <message>
        <source>Page with pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table of figures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything but pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save report</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>reporting.section</name>
    <message>
        <source>Error: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance a volume, then see here what the model did to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The voxels changed since this was measured: press Measure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Measure to judge {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tissue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Background</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report is saved in {path}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>reporting.table</name>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>reporting.words</name>
    <message>
        <source>Noise fell to {percent} %.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise rose to {percent} %.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise did not change.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No noise was measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edges are as sharp as before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edges became {percent} % wider, so less sharp.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edges became {percent} % narrower, so sharper.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edges are no wider than before, but {percent} % less steep.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast-to-noise rose from {before} to {after}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast-to-noise fell from {before} to {after}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result is closer to the reference than the input was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result is farther from the reference than the input was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No voxel was held back by the bound.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bound held back {count} voxels ({share}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume suits the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume is not quite what the model was made for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume is not what the model was made for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The source volume was changed after the run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edge width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edge slope</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast-to-noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PSNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SSIM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean absolute error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flicker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>worse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>same</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>talks.conversation</name>
    <message>
        <source>The worker was ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the work again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>talks.interpolatetalk</name>
    <message>
        <source>The voxels changed while they were interpolated.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>talks.reference</name>
    <message>
        <source>The reference volume has {reference} voxels, but the result has {result}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resample the reference to the grid of the result first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reference volume has {reference} voxels, but the input has {input}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resample the reference to the input&apos;s grid first.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>talks.region</name>
    <message>
        <source>The region is a {kind}, not an ROI, a segmentation or a label map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a markups ROI, a label map, or (segmentation, segment ID).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>talks.sequencetalk</name>
    <message>
        <source>Frames of a sequence get no doubt map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the doubt out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frame lies elsewhere than the first one, so that the region does not fit it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enhance the whole volume, or the frames of one grid at a time.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
