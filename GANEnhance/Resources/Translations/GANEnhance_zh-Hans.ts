<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh-Hans" sourcelanguage="en">
<context>
    <name>GANEnhance</name>
    <message>
        <source>GAN Enhance</source>
        <translation>GAN 增强</translation>
    </message>
    <message>
        <source>Removes noise from CT, MR and ultrasound volumes with a trained network or a classical filter. The input is never changed; the result says which model made it, and is not for diagnosis. See the &lt;a href=&quot;{tutorial}&quot;&gt;tutorial&lt;/a&gt;, the &lt;a href=&quot;{troubleshooting}&quot;&gt;troubleshooting page&lt;/a&gt; and the &lt;a href=&quot;{url}&quot;&gt;documentation&lt;/a&gt;.</source>
        <translation>使用训练好的网络或经典滤波器去除 CT、MR 和超声体数据中的噪声。输入数据永远不会被修改；结果会注明由哪个模型生成，且不可用于诊断。请参阅&lt;a href=&quot;{tutorial}&quot;&gt;教程&lt;/a&gt;、&lt;a href=&quot;{troubleshooting}&quot;&gt;故障排除页面&lt;/a&gt;和&lt;a href=&quot;{url}&quot;&gt;文档&lt;/a&gt;。</translation>
    </message>
    <message>
        <source>Made by the GANEnhance developers on 3D Slicer, MONAI and OpenVINO.</source>
        <translation>由 GANEnhance 开发者基于 3D Slicer、MONAI 和 OpenVINO 制作。</translation>
    </message>
    <message>
        <source>Stopped, because the scene was closed.</source>
        <translation>已停止，因为场景已关闭。</translation>
    </message>
    <message>
        <source>The input volume was deleted.</source>
        <translation>输入体数据已被删除。</translation>
    </message>
    <message>
        <source>Stopped, because the input volume was deleted.</source>
        <translation>已停止，因为输入体数据已被删除。</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Input volume:</source>
        <translation>输入体数据：</translation>
    </message>
    <message>
        <source>The volume to enhance. It is never changed.</source>
        <translation>要增强的体数据。它永远不会被修改。</translation>
    </message>
    <message>
        <source>Model:</source>
        <translation>模型：</translation>
    </message>
    <message>
        <source>The trained network or classical filter that enhances the volume.</source>
        <translation>用于增强体数据的训练好的网络或经典滤波器。</translation>
    </message>
    <message>
        <source>Strength:</source>
        <translation>强度：</translation>
    </message>
    <message>
        <source>How much of the model&apos;s change is applied: 0 gives the input back, 1 the model&apos;s full result.</source>
        <translation>应用模型改动的比例：0 为输入本身，1 为模型的完整结果。</translation>
    </message>
    <message>
        <source>Fidelity:</source>
        <translation>保真度：</translation>
    </message>
    <message>
        <source>Use the fidelity that was measured to be best for this model.</source>
        <translation>使用经测量对该模型最佳的保真度。</translation>
    </message>
    <message>
        <source>As the model advises</source>
        <translation>采用模型建议值</translation>
    </message>
    <message>
        <source>1 keeps closest to the measured data, 0 looks sharpest but may show texture that was not measured.</source>
        <translation>1 最接近实测数据，0 看起来最清晰，但可能显示并未测得的纹理。</translation>
    </message>
    <message>
        <source>Output volume:</source>
        <translation>输出体数据：</translation>
    </message>
    <message>
        <source>The volume that gets the result: a new one, or an existing one that is overwritten.</source>
        <translation>接收结果的体数据：新建的，或被覆盖的现有体数据。</translation>
    </message>
    <message>
        <source>(Create new volume)</source>
        <translation>（新建体数据）</translation>
    </message>
    <message>
        <source>Enhance the input volume.</source>
        <translation>增强输入体数据。</translation>
    </message>
    <message>
        <source>Enhance</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>How much of the work is done.</source>
        <translation>工作完成的比例。</translation>
    </message>
    <message>
        <source>What the module is doing, or what went wrong and what to do.</source>
        <translation>模块正在做什么，或者出了什么问题以及如何处理。</translation>
    </message>
    <message>
        <source>A model can remove findings or add structures that are not there. Always look at the original volume as well.</source>
        <translation>模型可能会抹去病变征象，或添加并不存在的结构。请始终同时查看原始体数据。</translation>
    </message>
    <message>
        <source>Enhanced volumes are not for diagnosis.</source>
        <translation>增强后的体数据不可用于诊断。</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Modality:</source>
        <translation>模态：</translation>
    </message>
    <message>
        <source>Which kind of image the input is. Needed where the volume was not loaded from DICOM.</source>
        <translation>输入图像的类型。如果体数据不是从 DICOM 加载的，则需要选择。</translation>
    </message>
    <message>
        <source>Device:</source>
        <translation>设备：</translation>
    </message>
    <message>
        <source>Where the network runs. Automatic takes the fastest device that works. The choice is kept on this computer, not in the scene.</source>
        <translation>网络运行的位置。“自动”会选用可用的最快设备。此选择保存在本机上，而不在场景中。</translation>
    </message>
    <message>
        <source>Voxel type:</source>
        <translation>体素类型：</translation>
    </message>
    <message>
        <source>The type of the result&apos;s voxels: that of the input (rounded where it is a whole number), or 32-bit floating point.</source>
        <translation>结果的体素类型：与输入相同（若为整数则四舍五入），或 32 位浮点数。</translation>
    </message>
    <message>
        <source>Doubt map:</source>
        <translation>不确定度图：</translation>
    </message>
    <message>
        <source>Make a second volume beside the result: how far each voxel may be wrong.</source>
        <translation>在结果旁生成第二个体数据：每个体素可能的误差。</translation>
    </message>
    <message>
        <source>how far each voxel may be wrong</source>
        <translation>每个体素可能的误差</translation>
    </message>
    <message>
        <source>What the module did, line by line; holds nothing about a patient.</source>
        <translation>模块逐行的操作记录；不含任何患者信息。</translation>
    </message>
    <message>
        <source>Put the log on the clipboard, for example for a question to the developers.</source>
        <translation>将日志复制到剪贴板，例如用于向开发者提问。</translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation>复制日志</translation>
    </message>
    <message>
        <source>Open the pages in the web browser.</source>
        <translation>在网络浏览器中打开这些页面。</translation>
    </message>
</context>
<context>
    <name>GANEnhanceBatch</name>
    <message>
        <source>Frames:</source>
        <translation>帧：</translation>
    </message>
    <message>
        <source>The input volume shows a sequence: which of its frames to enhance. More than the one shown make a new sequence, which is played together with this one.</source>
        <translation>输入体数据显示的是一个序列：选择要增强的帧。若不止当前显示的一帧，将生成一个新序列，与此序列同步播放。</translation>
    </message>
    <message>
        <source>from</source>
        <translation>从</translation>
    </message>
    <message>
        <source>The first frame to enhance; the sequence begins with frame 1.</source>
        <translation>要增强的第一帧；序列从第 1 帧开始。</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>The last frame to enhance.</source>
        <translation>要增强的最后一帧。</translation>
    </message>
    <message>
        <source>Why a sequence is not among the input volumes.</source>
        <translation>为什么某个序列不在输入体数据之列。</translation>
    </message>
    <message>
        <source>Several volumes</source>
        <translation>多个体数据</translation>
    </message>
    <message>
        <source>Volumes:</source>
        <translation>体数据：</translation>
    </message>
    <message>
        <source>Check the volumes that are to be enhanced one after another.</source>
        <translation>勾选要依次增强的体数据。</translation>
    </message>
    <message>
        <source>Enhance the checked volumes one after another, each into a new volume, with the settings above.</source>
        <translation>按上面的设置依次增强已勾选的体数据，每个生成一个新的体数据。</translation>
    </message>
    <message>
        <source>Enhance all</source>
        <translation>全部增强</translation>
    </message>
    <message>
        <source>What happened to each volume. Noise is the standard deviation in units of the values.</source>
        <translation>每个体数据的处理情况。噪声为标准差，单位与体素值相同。</translation>
    </message>
    <message>
        <source>Put the table on the clipboard, to paste it into a spreadsheet.</source>
        <translation>将表格复制到剪贴板，以便粘贴到电子表格中。</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>复制表格</translation>
    </message>
</context>
<context>
    <name>GANEnhanceChoosing</name>
    <message>
        <source>Search all models, and show only those for one modality, anatomy or task.</source>
        <translation>搜索所有模型，只显示适用于某一模态、解剖部位或任务的模型。</translation>
    </message>
    <message>
        <source>Find...</source>
        <translation>查找...</translation>
    </message>
    <message>
        <source>Begin every new scene with this model.</source>
        <translation>每个新场景都以此模型开始。</translation>
    </message>
    <message>
        <source>Favorite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Add models of your own, remove them, or look at the folder that they are in.</source>
        <translation>添加、移除您自己的模型，或查看它们所在的文件夹。</translation>
    </message>
    <message>
        <source>My models</source>
        <translation>我的模型</translation>
    </message>
    <message>
        <source>Words that the model&apos;s name, purpose, anatomy or data must hold.</source>
        <translation>模型的名称、用途、解剖部位或数据中必须包含的词。</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Show only models for this modality.</source>
        <translation>只显示适用于此模态的模型。</translation>
    </message>
    <message>
        <source>Show only models for this anatomy.</source>
        <translation>只显示适用于此解剖部位的模型。</translation>
    </message>
    <message>
        <source>Show only models for this task.</source>
        <translation>只显示适用于此任务的模型。</translation>
    </message>
    <message>
        <source>The models that were found. Gray ones do not suit the input volume; their tool tips say why. Click to choose, double-click to choose and close the list.</source>
        <translation>找到的模型。灰色的模型不适合输入体数据，其工具提示会说明原因。单击选择，双击选择并关闭列表。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>For</source>
        <translation>适用</translation>
    </message>
    <message>
        <source>Give up adding the model; nothing of it is left.</source>
        <translation>放弃添加模型；不会留下任何内容。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>What the chosen model is for, where its limits are, what was measured, and what this volume will take.</source>
        <translation>所选模型的用途、局限、测量结果，以及处理此体数据所需的时间和内存。</translation>
    </message>
    <message>
        <source>Show the whole card: all limits, training data, license, version and network.</source>
        <translation>显示完整的模型卡：所有局限、训练数据、许可证、版本和网络。</translation>
    </message>
    <message>
        <source>More about this model</source>
        <translation>模型详情</translation>
    </message>
</context>
<context>
    <name>GANEnhanceComparing</name>
    <message>
        <source>Result:</source>
        <translation>结果：</translation>
    </message>
    <message>
        <source>The enhanced volume that is compared, measured and described below: the newest one, or one that you choose.</source>
        <translation>在下方进行比较、测量和描述的增强体数据：最新的一个，或您选择的一个。</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Before and after:</source>
        <translation>前后对比：</translation>
    </message>
    <message>
        <source>How the slice views show the result and its input together. Your own layout and views are kept, and come back when you switch this off.</source>
        <translation>切片视图如何同时显示结果及其输入。您自己的布局和视图会被保留，关闭比较后即可恢复。</translation>
    </message>
    <message>
        <source>Fade:</source>
        <translation>混合：</translation>
    </message>
    <message>
        <source>How much of the result is seen: 0 shows the input alone, 1 the result alone.</source>
        <translation>结果的可见程度：0 只显示输入，1 只显示结果。</translation>
    </message>
    <message>
        <source>Line:</source>
        <translation>分界线：</translation>
    </message>
    <message>
        <source>Where the line stands between the left (0) and the right (1) end of the volume. The input is left of it, the result right of it.</source>
        <translation>分界线在体数据左端 (0) 与右端 (1) 之间的位置。左侧为输入，右侧为结果。</translation>
    </message>
    <message>
        <source>Tiles:</source>
        <translation>格数：</translation>
    </message>
    <message>
        <source>How many tiles lie along the longest side of the volume.</source>
        <translation>沿体数据最长边的格子数量。</translation>
    </message>
    <message>
        <source>What the views show, or why they cannot show it.</source>
        <translation>视图显示的内容，或无法显示的原因。</translation>
    </message>
    <message>
        <source>Stop comparing: the layout and what each slice view showed come back as they were.</source>
        <translation>停止比较：布局和每个切片视图的内容恢复原状。</translation>
    </message>
    <message>
        <source>Back to my layout</source>
        <translation>恢复我的布局</translation>
    </message>
</context>
<context>
    <name>GANEnhanceFiner</name>
    <message>
        <source>Finer grid:</source>
        <translation>更细网格：</translation>
    </message>
    <message>
        <source>How fine the result shall be: edges of the voxels as equal as the model can make them, factors, a spacing, or the grid of another volume. The result lies in the same place.</source>
        <translation>结果的精细程度：尽模型所能使体素各边相等、按倍数、按间距，或采用另一个体数据的网格。结果位于同一位置。</translation>
    </message>
    <message>
        <source>Through plane:</source>
        <translation>层间：</translation>
    </message>
    <message>
        <source>How many slices one slice becomes.</source>
        <translation>一层变为多少层。</translation>
    </message>
    <message>
        <source>In plane:</source>
        <translation>层内：</translation>
    </message>
    <message>
        <source>How many rows one row of a slice becomes, and columns as well.</source>
        <translation>层内一行变为多少行，列亦同。</translation>
    </message>
    <message>
        <source>Spacing:</source>
        <translation>间距：</translation>
    </message>
    <message>
        <source>Distance of neighbor voxels in the result. Axes that are finer already stay as they are.</source>
        <translation>结果中相邻体素的距离。已经更细的轴保持不变。</translation>
    </message>
    <message>
        <source>Like:</source>
        <translation>参照：</translation>
    </message>
    <message>
        <source>A volume that shows the same place: the result gets its voxel grid. Only its grid counts.</source>
        <translation>显示同一位置的体数据：结果采用它的体素网格。只用到它的网格。</translation>
    </message>
    <message>
        <source>Which grid the result has, or why it cannot be made.</source>
        <translation>结果将有怎样的网格，或为何无法生成。</translation>
    </message>
</context>
<context>
    <name>GANEnhanceInstall</name>
    <message>
        <source>Which device runs the trained models, and why it was taken.</source>
        <translation>运行训练模型的设备，以及选用它的原因。</translation>
    </message>
    <message>
        <source>Show what can be installed, and which Python runs the models.</source>
        <translation>显示可以安装的内容，以及由哪个 Python 运行模型。</translation>
    </message>
    <message>
        <source>Set up...</source>
        <translation>设置...</translation>
    </message>
    <message>
        <source>What keeps a faster device from being used, or the worker from starting.</source>
        <translation>无法使用更快设备或计算进程无法启动的原因。</translation>
    </message>
    <message>
        <source>Install the package that runs trained models on the CPU. You are asked first.</source>
        <translation>安装在 CPU 上运行训练模型的软件包。安装前会先询问您。</translation>
    </message>
    <message>
        <source>Install OpenVINO...</source>
        <translation>安装 OpenVINO...</translation>
    </message>
    <message>
        <source>Let the extension PyTorch install the package that runs trained models on a GPU. You are asked first.</source>
        <translation>由 PyTorch 扩展安装在 GPU 上运行训练模型的软件包。安装前会先询问您。</translation>
    </message>
    <message>
        <source>Install PyTorch...</source>
        <translation>安装 PyTorch...</translation>
    </message>
    <message>
        <source>An environment of your own that has the packages already.</source>
        <translation>您自己的、已包含所需软件包的环境。</translation>
    </message>
    <message>
        <source>Use another Python:</source>
        <translation>使用其他 Python：</translation>
    </message>
    <message>
        <source>The folder of a Python environment that has numpy, SimpleITK and OpenVINO or PyTorch, or its program python.</source>
        <translation>包含 numpy、SimpleITK 以及 OpenVINO 或 PyTorch 的 Python 环境文件夹，或其 python 程序。</translation>
    </message>
    <message>
        <source>Try the Python; if it has all that is needed, it runs the models from now on.</source>
        <translation>检查该 Python；如果所需内容齐全，今后由它运行模型。</translation>
    </message>
    <message>
        <source>Check and use</source>
        <translation>检查并使用</translation>
    </message>
    <message>
        <source>Let the models run in the Python of Slicer again.</source>
        <translation>让模型重新在 Slicer 自带的 Python 中运行。</translation>
    </message>
    <message>
        <source>Back to Slicer&apos;s own Python</source>
        <translation>恢复 Slicer 自带的 Python</translation>
    </message>
    <message>
        <source>The Python that runs the models.</source>
        <translation>运行模型的 Python。</translation>
    </message>
    <message>
        <source>What is being installed or tried, or how it ended.</source>
        <translation>正在安装或检查的内容，或其结果。</translation>
    </message>
    <message>
        <source>Something is being installed or tried.</source>
        <translation>正在安装或检查。</translation>
    </message>
    <message>
        <source>What the installation writes.</source>
        <translation>安装过程的输出。</translation>
    </message>
    <message>
        <source>Copy the command that installs by hand, to paste into a terminal.</source>
        <translation>复制手动安装的命令，以便粘贴到终端中。</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Copy what the installation wrote, for example into a report.</source>
        <translation>复制安装过程的输出，例如用于问题报告。</translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation>复制日志</translation>
    </message>
    <message>
        <source>Stop; what was there before stays as it was.</source>
        <translation>停止；原有内容保持不变。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Load a small real MR volume that comes with GANEnhance and choose it as the input. The arrow, or the menu key, offers others.</source>
        <translation>加载 GANEnhance 附带的一个小型真实 MR 体数据，并选作输入。点击箭头或按菜单键可选择其他示例。</translation>
    </message>
    <message>
        <source>Load sample</source>
        <translation>加载示例</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.choices</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>{name} (not available)</source>
        <translation>{name}（不可用）</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.client</name>
    <message>
        <source>The worker process ended unexpectedly (code {code}).</source>
        <translation>计算进程意外结束（代码 {code}）。</translation>
    </message>
    <message>
        <source>The worker process cannot be started with {python}.</source>
        <translation>无法用 {python} 启动计算进程。</translation>
    </message>
    <message>
        <source>The worker process did not answer within {seconds} s.</source>
        <translation>计算进程在 {seconds} 秒内没有响应。</translation>
    </message>
    <message>
        <source>The worker process does not answer and was ended.</source>
        <translation>计算进程没有响应，已被终止。</translation>
    </message>
    <message>
        <source>Press Enhance to start it again.</source>
        <translation>请按“增强”重新启动它。</translation>
    </message>
    <message>
        <source>{hint} It wrote: {line}</source>
        <translation>{hint} 它输出了：{line}</translation>
    </message>
    <message>
        <source>The worker speaks version {theirs} of the protocol, but {ours} is needed.</source>
        <translation>计算进程使用协议版本 {theirs}，但需要版本 {ours}。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.context</name>
    <message>
        <source>It is not known yet whether {name} can refine the grid.</source>
        <translation>尚不清楚 {name} 能否细化网格。</translation>
    </message>
    <message>
        <source>Wait until the list of models is there.</source>
        <translation>请等待模型列表就绪。</translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation>错误：{text}</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.doubtmap</name>
    <message>
        <source>{volume} doubt</source>
        <translation>{volume} 不确定度</translation>
    </message>
    <message>
        <source>{caption}; of an earlier run</source>
        <translation>{caption}；来自之前的运行</translation>
    </message>
    <message>
        <source>{caption}; the result now has {strength:.0%}</source>
        <translation>{caption}；结果现在为 {strength:.0%}</translation>
    </message>
    <message>
        <source>Doubt: {share:.0%} of the errors shall lie below it (strength {strength:.0%})</source>
        <translation>不确定度：{share:.0%} 的误差应低于该值（强度 {strength:.0%}）</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.inputfiles</name>
    <message>
        <source>The volume was deleted.</source>
        <translation>体数据已被删除。</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>请选择其他体数据。</translation>
    </message>
    <message>
        <source>The volume changed meanwhile.</source>
        <translation>体数据在此期间发生了变化。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.interpreter</name>
    <message>
        <source>The folder {path} has no Python in it.</source>
        <translation>文件夹 {path} 中没有 Python。</translation>
    </message>
    <message>
        <source>Choose the folder of an environment, or its program python.</source>
        <translation>请选择环境的文件夹，或其 python 程序。</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>文件 {path} 不存在。</translation>
    </message>
    <message>
        <source>Choose the program python of an environment, or the folder of the environment.</source>
        <translation>请选择环境的 python 程序，或环境的文件夹。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.job</name>
    <message>
        <source>Starting...</source>
        <translation>正在启动...</translation>
    </message>
    <message>
        <source>The input volume changed before its voxels were copied.</source>
        <translation>输入体数据在体素复制之前发生了变化。</translation>
    </message>
    <message>
        <source>Press Enhance again.</source>
        <translation>请再次按“增强”。</translation>
    </message>
    <message>
        <source>Copying the voxels...</source>
        <translation>正在复制体素...</translation>
    </message>
    <message>
        <source>Copying the region...</source>
        <translation>正在复制区域...</translation>
    </message>
    <message>
        <source>Making the volume...</source>
        <translation>正在生成体数据...</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.main</name>
    <message>
        <source>Help: &lt;a href=&quot;{tutorial}&quot;&gt;tutorial&lt;/a&gt;, &lt;a href=&quot;{troubleshooting}&quot;&gt;troubleshooting&lt;/a&gt;, &lt;a href=&quot;{trust}&quot;&gt;what to trust&lt;/a&gt;</source>
        <translation>帮助：&lt;a href=&quot;{tutorial}&quot;&gt;教程&lt;/a&gt;、&lt;a href=&quot;{troubleshooting}&quot;&gt;故障排除&lt;/a&gt;、&lt;a href=&quot;{trust}&quot;&gt;可信度说明&lt;/a&gt;</translation>
    </message>
    <message>
        <source>The chosen model has no doubt map.</source>
        <translation>所选模型没有不确定度图。</translation>
    </message>
    <message>
        <source>Choose a model by its name: not every one has a doubt map.</source>
        <translation>请按名称选择模型：并非每个模型都有不确定度图。</translation>
    </message>
    <message>
        <source>Make a second volume beside the result: how far each voxel may be wrong, in the units of the input. {share:.0%} of the errors shall lie below it, as measured on a few volumes like those of the training; it is an estimate, no proof. Made for a single volume, not by preview, batch or sequence, and for the strength of the run.</source>
        <translation>在结果旁生成第二个体数据：每个体素可能的误差，单位与输入相同。按照在少数与训练数据相似的体数据上的测量，{share:.0%} 的误差应低于该值；这是估计，不是证明。只对单个体数据生成，预览、批处理和序列不生成；对应该次运行的强度。</translation>
    </message>
    <message>
        <source>The log is on the clipboard.</source>
        <translation>日志已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Canceled. No volume was made.</source>
        <translation>已取消。没有生成体数据。</translation>
    </message>
    <message>
        <source>Canceled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.output</name>
    <message>
        <source>The input volume was deleted.</source>
        <translation>输入体数据已被删除。</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>请选择其他体数据。</translation>
    </message>
    <message>
        <source>{volume} {model}</source>
        <translation>{volume} {model}</translation>
    </message>
    <message>
        <source>enhanced</source>
        <translation>增强</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.parameters</name>
    <message>
        <source>From DICOM</source>
        <translation>取自 DICOM</translation>
    </message>
    <message>
        <source>MR</source>
        <translation>MR</translation>
    </message>
    <message>
        <source>CT</source>
        <translation>CT</translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation>超声</translation>
    </message>
    <message>
        <source>As the input</source>
        <translation>与输入相同</translation>
    </message>
    <message>
        <source>Floating point (32 bit)</source>
        <translation>浮点数（32 位）</translation>
    </message>
    <message>
        <source>Whole volume</source>
        <translation>整个体数据</translation>
    </message>
    <message>
        <source>Inside an ROI</source>
        <translation>ROI 内</translation>
    </message>
    <message>
        <source>Inside a segment</source>
        <translation>分段内</translation>
    </message>
    <message>
        <source>Inside a label map</source>
        <translation>标签图内</translation>
    </message>
    <message>
        <source>Equal edges (cubes)</source>
        <translation>各边相等（立方体）</translation>
    </message>
    <message>
        <source>By factors</source>
        <translation>按倍数</translation>
    </message>
    <message>
        <source>By spacing</source>
        <translation>按间距</translation>
    </message>
    <message>
        <source>Like another volume</source>
        <translation>参照另一体数据</translation>
    </message>
    <message>
        <source>The one shown</source>
        <translation>当前显示的帧</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>From ... to ...</source>
        <translation>从 ... 到 ...</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排</translation>
    </message>
    <message>
        <source>Fader</source>
        <translation>渐变混合</translation>
    </message>
    <message>
        <source>Checkerboard</source>
        <translation>棋盘格</translation>
    </message>
    <message>
        <source>Swipe line</source>
        <translation>卷帘线</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.resultgrid</name>
    <message>
        <source>The result has the shape {result}, but the input has {input}.</source>
        <translation>结果的形状为 {result}，而输入的形状为 {input}。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.samples</name>
    <message>
        <source>MR head, noise added</source>
        <translation>MR 头部，已加噪声</translation>
    </message>
    <message>
        <source>MR head, T1-weighted</source>
        <translation>MR 头部，T1 加权</translation>
    </message>
    <message>
        <source>MR brain, diffusion b=0 (noisy)</source>
        <translation>MR 脑部，弥散 b=0（含噪声）</translation>
    </message>
    <message>
        <source>The sample {path} cannot be read.</source>
        <translation>无法读取示例 {path}。</translation>
    </message>
    <message>
        <source>Install the extension again.</source>
        <translation>请重新安装扩展。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.scripting</name>
    <message>
        <source>The work was canceled.</source>
        <translation>工作已取消。</translation>
    </message>
    <message>
        <source>The work is not done after {seconds} s.</source>
        <translation>{seconds} 秒后工作仍未完成。</translation>
    </message>
    <message>
        <source>The scene was closed.</source>
        <translation>场景已关闭。</translation>
    </message>
    <message>
        <source>Load the volume again.</source>
        <translation>请重新加载体数据。</translation>
    </message>
    <message>
        <source>The input was deleted from the scene.</source>
        <translation>输入已从场景中删除。</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>请选择其他体数据。</translation>
    </message>
    <message>
        <source>The session is a {kind}, but must be a {needed}.</source>
        <translation>会话类型为 {kind}，但必须是 {needed}。</translation>
    </message>
    <message>
        <source>A WorkerSession is for calls that wait, a WorkerClient for those that do not.</source>
        <translation>WorkerSession 用于等待的调用，WorkerClient 用于不等待的调用。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.sequences</name>
    <message>
        <source>No sequence is chosen.</source>
        <translation>没有选择序列。</translation>
    </message>
    <message>
        <source>Choose the sequence to enhance.</source>
        <translation>请选择要增强的序列。</translation>
    </message>
    <message>
        <source>The input node is a {kind} that shows no sequence.</source>
        <translation>输入节点是 {kind}，没有显示任何序列。</translation>
    </message>
    <message>
        <source>Give a sequence node, or the volume that a sequence browser shows.</source>
        <translation>请提供序列节点，或序列浏览器所显示的体数据。</translation>
    </message>
    <message>
        <source>The frames of {name} are in color; only those with one value in each voxel can be enhanced.</source>
        <translation>{name} 的帧是彩色的；只有每个体素一个值的帧才能增强。</translation>
    </message>
    <message>
        <source>Convert them to gray first: the scripting page shows how in ten lines.</source>
        <translation>请先将其转换为灰度：脚本文档中有十行代码的示例。</translation>
    </message>
    <message>
        <source>The sequence has no frames.</source>
        <translation>序列中没有帧。</translation>
    </message>
    <message>
        <source>Load or record it first.</source>
        <translation>请先加载或录制。</translation>
    </message>
    <message>
        <source>The frames are {frames}, but the sequence has frames 0 to {last}.</source>
        <translation>指定的帧为 {frames}，但序列只有第 0 到 {last} 帧。</translation>
    </message>
    <message>
        <source>Frame {number} of {count}: {sentence}</source>
        <translation>第 {number} 帧（共 {count} 帧）：{sentence}</translation>
    </message>
    <message>
        <source>Models for super-resolution do not enhance the frames of a sequence together.</source>
        <translation>超分辨率模型不能一起增强序列的各帧。</translation>
    </message>
    <message>
        <source>Enhance the one that is shown, or choose a model that keeps the grid.</source>
        <translation>请增强当前显示的一帧，或选择保持网格的模型。</translation>
    </message>
    <message>
        <source>The sequence was deleted.</source>
        <translation>序列已被删除。</translation>
    </message>
    <message>
        <source>Choose another sequence.</source>
        <translation>请选择其他序列。</translation>
    </message>
    <message>
        <source>{name} enhanced</source>
        <translation>{name} 增强</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.state</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop the enhancement; no volume is made.</source>
        <translation>停止增强；不生成体数据。</translation>
    </message>
    <message>
        <source>Enhance</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>Enhance the input volume.</source>
        <translation>增强输入体数据。</translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation>场景正在关闭。</translation>
    </message>
    <message>
        <source>Choose an output volume that is not the input, or let a new one be made.</source>
        <translation>请选择与输入不同的输出体数据，或新建一个。</translation>
    </message>
    <message>
        <source>Choose a model: {name} is not installed.</source>
        <translation>请选择模型：{name} 未安装。</translation>
    </message>
    <message>
        <source>{name} is ready: {model}, {time}, {device}.</source>
        <translation>{name} 已完成：{model}，{time}，{device}。</translation>
    </message>
    <message>
        <source>Checking the volume...</source>
        <translation>正在检查体数据...</translation>
    </message>
    <message>
        <source>Loading the model...</source>
        <translation>正在加载模型...</translation>
    </message>
    <message>
        <source>Interpolating...</source>
        <translation>正在插值...</translation>
    </message>
    <message>
        <source>Bringing the result back to the input...</source>
        <translation>正在使结果与输入一致...</translation>
    </message>
    <message>
        <source>Enhancing...</source>
        <translation>正在增强...</translation>
    </message>
    <message>
        <source>Measuring what changed...</source>
        <translation>正在测量变化...</translation>
    </message>
    <message>
        <source>Copying the voxels...</source>
        <translation>正在复制体素...</translation>
    </message>
    <message>
        <source>Working...</source>
        <translation>正在处理...</translation>
    </message>
    <message>
        <source>{stage} {time} left</source>
        <translation>{stage} 剩余 {time}</translation>
    </message>
    <message>
        <source>{count}&#xa0;s</source>
        <translation>{count}&#xa0;秒</translation>
    </message>
    <message>
        <source>{count}&#xa0;min</source>
        <translation>{count}&#xa0;分钟</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.task</name>
    <message>
        <source>The modality is {value}, but must be one of: {allowed}.</source>
        <translation>模态为 {value}，但必须是以下之一：{allowed}。</translation>
    </message>
    <message>
        <source>The output volume is the input volume.</source>
        <translation>输出体数据就是输入体数据。</translation>
    </message>
    <message>
        <source>Choose another output, or let a new one be made.</source>
        <translation>请选择其他输出，或新建一个。</translation>
    </message>
    <message>
        <source>The output node is a {kind}, not a scalar volume.</source>
        <translation>输出节点是 {kind}，而不是标量体数据。</translation>
    </message>
    <message>
        <source>Choose a scalar volume, or let a new one be made.</source>
        <translation>请选择标量体数据，或新建一个。</translation>
    </message>
    <message>
        <source>The volume&apos;s DICOM modality is {value}, but models are for: {allowed}.</source>
        <translation>该体数据的 DICOM 模态为 {value}，而模型适用于：{allowed}。</translation>
    </message>
    <message>
        <source>If DICOM is wrong, choose the modality in the Advanced section.</source>
        <translation>如果 DICOM 信息有误，请在“高级”部分选择模态。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.volumes</name>
    <message>
        <source>No input volume is chosen.</source>
        <translation>没有选择输入体数据。</translation>
    </message>
    <message>
        <source>Choose the volume to enhance.</source>
        <translation>请选择要增强的体数据。</translation>
    </message>
    <message>
        <source>The input node is a {kind}, not a scalar volume.</source>
        <translation>输入节点是 {kind}，而不是标量体数据。</translation>
    </message>
    <message>
        <source>Choose a volume with one value in each voxel.</source>
        <translation>请选择每个体素只有一个值的体数据。</translation>
    </message>
    <message>
        <source>The input volume is a label map.</source>
        <translation>输入体数据是标签图。</translation>
    </message>
    <message>
        <source>Choose the image, not its labels.</source>
        <translation>请选择图像，而不是它的标签。</translation>
    </message>
    <message>
        <source>The input volume has no voxels.</source>
        <translation>输入体数据没有体素。</translation>
    </message>
    <message>
        <source>Load the image first, or choose another volume.</source>
        <translation>请先加载图像，或选择其他体数据。</translation>
    </message>
    <message>
        <source>The input volume has {count} values in each voxel, but must have one.</source>
        <translation>输入体数据每个体素有 {count} 个值，但必须只有一个。</translation>
    </message>
    <message>
        <source>Convert a color image to a scalar volume first.</source>
        <translation>请先将彩色图像转换为标量体数据。</translation>
    </message>
    <message>
        <source>The voxels cannot be copied to {folder} ({reason}).</source>
        <translation>无法将体素复制到 {folder}（{reason}）。</translation>
    </message>
    <message>
        <source>Free some space on that disk, or set another temporary folder in the application&apos;s settings.</source>
        <translation>请在该磁盘上释放空间，或在应用程序设置中指定其他临时文件夹。</translation>
    </message>
    <message>
        <source>The input volume changed while its voxels were copied.</source>
        <translation>输入体数据在复制体素时发生了变化。</translation>
    </message>
    <message>
        <source>Press Enhance again.</source>
        <translation>请再次按“增强”。</translation>
    </message>
</context>
<context>
    <name>GANEnhancePreview</name>
    <message>
        <source>Preview in:</source>
        <translation>预览于：</translation>
    </message>
    <message>
        <source>Enhance the slice that the Red view shows.</source>
        <translation>增强红色视图显示的切片。</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>Enhance the slice that the Yellow view shows.</source>
        <translation>增强黄色视图显示的切片。</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>Enhance the slice that the Green view shows.</source>
        <translation>增强绿色视图显示的切片。</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Shows the input as long as it is held down with the mouse, or with the space bar.</source>
        <translation>用鼠标或空格键按住期间显示输入。</translation>
    </message>
    <message>
        <source>Hold to see the input</source>
        <translation>按住查看输入</translation>
    </message>
    <message>
        <source>Show in all views what they showed before.</source>
        <translation>所有视图恢复之前显示的内容。</translation>
    </message>
    <message>
        <source>End preview</source>
        <translation>结束预览</translation>
    </message>
    <message>
        <source>Which slice is previewed.</source>
        <translation>正在预览的切片。</translation>
    </message>
    <message>
        <source>What the strength and fidelity sliders do to the result that is chosen.</source>
        <translation>强度和保真度滑块对所选结果的作用。</translation>
    </message>
    <message>
        <source>Run the whole volume with the fidelity that the views show, into the same result.</source>
        <translation>以视图所示的保真度处理整个体数据，写入同一结果。</translation>
    </message>
    <message>
        <source>Apply to whole volume</source>
        <translation>应用到整个体数据</translation>
    </message>
</context>
<context>
    <name>GANEnhanceProvenance</name>
    <message>
        <source>Provenance</source>
        <translation>溯源</translation>
    </message>
    <message>
        <source>Whether the model that made the result is still the one that is installed.</source>
        <translation>生成该结果的模型是否仍是当前安装的模型。</translation>
    </message>
    <message>
        <source>Say how the chosen result was made: model, settings, input, device, warnings. The same is kept in the volume.</source>
        <translation>说明所选结果的生成方式：模型、设置、输入、设备、警告。相同信息也保存在体数据中。</translation>
    </message>
    <message>
        <source>Show provenance</source>
        <translation>显示溯源信息</translation>
    </message>
    <message>
        <source>How the chosen result was made, in words, and below in full as JSON.</source>
        <translation>所选结果的生成方式：先是文字说明，下面是完整的 JSON。</translation>
    </message>
    <message>
        <source>Put the text on the clipboard.</source>
        <translation>将文本复制到剪贴板。</translation>
    </message>
    <message>
        <source>Copy provenance</source>
        <translation>复制溯源信息</translation>
    </message>
    <message>
        <source>Choose the input, model and settings of the chosen result again. Nothing runs before you press Enhance.</source>
        <translation>重新选用所选结果的输入、模型和设置。在您按“增强”之前不会运行任何内容。</translation>
    </message>
    <message>
        <source>Run again with these settings</source>
        <translation>以这些设置再次运行</translation>
    </message>
    <message>
        <source>Write &quot;not for diagnosis&quot; into each slice view that shows an enhanced volume. Switched off, it comes back when the application starts again.</source>
        <translation>在每个显示增强体数据的切片视图中标注“不可用于诊断”。关闭后，应用程序重新启动时会恢复。</translation>
    </message>
    <message>
        <source>Mark enhanced volumes in views</source>
        <translation>在视图中标注</translation>
    </message>
</context>
<context>
    <name>GANEnhanceRegion</name>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Enhance:</source>
        <translation>增强：</translation>
    </message>
    <message>
        <source>Which part of the volume is enhanced. Outside, the voxels stay exactly those of the input.</source>
        <translation>要增强的体数据部分。区域之外的体素与输入完全一致。</translation>
    </message>
    <message>
        <source>ROI:</source>
        <translation>ROI：</translation>
    </message>
    <message>
        <source>The box to enhance inside of. It may be rotated, and can be moved in the views.</source>
        <translation>在其内部进行增强的方框。可以旋转，也可在视图中移动。</translation>
    </message>
    <message>
        <source>Make a box in the middle of the input volume, and show it with handles in the views.</source>
        <translation>在输入体数据中央新建一个方框，并在视图中显示其控制柄。</translation>
    </message>
    <message>
        <source>New ROI</source>
        <translation>新建 ROI</translation>
    </message>
    <message>
        <source>Segmentation:</source>
        <translation>分割：</translation>
    </message>
    <message>
        <source>The segmentation that has the segment to enhance inside of.</source>
        <translation>包含要增强的分段的分割。</translation>
    </message>
    <message>
        <source>Segment:</source>
        <translation>分段：</translation>
    </message>
    <message>
        <source>The segment to enhance inside of.</source>
        <translation>在其内部进行增强的分段。</translation>
    </message>
    <message>
        <source>Label map:</source>
        <translation>标签图：</translation>
    </message>
    <message>
        <source>The label map to enhance inside of. It may have another grid than the volume.</source>
        <translation>在其内部进行增强的标签图。其网格可以与体数据不同。</translation>
    </message>
    <message>
        <source>Label:</source>
        <translation>标签：</translation>
    </message>
    <message>
        <source>The label to enhance inside of; &quot;All&quot; takes every label above 0.</source>
        <translation>在其内部进行增强的标签；“全部”表示所有大于 0 的标签。</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Feather:</source>
        <translation>羽化：</translation>
    </message>
    <message>
        <source>Over how many millimeters the enhancement fades out towards the border, inside the region. 0 is a hard edge.</source>
        <translation>在区域内部，增强效果向边界逐渐减弱的距离（毫米）。0 表示硬边缘。</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Whether the chosen region can be used.</source>
        <translation>所选区域是否可用。</translation>
    </message>
</context>
<context>
    <name>GANEnhanceReporting</name>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>What the figures come to.</source>
        <translation>数据的结论。</translation>
    </message>
    <message>
        <source>What of the volume is not as the model expects it.</source>
        <translation>体数据中不符合模型预期之处。</translation>
    </message>
    <message>
        <source>The figures of the input and of the result. Point at a row to read how it was measured.</source>
        <translation>输入和结果的数值。将鼠标指向某一行可查看其测量方法。</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>What the module is measuring, or what to do.</source>
        <translation>模块正在测量的内容，或应执行的操作。</translation>
    </message>
    <message>
        <source>Measure the chosen result and its input again.</source>
        <translation>重新测量所选结果及其输入。</translation>
    </message>
    <message>
        <source>Put the table on the clipboard, for a spreadsheet or a document.</source>
        <translation>将表格复制到剪贴板，用于电子表格或文档。</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>复制表格</translation>
    </message>
    <message>
        <source>Save the report: as a page with pictures (.html), as a table (.csv), or in full (.json).</source>
        <translation>保存报告：带图片的网页 (.html)、表格 (.csv) 或完整内容 (.json)。</translation>
    </message>
    <message>
        <source>Save report...</source>
        <translation>保存报告...</translation>
    </message>
    <message>
        <source>Reference:</source>
        <translation>参考：</translation>
    </message>
    <message>
        <source>A volume of the same object without noise, on the same grid. Gives PSNR, SSIM and mean absolute error.</source>
        <translation>同一对象的无噪声体数据，网格相同。用于得出 PSNR、SSIM 和平均绝对误差。</translation>
    </message>
    <message>
        <source>(None)</source>
        <translation>（无）</translation>
    </message>
    <message>
        <source>Data range:</source>
        <translation>数据范围：</translation>
    </message>
    <message>
        <source>Which span of values is full scale for PSNR and SSIM. At 0 it is largest less smallest value of the reference. The report says which one was taken.</source>
        <translation>PSNR 和 SSIM 的满量程数值范围。为 0 时取参考的最大值减最小值。报告会注明所采用的范围。</translation>
    </message>
    <message>
        <source>From the reference</source>
        <translation>取自参考</translation>
    </message>
    <message>
        <source>Tissue:</source>
        <translation>组织：</translation>
    </message>
    <message>
        <source>An ROI in the tissue of interest, for the contrast-to-noise ratio.</source>
        <translation>位于目标组织内的 ROI，用于计算对比噪声比。</translation>
    </message>
    <message>
        <source>Make an ROI in the middle of the volume. Drag it to where the tissue is uniform.</source>
        <translation>在体数据中央新建 ROI。请将其拖到组织均匀的位置。</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Background:</source>
        <translation>背景：</translation>
    </message>
    <message>
        <source>An ROI in what the tissue is to be told from, for the contrast-to-noise ratio.</source>
        <translation>位于需与该组织区分的部位的 ROI，用于计算对比噪声比。</translation>
    </message>
    <message>
        <source>Make an ROI near a corner of the volume. Drag it to what the tissue is to be told from.</source>
        <translation>在体数据的一角附近新建 ROI。请将其拖到需与该组织区分的部位。</translation>
    </message>
</context>
<context>
    <name>batch.frames</name>
    <message>
        <source>Frame {number} of {count}: {text}</source>
        <translation>第 {number} 帧（共 {count} 帧）：{text}</translation>
    </message>
    <message>
        <source>Stopped, because the sequence was deleted.</source>
        <translation>已停止，因为序列已被删除。</translation>
    </message>
    <message>
        <source>{count} frames.</source>
        <translation>{count} 帧。</translation>
    </message>
    <message>
        <source>Flicker: {before} before, {after} after.</source>
        <translation>闪烁：之前 {before}，之后 {after}。</translation>
    </message>
</context>
<context>
    <name>batch.rows</name>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Running...</source>
        <translation>正在运行...</translation>
    </message>
    <message>
        <source>Failed: {text}</source>
        <translation>失败：{text}</translation>
    </message>
    <message>
        <source>Canceled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Not run</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>体数据</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Noise before</source>
        <translation>之前的噪声</translation>
    </message>
    <message>
        <source>Noise after</source>
        <translation>之后的噪声</translation>
    </message>
    <message>
        <source>{done} of {count} volumes are enhanced.</source>
        <translation>已增强 {done} 个体数据（共 {count} 个）。</translation>
    </message>
    <message>
        <source>{failed} failed: see the table.</source>
        <translation>{failed} 个失败：请查看表格。</translation>
    </message>
</context>
<context>
    <name>batch.section</name>
    <message>
        <source>Enhance the checked volumes one after another, each into a new volume, with the settings above.</source>
        <translation>按上面的设置依次增强已勾选的体数据，每个生成一个新的体数据。</translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation>场景正在关闭。</translation>
    </message>
    <message>
        <source>Wait until the present run has ended, or cancel it.</source>
        <translation>请等待当前运行结束，或取消它。</translation>
    </message>
    <message>
        <source>Check the volumes to enhance first.</source>
        <translation>请先勾选要增强的体数据。</translation>
    </message>
    <message>
        <source>Canceled. {text}</source>
        <translation>已取消。{text}</translation>
    </message>
    <message>
        <source>The table is on the clipboard.</source>
        <translation>表格已复制到剪贴板。</translation>
    </message>
</context>
<context>
    <name>batch.volumes</name>
    <message>
        <source>The volume was deleted.</source>
        <translation>体数据已被删除。</translation>
    </message>
    <message>
        <source>Volume {number} failed: {text}</source>
        <translation>第 {number} 个体数据失败：{text}</translation>
    </message>
    <message>
        <source>Volume {number} of {count}: {text}</source>
        <translation>第 {number} 个体数据（共 {count} 个）：{text}</translation>
    </message>
    <message>
        <source>(all: {time} left)</source>
        <translation>（全部：剩余 {time}）</translation>
    </message>
</context>
<context>
    <name>choosing.card</name>
    <message>
        <source>Limits: {text}</source>
        <translation>局限：{text}</translation>
    </message>
    <message>
        <source>Trained on: {text}</source>
        <translation>训练数据：{text}</translation>
    </message>
    <message>
        <source>Measured: {text}</source>
        <translation>测量结果：{text}</translation>
    </message>
    <message>
        <source>License: {text}.</source>
        <translation>许可证：{text}。</translation>
    </message>
    <message>
        <source>Not for this volume: {reason}</source>
        <translation>不适用于此体数据：{reason}</translation>
    </message>
    <message>
        <source>With care: {reason}</source>
        <translation>谨慎使用：{reason}</translation>
    </message>
    <message>
        <source>any modality</source>
        <translation>任何模态</translation>
    </message>
    <message>
        <source>any anatomy</source>
        <translation>任何解剖部位</translation>
    </message>
    <message>
        <source>For: {text}</source>
        <translation>适用于：{text}</translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation>超声</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>PyTorch on the CPU</source>
        <translation>CPU 上的 PyTorch</translation>
    </message>
    <message>
        <source>This volume: about {time} on {device}.</source>
        <translation>此体数据：在 {device} 上约需 {time}。</translation>
    </message>
    <message>
        <source>This volume: about {time} and {size} of memory on {device}.</source>
        <translation>此体数据：在 {device} 上约需 {time} 和 {size} 内存。</translation>
    </message>
    <message>
        <source>Risk: {text}.</source>
        <translation>风险：{text}。</translation>
    </message>
    <message>
        <source>Not for diagnosis.</source>
        <translation>不可用于诊断。</translation>
    </message>
    <message>
        <source>Architecture: {text}</source>
        <translation>架构：{text}</translation>
    </message>
    <message>
        <source>Cost: {count} kFLOP per voxel</source>
        <translation>计算量：每体素 {count} kFLOP</translation>
    </message>
    <message>
        <source>Receptive field: {count} voxels around each</source>
        <translation>感受野：每个体素周围 {count} 个体素</translation>
    </message>
    <message>
        <source>Largest change of a voxel: {count} of the scaled range</source>
        <translation>单个体素的最大变化：归一化范围的 {count}</translation>
    </message>
    <message>
        <source>Size: {text}</source>
        <translation>大小：{text}</translation>
    </message>
    <message>
        <source>Version: {text}</source>
        <translation>版本：{text}</translation>
    </message>
    <message>
        <source>Hash: {text}</source>
        <translation>哈希值：{text}</translation>
    </message>
    <message>
        <source>Anatomy: {text}</source>
        <translation>解剖部位：{text}</translation>
    </message>
    <message>
        <source>{count} GB</source>
        <translation>{count} GB</translation>
    </message>
    <message>
        <source>{count} kB</source>
        <translation>{count} kB</translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation>{count} MB</translation>
    </message>
</context>
<context>
    <name>choosing.modelfiles</name>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Models (*.zip *.onnx *.ts *.safetensors);;All files (*)</source>
        <translation>模型 (*.zip *.onnx *.ts *.safetensors);;所有文件 (*)</translation>
    </message>
    <message>
        <source>The card of {name}</source>
        <translation>{name} 的模型卡</translation>
    </message>
    <message>
        <source>Cards (*.json)</source>
        <translation>模型卡 (*.json)</translation>
    </message>
    <message>
        <source>Add a model&apos;s folder</source>
        <translation>添加模型文件夹</translation>
    </message>
    <message>
        <source>Adding {name}...</source>
        <translation>正在添加 {name}...</translation>
    </message>
    <message>
        <source>Canceled. No model was added.</source>
        <translation>已取消。没有添加模型。</translation>
    </message>
    <message>
        <source>Remove the model &quot;{name}&quot; from this computer? {size} will be free.</source>
        <translation>要从本机移除模型“{name}”吗？将释放 {size}。</translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be made ({reason}).</source>
        <translation>无法创建文件夹 {folder}（{reason}）。</translation>
    </message>
    <message>
        <source>Folder of your models</source>
        <translation>您的模型文件夹</translation>
    </message>
    <message>
        <source>Your models are now in {folder}.</source>
        <translation>您的模型现在位于 {folder}。</translation>
    </message>
    <message>
        <source>Checking the model...</source>
        <translation>正在检查模型...</translation>
    </message>
    <message>
        <source>Added &quot;{name}&quot; ({size}).</source>
        <translation>已添加“{name}”（{size}）。</translation>
    </message>
    <message>
        <source>Added the model {name}.</source>
        <translation>已添加模型 {name}。</translation>
    </message>
    <message>
        <source>{text} Replace it?</source>
        <translation>{text} 要替换它吗？</translation>
    </message>
    <message>
        <source>Replace model</source>
        <translation>替换模型</translation>
    </message>
    <message>
        <source>No model was added.</source>
        <translation>没有添加模型。</translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation>错误：{text}</translation>
    </message>
    <message>
        <source>Removed {name}; {size} are free.</source>
        <translation>已移除 {name}；释放了 {size}。</translation>
    </message>
    <message>
        <source>Removed the model {name}.</source>
        <translation>已移除模型 {name}。</translation>
    </message>
</context>
<context>
    <name>choosing.modelnames</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Takes the model made for the volume&apos;s modality.</source>
        <translation>选用为该体数据的模态而设计的模型。</translation>
    </message>
    <message>
        <source>This model is not installed.</source>
        <translation>此模型未安装。</translation>
    </message>
    <message>
        <source>Takes the model for the volume&apos;s modality.</source>
        <translation>选用适合该体数据模态的模型。</translation>
    </message>
    <message>
        <source>The modality is not known, so a classical filter is taken. For a network, choose the modality under Advanced.</source>
        <translation>模态未知，因此选用经典滤波器。如需使用网络，请在“高级”中选择模态。</translation>
    </message>
    <message>
        <source>Takes the model for {modality}.</source>
        <translation>选用适合 {modality} 的模型。</translation>
    </message>
    <message>
        <source>Takes {title}, which is made for {modality}.</source>
        <translation>选用 {title}，它为 {modality} 设计。</translation>
    </message>
    <message>
        <source>Takes {title}; {other} is made for {modality}, but is only taken when chosen: {risk}.</source>
        <translation>选用 {title}；{other} 是为 {modality} 设计的，但仅在明确选择时使用：{risk}。</translation>
    </message>
    <message>
        <source>Takes {title}, because no trained model is made for {modality}.</source>
        <translation>选用 {title}，因为没有为 {modality} 训练的模型。</translation>
    </message>
    <message>
        <source>{name} (not available)</source>
        <translation>{name}（不可用）</translation>
    </message>
</context>
<context>
    <name>choosing.modelsearch</name>
    <message>
        <source>Modality</source>
        <translation>模态</translation>
    </message>
    <message>
        <source>Anatomy</source>
        <translation>解剖部位</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>{count} of {total} models</source>
        <translation>{count} 个模型（共 {total} 个）</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任何</translation>
    </message>
</context>
<context>
    <name>choosing.section</name>
    <message>
        <source>Add from a file...</source>
        <translation>从文件添加...</translation>
    </message>
    <message>
        <source>Add from a folder...</source>
        <translation>从文件夹添加...</translation>
    </message>
    <message>
        <source>Remove the chosen model...</source>
        <translation>移除所选模型...</translation>
    </message>
    <message>
        <source>Open the folder of my models</source>
        <translation>打开我的模型文件夹</translation>
    </message>
    <message>
        <source>Keep my models in another folder...</source>
        <translation>将我的模型保存到其他文件夹...</translation>
    </message>
    <message>
        <source>This model is not installed.</source>
        <translation>此模型未安装。</translation>
    </message>
    <message>
        <source>★ Favorite</source>
        <translation>★ 收藏</translation>
    </message>
    <message>
        <source>☆ Favorite</source>
        <translation>☆ 收藏</translation>
    </message>
</context>
<context>
    <name>choosing.suitability</name>
    <message>
        <source>The input volume changed meanwhile.</source>
        <translation>输入体数据在此期间发生了变化。</translation>
    </message>
</context>
<context>
    <name>comparing.colors</name>
    <message>
        <source>GANEnhance difference</source>
        <translation>GANEnhance 差异</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
</context>
<context>
    <name>comparing.comparison</name>
    <message>
        <source>Making the picture...</source>
        <translation>正在生成图像...</translation>
    </message>
    <message>
        <source>GANEnhance checkerboard</source>
        <translation>GANEnhance 棋盘格</translation>
    </message>
    <message>
        <source>GANEnhance swipe</source>
        <translation>GANEnhance 卷帘</translation>
    </message>
    <message>
        <source>GANEnhance difference</source>
        <translation>GANEnhance 差异</translation>
    </message>
</context>
<context>
    <name>comparing.notes</name>
    <message>
        <source>Left: {before}. Right: {after}. Scroll or zoom one view, and the other follows.</source>
        <translation>左：{before}。右：{after}。滚动或缩放一个视图，另一个会同步。</translation>
    </message>
    <message>
        <source>Top: {before}. Bottom: {after}. Scroll or zoom one view, and the others follow.</source>
        <translation>上：{before}。下：{after}。滚动或缩放一个视图，其他视图会同步。</translation>
    </message>
    <message>
        <source>0 shows {before}, 1 shows {after}.</source>
        <translation>0 显示 {before}，1 显示 {after}。</translation>
    </message>
    <message>
        <source>The tiles show {before} and {after} in turn.</source>
        <translation>格子交替显示 {before} 和 {after}。</translation>
    </message>
    <message>
        <source>Left of the line: {before}. Right of it: {after}.</source>
        <translation>线左侧：{before}。线右侧：{after}。</translation>
    </message>
    <message>
        <source>{before} is interpolated to the finer grid.</source>
        <translation>{before} 已插值到更细网格。</translation>
    </message>
    <message>
        <source>Input minus output: no change</source>
        <translation>输入减输出：无变化</translation>
    </message>
    <message>
        <source>Input minus output: {low} to {high}</source>
        <translation>输入减输出：{low} 到 {high}</translation>
    </message>
    <message>
        <source>Input minus output: both volumes hold the same values everywhere.</source>
        <translation>输入减输出：两个体数据的值处处相同。</translation>
    </message>
    <message>
        <source>Input minus output: from {low} (blue) over no change (black) to {high} (orange).</source>
        <translation>输入减输出：从 {low}（蓝色）经无变化（黑色）到 {high}（橙色）。</translation>
    </message>
    <message>
        <source>The largest change is {value}.</source>
        <translation>最大变化为 {value}。</translation>
    </message>
</context>
<context>
    <name>comparing.pair</name>
    <message>
        <source>There are no slice views in this application, so nothing can be compared.</source>
        <translation>此应用程序中没有切片视图，因此无法比较。</translation>
    </message>
    <message>
        <source>There is no result yet. Enhance a volume first.</source>
        <translation>还没有结果。请先增强一个体数据。</translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene any more.</source>
        <translation>用于生成 {name} 的体数据已不在场景中。</translation>
    </message>
    <message>
        <source>{name} has no voxels.</source>
        <translation>{name} 没有体素。</translation>
    </message>
    <message>
        <source>Side by side and the fader work.</source>
        <translation>并排和渐变混合方式可用。</translation>
    </message>
    <message>
        <source>The result has {result} voxels, but its source has {source}.</source>
        <translation>结果有 {result} 个体素，而其来源有 {source} 个。</translation>
    </message>
    <message>
        <source>The result and its source are not in the same place any more.</source>
        <translation>结果与其来源已不在同一位置。</translation>
    </message>
</context>
<context>
    <name>comparing.section</name>
    <message>
        <source>Enhance a volume, then compare it with its input here.</source>
        <translation>增强一个体数据，然后在此与其输入比较。</translation>
    </message>
</context>
<context>
    <name>finer.again</name>
    <message>
        <source>The panel has no control for the finer grid of that run: choose one again.</source>
        <translation>面板没有对应该次运行更细网格的控件：请重新选择。</translation>
    </message>
    <message>
        <source>The volume that gave the finer grid is not in the scene as it was: choose the grid again.</source>
        <translation>提供更细网格的体数据已不在场景中或已改变：请重新选择网格。</translation>
    </message>
</context>
<context>
    <name>finer.choice</name>
    <message>
        <source>No volume is chosen that the result shall be like.</source>
        <translation>未选择结果要参照的体数据。</translation>
    </message>
    <message>
        <source>Choose one, or another way to say how fine.</source>
        <translation>请选择一个，或用其他方式指定精细程度。</translation>
    </message>
    <message>
        <source>{name}, which the result shall be like, has no voxels.</source>
        <translation>结果要参照的 {name} 没有体素。</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>请选择其他体数据。</translation>
    </message>
    <message>
        <source>Harden that transform first, or choose another volume.</source>
        <translation>请先固化该变换，或选择另一个体数据。</translation>
    </message>
</context>
<context>
    <name>finer.section</name>
    <message>
        <source>How many slices one slice becomes. The model was trained for {factors}.</source>
        <translation>一层变为多少层。该模型的训练范围为 {factors}。</translation>
    </message>
    <message>
        <source>How many rows one row of a slice becomes, and columns as well. The model was trained for {factors}.</source>
        <translation>层内一行变为多少行，列亦同。该模型的训练范围为 {factors}。</translation>
    </message>
    <message>
        <source>Choose a volume to see which grid the result has.</source>
        <translation>请选择体数据以查看结果的网格。</translation>
    </message>
    <message>
        <source>Asking which grid the result has...</source>
        <translation>正在查询结果的网格...</translation>
    </message>
</context>
<context>
    <name>finer.words</name>
    <message>
        <source>Result: {voxels} voxels of {spacing} mm, {factors} times as many</source>
        <translation>结果：{voxels} 个 {spacing} mm 的体素，为原来的 {factors} 倍</translation>
    </message>
    <message>
        <source>Result: {voxels} voxels of {spacing} mm, on the grid of the chosen volume</source>
        <translation>结果：{voxels} 个 {spacing} mm 的体素，位于所选体数据的网格上</translation>
    </message>
    <message>
        <source>{grid}; needs about {size} of memory.</source>
        <translation>{grid}；约需 {size} 内存。</translation>
    </message>
    <message>
        <source>1, or {low} to {high}</source>
        <translation>1，或 {low} 至 {high}</translation>
    </message>
</context>
<context>
    <name>install.commandrunner</name>
    <message>
        <source>The program {path} cannot be started.</source>
        <translation>无法启动程序 {path}。</translation>
    </message>
</context>
<context>
    <name>install.deviceline</name>
    <message>
        <source>Runs on {device}. {reason}</source>
        <translation>在 {device} 上运行。{reason}</translation>
    </message>
    <message>
        <source>No trained model can run on the device that is chosen under Advanced.</source>
        <translation>没有训练模型能在“高级”中所选的设备上运行。</translation>
    </message>
    <message>
        <source>{device} cannot be used: {reason}. Choose Automatic under Advanced.</source>
        <translation>{device} 无法使用：{reason}。请在“高级”中选择“自动”。</translation>
    </message>
    <message>
        <source>it is not in this computer</source>
        <translation>本机没有该设备</translation>
    </message>
    <message>
        <source>Runs on {device}, as chosen under Advanced.</source>
        <translation>按“高级”中的选择在 {device} 上运行。</translation>
    </message>
</context>
<context>
    <name>install.installing</name>
    <message>
        <source>The folder {path} cannot be made ({reason}).</source>
        <translation>无法创建文件夹 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>Set another cache folder in the application&apos;s settings.</source>
        <translation>请在应用程序设置中指定其他缓存文件夹。</translation>
    </message>
    <message>
        <source>{title} was not installed: {reason}.</source>
        <translation>{title} 未能安装：{reason}。</translation>
    </message>
    <message>
        <source>{title} was not installed: you canceled.</source>
        <translation>{title} 未安装：您已取消。</translation>
    </message>
    <message>
        <source>You canceled; nothing was installed.</source>
        <translation>您已取消；没有安装任何内容。</translation>
    </message>
    <message>
        <source>The Python {path} does not say what is installed.</source>
        <translation>Python {path} 没有给出已安装的内容。</translation>
    </message>
    <message>
        <source>{title} was removed again, because it cannot be loaded here: {reason}.</source>
        <translation>{title} 已被移除，因为无法在此加载：{reason}。</translation>
    </message>
    <message>
        <source>Installing {title} changed packages that were there: {changes}.</source>
        <translation>安装 {title} 更改了原有的软件包：{changes}。</translation>
    </message>
    <message>
        <source>To repair that, copy the command and run it in a terminal.</source>
        <translation>要修复，请复制命令并在终端中运行。</translation>
    </message>
</context>
<context>
    <name>install.packages</name>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation>Slicer 自带的 Python</translation>
    </message>
    <message>
        <source>the Python {path}</source>
        <translation>Python {path}</translation>
    </message>
    <message>
        <source>Install PyTorch into {where}?

The PyTorch extension chooses the build for this computer&apos;s GPU and downloads it from download.pytorch.org: 0.2 GB for the CPU, up to 3 GB for a GPU. Slicer waits until it is done, which may take several minutes.

Nothing that is installed already is replaced.</source>
        <translation>要将 PyTorch 安装到 {where} 吗？

PyTorch 扩展会选择适合本机 GPU 的版本，并从 download.pytorch.org 下载：CPU 版 0.2 GB，GPU 版最多 3 GB。Slicer 会等待安装完成，可能需要几分钟。

已安装的内容不会被替换。</translation>
    </message>
    <message>
        <source>Install OpenVINO into {where}?

It is downloaded from the Python Package Index (pypi.org), or from the index that pip is set up for: about 60 MB, 200 MB on disk. You can go on working meanwhile.

Nothing that is installed already is replaced.</source>
        <translation>要将 OpenVINO 安装到 {where} 吗？

将从 Python 软件包索引 (pypi.org) 或 pip 所配置的索引下载：约 60 MB，占用磁盘 200 MB。在此期间您可以继续工作。

已安装的内容不会被替换。</translation>
    </message>
</context>
<context>
    <name>install.pipoutput</name>
    <message>
        <source>{title} was not installed: {reason}.</source>
        <translation>{title} 未能安装：{reason}。</translation>
    </message>
    <message>
        <source>this Python has no pip</source>
        <translation>此 Python 没有 pip</translation>
    </message>
    <message>
        <source>Use another Python.</source>
        <translation>请使用其他 Python。</translation>
    </message>
    <message>
        <source>it needs {wanted}, but {there} is installed here and is never replaced</source>
        <translation>它需要 {wanted}，但这里安装的是 {there}，且不会被替换</translation>
    </message>
    <message>
        <source>Use another Python that has it.</source>
        <translation>请使用包含它的其他 Python。</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>请释放空间后重试。</translation>
    </message>
    <message>
        <source>you may not change this Python&apos;s folder</source>
        <translation>您无权更改此 Python 的文件夹</translation>
    </message>
    <message>
        <source>a file that was downloaded is damaged</source>
        <translation>下载的文件已损坏</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>the package index does not answer</source>
        <translation>软件包索引没有响应</translation>
    </message>
    <message>
        <source>Check the network connection and try again.</source>
        <translation>请检查网络连接后重试。</translation>
    </message>
    <message>
        <source>Check the network connection, or use another Python.</source>
        <translation>请检查网络连接，或使用其他 Python。</translation>
    </message>
    <message>
        <source>no {name} was found</source>
        <translation>没有找到 {name}</translation>
    </message>
    <message>
        <source>there is no {name}, only {versions}</source>
        <translation>没有 {name}，只有 {versions}</translation>
    </message>
    <message>
        <source>pip said nothing</source>
        <translation>pip 没有输出任何信息</translation>
    </message>
</context>
<context>
    <name>install.preparation</name>
    <message>
        <source>Installing {title}...</source>
        <translation>正在安装 {title}...</translation>
    </message>
    <message>
        <source>{title} {version} is installed; the worker starts again.</source>
        <translation>{title} {version} 已安装；计算进程正在重新启动。</translation>
    </message>
    <message>
        <source>{title} is installed, but the worker does not find it.</source>
        <translation>{title} 已安装，但计算进程找不到它。</translation>
    </message>
    <message>
        <source>Restart Slicer.</source>
        <translation>请重新启动 Slicer。</translation>
    </message>
    <message>
        <source>{title} {version} is installed: trained models can be used.</source>
        <translation>{title} {version} 已安装：可以使用训练模型。</translation>
    </message>
    <message>
        <source>No Python is chosen.</source>
        <translation>没有选择 Python。</translation>
    </message>
    <message>
        <source>Give the folder of an environment that has OpenVINO or PyTorch, or its program.</source>
        <translation>请指定包含 OpenVINO 或 PyTorch 的环境文件夹，或其程序。</translation>
    </message>
    <message>
        <source>Trying {path}...</source>
        <translation>正在检查 {path}...</translation>
    </message>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation>Slicer 自带的 Python</translation>
    </message>
    <message>
        <source>The worker now runs in {where}.</source>
        <translation>计算进程现在运行于 {where}。</translation>
    </message>
    <message>
        <source>Canceled: the Python is as before.</source>
        <translation>已取消：Python 保持原样。</translation>
    </message>
    <message>
        <source>Canceling...</source>
        <translation>正在取消...</translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation>错误：{text}</translation>
    </message>
    <message>
        <source>The filters work as before. To install by hand, copy the command into a terminal.</source>
        <translation>滤波器照常可用。要手动安装，请将命令复制到终端中。</translation>
    </message>
    <message>
        <source>The filters work as before. The Python console has what the extension wrote.</source>
        <translation>滤波器照常可用。扩展的输出在 Python 控制台中。</translation>
    </message>
</context>
<context>
    <name>install.pythoncheck</name>
    <message>
        <source>{path} cannot run the worker: {reason}</source>
        <translation>{path} 无法运行计算进程：{reason}</translation>
    </message>
    <message>
        <source>OpenVINO or PyTorch</source>
        <translation>OpenVINO 或 PyTorch</translation>
    </message>
    <message>
        <source>{path} lacks {packages}.</source>
        <translation>{path} 缺少 {packages}。</translation>
    </message>
    <message>
        <source> and </source>
        <translation> 和 </translation>
    </message>
    <message>
        <source>To install what is missing, copy the command and run it in a terminal.</source>
        <translation>要安装缺少的内容，请复制命令并在终端中运行。</translation>
    </message>
</context>
<context>
    <name>install.section</name>
    <message>
        <source>Warning: {text}</source>
        <translation>警告：{text}</translation>
    </message>
    <message>
        <source>The worker cannot start, so nothing can be enhanced.</source>
        <translation>计算进程无法启动，因此无法进行增强。</translation>
    </message>
    <message>
        <source>Looking for devices...</source>
        <translation>正在查找设备...</translation>
    </message>
    <message>
        <source>Trained models need OpenVINO or PyTorch, which are missing; filters work without.</source>
        <translation>训练模型需要 OpenVINO 或 PyTorch，目前均缺失；滤波器不需要它们。</translation>
    </message>
    <message>
        <source>Press Repair to go back to Slicer&apos;s own Python, or to choose another one.</source>
        <translation>请按“修复”恢复 Slicer 自带的 Python，或选择其他 Python。</translation>
    </message>
    <message>
        <source>Repair...</source>
        <translation>修复...</translation>
    </message>
    <message>
        <source>Set up...</source>
        <translation>设置...</translation>
    </message>
    <message>
        <source>Install...</source>
        <translation>安装...</translation>
    </message>
    <message>
        <source>Version {version} is installed.</source>
        <translation>已安装版本 {version}。</translation>
    </message>
    <message>
        <source>For the CPU: about 60 MB to download, 200 MB on disk.</source>
        <translation>用于 CPU：下载约 60 MB，占用磁盘 200 MB。</translation>
    </message>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation>Slicer 自带的 Python</translation>
    </message>
    <message>
        <source>In use: {where} {version}</source>
        <translation>正在使用：{where} {version}</translation>
    </message>
    <message>
        <source>Version {version} is installed. The module PyTorch Utils can change it.</source>
        <translation>已安装版本 {version}。可通过 PyTorch Utils 模块更改。</translation>
    </message>
    <message>
        <source>For Slicer&apos;s own Python only; in another one, install it with that one&apos;s pip.</source>
        <translation>仅适用于 Slicer 自带的 Python；在其他 Python 中请用其自己的 pip 安装。</translation>
    </message>
    <message>
        <source>For a GPU: up to 3 GB to download, by the extension PyTorch.</source>
        <translation>用于 GPU：由 PyTorch 扩展下载，最多 3 GB。</translation>
    </message>
    <message>
        <source>The log is on the clipboard.</source>
        <translation>日志已复制到剪贴板。</translation>
    </message>
    <message>
        <source>The command is on the clipboard: paste it into a terminal.</source>
        <translation>命令已复制到剪贴板：请粘贴到终端中。</translation>
    </message>
    <message>
        <source>{name} is loaded: press Enhance.</source>
        <translation>{name} 已加载：请按“增强”。</translation>
    </message>
</context>
<context>
    <name>install.torchextension</name>
    <message>
        <source>PyTorch is installed by the extension PyTorch, which is not here.</source>
        <translation>PyTorch 由 PyTorch 扩展安装，但该扩展未安装。</translation>
    </message>
    <message>
        <source>Open the Extensions Manager, install PyTorch, restart Slicer, and press this button again.</source>
        <translation>请打开扩展管理器，安装 PyTorch，重新启动 Slicer，然后再次按此按钮。</translation>
    </message>
    <message>
        <source>PyTorch was not installed: the extension PyTorch did not do it.</source>
        <translation>PyTorch 未能安装：PyTorch 扩展没有完成安装。</translation>
    </message>
</context>
<context>
    <name>preview.plane</name>
    <message>
        <source>The {view} view does not show {name} where it is.</source>
        <translation>{view} 视图没有显示 {name} 所在的位置。</translation>
    </message>
    <message>
        <source>Move the view&apos;s slice into the volume.</source>
        <translation>请将视图的切片移到体数据内。</translation>
    </message>
</context>
<context>
    <name>preview.section</name>
    <message>
        <source>Enhancing the slice in {view}...</source>
        <translation>正在增强 {view} 中的切片...</translation>
    </message>
    <message>
        <source>{view} shows slice {index} along {axis} enhanced.</source>
        <translation>{view} 显示沿 {axis} 的第 {index} 层增强切片。</translation>
    </message>
    <message>
        <source>{view} was oblique to the volume: it is turned by {degrees}° to the nearest slices until the preview ends.</source>
        <translation>{view} 与体数据斜交：在预览结束前已旋转 {degrees}° 对齐到最近的切片。</translation>
    </message>
    <message>
        <source>There is no {view} slice view in this application.</source>
        <translation>此应用程序中没有 {view} 切片视图。</translation>
    </message>
    <message>
        <source>The {view} slice view is not shown: choose a layout that has it.</source>
        <translation>{view} 切片视图未显示：请选择包含它的布局。</translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation>场景正在关闭。</translation>
    </message>
    <message>
        <source>Wait until the run is over, or cancel it.</source>
        <translation>请等待运行结束，或取消它。</translation>
    </message>
    <message>
        <source>A slice cannot be previewed on the grid of another volume.</source>
        <translation>无法在另一个体数据的网格上预览切片。</translation>
    </message>
    <message>
        <source>Enhance the whole volume, or choose factors or a spacing for the preview.</source>
        <translation>请增强整个体数据，或为预览选择倍数或间距。</translation>
    </message>
    <message>
        <source>Enhance the slice that the {view} view shows.</source>
        <translation>增强 {view} 视图显示的切片。</translation>
    </message>
</context>
<context>
    <name>preview.slicevolume</name>
    <message>
        <source>Preview in {view}</source>
        <translation>{view} 中的预览</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
</context>
<context>
    <name>preview.tuning</name>
    <message>
        <source>The sliders set the next run: {reason}</source>
        <translation>滑块设置的是下一次运行：{reason}</translation>
    </message>
    <message>
        <source>The views show fidelity {new}, but {name} has {old}.</source>
        <translation>视图显示保真度 {new}，而 {name} 为 {old}。</translation>
    </message>
    <message>
        <source>The slider says fidelity {new}, but {name} has {old}.</source>
        <translation>滑块的保真度为 {new}，而 {name} 为 {old}。</translation>
    </message>
    <message>
        <source>{name} is being blended...</source>
        <translation>正在混合 {name}...</translation>
    </message>
    <message>
        <source>The strength slider changes {name} at once.</source>
        <translation>强度滑块会立即改变 {name}。</translation>
    </message>
    <message>
        <source>{name} was not made since the scene was loaded.</source>
        <translation>{name} 不是在场景加载之后生成的。</translation>
    </message>
    <message>
        <source>the worker does not keep the run of {name} any more.</source>
        <translation>计算进程已不再保留 {name} 的运行数据。</translation>
    </message>
    <message>
        <source>the voxels of {name} were changed by something else.</source>
        <translation>{name} 的体素已被其他操作更改。</translation>
    </message>
    <message>
        <source>{name} was made from something else, or with other settings.</source>
        <translation>{name} 由其他数据或以其他设置生成。</translation>
    </message>
</context>
<context>
    <name>provenance.GANEnhanceSubjectHierarchyPlugin</name>
    <message>
        <source>Show GANEnhance provenance</source>
        <translation>显示 GANEnhance 溯源信息</translation>
    </message>
    <message>
        <source>Run GANEnhance again with these settings</source>
        <translation>以这些设置再次运行 GANEnhance</translation>
    </message>
</context>
<context>
    <name>provenance.again</name>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation>用于生成 {name} 的体数据不在场景中。</translation>
    </message>
    <message>
        <source>Load it, choose it as the input, and set the model by hand.</source>
        <translation>请加载它，选作输入，并手动设置模型。</translation>
    </message>
    <message>
        <source>Not set, since the panel has no control for it: {options}.</source>
        <translation>未设置，因为面板没有相应的控件：{options}。</translation>
    </message>
    <message>
        <source>The device {name} is not here, so the chosen one stays.</source>
        <translation>设备 {name} 不在本机上，因此保留所选设备。</translation>
    </message>
    <message>
        <source>The mask of that run is not in the scene: choose its region again.</source>
        <translation>该次运行的掩膜不在场景中：请重新选择区域。</translation>
    </message>
    <message>
        <source>{name} region</source>
        <translation>{name} 区域</translation>
    </message>
</context>
<context>
    <name>provenance.annotation</name>
    <message>
        <source>GANEnhance {model}: not for diagnosis</source>
        <translation>GANEnhance {model}：不可用于诊断</translation>
    </message>
</context>
<context>
    <name>provenance.describe</name>
    <message>
        <source>The model {name} is still the same.</source>
        <translation>模型 {name} 仍然相同。</translation>
    </message>
    <message>
        <source>The model {name} has changed since: a new run may give other voxels.</source>
        <translation>模型 {name} 此后已改变：再次运行可能得到不同的体素。</translation>
    </message>
    <message>
        <source>The model {name} is not installed any more.</source>
        <translation>模型 {name} 已不再安装。</translation>
    </message>
    <message>
        <source>{name} was made by {model} {version}; its source is not in the scene.</source>
        <translation>{name} 由 {model} {version} 生成；其来源不在场景中。</translation>
    </message>
    <message>
        <source>{name} was made from {source} by {model} {version}.</source>
        <translation>{name} 由 {model} {version} 从 {source} 生成。</translation>
    </message>
    <message>
        <source>Run: {facts}.</source>
        <translation>运行：{facts}。</translation>
    </message>
    <message>
        <source>strength {value}</source>
        <translation>强度 {value}</translation>
    </message>
    <message>
        <source>fidelity {value}</source>
        <translation>保真度 {value}</translation>
    </message>
    <message>
        <source>fidelity as the model advises</source>
        <translation>保真度采用模型建议值</translation>
    </message>
    <message>
        <source>modality {value}</source>
        <translation>模态 {value}</translation>
    </message>
    <message>
        <source>Settings: {list}.</source>
        <translation>设置：{list}。</translation>
    </message>
    <message>
        <source>feather {value} mm</source>
        <translation>羽化 {value} mm</translation>
    </message>
    <message>
        <source>Region: a box of {size} mm, {feather}; outside, the voxels are the input&apos;s.</source>
        <translation>区域：{size} mm 的方框，{feather}；区域之外的体素与输入一致。</translation>
    </message>
    <message>
        <source>Region: {count} voxels of a mask, {feather}; outside, the voxels are the input&apos;s.</source>
        <translation>区域：掩膜中的 {count} 个体素，{feather}；区域之外的体素与输入一致。</translation>
    </message>
    <message>
        <source>Finer grid: {voxels} voxels of {spacing} mm, that of another volume.</source>
        <translation>更细网格：{voxels} 个 {spacing} mm 的体素，取自另一个体数据。</translation>
    </message>
    <message>
        <source>Finer grid: {voxels} voxels of {spacing} mm, {factors} times as many.</source>
        <translation>更细网格：{voxels} 个 {spacing} mm 的体素，为原来的 {factors} 倍。</translation>
    </message>
    <message>
        <source>Warning: {text}</source>
        <translation>警告：{text}</translation>
    </message>
    <message>
        <source>In {count} voxels the model&apos;s change was limited to its bound.</source>
        <translation>有 {count} 个体素的模型改动被限制在上限。</translation>
    </message>
</context>
<context>
    <name>provenance.section</name>
    <message>
        <source>Hide provenance</source>
        <translation>隐藏溯源信息</translation>
    </message>
    <message>
        <source>Show provenance</source>
        <translation>显示溯源信息</translation>
    </message>
    <message>
        <source>There is no result yet.</source>
        <translation>还没有结果。</translation>
    </message>
    <message>
        <source>The provenance is on the clipboard.</source>
        <translation>溯源信息已复制到剪贴板。</translation>
    </message>
    <message>
        <source>The panel is set as it was for {name}: press Enhance.</source>
        <translation>面板已按 {name} 生成时的设置调整：请按“增强”。</translation>
    </message>
</context>
<context>
    <name>qSlicerAbstractCoreModule</name>
    <message>
        <source>Filtering.Denoising</source>
        <translation>滤波.去噪</translation>
    </message>
</context>
<context>
    <name>region.box</name>
    <message>
        <source>No ROI is chosen.</source>
        <translation>没有选择 ROI。</translation>
    </message>
    <message>
        <source>Choose an ROI, or press New ROI.</source>
        <translation>请选择 ROI，或按“新建 ROI”。</translation>
    </message>
    <message>
        <source>The ROI {name} has no size.</source>
        <translation>ROI {name} 没有大小。</translation>
    </message>
    <message>
        <source>Place it in a view, or press New ROI.</source>
        <translation>请在视图中放置它，或按“新建 ROI”。</translation>
    </message>
    <message>
        <source>The ROI {name} is inside out.</source>
        <translation>ROI {name} 内外颠倒。</translation>
    </message>
    <message>
        <source>Switch that off in the Markups module, or enhance inside a segment.</source>
        <translation>请在 Markups 模块中关闭该选项，或在分段内增强。</translation>
    </message>
    <message>
        <source>Region to enhance</source>
        <translation>要增强的区域</translation>
    </message>
</context>
<context>
    <name>region.files</name>
    <message>
        <source>The region was changed meanwhile.</source>
        <translation>区域在此期间已被更改。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
</context>
<context>
    <name>region.mask</name>
    <message>
        <source>No label map is chosen.</source>
        <translation>没有选择标签图。</translation>
    </message>
    <message>
        <source>Choose the label map to enhance inside of.</source>
        <translation>请选择在其内部进行增强的标签图。</translation>
    </message>
    <message>
        <source>The label map {name} has no voxels.</source>
        <translation>标签图 {name} 没有体素。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请选择其他的。</translation>
    </message>
    <message>
        <source>No segmentation is chosen.</source>
        <translation>没有选择分割。</translation>
    </message>
    <message>
        <source>Choose the segmentation to enhance inside of.</source>
        <translation>请选择在其内部进行增强的分割。</translation>
    </message>
    <message>
        <source>No segment is chosen.</source>
        <translation>没有选择分段。</translation>
    </message>
    <message>
        <source>Choose the segment to enhance inside of.</source>
        <translation>请选择在其内部进行增强的分段。</translation>
    </message>
    <message>
        <source>The segment {name} has no binary labelmap.</source>
        <translation>分段 {name} 没有二值标签图。</translation>
    </message>
    <message>
        <source>Create that representation in the Segmentations module.</source>
        <translation>请在 Segmentations 模块中创建该表示形式。</translation>
    </message>
    <message>
        <source>The segment {name} is empty.</source>
        <translation>分段 {name} 为空。</translation>
    </message>
    <message>
        <source>Choose another segment.</source>
        <translation>请选择其他分段。</translation>
    </message>
    <message>
        <source>The region has no voxel inside the volume.</source>
        <translation>区域在体数据内没有任何体素。</translation>
    </message>
    <message>
        <source>Choose another segment or label, or the whole volume.</source>
        <translation>请选择其他分段或标签，或整个体数据。</translation>
    </message>
    <message>
        <source>The region cannot be written to {folder} ({reason}).</source>
        <translation>无法将区域写入 {folder}（{reason}）。</translation>
    </message>
    <message>
        <source>Free some space on that disk, or set another temporary folder in the application&apos;s settings.</source>
        <translation>请在该磁盘上释放空间，或在应用程序设置中指定其他临时文件夹。</translation>
    </message>
    <message>
        <source>The region changed while it was copied.</source>
        <translation>区域在复制时发生了变化。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
</context>
<context>
    <name>region.section</name>
    <message>
        <source>Outside, the voxels stay exactly those of the input.</source>
        <translation>区域之外的体素与输入完全一致。</translation>
    </message>
</context>
<context>
    <name>region.space</name>
    <message>
        <source>{name} is under a transform that is not linear.</source>
        <translation>{name} 处于非线性变换之下。</translation>
    </message>
    <message>
        <source>Harden that transform first, or choose another region.</source>
        <translation>请先固化该变换，或选择其他区域。</translation>
    </message>
</context>
<context>
    <name>reporting.measuretalk</name>
    <message>
        <source>The voxels changed while they were measured.</source>
        <translation>体素在测量时发生了变化。</translation>
    </message>
    <message>
        <source>Press Measure again.</source>
        <translation>请再次按“测量”。</translation>
    </message>
</context>
<context>
    <name>reporting.request</name>
    <message>
        <source>There is no result to measure.</source>
        <translation>没有可测量的结果。</translation>
    </message>
    <message>
        <source>Enhance a volume first.</source>
        <translation>请先增强一个体数据。</translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation>用于生成 {name} 的体数据不在场景中。</translation>
    </message>
    <message>
        <source>Load it, and enhance it again.</source>
        <translation>请加载它，并重新增强。</translation>
    </message>
    <message>
        <source>result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Enhance the source again.</source>
        <translation>请重新增强来源。</translation>
    </message>
    <message>
        <source>Before: {name}, interpolated to the finer grid of the result.</source>
        <translation>之前：{name}，已插值到结果的更细网格。</translation>
    </message>
    <message>
        <source>Contrast-to-noise needs both a tissue and a background ROI.</source>
        <translation>对比噪声比需要组织和背景两个 ROI。</translation>
    </message>
    <message>
        <source>The {one} has {size} voxels, but the {other} has {otherSize}.</source>
        <translation>{one}有 {size} 个体素，而{other}有 {otherSize} 个。</translation>
    </message>
    <message>
        <source>The {one} does not lie where the {other} lies.</source>
        <translation>{one}与{other}的位置不一致。</translation>
    </message>
    <message>
        <source>The reference is the result itself.</source>
        <translation>参考就是结果本身。</translation>
    </message>
    <message>
        <source>Choose another reference.</source>
        <translation>请选择其他参考。</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>Resample it onto the result first.</source>
        <translation>请先将其重采样到结果的网格。</translation>
    </message>
    <message>
        <source>Resample it onto the source first.</source>
        <translation>请先将其重采样到来源的网格上。</translation>
    </message>
</context>
<context>
    <name>reporting.saving</name>
    <message>
        <source>Page with pictures</source>
        <translation>带图片的网页</translation>
    </message>
    <message>
        <source>Table of figures</source>
        <translation>数值表格</translation>
    </message>
    <message>
        <source>Everything but pictures</source>
        <translation>除图片外的全部内容</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>保存报告</translation>
    </message>
</context>
<context>
    <name>reporting.section</name>
    <message>
        <source>Error: {text}</source>
        <translation>错误：{text}</translation>
    </message>
    <message>
        <source>Enhance a volume, then see here what the model did to it.</source>
        <translation>增强一个体数据，然后在此查看模型对它做了什么。</translation>
    </message>
    <message>
        <source>Measuring...</source>
        <translation>正在测量...</translation>
    </message>
    <message>
        <source>The voxels changed since this was measured: press Measure.</source>
        <translation>测量之后体素已发生变化：请按“测量”。</translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation>用于生成 {name} 的体数据不在场景中。</translation>
    </message>
    <message>
        <source>Press Measure to judge {name}.</source>
        <translation>请按“测量”评估 {name}。</translation>
    </message>
    <message>
        <source>Tissue</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>The table is on the clipboard.</source>
        <translation>表格已复制到剪贴板。</translation>
    </message>
    <message>
        <source>The report is saved in {path}.</source>
        <translation>报告已保存到 {path}。</translation>
    </message>
</context>
<context>
    <name>reporting.table</name>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>reporting.words</name>
    <message>
        <source>Noise fell to {percent} %.</source>
        <translation>噪声降至 {percent} %。</translation>
    </message>
    <message>
        <source>Noise rose to {percent} %.</source>
        <translation>噪声升至 {percent} %。</translation>
    </message>
    <message>
        <source>Noise did not change.</source>
        <translation>噪声没有变化。</translation>
    </message>
    <message>
        <source>No noise was measured.</source>
        <translation>没有测得噪声。</translation>
    </message>
    <message>
        <source>Edges are as sharp as before.</source>
        <translation>边缘与之前一样清晰。</translation>
    </message>
    <message>
        <source>Edges became {percent} % wider, so less sharp.</source>
        <translation>边缘变宽了 {percent} %，即清晰度降低。</translation>
    </message>
    <message>
        <source>Edges became {percent} % narrower, so sharper.</source>
        <translation>边缘变窄了 {percent} %，即清晰度提高。</translation>
    </message>
    <message>
        <source>Edges are no wider than before, but {percent} % less steep.</source>
        <translation>边缘没有变宽，但陡度降低了 {percent} %。</translation>
    </message>
    <message>
        <source>Contrast-to-noise rose from {before} to {after}.</source>
        <translation>对比噪声比从 {before} 升至 {after}。</translation>
    </message>
    <message>
        <source>Contrast-to-noise fell from {before} to {after}.</source>
        <translation>对比噪声比从 {before} 降至 {after}。</translation>
    </message>
    <message>
        <source>The result is closer to the reference than the input was.</source>
        <translation>结果比输入更接近参考。</translation>
    </message>
    <message>
        <source>The result is farther from the reference than the input was.</source>
        <translation>结果比输入更偏离参考。</translation>
    </message>
    <message>
        <source>No voxel was held back by the bound.</source>
        <translation>没有体素受到上限限制。</translation>
    </message>
    <message>
        <source>The bound held back {count} voxels ({share}).</source>
        <translation>上限限制了 {count} 个体素（{share}）。</translation>
    </message>
    <message>
        <source>The volume suits the model.</source>
        <translation>体数据适合该模型。</translation>
    </message>
    <message>
        <source>The volume is not quite what the model was made for.</source>
        <translation>体数据与模型的设计用途不完全相符。</translation>
    </message>
    <message>
        <source>The volume is not what the model was made for.</source>
        <translation>体数据不符合模型的设计用途。</translation>
    </message>
    <message>
        <source>The source volume was changed after the run.</source>
        <translation>来源体数据在运行后被更改。</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Edge width</source>
        <translation>边缘宽度</translation>
    </message>
    <message>
        <source>Edge slope</source>
        <translation>边缘陡度</translation>
    </message>
    <message>
        <source>Mean value</source>
        <translation>平均值</translation>
    </message>
    <message>
        <source>Largest change</source>
        <translation>最大变化</translation>
    </message>
    <message>
        <source>Contrast-to-noise</source>
        <translation>对比噪声比</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>PSNR</source>
        <translation>PSNR</translation>
    </message>
    <message>
        <source>SSIM</source>
        <translation>SSIM</translation>
    </message>
    <message>
        <source>Mean absolute error</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>Flicker</source>
        <translation>闪烁</translation>
    </message>
    <message>
        <source>better</source>
        <translation>更好</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>更差</translation>
    </message>
    <message>
        <source>same</source>
        <translation>相同</translation>
    </message>
</context>
<context>
    <name>talks.conversation</name>
    <message>
        <source>The worker was ended.</source>
        <translation>计算进程已被终止。</translation>
    </message>
    <message>
        <source>Start the work again.</source>
        <translation>请重新开始工作。</translation>
    </message>
</context>
<context>
    <name>talks.interpolatetalk</name>
    <message>
        <source>The voxels changed while they were interpolated.</source>
        <translation>体素在插值期间发生了变化。</translation>
    </message>
    <message>
        <source>Compare again.</source>
        <translation>请重新比较。</translation>
    </message>
</context>
<context>
    <name>talks.reference</name>
    <message>
        <source>The reference volume has {reference} voxels, but the result has {result}.</source>
        <translation>参考体数据有 {reference} 个体素，但结果有 {result} 个。</translation>
    </message>
    <message>
        <source>Resample the reference to the grid of the result first.</source>
        <translation>请先将参考体数据重采样到结果的网格。</translation>
    </message>
    <message>
        <source>The reference volume has {reference} voxels, but the input has {input}.</source>
        <translation>参考体数据有 {reference} 个体素，而输入有 {input} 个。</translation>
    </message>
    <message>
        <source>Resample the reference to the input&apos;s grid first.</source>
        <translation>请先将参考重采样到输入的网格上。</translation>
    </message>
</context>
<context>
    <name>talks.region</name>
    <message>
        <source>The region is a {kind}, not an ROI, a segmentation or a label map.</source>
        <translation>区域是 {kind}，而不是 ROI、分割或标签图。</translation>
    </message>
    <message>
        <source>Give a markups ROI, a label map, or (segmentation, segment ID).</source>
        <translation>请提供 Markups ROI、标签图，或（分割，分段 ID）。</translation>
    </message>
</context>
<context>
    <name>talks.sequencetalk</name>
    <message>
        <source>Frames of a sequence get no doubt map.</source>
        <translation>序列的帧没有不确定度图。</translation>
    </message>
    <message>
        <source>Leave the doubt out.</source>
        <translation>请不要指定 doubt。</translation>
    </message>
    <message>
        <source>The frame lies elsewhere than the first one, so that the region does not fit it.</source>
        <translation>该帧与第一帧的位置不同，因此区域与它不匹配。</translation>
    </message>
    <message>
        <source>Enhance the whole volume, or the frames of one grid at a time.</source>
        <translation>请增强整个体数据，或每次只增强同一网格的帧。</translation>
    </message>
</context>
</TS>
