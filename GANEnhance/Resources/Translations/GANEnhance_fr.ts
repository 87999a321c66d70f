<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>GANEnhance</name>
    <message>
        <source>GAN Enhance</source>
        <translation>GAN Enhance</translation>
    </message>
    <message>
        <source>Removes noise from CT, MR and ultrasound volumes with a trained network or a classical filter. The input is never changed; the result says which model made it, and is not for diagnosis. See the &lt;a href=&quot;{tutorial}&quot;&gt;tutorial&lt;/a&gt;, the &lt;a href=&quot;{troubleshooting}&quot;&gt;troubleshooting page&lt;/a&gt; and the &lt;a href=&quot;{url}&quot;&gt;documentation&lt;/a&gt;.</source>
        <translation>Élimine le bruit des volumes de TDM, d&apos;IRM et d&apos;échographie à l&apos;aide d&apos;un réseau entraîné ou d&apos;un filtre classique. L&apos;entrée n&apos;est jamais modifiée&#xa0;; le résultat indique quel modèle l&apos;a produit et ne doit pas servir au diagnostic. Voir le &lt;a href=&quot;{tutorial}&quot;&gt;tutoriel&lt;/a&gt;, la &lt;a href=&quot;{troubleshooting}&quot;&gt;page de dépannage&lt;/a&gt; et la &lt;a href=&quot;{url}&quot;&gt;documentation&lt;/a&gt;.</translation>
    </message>
    <message>
        <source>Made by the GANEnhance developers on 3D Slicer, MONAI and OpenVINO.</source>
        <translation>Réalisé par les développeurs de GANEnhance avec 3D Slicer, MONAI et OpenVINO.</translation>
    </message>
    <message>
        <source>Stopped, because the scene was closed.</source>
        <translation>Arrêté, car la scène a été fermée.</translation>
    </message>
    <message>
        <source>The input volume was deleted.</source>
        <translation>Le volume d&apos;entrée a été supprimé.</translation>
    </message>
    <message>
        <source>Stopped, because the input volume was deleted.</source>
        <translation>Arrêté, car le volume d&apos;entrée a été supprimé.</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Entrées</translation>
    </message>
    <message>
        <source>Input volume:</source>
        <translation>Volume d&apos;entrée&#xa0;:</translation>
    </message>
    <message>
        <source>The volume to enhance. It is never changed.</source>
        <translation>Le volume à améliorer. Il n&apos;est jamais modifié.</translation>
    </message>
    <message>
        <source>Model:</source>
        <translation>Modèle&#xa0;:</translation>
    </message>
    <message>
        <source>The trained network or classical filter that enhances the volume.</source>
        <translation>Le réseau entraîné ou le filtre classique qui améliore le volume.</translation>
    </message>
    <message>
        <source>Strength:</source>
        <translation>Force&#xa0;:</translation>
    </message>
    <message>
        <source>How much of the model&apos;s change is applied: 0 gives the input back, 1 the model&apos;s full result.</source>
        <translation>Part du changement du modèle qui est appliquée&#xa0;: 0 redonne l&apos;entrée, 1 le résultat complet du modèle.</translation>
    </message>
    <message>
        <source>Fidelity:</source>
        <translation>Fidélité&#xa0;:</translation>
    </message>
    <message>
        <source>Use the fidelity that was measured to be best for this model.</source>
        <translation>Utiliser la fidélité mesurée comme la meilleure pour ce modèle.</translation>
    </message>
    <message>
        <source>As the model advises</source>
        <translation>Conseil du modèle</translation>
    </message>
    <message>
        <source>1 keeps closest to the measured data, 0 looks sharpest but may show texture that was not measured.</source>
        <translation>1 reste au plus près des données mesurées, 0 paraît le plus net mais peut montrer une texture qui n&apos;a pas été mesurée.</translation>
    </message>
    <message>
        <source>Output volume:</source>
        <translation>Volume de sortie&#xa0;:</translation>
    </message>
    <message>
        <source>The volume that gets the result: a new one, or an existing one that is overwritten.</source>
        <translation>Le volume qui reçoit le résultat&#xa0;: un nouveau, ou un volume existant qui est remplacé.</translation>
    </message>
    <message>
        <source>(Create new volume)</source>
        <translation>(Créer un volume)</translation>
    </message>
    <message>
        <source>Enhance the input volume.</source>
        <translation>Améliorer le volume d&apos;entrée.</translation>
    </message>
    <message>
        <source>Enhance</source>
        <translation>Améliorer</translation>
    </message>
    <message>
        <source>How much of the work is done.</source>
        <translation>Part du travail déjà accomplie.</translation>
    </message>
    <message>
        <source>What the module is doing, or what went wrong and what to do.</source>
        <translation>Ce que fait le module, ou ce qui a échoué et comment y remédier.</translation>
    </message>
    <message>
        <source>A model can remove findings or add structures that are not there. Always look at the original volume as well.</source>
        <translation>Un modèle peut effacer des anomalies ou ajouter des structures qui n&apos;existent pas. Regardez toujours aussi le volume d&apos;origine.</translation>
    </message>
    <message>
        <source>Enhanced volumes are not for diagnosis.</source>
        <translation>Les volumes améliorés ne doivent pas servir au diagnostic.</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Avancé</translation>
    </message>
    <message>
        <source>Modality:</source>
        <translation>Modalité&#xa0;:</translation>
    </message>
    <message>
        <source>Which kind of image the input is. Needed where the volume was not loaded from DICOM.</source>
        <translation>Le type d&apos;image de l&apos;entrée. Nécessaire si le volume n&apos;a pas été chargé depuis DICOM.</translation>
    </message>
    <message>
        <source>Device:</source>
        <translation>Périphérique&#xa0;:</translation>
    </message>
    <message>
        <source>Where the network runs. Automatic takes the fastest device that works. The choice is kept on this computer, not in the scene.</source>
        <translation>Où le réseau s&apos;exécute. «&#xa0;Automatique&#xa0;» prend le périphérique le plus rapide qui fonctionne. Le choix est conservé sur cet ordinateur, pas dans la scène.</translation>
    </message>
    <message>
        <source>Voxel type:</source>
        <translation>Type de voxel&#xa0;:</translation>
    </message>
    <message>
        <source>The type of the result&apos;s voxels: that of the input (rounded where it is a whole number), or 32-bit floating point.</source>
        <translation>Le type des voxels du résultat&#xa0;: celui de l&apos;entrée (arrondi s&apos;il s&apos;agit d&apos;entiers), ou virgule flottante 32 bits.</translation>
    </message>
    <message>
        <source>Doubt map:</source>
        <translation>Carte de doute&#xa0;:</translation>
    </message>
    <message>
        <source>Make a second volume beside the result: how far each voxel may be wrong.</source>
        <translation>Créer un second volume à côté du résultat&#xa0;: l&apos;erreur possible de chaque voxel.</translation>
    </message>
    <message>
        <source>how far each voxel may be wrong</source>
        <translation>erreur possible de chaque voxel</translation>
    </message>
    <message>
        <source>What the module did, line by line; holds nothing about a patient.</source>
        <translation>Ce que le module a fait, ligne par ligne&#xa0;; ne contient rien sur un patient.</translation>
    </message>
    <message>
        <source>Put the log on the clipboard, for example for a question to the developers.</source>
        <translation>Copier le journal dans le presse-papiers, par exemple pour poser une question aux développeurs.</translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation>Copier le journal</translation>
    </message>
    <message>
        <source>Open the pages in the web browser.</source>
        <translation>Ouvrir ces pages dans le navigateur.</translation>
    </message>
</context>
<context>
    <name>GANEnhanceBatch</name>
    <message>
        <source>Frames:</source>
        <translation>Images&#xa0;:</translation>
    </message>
    <message>
        <source>The input volume shows a sequence: which of its frames to enhance. More than the one shown make a new sequence, which is played together with this one.</source>
        <translation>Le volume d&apos;entrée montre une séquence&#xa0;: lesquelles de ses images améliorer. Au-delà de celle affichée, une nouvelle séquence est créée, lue en même temps que celle-ci.</translation>
    </message>
    <message>
        <source>from</source>
        <translation>de</translation>
    </message>
    <message>
        <source>The first frame to enhance; the sequence begins with frame 1.</source>
        <translation>La première image à améliorer&#xa0;; la séquence commence à l&apos;image 1.</translation>
    </message>
    <message>
        <source>to</source>
        <translation>à</translation>
    </message>
    <message>
        <source>The last frame to enhance.</source>
        <translation>La dernière image à améliorer.</translation>
    </message>
    <message>
        <source>Why a sequence is not among the input volumes.</source>
        <translation>Pourquoi une séquence ne figure pas parmi les volumes d&apos;entrée.</translation>
    </message>
    <message>
        <source>Several volumes</source>
        <translation>Plusieurs volumes</translation>
    </message>
    <message>
        <source>Volumes:</source>
        <translation>Volumes&#xa0;:</translation>
    </message>
    <message>
        <source>Check the volumes that are to be enhanced one after another.</source>
        <translation>Cochez les volumes à améliorer l&apos;un après l&apos;autre.</translation>
    </message>
    <message>
        <source>Enhance the checked volumes one after another, each into a new volume, with the settings above.</source>
        <translation>Améliorer les volumes cochés l&apos;un après l&apos;autre, chacun dans un nouveau volume, avec les réglages ci-dessus.</translation>
    </message>
    <message>
        <source>Enhance all</source>
        <translation>Tout améliorer</translation>
    </message>
    <message>
        <source>What happened to each volume. Noise is the standard deviation in units of the values.</source>
        <translation>Ce qu&apos;il est advenu de chaque volume. Le bruit est l&apos;écart type, dans l&apos;unité des valeurs.</translation>
    </message>
    <message>
        <source>Put the table on the clipboard, to paste it into a spreadsheet.</source>
        <translation>Copier le tableau dans le presse-papiers, pour le coller dans un tableur.</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>Copier le tableau</translation>
    </message>
</context>
<context>
    <name>GANEnhanceChoosing</name>
    <message>
        <source>Search all models, and show only those for one modality, anatomy or task.</source>
        <translation>Rechercher parmi tous les modèles, et n&apos;afficher que ceux d&apos;une modalité, d&apos;une anatomie ou d&apos;une tâche.</translation>
    </message>
    <message>
        <source>Find...</source>
        <translation>Chercher...</translation>
    </message>
    <message>
        <source>Begin every new scene with this model.</source>
        <translation>Commencer chaque nouvelle scène avec ce modèle.</translation>
    </message>
    <message>
        <source>Favorite</source>
        <translation>Favori</translation>
    </message>
    <message>
        <source>Add models of your own, remove them, or look at the folder that they are in.</source>
        <translation>Ajouter vos propres modèles, les supprimer, ou voir le dossier où ils se trouvent.</translation>
    </message>
    <message>
        <source>My models</source>
        <translation>Mes modèles</translation>
    </message>
    <message>
        <source>Words that the model&apos;s name, purpose, anatomy or data must hold.</source>
        <translation>Mots que doivent contenir le nom, l&apos;usage, l&apos;anatomie ou les données du modèle.</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>Rechercher un modèle</translation>
    </message>
    <message>
        <source>Show only models for this modality.</source>
        <translation>N&apos;afficher que les modèles pour cette modalité.</translation>
    </message>
    <message>
        <source>Show only models for this anatomy.</source>
        <translation>N&apos;afficher que les modèles pour cette anatomie.</translation>
    </message>
    <message>
        <source>Show only models for this task.</source>
        <translation>N&apos;afficher que les modèles pour cette tâche.</translation>
    </message>
    <message>
        <source>The models that were found. Gray ones do not suit the input volume; their tool tips say why. Click to choose, double-click to choose and close the list.</source>
        <translation>Les modèles trouvés. Ceux en gris ne conviennent pas au volume d&apos;entrée&#xa0;; leur infobulle dit pourquoi. Cliquez pour choisir, double-cliquez pour choisir et fermer la liste.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Pour</translation>
    </message>
    <message>
        <source>Give up adding the model; nothing of it is left.</source>
        <translation>Renoncer à ajouter le modèle&#xa0;; il n&apos;en reste rien.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>What the chosen model is for, where its limits are, what was measured, and what this volume will take.</source>
        <translation>À quoi sert le modèle choisi, quelles sont ses limites, ce qui a été mesuré, et ce que ce volume demandera.</translation>
    </message>
    <message>
        <source>Show the whole card: all limits, training data, license, version and network.</source>
        <translation>Afficher la fiche complète&#xa0;: toutes les limites, données d&apos;entraînement, licence, version et réseau.</translation>
    </message>
    <message>
        <source>More about this model</source>
        <translation>Détails du modèle</translation>
    </message>
</context>
<context>
    <name>GANEnhanceComparing</name>
    <message>
        <source>Result:</source>
        <translation>Résultat&#xa0;:</translation>
    </message>
    <message>
        <source>The enhanced volume that is compared, measured and described below: the newest one, or one that you choose.</source>
        <translation>Le volume amélioré qui est comparé, mesuré et décrit ci-dessous&#xa0;: le plus récent, ou celui que vous choisissez.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Before and after:</source>
        <translation>Avant et après&#xa0;:</translation>
    </message>
    <message>
        <source>How the slice views show the result and its input together. Your own layout and views are kept, and come back when you switch this off.</source>
        <translation>Comment les vues de coupe montrent ensemble le résultat et son entrée. Votre disposition et vos vues sont conservées et reviennent quand vous désactivez la comparaison.</translation>
    </message>
    <message>
        <source>Fade:</source>
        <translation>Fondu&#xa0;:</translation>
    </message>
    <message>
        <source>How much of the result is seen: 0 shows the input alone, 1 the result alone.</source>
        <translation>Part visible du résultat&#xa0;: 0 montre l&apos;entrée seule, 1 le résultat seul.</translation>
    </message>
    <message>
        <source>Line:</source>
        <translation>Ligne&#xa0;:</translation>
    </message>
    <message>
        <source>Where the line stands between the left (0) and the right (1) end of the volume. The input is left of it, the result right of it.</source>
        <translation>Position de la ligne entre le bord gauche (0) et le bord droit (1) du volume. L&apos;entrée est à sa gauche, le résultat à sa droite.</translation>
    </message>
    <message>
        <source>Tiles:</source>
        <translation>Cases&#xa0;:</translation>
    </message>
    <message>
        <source>How many tiles lie along the longest side of the volume.</source>
        <translation>Nombre de cases le long du plus grand côté du volume.</translation>
    </message>
    <message>
        <source>What the views show, or why they cannot show it.</source>
        <translation>Ce que montrent les vues, ou pourquoi elles ne peuvent pas le montrer.</translation>
    </message>
    <message>
        <source>Stop comparing: the layout and what each slice view showed come back as they were.</source>
        <translation>Arrêter la comparaison&#xa0;: la disposition et le contenu de chaque vue de coupe redeviennent ce qu&apos;ils étaient.</translation>
    </message>
    <message>
        <source>Back to my layout</source>
        <translation>Revenir à ma disposition</translation>
    </message>
</context>
<context>
    <name>GANEnhanceFiner</name>
    <message>
        <source>Finer grid:</source>
        <translation>Grille fine&#xa0;:</translation>
    </message>
    <message>
        <source>How fine the result shall be: edges of the voxels as equal as the model can make them, factors, a spacing, or the grid of another volume. The result lies in the same place.</source>
        <translation>Finesse du résultat&#xa0;: arêtes des voxels aussi égales que le modèle le permet, facteurs, espacement ou grille d&apos;un autre volume. Le résultat se trouve au même endroit.</translation>
    </message>
    <message>
        <source>Through plane:</source>
        <translation>Entre coupes&#xa0;:</translation>
    </message>
    <message>
        <source>How many slices one slice becomes.</source>
        <translation>En combien de coupes une coupe est divisée.</translation>
    </message>
    <message>
        <source>In plane:</source>
        <translation>Dans la coupe&#xa0;:</translation>
    </message>
    <message>
        <source>How many rows one row of a slice becomes, and columns as well.</source>
        <translation>En combien de lignes une ligne d&apos;une coupe est divisée, et de même pour les colonnes.</translation>
    </message>
    <message>
        <source>Spacing:</source>
        <translation>Espacement&#xa0;:</translation>
    </message>
    <message>
        <source>Distance of neighbor voxels in the result. Axes that are finer already stay as they are.</source>
        <translation>Distance entre voxels voisins du résultat. Les axes déjà plus fins restent tels quels.</translation>
    </message>
    <message>
        <source>Like:</source>
        <translation>Comme&#xa0;:</translation>
    </message>
    <message>
        <source>A volume that shows the same place: the result gets its voxel grid. Only its grid counts.</source>
        <translation>Un volume qui montre le même endroit&#xa0;: le résultat reçoit sa grille de voxels. Seule sa grille compte.</translation>
    </message>
    <message>
        <source>Which grid the result has, or why it cannot be made.</source>
        <translation>Quelle grille aura le résultat, ou pourquoi il ne peut pas être fait.</translation>
    </message>
</context>
<context>
    <name>GANEnhanceInstall</name>
    <message>
        <source>Which device runs the trained models, and why it was taken.</source>
        <translation>Le périphérique qui exécute les modèles entraînés, et pourquoi il a été retenu.</translation>
    </message>
    <message>
        <source>Show what can be installed, and which Python runs the models.</source>
        <translation>Afficher ce qui peut être installé, et quel Python exécute les modèles.</translation>
    </message>
    <message>
        <source>Set up...</source>
        <translation>Configurer...</translation>
    </message>
    <message>
        <source>What keeps a faster device from being used, or the worker from starting.</source>
        <translation>Ce qui empêche d&apos;utiliser un périphérique plus rapide, ou le processus de calcul de démarrer.</translation>
    </message>
    <message>
        <source>Install the package that runs trained models on the CPU. You are asked first.</source>
        <translation>Installer le paquet qui exécute les modèles entraînés sur le processeur. Une confirmation vous est demandée.</translation>
    </message>
    <message>
        <source>Install OpenVINO...</source>
        <translation>Installer OpenVINO...</translation>
    </message>
    <message>
        <source>Let the extension PyTorch install the package that runs trained models on a GPU. You are asked first.</source>
        <translation>Laisser l&apos;extension PyTorch installer le paquet qui exécute les modèles entraînés sur une carte graphique (GPU). Une confirmation vous est demandée.</translation>
    </message>
    <message>
        <source>Install PyTorch...</source>
        <translation>Installer PyTorch...</translation>
    </message>
    <message>
        <source>An environment of your own that has the packages already.</source>
        <translation>Un environnement à vous qui contient déjà les paquets.</translation>
    </message>
    <message>
        <source>Use another Python:</source>
        <translation>Utiliser un autre Python&#xa0;:</translation>
    </message>
    <message>
        <source>The folder of a Python environment that has numpy, SimpleITK and OpenVINO or PyTorch, or its program python.</source>
        <translation>Le dossier d&apos;un environnement Python qui contient numpy, SimpleITK et OpenVINO ou PyTorch, ou son programme python.</translation>
    </message>
    <message>
        <source>Try the Python; if it has all that is needed, it runs the models from now on.</source>
        <translation>Essayer ce Python&#xa0;; s&apos;il contient tout le nécessaire, il exécutera désormais les modèles.</translation>
    </message>
    <message>
        <source>Check and use</source>
        <translation>Vérifier et utiliser</translation>
    </message>
    <message>
        <source>Let the models run in the Python of Slicer again.</source>
        <translation>Exécuter de nouveau les modèles dans le Python de Slicer.</translation>
    </message>
    <message>
        <source>Back to Slicer&apos;s own Python</source>
        <translation>Revenir au Python de Slicer</translation>
    </message>
    <message>
        <source>The Python that runs the models.</source>
        <translation>Le Python qui exécute les modèles.</translation>
    </message>
    <message>
        <source>What is being installed or tried, or how it ended.</source>
        <translation>Ce qui est installé ou essayé, ou comment cela s&apos;est terminé.</translation>
    </message>
    <message>
        <source>Something is being installed or tried.</source>
        <translation>Une installation ou un essai est en cours.</translation>
    </message>
    <message>
        <source>What the installation writes.</source>
        <translation>Ce qu&apos;écrit l&apos;installation.</translation>
    </message>
    <message>
        <source>Copy the command that installs by hand, to paste into a terminal.</source>
        <translation>Copier la commande d&apos;installation manuelle, à coller dans un terminal.</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>Copier la commande</translation>
    </message>
    <message>
        <source>Copy what the installation wrote, for example into a report.</source>
        <translation>Copier ce que l&apos;installation a écrit, par exemple pour un signalement.</translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation>Copier le journal</translation>
    </message>
    <message>
        <source>Stop; what was there before stays as it was.</source>
        <translation>Arrêter&#xa0;; ce qui existait auparavant reste tel quel.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Load a small real MR volume that comes with GANEnhance and choose it as the input. The arrow, or the menu key, offers others.</source>
        <translation>Charger un petit volume d&apos;IRM réel fourni avec GANEnhance et le choisir comme entrée. La flèche, ou la touche de menu, en propose d&apos;autres.</translation>
    </message>
    <message>
        <source>Load sample</source>
        <translation>Charger un exemple</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.choices</name>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>{name} (not available)</source>
        <translation>{name} (non disponible)</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.client</name>
    <message>
        <source>The worker process ended unexpectedly (code {code}).</source>
        <translation>Le processus de calcul s&apos;est terminé de façon inattendue (code {code}).</translation>
    </message>
    <message>
        <source>The worker process cannot be started with {python}.</source>
        <translation>Le processus de calcul ne peut pas être démarré avec {python}.</translation>
    </message>
    <message>
        <source>The worker process did not answer within {seconds} s.</source>
        <translation>Le processus de calcul n&apos;a pas répondu en {seconds} s.</translation>
    </message>
    <message>
        <source>The worker process does not answer and was ended.</source>
        <translation>Le processus de calcul ne répond pas et a été arrêté.</translation>
    </message>
    <message>
        <source>Press Enhance to start it again.</source>
        <translation>Appuyez sur Améliorer pour le redémarrer.</translation>
    </message>
    <message>
        <source>{hint} It wrote: {line}</source>
        <translation>{hint} Il a écrit&#xa0;: {line}</translation>
    </message>
    <message>
        <source>The worker speaks version {theirs} of the protocol, but {ours} is needed.</source>
        <translation>Le processus de calcul utilise la version {theirs} du protocole, mais la version {ours} est nécessaire.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.context</name>
    <message>
        <source>It is not known yet whether {name} can refine the grid.</source>
        <translation>On ne sait pas encore si {name} peut affiner la grille.</translation>
    </message>
    <message>
        <source>Wait until the list of models is there.</source>
        <translation>Attendez que la liste des modèles soit là.</translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation>Erreur&#xa0;: {text}</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.doubtmap</name>
    <message>
        <source>{volume} doubt</source>
        <translation>{volume} doute</translation>
    </message>
    <message>
        <source>{caption}; of an earlier run</source>
        <translation>{caption}&#xa0;; d&apos;un calcul antérieur</translation>
    </message>
    <message>
        <source>{caption}; the result now has {strength:.0%}</source>
        <translation>{caption}&#xa0;; le résultat a maintenant {strength:.0%}</translation>
    </message>
    <message>
        <source>Doubt: {share:.0%} of the errors shall lie below it (strength {strength:.0%})</source>
        <translation>Doute&#xa0;: {share:.0%} des erreurs devraient être inférieures (intensité {strength:.0%})</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.inputfiles</name>
    <message>
        <source>The volume was deleted.</source>
        <translation>Le volume a été supprimé.</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>Choisissez un autre volume.</translation>
    </message>
    <message>
        <source>The volume changed meanwhile.</source>
        <translation>Le volume a changé entre-temps.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Réessayez.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.interpreter</name>
    <message>
        <source>The folder {path} has no Python in it.</source>
        <translation>Le dossier {path} ne contient pas de Python.</translation>
    </message>
    <message>
        <source>Choose the folder of an environment, or its program python.</source>
        <translation>Choisissez le dossier d&apos;un environnement, ou son programme python.</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>Le fichier {path} n&apos;existe pas.</translation>
    </message>
    <message>
        <source>Choose the program python of an environment, or the folder of the environment.</source>
        <translation>Choisissez le programme python d&apos;un environnement, ou le dossier de l&apos;environnement.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.job</name>
    <message>
        <source>Starting...</source>
        <translation>Démarrage...</translation>
    </message>
    <message>
        <source>The input volume changed before its voxels were copied.</source>
        <translation>Le volume d&apos;entrée a changé avant la copie de ses voxels.</translation>
    </message>
    <message>
        <source>Press Enhance again.</source>
        <translation>Appuyez de nouveau sur Améliorer.</translation>
    </message>
    <message>
        <source>Copying the voxels...</source>
        <translation>Copie des voxels...</translation>
    </message>
    <message>
        <source>Copying the region...</source>
        <translation>Copie de la région...</translation>
    </message>
    <message>
        <source>Making the volume...</source>
        <translation>Création du volume...</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.main</name>
    <message>
        <source>Help: &lt;a href=&quot;{tutorial}&quot;&gt;tutorial&lt;/a&gt;, &lt;a href=&quot;{troubleshooting}&quot;&gt;troubleshooting&lt;/a&gt;, &lt;a href=&quot;{trust}&quot;&gt;what to trust&lt;/a&gt;</source>
        <translation>Aide&#xa0;: &lt;a href=&quot;{tutorial}&quot;&gt;tutoriel&lt;/a&gt;, &lt;a href=&quot;{troubleshooting}&quot;&gt;dépannage&lt;/a&gt;, &lt;a href=&quot;{trust}&quot;&gt;à quoi se fier&lt;/a&gt;</translation>
    </message>
    <message>
        <source>The chosen model has no doubt map.</source>
        <translation>Le modèle choisi n&apos;a pas de carte de doute.</translation>
    </message>
    <message>
        <source>Choose a model by its name: not every one has a doubt map.</source>
        <translation>Choisissez un modèle par son nom&#xa0;: tous n&apos;ont pas de carte de doute.</translation>
    </message>
    <message>
        <source>Make a second volume beside the result: how far each voxel may be wrong, in the units of the input. {share:.0%} of the errors shall lie below it, as measured on a few volumes like those of the training; it is an estimate, no proof. Made for a single volume, not by preview, batch or sequence, and for the strength of the run.</source>
        <translation>Créer un second volume à côté du résultat&#xa0;: l&apos;erreur possible de chaque voxel, dans les unités de l&apos;entrée. {share:.0%} des erreurs devraient être inférieures, comme mesuré sur quelques volumes semblables à ceux de l&apos;entraînement&#xa0;; c&apos;est une estimation, pas une preuve. Créée pour un seul volume, ni par l&apos;aperçu, ni par lot, ni pour une séquence, et pour l&apos;intensité du calcul.</translation>
    </message>
    <message>
        <source>The log is on the clipboard.</source>
        <translation>Le journal est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>Canceled. No volume was made.</source>
        <translation>Annulé. Aucun volume n&apos;a été créé.</translation>
    </message>
    <message>
        <source>Canceled.</source>
        <translation>Annulé.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.output</name>
    <message>
        <source>The input volume was deleted.</source>
        <translation>Le volume d&apos;entrée a été supprimé.</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>Choisissez un autre volume.</translation>
    </message>
    <message>
        <source>{volume} {model}</source>
        <translation>{volume} {model}</translation>
    </message>
    <message>
        <source>enhanced</source>
        <translation>amélioré</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.parameters</name>
    <message>
        <source>From DICOM</source>
        <translation>Selon DICOM</translation>
    </message>
    <message>
        <source>MR</source>
        <translation>IRM</translation>
    </message>
    <message>
        <source>CT</source>
        <translation>TDM</translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation>Échographie</translation>
    </message>
    <message>
        <source>As the input</source>
        <translation>Comme l&apos;entrée</translation>
    </message>
    <message>
        <source>Floating point (32 bit)</source>
        <translation>Virgule flottante (32 bits)</translation>
    </message>
    <message>
        <source>Whole volume</source>
        <translation>Volume entier</translation>
    </message>
    <message>
        <source>Inside an ROI</source>
        <translation>ROI</translation>
    </message>
    <message>
        <source>Inside a segment</source>
        <translation>Segment</translation>
    </message>
    <message>
        <source>Inside a label map</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <source>Equal edges (cubes)</source>
        <translation>Arêtes égales (cubes)</translation>
    </message>
    <message>
        <source>By factors</source>
        <translation>Par facteurs</translation>
    </message>
    <message>
        <source>By spacing</source>
        <translation>Par espacement</translation>
    </message>
    <message>
        <source>Like another volume</source>
        <translation>Comme un autre volume</translation>
    </message>
    <message>
        <source>The one shown</source>
        <translation>Celle affichée</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
    <message>
        <source>From ... to ...</source>
        <translation>De ... à ...</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Désactivé</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Côte à côte</translation>
    </message>
    <message>
        <source>Fader</source>
        <translation>Fondu</translation>
    </message>
    <message>
        <source>Checkerboard</source>
        <translation>Damier</translation>
    </message>
    <message>
        <source>Swipe line</source>
        <translation>Rideau</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Différence</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.resultgrid</name>
    <message>
        <source>The result has the shape {result}, but the input has {input}.</source>
        <translation>Le résultat a la forme {result}, mais l&apos;entrée a la forme {input}.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.samples</name>
    <message>
        <source>MR head, noise added</source>
        <translation>Tête IRM, bruit ajouté</translation>
    </message>
    <message>
        <source>MR head, T1-weighted</source>
        <translation>Tête IRM, pondérée T1</translation>
    </message>
    <message>
        <source>MR brain, diffusion b=0 (noisy)</source>
        <translation>Cerveau IRM, diffusion b=0 (bruité)</translation>
    </message>
    <message>
        <source>The sample {path} cannot be read.</source>
        <translation>L&apos;exemple {path} ne peut pas être lu.</translation>
    </message>
    <message>
        <source>Install the extension again.</source>
        <translation>Réinstallez l&apos;extension.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.scripting</name>
    <message>
        <source>The work was canceled.</source>
        <translation>Le travail a été annulé.</translation>
    </message>
    <message>
        <source>The work is not done after {seconds} s.</source>
        <translation>Le travail n&apos;est pas terminé après {seconds} s.</translation>
    </message>
    <message>
        <source>The scene was closed.</source>
        <translation>La scène a été fermée.</translation>
    </message>
    <message>
        <source>Load the volume again.</source>
        <translation>Chargez de nouveau le volume.</translation>
    </message>
    <message>
        <source>The input was deleted from the scene.</source>
        <translation>L&apos;entrée a été supprimée de la scène.</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>Choisissez un autre volume.</translation>
    </message>
    <message>
        <source>The session is a {kind}, but must be a {needed}.</source>
        <translation>La session est un {kind}, mais doit être un {needed}.</translation>
    </message>
    <message>
        <source>A WorkerSession is for calls that wait, a WorkerClient for those that do not.</source>
        <translation>Une WorkerSession sert aux appels qui attendent, un WorkerClient à ceux qui n&apos;attendent pas.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.sequences</name>
    <message>
        <source>No sequence is chosen.</source>
        <translation>Aucune séquence n&apos;est choisie.</translation>
    </message>
    <message>
        <source>Choose the sequence to enhance.</source>
        <translation>Choisissez la séquence à améliorer.</translation>
    </message>
    <message>
        <source>The input node is a {kind} that shows no sequence.</source>
        <translation>Le nœud d&apos;entrée est un {kind} qui ne montre aucune séquence.</translation>
    </message>
    <message>
        <source>Give a sequence node, or the volume that a sequence browser shows.</source>
        <translation>Donnez un nœud de séquence, ou le volume que montre un navigateur de séquences.</translation>
    </message>
    <message>
        <source>The frames of {name} are in color; only those with one value in each voxel can be enhanced.</source>
        <translation>Les images de {name} sont en couleurs&#xa0;; seules celles qui ont une seule valeur par voxel peuvent être améliorées.</translation>
    </message>
    <message>
        <source>Convert them to gray first: the scripting page shows how in ten lines.</source>
        <translation>Convertissez-les d&apos;abord en niveaux de gris&#xa0;: la page sur les scripts montre comment en dix lignes.</translation>
    </message>
    <message>
        <source>The sequence has no frames.</source>
        <translation>La séquence n&apos;a pas d&apos;images.</translation>
    </message>
    <message>
        <source>Load or record it first.</source>
        <translation>Chargez-la ou enregistrez-la d&apos;abord.</translation>
    </message>
    <message>
        <source>The frames are {frames}, but the sequence has frames 0 to {last}.</source>
        <translation>Les images demandées sont {frames}, mais la séquence a les images 0 à {last}.</translation>
    </message>
    <message>
        <source>Frame {number} of {count}: {sentence}</source>
        <translation>Image {number} sur {count}&#xa0;: {sentence}</translation>
    </message>
    <message>
        <source>Models for super-resolution do not enhance the frames of a sequence together.</source>
        <translation>Les modèles de super-résolution n&apos;améliorent pas ensemble les images d&apos;une séquence.</translation>
    </message>
    <message>
        <source>Enhance the one that is shown, or choose a model that keeps the grid.</source>
        <translation>Améliorez celle qui est affichée, ou choisissez un modèle qui garde la grille.</translation>
    </message>
    <message>
        <source>The sequence was deleted.</source>
        <translation>La séquence a été supprimée.</translation>
    </message>
    <message>
        <source>Choose another sequence.</source>
        <translation>Choisissez une autre séquence.</translation>
    </message>
    <message>
        <source>{name} enhanced</source>
        <translation>{name} amélioré</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.state</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Stop the enhancement; no volume is made.</source>
        <translation>Arrêter l&apos;amélioration&#xa0;; aucun volume n&apos;est créé.</translation>
    </message>
    <message>
        <source>Enhance</source>
        <translation>Améliorer</translation>
    </message>
    <message>
        <source>Enhance the input volume.</source>
        <translation>Améliorer le volume d&apos;entrée.</translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation>La scène se ferme.</translation>
    </message>
    <message>
        <source>Choose an output volume that is not the input, or let a new one be made.</source>
        <translation>Choisissez un volume de sortie autre que l&apos;entrée, ou laissez-en créer un.</translation>
    </message>
    <message>
        <source>Choose a model: {name} is not installed.</source>
        <translation>Choisissez un modèle&#xa0;: {name} n&apos;est pas installé.</translation>
    </message>
    <message>
        <source>{name} is ready: {model}, {time}, {device}.</source>
        <translation>{name} est prêt&#xa0;: {model}, {time}, {device}.</translation>
    </message>
    <message>
        <source>Checking the volume...</source>
        <translation>Vérification du volume...</translation>
    </message>
    <message>
        <source>Loading the model...</source>
        <translation>Chargement du modèle...</translation>
    </message>
    <message>
        <source>Interpolating...</source>
        <translation>Interpolation...</translation>
    </message>
    <message>
        <source>Bringing the result back to the input...</source>
        <translation>Mise en accord du résultat avec l&apos;entrée...</translation>
    </message>
    <message>
        <source>Enhancing...</source>
        <translation>Amélioration...</translation>
    </message>
    <message>
        <source>Measuring what changed...</source>
        <translation>Mesure des changements...</translation>
    </message>
    <message>
        <source>Copying the voxels...</source>
        <translation>Copie des voxels...</translation>
    </message>
    <message>
        <source>Working...</source>
        <translation>Calcul en cours...</translation>
    </message>
    <message>
        <source>{stage} {time} left</source>
        <translation>{stage} Encore {time}</translation>
    </message>
    <message>
        <source>{count}&#xa0;s</source>
        <translation>{count}&#xa0;s</translation>
    </message>
    <message>
        <source>{count}&#xa0;min</source>
        <translation>{count}&#xa0;min</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.task</name>
    <message>
        <source>The modality is {value}, but must be one of: {allowed}.</source>
        <translation>La modalité est {value}, mais doit être l&apos;une de celles-ci&#xa0;: {allowed}.</translation>
    </message>
    <message>
        <source>The output volume is the input volume.</source>
        <translation>Le volume de sortie est le volume d&apos;entrée.</translation>
    </message>
    <message>
        <source>Choose another output, or let a new one be made.</source>
        <translation>Choisissez une autre sortie, ou laissez-en créer une.</translation>
    </message>
    <message>
        <source>The output node is a {kind}, not a scalar volume.</source>
        <translation>Le nœud de sortie est un {kind}, pas un volume scalaire.</translation>
    </message>
    <message>
        <source>Choose a scalar volume, or let a new one be made.</source>
        <translation>Choisissez un volume scalaire, ou laissez-en créer un.</translation>
    </message>
    <message>
        <source>The volume&apos;s DICOM modality is {value}, but models are for: {allowed}.</source>
        <translation>La modalité DICOM du volume est {value}, mais les modèles sont destinés à&#xa0;: {allowed}.</translation>
    </message>
    <message>
        <source>If DICOM is wrong, choose the modality in the Advanced section.</source>
        <translation>Si DICOM se trompe, choisissez la modalité dans la section Avancé.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePanel.volumes</name>
    <message>
        <source>No input volume is chosen.</source>
        <translation>Aucun volume d&apos;entrée n&apos;est choisi.</translation>
    </message>
    <message>
        <source>Choose the volume to enhance.</source>
        <translation>Choisissez le volume à améliorer.</translation>
    </message>
    <message>
        <source>The input node is a {kind}, not a scalar volume.</source>
        <translation>Le nœud d&apos;entrée est un {kind}, pas un volume scalaire.</translation>
    </message>
    <message>
        <source>Choose a volume with one value in each voxel.</source>
        <translation>Choisissez un volume avec une seule valeur par voxel.</translation>
    </message>
    <message>
        <source>The input volume is a label map.</source>
        <translation>Le volume d&apos;entrée est une carte d&apos;étiquettes.</translation>
    </message>
    <message>
        <source>Choose the image, not its labels.</source>
        <translation>Choisissez l&apos;image, pas ses étiquettes.</translation>
    </message>
    <message>
        <source>The input volume has no voxels.</source>
        <translation>Le volume d&apos;entrée n&apos;a pas de voxels.</translation>
    </message>
    <message>
        <source>Load the image first, or choose another volume.</source>
        <translation>Chargez d&apos;abord l&apos;image, ou choisissez un autre volume.</translation>
    </message>
    <message>
        <source>The input volume has {count} values in each voxel, but must have one.</source>
        <translation>Le volume d&apos;entrée a {count} valeurs par voxel, mais doit en avoir une seule.</translation>
    </message>
    <message>
        <source>Convert a color image to a scalar volume first.</source>
        <translation>Convertissez d&apos;abord l&apos;image en couleurs en volume scalaire.</translation>
    </message>
    <message>
        <source>The voxels cannot be copied to {folder} ({reason}).</source>
        <translation>Les voxels ne peuvent pas être copiés dans {folder} ({reason}).</translation>
    </message>
    <message>
        <source>Free some space on that disk, or set another temporary folder in the application&apos;s settings.</source>
        <translation>Libérez de l&apos;espace sur ce disque, ou indiquez un autre dossier temporaire dans les paramètres de l&apos;application.</translation>
    </message>
    <message>
        <source>The input volume changed while its voxels were copied.</source>
        <translation>Le volume d&apos;entrée a changé pendant la copie de ses voxels.</translation>
    </message>
    <message>
        <source>Press Enhance again.</source>
        <translation>Appuyez de nouveau sur Améliorer.</translation>
    </message>
</context>
<context>
    <name>GANEnhancePreview</name>
    <message>
        <source>Preview in:</source>
        <translation>Aperçu dans&#xa0;:</translation>
    </message>
    <message>
        <source>Enhance the slice that the Red view shows.</source>
        <translation>Améliorer la coupe affichée dans la vue rouge.</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>Rouge</translation>
    </message>
    <message>
        <source>Enhance the slice that the Yellow view shows.</source>
        <translation>Améliorer la coupe affichée dans la vue jaune.</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Jaune</translation>
    </message>
    <message>
        <source>Enhance the slice that the Green view shows.</source>
        <translation>Améliorer la coupe affichée dans la vue verte.</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Vert</translation>
    </message>
    <message>
        <source>Shows the input as long as it is held down with the mouse, or with the space bar.</source>
        <translation>Montre l&apos;entrée tant que le bouton est maintenu enfoncé, avec la souris ou la barre d&apos;espace.</translation>
    </message>
    <message>
        <source>Hold to see the input</source>
        <translation>Maintenir&#xa0;: entrée</translation>
    </message>
    <message>
        <source>Show in all views what they showed before.</source>
        <translation>Réafficher dans toutes les vues ce qu&apos;elles montraient avant.</translation>
    </message>
    <message>
        <source>End preview</source>
        <translation>Fin d&apos;aperçu</translation>
    </message>
    <message>
        <source>Which slice is previewed.</source>
        <translation>La coupe dont l&apos;aperçu est affiché.</translation>
    </message>
    <message>
        <source>What the strength and fidelity sliders do to the result that is chosen.</source>
        <translation>Ce que les curseurs Force et Fidélité font au résultat choisi.</translation>
    </message>
    <message>
        <source>Run the whole volume with the fidelity that the views show, into the same result.</source>
        <translation>Recalculer le volume entier avec la fidélité que montrent les vues, dans le même résultat.</translation>
    </message>
    <message>
        <source>Apply to whole volume</source>
        <translation>Appliquer au volume entier</translation>
    </message>
</context>
<context>
    <name>GANEnhanceProvenance</name>
    <message>
        <source>Provenance</source>
        <translation>Provenance</translation>
    </message>
    <message>
        <source>Whether the model that made the result is still the one that is installed.</source>
        <translation>Si le modèle qui a produit le résultat est toujours celui qui est installé.</translation>
    </message>
    <message>
        <source>Say how the chosen result was made: model, settings, input, device, warnings. The same is kept in the volume.</source>
        <translation>Dire comment le résultat choisi a été produit&#xa0;: modèle, réglages, entrée, périphérique, avertissements. Le volume conserve ces mêmes informations.</translation>
    </message>
    <message>
        <source>Show provenance</source>
        <translation>Afficher la provenance</translation>
    </message>
    <message>
        <source>How the chosen result was made, in words, and below in full as JSON.</source>
        <translation>Comment le résultat choisi a été produit, en clair, puis en entier au format JSON.</translation>
    </message>
    <message>
        <source>Put the text on the clipboard.</source>
        <translation>Copier le texte dans le presse-papiers.</translation>
    </message>
    <message>
        <source>Copy provenance</source>
        <translation>Copier la provenance</translation>
    </message>
    <message>
        <source>Choose the input, model and settings of the chosen result again. Nothing runs before you press Enhance.</source>
        <translation>Reprendre l&apos;entrée, le modèle et les réglages du résultat choisi. Rien ne s&apos;exécute avant que vous appuyiez sur Améliorer.</translation>
    </message>
    <message>
        <source>Run again with these settings</source>
        <translation>Reprendre ces réglages</translation>
    </message>
    <message>
        <source>Write &quot;not for diagnosis&quot; into each slice view that shows an enhanced volume. Switched off, it comes back when the application starts again.</source>
        <translation>Écrire «&#xa0;ne doit pas servir au diagnostic&#xa0;» dans chaque vue de coupe qui montre un volume amélioré. Désactivée, la mention revient au prochain démarrage de l&apos;application.</translation>
    </message>
    <message>
        <source>Mark enhanced volumes in views</source>
        <translation>Signaler dans les vues</translation>
    </message>
</context>
<context>
    <name>GANEnhanceRegion</name>
    <message>
        <source>Region</source>
        <translation>Région</translation>
    </message>
    <message>
        <source>Enhance:</source>
        <translation>Améliorer&#xa0;:</translation>
    </message>
    <message>
        <source>Which part of the volume is enhanced. Outside, the voxels stay exactly those of the input.</source>
        <translation>La partie du volume qui est améliorée. En dehors, les voxels restent exactement ceux de l&apos;entrée.</translation>
    </message>
    <message>
        <source>ROI:</source>
        <translation>ROI&#xa0;:</translation>
    </message>
    <message>
        <source>The box to enhance inside of. It may be rotated, and can be moved in the views.</source>
        <translation>La boîte à l&apos;intérieur de laquelle améliorer. Elle peut être tournée, et déplacée dans les vues.</translation>
    </message>
    <message>
        <source>Make a box in the middle of the input volume, and show it with handles in the views.</source>
        <translation>Créer une boîte au milieu du volume d&apos;entrée, et l&apos;afficher avec des poignées dans les vues.</translation>
    </message>
    <message>
        <source>New ROI</source>
        <translation>Nouvelle ROI</translation>
    </message>
    <message>
        <source>Segmentation:</source>
        <translation>Segmentation&#xa0;:</translation>
    </message>
    <message>
        <source>The segmentation that has the segment to enhance inside of.</source>
        <translation>La segmentation qui contient le segment à améliorer.</translation>
    </message>
    <message>
        <source>Segment:</source>
        <translation>Segment&#xa0;:</translation>
    </message>
    <message>
        <source>The segment to enhance inside of.</source>
        <translation>Le segment à l&apos;intérieur duquel améliorer.</translation>
    </message>
    <message>
        <source>Label map:</source>
        <translation>Étiquettes&#xa0;:</translation>
    </message>
    <message>
        <source>The label map to enhance inside of. It may have another grid than the volume.</source>
        <translation>La carte d&apos;étiquettes à l&apos;intérieur de laquelle améliorer. Sa grille peut différer de celle du volume.</translation>
    </message>
    <message>
        <source>Label:</source>
        <translation>Étiquette&#xa0;:</translation>
    </message>
    <message>
        <source>The label to enhance inside of; &quot;All&quot; takes every label above 0.</source>
        <translation>L&apos;étiquette à l&apos;intérieur de laquelle améliorer&#xa0;; «&#xa0;Toutes&#xa0;» prend toute étiquette supérieure à 0.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
    <message>
        <source>Feather:</source>
        <translation>Adoucissement&#xa0;:</translation>
    </message>
    <message>
        <source>Over how many millimeters the enhancement fades out towards the border, inside the region. 0 is a hard edge.</source>
        <translation>Sur combien de millimètres l&apos;amélioration s&apos;estompe vers le bord, à l&apos;intérieur de la région. 0 donne un bord franc.</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Whether the chosen region can be used.</source>
        <translation>Si la région choisie peut être utilisée.</translation>
    </message>
</context>
<context>
    <name>GANEnhanceReporting</name>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>What the figures come to.</source>
        <translation>Ce que disent les chiffres.</translation>
    </message>
    <message>
        <source>What of the volume is not as the model expects it.</source>
        <translation>Ce qui, dans le volume, n&apos;est pas conforme à ce que le modèle attend.</translation>
    </message>
    <message>
        <source>The figures of the input and of the result. Point at a row to read how it was measured.</source>
        <translation>Les chiffres de l&apos;entrée et du résultat. Survolez une ligne pour lire comment elle a été mesurée.</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Avant</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Après</translation>
    </message>
    <message>
        <source>What the module is measuring, or what to do.</source>
        <translation>Ce que le module mesure, ou ce qu&apos;il faut faire.</translation>
    </message>
    <message>
        <source>Measure the chosen result and its input again.</source>
        <translation>Mesurer de nouveau le résultat choisi et son entrée.</translation>
    </message>
    <message>
        <source>Put the table on the clipboard, for a spreadsheet or a document.</source>
        <translation>Copier le tableau dans le presse-papiers, pour un tableur ou un document.</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>Copier le tableau</translation>
    </message>
    <message>
        <source>Save the report: as a page with pictures (.html), as a table (.csv), or in full (.json).</source>
        <translation>Enregistrer le rapport&#xa0;: en page avec images (.html), en tableau (.csv), ou en entier (.json).</translation>
    </message>
    <message>
        <source>Save report...</source>
        <translation>Enregistrer...</translation>
    </message>
    <message>
        <source>Reference:</source>
        <translation>Référence&#xa0;:</translation>
    </message>
    <message>
        <source>A volume of the same object without noise, on the same grid. Gives PSNR, SSIM and mean absolute error.</source>
        <translation>Un volume du même objet sans bruit, sur la même grille. Donne PSNR, SSIM et erreur absolue moyenne.</translation>
    </message>
    <message>
        <source>(None)</source>
        <translation>(Aucune)</translation>
    </message>
    <message>
        <source>Data range:</source>
        <translation>Étendue&#xa0;:</translation>
    </message>
    <message>
        <source>Which span of values is full scale for PSNR and SSIM. At 0 it is largest less smallest value of the reference. The report says which one was taken.</source>
        <translation>L&apos;étendue des valeurs qui sert de pleine échelle au PSNR et au SSIM. À 0, c&apos;est la plus grande moins la plus petite valeur de la référence. Le rapport dit laquelle a été prise.</translation>
    </message>
    <message>
        <source>From the reference</source>
        <translation>Selon la référence</translation>
    </message>
    <message>
        <source>Tissue:</source>
        <translation>Tissu&#xa0;:</translation>
    </message>
    <message>
        <source>An ROI in the tissue of interest, for the contrast-to-noise ratio.</source>
        <translation>Une ROI dans le tissu étudié, pour le rapport contraste sur bruit.</translation>
    </message>
    <message>
        <source>Make an ROI in the middle of the volume. Drag it to where the tissue is uniform.</source>
        <translation>Créer une ROI au milieu du volume. Faites-la glisser là où le tissu est homogène.</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Créer</translation>
    </message>
    <message>
        <source>Background:</source>
        <translation>Fond&#xa0;:</translation>
    </message>
    <message>
        <source>An ROI in what the tissue is to be told from, for the contrast-to-noise ratio.</source>
        <translation>Une ROI dans ce dont le tissu doit être distingué, pour le rapport contraste sur bruit.</translation>
    </message>
    <message>
        <source>Make an ROI near a corner of the volume. Drag it to what the tissue is to be told from.</source>
        <translation>Créer une ROI près d&apos;un coin du volume. Faites-la glisser sur ce dont le tissu doit être distingué.</translation>
    </message>
</context>
<context>
    <name>batch.frames</name>
    <message>
        <source>Frame {number} of {count}: {text}</source>
        <translation>Image {number} sur {count}&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Stopped, because the sequence was deleted.</source>
        <translation>Arrêté, car la séquence a été supprimée.</translation>
    </message>
    <message>
        <source>{count} frames.</source>
        <translation>{count} images.</translation>
    </message>
    <message>
        <source>Flicker: {before} before, {after} after.</source>
        <translation>Scintillement&#xa0;: {before} avant, {after} après.</translation>
    </message>
</context>
<context>
    <name>batch.rows</name>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Running...</source>
        <translation>En cours...</translation>
    </message>
    <message>
        <source>Failed: {text}</source>
        <translation>Échec&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Canceled</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>Not run</source>
        <translation>Non exécuté</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Bruit</translation>
    </message>
    <message>
        <source>Noise before</source>
        <translation>Bruit avant</translation>
    </message>
    <message>
        <source>Noise after</source>
        <translation>Bruit après</translation>
    </message>
    <message>
        <source>{done} of {count} volumes are enhanced.</source>
        <translation>{done} volumes sur {count} sont améliorés.</translation>
    </message>
    <message>
        <source>{failed} failed: see the table.</source>
        <translation>{failed} en échec&#xa0;: voir le tableau.</translation>
    </message>
</context>
<context>
    <name>batch.section</name>
    <message>
        <source>Enhance the checked volumes one after another, each into a new volume, with the settings above.</source>
        <translation>Améliorer les volumes cochés l&apos;un après l&apos;autre, chacun dans un nouveau volume, avec les réglages ci-dessus.</translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation>La scène se ferme.</translation>
    </message>
    <message>
        <source>Wait until the present run has ended, or cancel it.</source>
        <translation>Attendez la fin du calcul en cours, ou annulez-le.</translation>
    </message>
    <message>
        <source>Check the volumes to enhance first.</source>
        <translation>Cochez d&apos;abord les volumes à améliorer.</translation>
    </message>
    <message>
        <source>Canceled. {text}</source>
        <translation>Annulé. {text}</translation>
    </message>
    <message>
        <source>The table is on the clipboard.</source>
        <translation>Le tableau est dans le presse-papiers.</translation>
    </message>
</context>
<context>
    <name>batch.volumes</name>
    <message>
        <source>The volume was deleted.</source>
        <translation>Le volume a été supprimé.</translation>
    </message>
    <message>
        <source>Volume {number} failed: {text}</source>
        <translation>Échec du volume {number}&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Volume {number} of {count}: {text}</source>
        <translation>Volume {number} sur {count}&#xa0;: {text}</translation>
    </message>
    <message>
        <source>(all: {time} left)</source>
        <translation>(en tout&#xa0;: encore {time})</translation>
    </message>
</context>
<context>
    <name>choosing.card</name>
    <message>
        <source>Limits: {text}</source>
        <translation>Limites&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Trained on: {text}</source>
        <translation>Entraîné sur&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Measured: {text}</source>
        <translation>Mesuré&#xa0;: {text}</translation>
    </message>
    <message>
        <source>License: {text}.</source>
        <translation>Licence&#xa0;: {text}.</translation>
    </message>
    <message>
        <source>Not for this volume: {reason}</source>
        <translation>Pas pour ce volume&#xa0;: {reason}</translation>
    </message>
    <message>
        <source>With care: {reason}</source>
        <translation>Avec prudence&#xa0;: {reason}</translation>
    </message>
    <message>
        <source>any modality</source>
        <translation>toute modalité</translation>
    </message>
    <message>
        <source>any anatomy</source>
        <translation>toute anatomie</translation>
    </message>
    <message>
        <source>For: {text}</source>
        <translation>Pour&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation>Échographie</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>cet ordinateur</translation>
    </message>
    <message>
        <source>PyTorch on the CPU</source>
        <translation>PyTorch sur le processeur</translation>
    </message>
    <message>
        <source>This volume: about {time} on {device}.</source>
        <translation>Ce volume&#xa0;: environ {time} sur {device}.</translation>
    </message>
    <message>
        <source>This volume: about {time} and {size} of memory on {device}.</source>
        <translation>Ce volume&#xa0;: environ {time} et {size} de mémoire sur {device}.</translation>
    </message>
    <message>
        <source>Risk: {text}.</source>
        <translation>Risque&#xa0;: {text}.</translation>
    </message>
    <message>
        <source>Not for diagnosis.</source>
        <translation>Ne doit pas servir au diagnostic.</translation>
    </message>
    <message>
        <source>Architecture: {text}</source>
        <translation>Architecture&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Cost: {count} kFLOP per voxel</source>
        <translation>Coût&#xa0;: {count} kFLOP par voxel</translation>
    </message>
    <message>
        <source>Receptive field: {count} voxels around each</source>
        <translation>Champ récepteur&#xa0;: {count} voxels autour de chacun</translation>
    </message>
    <message>
        <source>Largest change of a voxel: {count} of the scaled range</source>
        <translation>Plus grand changement d&apos;un voxel&#xa0;: {count} de l&apos;étendue normalisée</translation>
    </message>
    <message>
        <source>Size: {text}</source>
        <translation>Taille&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Version: {text}</source>
        <translation>Version&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Hash: {text}</source>
        <translation>Empreinte&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Anatomy: {text}</source>
        <translation>Anatomie&#xa0;: {text}</translation>
    </message>
    <message>
        <source>{count} GB</source>
        <translation>{count} Go</translation>
    </message>
    <message>
        <source>{count} kB</source>
        <translation>{count} ko</translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation>{count} Mo</translation>
    </message>
</context>
<context>
    <name>choosing.modelfiles</name>
    <message>
        <source>Add a model</source>
        <translation>Ajouter un modèle</translation>
    </message>
    <message>
        <source>Models (*.zip *.onnx *.ts *.safetensors);;All files (*)</source>
        <translation>Modèles (*.zip *.onnx *.ts *.safetensors);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>The card of {name}</source>
        <translation>La fiche de {name}</translation>
    </message>
    <message>
        <source>Cards (*.json)</source>
        <translation>Fiches (*.json)</translation>
    </message>
    <message>
        <source>Add a model&apos;s folder</source>
        <translation>Ajouter le dossier d&apos;un modèle</translation>
    </message>
    <message>
        <source>Adding {name}...</source>
        <translation>Ajout de {name}...</translation>
    </message>
    <message>
        <source>Canceled. No model was added.</source>
        <translation>Annulé. Aucun modèle n&apos;a été ajouté.</translation>
    </message>
    <message>
        <source>Remove the model &quot;{name}&quot; from this computer? {size} will be free.</source>
        <translation>Supprimer le modèle «&#xa0;{name}&#xa0;» de cet ordinateur&#xa0;? Cela libérera {size}.</translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation>Supprimer le modèle</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be made ({reason}).</source>
        <translation>Le dossier {folder} ne peut pas être créé ({reason}).</translation>
    </message>
    <message>
        <source>Folder of your models</source>
        <translation>Dossier de vos modèles</translation>
    </message>
    <message>
        <source>Your models are now in {folder}.</source>
        <translation>Vos modèles sont maintenant dans {folder}.</translation>
    </message>
    <message>
        <source>Checking the model...</source>
        <translation>Vérification du modèle...</translation>
    </message>
    <message>
        <source>Added &quot;{name}&quot; ({size}).</source>
        <translation>«&#xa0;{name}&#xa0;» ajouté ({size}).</translation>
    </message>
    <message>
        <source>Added the model {name}.</source>
        <translation>Modèle {name} ajouté.</translation>
    </message>
    <message>
        <source>{text} Replace it?</source>
        <translation>{text} Le remplacer&#xa0;?</translation>
    </message>
    <message>
        <source>Replace model</source>
        <translation>Remplacer le modèle</translation>
    </message>
    <message>
        <source>No model was added.</source>
        <translation>Aucun modèle n&apos;a été ajouté.</translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation>Erreur&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Removed {name}; {size} are free.</source>
        <translation>{name} supprimé&#xa0;; {size} libérés.</translation>
    </message>
    <message>
        <source>Removed the model {name}.</source>
        <translation>Modèle {name} supprimé.</translation>
    </message>
</context>
<context>
    <name>choosing.modelnames</name>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>Takes the model made for the volume&apos;s modality.</source>
        <translation>Prend le modèle conçu pour la modalité du volume.</translation>
    </message>
    <message>
        <source>This model is not installed.</source>
        <translation>Ce modèle n&apos;est pas installé.</translation>
    </message>
    <message>
        <source>Takes the model for the volume&apos;s modality.</source>
        <translation>Prend le modèle adapté à la modalité du volume.</translation>
    </message>
    <message>
        <source>The modality is not known, so a classical filter is taken. For a network, choose the modality under Advanced.</source>
        <translation>La modalité n&apos;est pas connue&#xa0;; un filtre classique est donc utilisé. Pour un réseau, choisissez la modalité sous Avancé.</translation>
    </message>
    <message>
        <source>Takes the model for {modality}.</source>
        <translation>Prend le modèle pour {modality}.</translation>
    </message>
    <message>
        <source>Takes {title}, which is made for {modality}.</source>
        <translation>Prend {title}, conçu pour {modality}.</translation>
    </message>
    <message>
        <source>Takes {title}; {other} is made for {modality}, but is only taken when chosen: {risk}.</source>
        <translation>Prend {title}&#xa0;; {other} est conçu pour {modality}, mais n&apos;est pris que sur choix explicite&#xa0;: {risk}.</translation>
    </message>
    <message>
        <source>Takes {title}, because no trained model is made for {modality}.</source>
        <translation>Prend {title}, car aucun modèle entraîné n&apos;est conçu pour {modality}.</translation>
    </message>
    <message>
        <source>{name} (not available)</source>
        <translation>{name} (non disponible)</translation>
    </message>
</context>
<context>
    <name>choosing.modelsearch</name>
    <message>
        <source>Modality</source>
        <translation>Modalité</translation>
    </message>
    <message>
        <source>Anatomy</source>
        <translation>Anatomie</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Tâche</translation>
    </message>
    <message>
        <source>{count} of {total} models</source>
        <translation>{count} modèles sur {total}</translation>
    </message>
    <message>
        <source>any</source>
        <translation>toutes</translation>
    </message>
</context>
<context>
    <name>choosing.section</name>
    <message>
        <source>Add from a file...</source>
        <translation>Ajouter depuis un fichier...</translation>
    </message>
    <message>
        <source>Add from a folder...</source>
        <translation>Ajouter depuis un dossier...</translation>
    </message>
    <message>
        <source>Remove the chosen model...</source>
        <translation>Supprimer le modèle choisi...</translation>
    </message>
    <message>
        <source>Open the folder of my models</source>
        <translation>Ouvrir le dossier de mes modèles</translation>
    </message>
    <message>
        <source>Keep my models in another folder...</source>
        <translation>Placer mes modèles dans un autre dossier...</translation>
    </message>
    <message>
        <source>This model is not installed.</source>
        <translation>Ce modèle n&apos;est pas installé.</translation>
    </message>
    <message>
        <source>★ Favorite</source>
        <translation>★ Favori</translation>
    </message>
    <message>
        <source>☆ Favorite</source>
        <translation>☆ Favori</translation>
    </message>
</context>
<context>
    <name>choosing.suitability</name>
    <message>
        <source>The input volume changed meanwhile.</source>
        <translation>Le volume d&apos;entrée a changé entre-temps.</translation>
    </message>
</context>
<context>
    <name>comparing.colors</name>
    <message>
        <source>GANEnhance difference</source>
        <translation>Différence GANEnhance</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Changement</translation>
    </message>
</context>
<context>
    <name>comparing.comparison</name>
    <message>
        <source>Making the picture...</source>
        <translation>Création de l&apos;image...</translation>
    </message>
    <message>
        <source>GANEnhance checkerboard</source>
        <translation>Damier GANEnhance</translation>
    </message>
    <message>
        <source>GANEnhance swipe</source>
        <translation>Rideau GANEnhance</translation>
    </message>
    <message>
        <source>GANEnhance difference</source>
        <translation>Différence GANEnhance</translation>
    </message>
</context>
<context>
    <name>comparing.notes</name>
    <message>
        <source>Left: {before}. Right: {after}. Scroll or zoom one view, and the other follows.</source>
        <translation>À gauche&#xa0;: {before}. À droite&#xa0;: {after}. Faites défiler ou zoomez une vue, l&apos;autre suit.</translation>
    </message>
    <message>
        <source>Top: {before}. Bottom: {after}. Scroll or zoom one view, and the others follow.</source>
        <translation>En haut&#xa0;: {before}. En bas&#xa0;: {after}. Faites défiler ou zoomez une vue, les autres suivent.</translation>
    </message>
    <message>
        <source>0 shows {before}, 1 shows {after}.</source>
        <translation>0 montre {before}, 1 montre {after}.</translation>
    </message>
    <message>
        <source>The tiles show {before} and {after} in turn.</source>
        <translation>Les cases montrent en alternance {before} et {after}.</translation>
    </message>
    <message>
        <source>Left of the line: {before}. Right of it: {after}.</source>
        <translation>À gauche de la ligne&#xa0;: {before}. À droite&#xa0;: {after}.</translation>
    </message>
    <message>
        <source>{before} is interpolated to the finer grid.</source>
        <translation>{before} est interpolé sur la grille fine.</translation>
    </message>
    <message>
        <source>Input minus output: no change</source>
        <translation>Entrée moins sortie&#xa0;: aucun changement</translation>
    </message>
    <message>
        <source>Input minus output: {low} to {high}</source>
        <translation>Entrée moins sortie&#xa0;: {low} à {high}</translation>
    </message>
    <message>
        <source>Input minus output: both volumes hold the same values everywhere.</source>
        <translation>Entrée moins sortie&#xa0;: les deux volumes ont partout les mêmes valeurs.</translation>
    </message>
    <message>
        <source>Input minus output: from {low} (blue) over no change (black) to {high} (orange).</source>
        <translation>Entrée moins sortie&#xa0;: de {low} (bleu) à {high} (orange), aucun changement en noir.</translation>
    </message>
    <message>
        <source>The largest change is {value}.</source>
        <translation>Le plus grand changement est de {value}.</translation>
    </message>
</context>
<context>
    <name>comparing.pair</name>
    <message>
        <source>There are no slice views in this application, so nothing can be compared.</source>
        <translation>Cette application n&apos;a pas de vues de coupe&#xa0;; rien ne peut donc être comparé.</translation>
    </message>
    <message>
        <source>There is no result yet. Enhance a volume first.</source>
        <translation>Il n&apos;y a pas encore de résultat. Améliorez d&apos;abord un volume.</translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene any more.</source>
        <translation>Le volume à partir duquel {name} a été produit n&apos;est plus dans la scène.</translation>
    </message>
    <message>
        <source>{name} has no voxels.</source>
        <translation>{name} n&apos;a pas de voxels.</translation>
    </message>
    <message>
        <source>Side by side and the fader work.</source>
        <translation>Les modes Côte à côte et Fondu fonctionnent.</translation>
    </message>
    <message>
        <source>The result has {result} voxels, but its source has {source}.</source>
        <translation>Le résultat a {result} voxels, mais sa source en a {source}.</translation>
    </message>
    <message>
        <source>The result and its source are not in the same place any more.</source>
        <translation>Le résultat et sa source ne sont plus au même endroit.</translation>
    </message>
</context>
<context>
    <name>comparing.section</name>
    <message>
        <source>Enhance a volume, then compare it with its input here.</source>
        <translation>Améliorez un volume, puis comparez-le ici à son entrée.</translation>
    </message>
</context>
<context>
    <name>finer.again</name>
    <message>
        <source>The panel has no control for the finer grid of that run: choose one again.</source>
        <translation>Le panneau n&apos;a pas de commande pour la grille fine de cette exécution&#xa0;: choisissez-en une à nouveau.</translation>
    </message>
    <message>
        <source>The volume that gave the finer grid is not in the scene as it was: choose the grid again.</source>
        <translation>Le volume qui a donné la grille fine n&apos;est plus tel quel dans la scène&#xa0;: choisissez à nouveau la grille.</translation>
    </message>
</context>
<context>
    <name>finer.choice</name>
    <message>
        <source>No volume is chosen that the result shall be like.</source>
        <translation>Aucun volume n&apos;est choisi comme modèle de la grille du résultat.</translation>
    </message>
    <message>
        <source>Choose one, or another way to say how fine.</source>
        <translation>Choisissez-en un, ou une autre façon de dire la finesse.</translation>
    </message>
    <message>
        <source>{name}, which the result shall be like, has no voxels.</source>
        <translation>{name}, dont le résultat doit prendre la grille, n&apos;a pas de voxels.</translation>
    </message>
    <message>
        <source>Choose another volume.</source>
        <translation>Choisissez un autre volume.</translation>
    </message>
    <message>
        <source>Harden that transform first, or choose another volume.</source>
        <translation>Appliquez d&apos;abord cette transformation, ou choisissez un autre volume.</translation>
    </message>
</context>
<context>
    <name>finer.section</name>
    <message>
        <source>How many slices one slice becomes. The model was trained for {factors}.</source>
        <translation>En combien de coupes une coupe est divisée. Le modèle a été entraîné pour {factors}.</translation>
    </message>
    <message>
        <source>How many rows one row of a slice becomes, and columns as well. The model was trained for {factors}.</source>
        <translation>En combien de lignes une ligne d&apos;une coupe est divisée, et de même pour les colonnes. Le modèle a été entraîné pour {factors}.</translation>
    </message>
    <message>
        <source>Choose a volume to see which grid the result has.</source>
        <translation>Choisissez un volume pour voir la grille du résultat.</translation>
    </message>
    <message>
        <source>Asking which grid the result has...</source>
        <translation>Recherche de la grille du résultat...</translation>
    </message>
</context>
<context>
    <name>finer.words</name>
    <message>
        <source>Result: {voxels} voxels of {spacing} mm, {factors} times as many</source>
        <translation>Résultat&#xa0;: {voxels} voxels de {spacing} mm, {factors} fois plus</translation>
    </message>
    <message>
        <source>Result: {voxels} voxels of {spacing} mm, on the grid of the chosen volume</source>
        <translation>Résultat&#xa0;: {voxels} voxels de {spacing} mm, sur la grille du volume choisi</translation>
    </message>
    <message>
        <source>{grid}; needs about {size} of memory.</source>
        <translation>{grid}&#xa0;; demande environ {size} de mémoire.</translation>
    </message>
    <message>
        <source>1, or {low} to {high}</source>
        <translation>1, ou {low} à {high}</translation>
    </message>
</context>
<context>
    <name>install.commandrunner</name>
    <message>
        <source>The program {path} cannot be started.</source>
        <translation>Le programme {path} ne peut pas être démarré.</translation>
    </message>
</context>
<context>
    <name>install.deviceline</name>
    <message>
        <source>Runs on {device}. {reason}</source>
        <translation>S&apos;exécute sur {device}. {reason}</translation>
    </message>
    <message>
        <source>No trained model can run on the device that is chosen under Advanced.</source>
        <translation>Aucun modèle entraîné ne peut s&apos;exécuter sur le périphérique choisi sous Avancé.</translation>
    </message>
    <message>
        <source>{device} cannot be used: {reason}. Choose Automatic under Advanced.</source>
        <translation>{device} ne peut pas être utilisé&#xa0;: {reason}. Choisissez Automatique sous Avancé.</translation>
    </message>
    <message>
        <source>it is not in this computer</source>
        <translation>il n&apos;est pas dans cet ordinateur</translation>
    </message>
    <message>
        <source>Runs on {device}, as chosen under Advanced.</source>
        <translation>S&apos;exécute sur {device}, comme choisi sous Avancé.</translation>
    </message>
</context>
<context>
    <name>install.installing</name>
    <message>
        <source>The folder {path} cannot be made ({reason}).</source>
        <translation>Le dossier {path} ne peut pas être créé ({reason}).</translation>
    </message>
    <message>
        <source>Set another cache folder in the application&apos;s settings.</source>
        <translation>Indiquez un autre dossier de cache dans les paramètres de l&apos;application.</translation>
    </message>
    <message>
        <source>{title} was not installed: {reason}.</source>
        <translation>{title} n&apos;a pas été installé&#xa0;: {reason}.</translation>
    </message>
    <message>
        <source>{title} was not installed: you canceled.</source>
        <translation>{title} n&apos;a pas été installé&#xa0;: vous avez annulé.</translation>
    </message>
    <message>
        <source>You canceled; nothing was installed.</source>
        <translation>Vous avez annulé&#xa0;; rien n&apos;a été installé.</translation>
    </message>
    <message>
        <source>The Python {path} does not say what is installed.</source>
        <translation>Le Python {path} ne dit pas ce qui est installé.</translation>
    </message>
    <message>
        <source>{title} was removed again, because it cannot be loaded here: {reason}.</source>
        <translation>{title} a été retiré, car il ne peut pas être chargé ici&#xa0;: {reason}.</translation>
    </message>
    <message>
        <source>Installing {title} changed packages that were there: {changes}.</source>
        <translation>L&apos;installation de {title} a modifié des paquets existants&#xa0;: {changes}.</translation>
    </message>
    <message>
        <source>To repair that, copy the command and run it in a terminal.</source>
        <translation>Pour réparer cela, copiez la commande et exécutez-la dans un terminal.</translation>
    </message>
</context>
<context>
    <name>install.packages</name>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation>le Python de Slicer</translation>
    </message>
    <message>
        <source>the Python {path}</source>
        <translation>le Python {path}</translation>
    </message>
    <message>
        <source>Install PyTorch into {where}?

The PyTorch extension chooses the build for this computer&apos;s GPU and downloads it from download.pytorch.org: 0.2 GB for the CPU, up to 3 GB for a GPU. Slicer waits until it is done, which may take several minutes.

Nothing that is installed already is replaced.</source>
        <translation>Installer PyTorch dans {where}&#xa0;?

L&apos;extension PyTorch choisit la version adaptée à la carte graphique de cet ordinateur et la télécharge depuis download.pytorch.org&#xa0;: 0,2 Go pour le processeur, jusqu&apos;à 3 Go pour une carte graphique. Slicer attend la fin, ce qui peut prendre plusieurs minutes.

Rien de ce qui est déjà installé n&apos;est remplacé.</translation>
    </message>
    <message>
        <source>Install OpenVINO into {where}?

It is downloaded from the Python Package Index (pypi.org), or from the index that pip is set up for: about 60 MB, 200 MB on disk. You can go on working meanwhile.

Nothing that is installed already is replaced.</source>
        <translation>Installer OpenVINO dans {where}&#xa0;?

Il est téléchargé depuis le Python Package Index (pypi.org), ou depuis l&apos;index pour lequel pip est configuré&#xa0;: environ 60 Mo, 200 Mo sur le disque. Vous pouvez continuer à travailler pendant ce temps.

Rien de ce qui est déjà installé n&apos;est remplacé.</translation>
    </message>
</context>
<context>
    <name>install.pipoutput</name>
    <message>
        <source>{title} was not installed: {reason}.</source>
        <translation>{title} n&apos;a pas été installé&#xa0;: {reason}.</translation>
    </message>
    <message>
        <source>this Python has no pip</source>
        <translation>ce Python n&apos;a pas pip</translation>
    </message>
    <message>
        <source>Use another Python.</source>
        <translation>Utilisez un autre Python.</translation>
    </message>
    <message>
        <source>it needs {wanted}, but {there} is installed here and is never replaced</source>
        <translation>il a besoin de {wanted}, mais {there} est installé ici et n&apos;est jamais remplacé</translation>
    </message>
    <message>
        <source>Use another Python that has it.</source>
        <translation>Utilisez un autre Python qui le contient.</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>le disque est plein</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>Libérez de l&apos;espace et réessayez.</translation>
    </message>
    <message>
        <source>you may not change this Python&apos;s folder</source>
        <translation>vous n&apos;avez pas le droit de modifier le dossier de ce Python</translation>
    </message>
    <message>
        <source>a file that was downloaded is damaged</source>
        <translation>un fichier téléchargé est endommagé</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Réessayez.</translation>
    </message>
    <message>
        <source>the package index does not answer</source>
        <translation>l&apos;index de paquets ne répond pas</translation>
    </message>
    <message>
        <source>Check the network connection and try again.</source>
        <translation>Vérifiez la connexion réseau et réessayez.</translation>
    </message>
    <message>
        <source>Check the network connection, or use another Python.</source>
        <translation>Vérifiez la connexion réseau, ou utilisez un autre Python.</translation>
    </message>
    <message>
        <source>no {name} was found</source>
        <translation>{name} est introuvable</translation>
    </message>
    <message>
        <source>there is no {name}, only {versions}</source>
        <translation>{name} n&apos;existe pas, seulement {versions}</translation>
    </message>
    <message>
        <source>pip said nothing</source>
        <translation>pip n&apos;a rien dit</translation>
    </message>
</context>
<context>
    <name>install.preparation</name>
    <message>
        <source>Installing {title}...</source>
        <translation>Installation de {title}...</translation>
    </message>
    <message>
        <source>{title} {version} is installed; the worker starts again.</source>
        <translation>{title} {version} est installé&#xa0;; le processus de calcul redémarre.</translation>
    </message>
    <message>
        <source>{title} is installed, but the worker does not find it.</source>
        <translation>{title} est installé, mais le processus de calcul ne le trouve pas.</translation>
    </message>
    <message>
        <source>Restart Slicer.</source>
        <translation>Redémarrez Slicer.</translation>
    </message>
    <message>
        <source>{title} {version} is installed: trained models can be used.</source>
        <translation>{title} {version} est installé&#xa0;: les modèles entraînés peuvent être utilisés.</translation>
    </message>
    <message>
        <source>No Python is chosen.</source>
        <translation>Aucun Python n&apos;est choisi.</translation>
    </message>
    <message>
        <source>Give the folder of an environment that has OpenVINO or PyTorch, or its program.</source>
        <translation>Indiquez le dossier d&apos;un environnement qui contient OpenVINO ou PyTorch, ou son programme.</translation>
    </message>
    <message>
        <source>Trying {path}...</source>
        <translation>Essai de {path}...</translation>
    </message>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation>le Python de Slicer</translation>
    </message>
    <message>
        <source>The worker now runs in {where}.</source>
        <translation>Le processus de calcul s&apos;exécute maintenant dans {where}.</translation>
    </message>
    <message>
        <source>Canceled: the Python is as before.</source>
        <translation>Annulé&#xa0;: le Python est comme avant.</translation>
    </message>
    <message>
        <source>Canceling...</source>
        <translation>Annulation...</translation>
    </message>
    <message>
        <source>Error: {text}</source>
        <translation>Erreur&#xa0;: {text}</translation>
    </message>
    <message>
        <source>The filters work as before. To install by hand, copy the command into a terminal.</source>
        <translation>Les filtres fonctionnent comme avant. Pour installer à la main, copiez la commande dans un terminal.</translation>
    </message>
    <message>
        <source>The filters work as before. The Python console has what the extension wrote.</source>
        <translation>Les filtres fonctionnent comme avant. La console Python contient ce que l&apos;extension a écrit.</translation>
    </message>
</context>
<context>
    <name>install.pythoncheck</name>
    <message>
        <source>{path} cannot run the worker: {reason}</source>
        <translation>{path} ne peut pas exécuter le processus de calcul&#xa0;: {reason}</translation>
    </message>
    <message>
        <source>OpenVINO or PyTorch</source>
        <translation>OpenVINO ou PyTorch</translation>
    </message>
    <message>
        <source>{path} lacks {packages}.</source>
        <translation>Il manque {packages} à {path}.</translation>
    </message>
    <message>
        <source> and </source>
        <translation> et </translation>
    </message>
    <message>
        <source>To install what is missing, copy the command and run it in a terminal.</source>
        <translation>Pour installer ce qui manque, copiez la commande et exécutez-la dans un terminal.</translation>
    </message>
</context>
<context>
    <name>install.section</name>
    <message>
        <source>Warning: {text}</source>
        <translation>Attention&#xa0;: {text}</translation>
    </message>
    <message>
        <source>The worker cannot start, so nothing can be enhanced.</source>
        <translation>Le processus de calcul ne peut pas démarrer&#xa0;; rien ne peut donc être amélioré.</translation>
    </message>
    <message>
        <source>Looking for devices...</source>
        <translation>Recherche des périphériques...</translation>
    </message>
    <message>
        <source>Trained models need OpenVINO or PyTorch, which are missing; filters work without.</source>
        <translation>Les modèles entraînés ont besoin d&apos;OpenVINO ou de PyTorch, qui manquent&#xa0;; les filtres s&apos;en passent.</translation>
    </message>
    <message>
        <source>Press Repair to go back to Slicer&apos;s own Python, or to choose another one.</source>
        <translation>Appuyez sur Réparer pour revenir au Python de Slicer, ou pour en choisir un autre.</translation>
    </message>
    <message>
        <source>Repair...</source>
        <translation>Réparer...</translation>
    </message>
    <message>
        <source>Set up...</source>
        <translation>Configurer...</translation>
    </message>
    <message>
        <source>Install...</source>
        <translation>Installer...</translation>
    </message>
    <message>
        <source>Version {version} is installed.</source>
        <translation>La version {version} est installée.</translation>
    </message>
    <message>
        <source>For the CPU: about 60 MB to download, 200 MB on disk.</source>
        <translation>Pour le processeur&#xa0;: environ 60 Mo à télécharger, 200 Mo sur le disque.</translation>
    </message>
    <message>
        <source>Slicer&apos;s own Python</source>
        <translation>le Python de Slicer</translation>
    </message>
    <message>
        <source>In use: {where} {version}</source>
        <translation>Utilisé&#xa0;: {where} {version}</translation>
    </message>
    <message>
        <source>Version {version} is installed. The module PyTorch Utils can change it.</source>
        <translation>La version {version} est installée. Le module PyTorch Utils peut la changer.</translation>
    </message>
    <message>
        <source>For Slicer&apos;s own Python only; in another one, install it with that one&apos;s pip.</source>
        <translation>Pour le Python de Slicer seulement&#xa0;; dans un autre, installez-le avec son propre pip.</translation>
    </message>
    <message>
        <source>For a GPU: up to 3 GB to download, by the extension PyTorch.</source>
        <translation>Pour une carte graphique&#xa0;: jusqu&apos;à 3 Go à télécharger, par l&apos;extension PyTorch.</translation>
    </message>
    <message>
        <source>The log is on the clipboard.</source>
        <translation>Le journal est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>The command is on the clipboard: paste it into a terminal.</source>
        <translation>La commande est dans le presse-papiers&#xa0;: collez-la dans un terminal.</translation>
    </message>
    <message>
        <source>{name} is loaded: press Enhance.</source>
        <translation>{name} est chargé&#xa0;: appuyez sur Améliorer.</translation>
    </message>
</context>
<context>
    <name>install.torchextension</name>
    <message>
        <source>PyTorch is installed by the extension PyTorch, which is not here.</source>
        <translation>PyTorch est installé par l&apos;extension PyTorch, qui est absente.</translation>
    </message>
    <message>
        <source>Open the Extensions Manager, install PyTorch, restart Slicer, and press this button again.</source>
        <translation>Ouvrez le gestionnaire d&apos;extensions, installez PyTorch, redémarrez Slicer, puis appuyez de nouveau sur ce bouton.</translation>
    </message>
    <message>
        <source>PyTorch was not installed: the extension PyTorch did not do it.</source>
        <translation>PyTorch n&apos;a pas été installé&#xa0;: l&apos;extension PyTorch ne l&apos;a pas fait.</translation>
    </message>
</context>
<context>
    <name>preview.plane</name>
    <message>
        <source>The {view} view does not show {name} where it is.</source>
        <translation>La vue {view} ne montre pas {name} là où il se trouve.</translation>
    </message>
    <message>
        <source>Move the view&apos;s slice into the volume.</source>
        <translation>Déplacez la coupe de la vue dans le volume.</translation>
    </message>
</context>
<context>
    <name>preview.section</name>
    <message>
        <source>Enhancing the slice in {view}...</source>
        <translation>Amélioration de la coupe dans {view}...</translation>
    </message>
    <message>
        <source>{view} shows slice {index} along {axis} enhanced.</source>
        <translation>{view} montre la coupe {index} selon {axis}, améliorée.</translation>
    </message>
    <message>
        <source>{view} was oblique to the volume: it is turned by {degrees}° to the nearest slices until the preview ends.</source>
        <translation>{view} était oblique par rapport au volume&#xa0;: la vue est tournée de {degrees}° vers les coupes les plus proches jusqu&apos;à la fin de l&apos;aperçu.</translation>
    </message>
    <message>
        <source>There is no {view} slice view in this application.</source>
        <translation>Cette application n&apos;a pas de vue de coupe {view}.</translation>
    </message>
    <message>
        <source>The {view} slice view is not shown: choose a layout that has it.</source>
        <translation>La vue de coupe {view} n&apos;est pas affichée&#xa0;: choisissez une disposition qui la contient.</translation>
    </message>
    <message>
        <source>The scene is closing.</source>
        <translation>La scène se ferme.</translation>
    </message>
    <message>
        <source>Wait until the run is over, or cancel it.</source>
        <translation>Attendez la fin du calcul, ou annulez-le.</translation>
    </message>
    <message>
        <source>A slice cannot be previewed on the grid of another volume.</source>
        <translation>Une coupe ne peut pas être prévisualisée sur la grille d&apos;un autre volume.</translation>
    </message>
    <message>
        <source>Enhance the whole volume, or choose factors or a spacing for the preview.</source>
        <translation>Améliorez le volume entier, ou choisissez des facteurs ou un espacement pour l&apos;aperçu.</translation>
    </message>
    <message>
        <source>Enhance the slice that the {view} view shows.</source>
        <translation>Améliorer la coupe affichée dans la vue {view}.</translation>
    </message>
</context>
<context>
    <name>preview.slicevolume</name>
    <message>
        <source>Preview in {view}</source>
        <translation>Aperçu dans {view}</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Aperçu</translation>
    </message>
</context>
<context>
    <name>preview.tuning</name>
    <message>
        <source>The sliders set the next run: {reason}</source>
        <translation>Les curseurs règlent le prochain calcul&#xa0;: {reason}</translation>
    </message>
    <message>
        <source>The views show fidelity {new}, but {name} has {old}.</source>
        <translation>Les vues montrent la fidélité {new}, mais {name} a {old}.</translation>
    </message>
    <message>
        <source>The slider says fidelity {new}, but {name} has {old}.</source>
        <translation>Le curseur indique la fidélité {new}, mais {name} a {old}.</translation>
    </message>
    <message>
        <source>{name} is being blended...</source>
        <translation>Mélange de {name} en cours...</translation>
    </message>
    <message>
        <source>The strength slider changes {name} at once.</source>
        <translation>Le curseur Force modifie {name} immédiatement.</translation>
    </message>
    <message>
        <source>{name} was not made since the scene was loaded.</source>
        <translation>{name} n&apos;a pas été produit depuis le chargement de la scène.</translation>
    </message>
    <message>
        <source>the worker does not keep the run of {name} any more.</source>
        <translation>le processus de calcul ne conserve plus le calcul de {name}.</translation>
    </message>
    <message>
        <source>the voxels of {name} were changed by something else.</source>
        <translation>les voxels de {name} ont été modifiés par autre chose.</translation>
    </message>
    <message>
        <source>{name} was made from something else, or with other settings.</source>
        <translation>{name} a été produit à partir d&apos;autre chose, ou avec d&apos;autres réglages.</translation>
    </message>
</context>
<context>
    <name>provenance.GANEnhanceSubjectHierarchyPlugin</name>
    <message>
        <source>Show GANEnhance provenance</source>
        <translation>Afficher la provenance GANEnhance</translation>
    </message>
    <message>
        <source>Run GANEnhance again with these settings</source>
        <translation>Relancer GANEnhance avec ces réglages</translation>
    </message>
</context>
<context>
    <name>provenance.again</name>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation>Le volume à partir duquel {name} a été produit n&apos;est pas dans la scène.</translation>
    </message>
    <message>
        <source>Load it, choose it as the input, and set the model by hand.</source>
        <translation>Chargez-le, choisissez-le comme entrée, et réglez le modèle à la main.</translation>
    </message>
    <message>
        <source>Not set, since the panel has no control for it: {options}.</source>
        <translation>Non réglé, car le panneau n&apos;a pas de commande pour cela&#xa0;: {options}.</translation>
    </message>
    <message>
        <source>The device {name} is not here, so the chosen one stays.</source>
        <translation>Le périphérique {name} n&apos;est pas présent&#xa0;; celui qui est choisi reste.</translation>
    </message>
    <message>
        <source>The mask of that run is not in the scene: choose its region again.</source>
        <translation>Le masque de ce calcul n&apos;est pas dans la scène&#xa0;: choisissez de nouveau sa région.</translation>
    </message>
    <message>
        <source>{name} region</source>
        <translation>Région de {name}</translation>
    </message>
</context>
<context>
    <name>provenance.annotation</name>
    <message>
        <source>GANEnhance {model}: not for diagnosis</source>
        <translation>GANEnhance {model}&#xa0;: ne doit pas servir au diagnostic</translation>
    </message>
</context>
<context>
    <name>provenance.describe</name>
    <message>
        <source>The model {name} is still the same.</source>
        <translation>Le modèle {name} est toujours le même.</translation>
    </message>
    <message>
        <source>The model {name} has changed since: a new run may give other voxels.</source>
        <translation>Le modèle {name} a changé depuis&#xa0;: un nouveau calcul peut donner d&apos;autres voxels.</translation>
    </message>
    <message>
        <source>The model {name} is not installed any more.</source>
        <translation>Le modèle {name} n&apos;est plus installé.</translation>
    </message>
    <message>
        <source>{name} was made by {model} {version}; its source is not in the scene.</source>
        <translation>{name} a été produit par {model} {version}&#xa0;; sa source n&apos;est pas dans la scène.</translation>
    </message>
    <message>
        <source>{name} was made from {source} by {model} {version}.</source>
        <translation>{name} a été produit à partir de {source} par {model} {version}.</translation>
    </message>
    <message>
        <source>Run: {facts}.</source>
        <translation>Calcul&#xa0;: {facts}.</translation>
    </message>
    <message>
        <source>strength {value}</source>
        <translation>force {value}</translation>
    </message>
    <message>
        <source>fidelity {value}</source>
        <translation>fidélité {value}</translation>
    </message>
    <message>
        <source>fidelity as the model advises</source>
        <translation>fidélité conseillée par le modèle</translation>
    </message>
    <message>
        <source>modality {value}</source>
        <translation>modalité {value}</translation>
    </message>
    <message>
        <source>Settings: {list}.</source>
        <translation>Réglages&#xa0;: {list}.</translation>
    </message>
    <message>
        <source>feather {value} mm</source>
        <translation>adoucissement {value} mm</translation>
    </message>
    <message>
        <source>Region: a box of {size} mm, {feather}; outside, the voxels are the input&apos;s.</source>
        <translation>Région&#xa0;: une boîte de {size} mm, {feather}&#xa0;; en dehors, les voxels sont ceux de l&apos;entrée.</translation>
    </message>
    <message>
        <source>Region: {count} voxels of a mask, {feather}; outside, the voxels are the input&apos;s.</source>
        <translation>Région&#xa0;: {count} voxels d&apos;un masque, {feather}&#xa0;; en dehors, les voxels sont ceux de l&apos;entrée.</translation>
    </message>
    <message>
        <source>Finer grid: {voxels} voxels of {spacing} mm, that of another volume.</source>
        <translation>Grille fine&#xa0;: {voxels} voxels de {spacing} mm, celle d&apos;un autre volume.</translation>
    </message>
    <message>
        <source>Finer grid: {voxels} voxels of {spacing} mm, {factors} times as many.</source>
        <translation>Grille fine&#xa0;: {voxels} voxels de {spacing} mm, {factors} fois plus.</translation>
    </message>
    <message>
        <source>Warning: {text}</source>
        <translation>Attention&#xa0;: {text}</translation>
    </message>
    <message>
        <source>In {count} voxels the model&apos;s change was limited to its bound.</source>
        <translation>Dans {count} voxels, le changement du modèle a été limité à sa borne.</translation>
    </message>
</context>
<context>
    <name>provenance.section</name>
    <message>
        <source>Hide provenance</source>
        <translation>Masquer la provenance</translation>
    </message>
    <message>
        <source>Show provenance</source>
        <translation>Afficher la provenance</translation>
    </message>
    <message>
        <source>There is no result yet.</source>
        <translation>Il n&apos;y a pas encore de résultat.</translation>
    </message>
    <message>
        <source>The provenance is on the clipboard.</source>
        <translation>La provenance est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>The panel is set as it was for {name}: press Enhance.</source>
        <translation>Le panneau est réglé comme il l&apos;était pour {name}&#xa0;: appuyez sur Améliorer.</translation>
    </message>
</context>
<context>
    <name>qSlicerAbstractCoreModule</name>
    <message>
        <source>Filtering.Denoising</source>
        <translation>Filtrage.Débruitage</translation>
    </message>
</context>
<context>
    <name>region.box</name>
    <message>
        <source>No ROI is chosen.</source>
        <translation>Aucune ROI n&apos;est choisie.</translation>
    </message>
    <message>
        <source>Choose an ROI, or press New ROI.</source>
        <translation>Choisissez une ROI, ou appuyez sur Nouvelle ROI.</translation>
    </message>
    <message>
        <source>The ROI {name} has no size.</source>
        <translation>La ROI {name} n&apos;a pas de taille.</translation>
    </message>
    <message>
        <source>Place it in a view, or press New ROI.</source>
        <translation>Placez-la dans une vue, ou appuyez sur Nouvelle ROI.</translation>
    </message>
    <message>
        <source>The ROI {name} is inside out.</source>
        <translation>La ROI {name} est inversée (intérieur-extérieur).</translation>
    </message>
    <message>
        <source>Switch that off in the Markups module, or enhance inside a segment.</source>
        <translation>Désactivez cela dans le module Markups, ou améliorez dans un segment.</translation>
    </message>
    <message>
        <source>Region to enhance</source>
        <translation>Région à améliorer</translation>
    </message>
</context>
<context>
    <name>region.files</name>
    <message>
        <source>The region was changed meanwhile.</source>
        <translation>La région a été modifiée entre-temps.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Réessayez.</translation>
    </message>
</context>
<context>
    <name>region.mask</name>
    <message>
        <source>No label map is chosen.</source>
        <translation>Aucune carte d&apos;étiquettes n&apos;est choisie.</translation>
    </message>
    <message>
        <source>Choose the label map to enhance inside of.</source>
        <translation>Choisissez la carte d&apos;étiquettes à l&apos;intérieur de laquelle améliorer.</translation>
    </message>
    <message>
        <source>The label map {name} has no voxels.</source>
        <translation>La carte d&apos;étiquettes {name} n&apos;a pas de voxels.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Choisissez-en une autre.</translation>
    </message>
    <message>
        <source>No segmentation is chosen.</source>
        <translation>Aucune segmentation n&apos;est choisie.</translation>
    </message>
    <message>
        <source>Choose the segmentation to enhance inside of.</source>
        <translation>Choisissez la segmentation à l&apos;intérieur de laquelle améliorer.</translation>
    </message>
    <message>
        <source>No segment is chosen.</source>
        <translation>Aucun segment n&apos;est choisi.</translation>
    </message>
    <message>
        <source>Choose the segment to enhance inside of.</source>
        <translation>Choisissez le segment à l&apos;intérieur duquel améliorer.</translation>
    </message>
    <message>
        <source>The segment {name} has no binary labelmap.</source>
        <translation>Le segment {name} n&apos;a pas de carte d&apos;étiquettes binaire.</translation>
    </message>
    <message>
        <source>Create that representation in the Segmentations module.</source>
        <translation>Créez cette représentation dans le module Segmentations.</translation>
    </message>
    <message>
        <source>The segment {name} is empty.</source>
        <translation>Le segment {name} est vide.</translation>
    </message>
    <message>
        <source>Choose another segment.</source>
        <translation>Choisissez un autre segment.</translation>
    </message>
    <message>
        <source>The region has no voxel inside the volume.</source>
        <translation>La région n&apos;a aucun voxel dans le volume.</translation>
    </message>
    <message>
        <source>Choose another segment or label, or the whole volume.</source>
        <translation>Choisissez un autre segment ou une autre étiquette, ou le volume entier.</translation>
    </message>
    <message>
        <source>The region cannot be written to {folder} ({reason}).</source>
        <translation>La région ne peut pas être écrite dans {folder} ({reason}).</translation>
    </message>
    <message>
        <source>Free some space on that disk, or set another temporary folder in the application&apos;s settings.</source>
        <translation>Libérez de l&apos;espace sur ce disque, ou indiquez un autre dossier temporaire dans les paramètres de l&apos;application.</translation>
    </message>
    <message>
        <source>The region changed while it was copied.</source>
        <translation>La région a changé pendant sa copie.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Réessayez.</translation>
    </message>
</context>
<context>
    <name>region.section</name>
    <message>
        <source>Outside, the voxels stay exactly those of the input.</source>
        <translation>En dehors, les voxels restent exactement ceux de l&apos;entrée.</translation>
    </message>
</context>
<context>
    <name>region.space</name>
    <message>
        <source>{name} is under a transform that is not linear.</source>
        <translation>{name} est sous une transformation non linéaire.</translation>
    </message>
    <message>
        <source>Harden that transform first, or choose another region.</source>
        <translation>Appliquez d&apos;abord définitivement cette transformation, ou choisissez une autre région.</translation>
    </message>
</context>
<context>
    <name>reporting.measuretalk</name>
    <message>
        <source>The voxels changed while they were measured.</source>
        <translation>Les voxels ont changé pendant la mesure.</translation>
    </message>
    <message>
        <source>Press Measure again.</source>
        <translation>Appuyez de nouveau sur Mesure.</translation>
    </message>
</context>
<context>
    <name>reporting.request</name>
    <message>
        <source>There is no result to measure.</source>
        <translation>Il n&apos;y a pas de résultat à mesurer.</translation>
    </message>
    <message>
        <source>Enhance a volume first.</source>
        <translation>Améliorez d&apos;abord un volume.</translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation>Le volume à partir duquel {name} a été produit n&apos;est pas dans la scène.</translation>
    </message>
    <message>
        <source>Load it, and enhance it again.</source>
        <translation>Chargez-le, et améliorez-le de nouveau.</translation>
    </message>
    <message>
        <source>result</source>
        <translation>résultat</translation>
    </message>
    <message>
        <source>source</source>
        <translation>source</translation>
    </message>
    <message>
        <source>Enhance the source again.</source>
        <translation>Améliorez de nouveau la source.</translation>
    </message>
    <message>
        <source>Before: {name}, interpolated to the finer grid of the result.</source>
        <translation>Avant&#xa0;: {name}, interpolé sur la grille fine du résultat.</translation>
    </message>
    <message>
        <source>Contrast-to-noise needs both a tissue and a background ROI.</source>
        <translation>Le contraste sur bruit demande une ROI de tissu et une ROI de fond.</translation>
    </message>
    <message>
        <source>The {one} has {size} voxels, but the {other} has {otherSize}.</source>
        <translation>Dimensions différentes en voxels&#xa0;: {one} {size}, {other} {otherSize}.</translation>
    </message>
    <message>
        <source>The {one} does not lie where the {other} lies.</source>
        <translation>Positions différentes&#xa0;: {one} et {other}.</translation>
    </message>
    <message>
        <source>The reference is the result itself.</source>
        <translation>La référence est le résultat lui-même.</translation>
    </message>
    <message>
        <source>Choose another reference.</source>
        <translation>Choisissez une autre référence.</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>référence</translation>
    </message>
    <message>
        <source>Resample it onto the result first.</source>
        <translation>Rééchantillonnez-la d&apos;abord sur le résultat.</translation>
    </message>
    <message>
        <source>Resample it onto the source first.</source>
        <translation>Rééchantillonnez-la d&apos;abord sur la source.</translation>
    </message>
</context>
<context>
    <name>reporting.saving</name>
    <message>
        <source>Page with pictures</source>
        <translation>Page avec images</translation>
    </message>
    <message>
        <source>Table of figures</source>
        <translation>Tableau de chiffres</translation>
    </message>
    <message>
        <source>Everything but pictures</source>
        <translation>Tout sauf les images</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
</context>
<context>
    <name>reporting.section</name>
    <message>
        <source>Error: {text}</source>
        <translation>Erreur&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Enhance a volume, then see here what the model did to it.</source>
        <translation>Améliorez un volume, puis voyez ici ce que le modèle lui a fait.</translation>
    </message>
    <message>
        <source>Measuring...</source>
        <translation>Mesure en cours...</translation>
    </message>
    <message>
        <source>The voxels changed since this was measured: press Measure.</source>
        <translation>Les voxels ont changé depuis cette mesure&#xa0;: appuyez sur Mesure.</translation>
    </message>
    <message>
        <source>The volume that {name} was made from is not in the scene.</source>
        <translation>Le volume à partir duquel {name} a été produit n&apos;est pas dans la scène.</translation>
    </message>
    <message>
        <source>Press Measure to judge {name}.</source>
        <translation>Appuyez sur Mesure pour juger {name}.</translation>
    </message>
    <message>
        <source>Tissue</source>
        <translation>Tissu</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>Fond</translation>
    </message>
    <message>
        <source>The table is on the clipboard.</source>
        <translation>Le tableau est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>The report is saved in {path}.</source>
        <translation>Le rapport est enregistré dans {path}.</translation>
    </message>
</context>
<context>
    <name>reporting.table</name>
    <message>
        <source>Measure</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Avant</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Après</translation>
    </message>
</context>
<context>
    <name>reporting.words</name>
    <message>
        <source>Noise fell to {percent} %.</source>
        <translation>Le bruit est tombé à {percent}&#xa0;%.</translation>
    </message>
    <message>
        <source>Noise rose to {percent} %.</source>
        <translation>Le bruit est monté à {percent}&#xa0;%.</translation>
    </message>
    <message>
        <source>Noise did not change.</source>
        <translation>Le bruit n&apos;a pas changé.</translation>
    </message>
    <message>
        <source>No noise was measured.</source>
        <translation>Aucun bruit n&apos;a été mesuré.</translation>
    </message>
    <message>
        <source>Edges are as sharp as before.</source>
        <translation>Les contours sont aussi nets qu&apos;avant.</translation>
    </message>
    <message>
        <source>Edges became {percent} % wider, so less sharp.</source>
        <translation>Les contours sont {percent}&#xa0;% plus larges, donc moins nets.</translation>
    </message>
    <message>
        <source>Edges became {percent} % narrower, so sharper.</source>
        <translation>Les contours sont {percent}&#xa0;% plus étroits, donc plus nets.</translation>
    </message>
    <message>
        <source>Edges are no wider than before, but {percent} % less steep.</source>
        <translation>Les contours ne sont pas plus larges qu&apos;avant, mais {percent}&#xa0;% moins raides.</translation>
    </message>
    <message>
        <source>Contrast-to-noise rose from {before} to {after}.</source>
        <translation>Le contraste sur bruit est passé de {before} à {after} (hausse).</translation>
    </message>
    <message>
        <source>Contrast-to-noise fell from {before} to {after}.</source>
        <translation>Le contraste sur bruit est passé de {before} à {after} (baisse).</translation>
    </message>
    <message>
        <source>The result is closer to the reference than the input was.</source>
        <translation>Le résultat est plus proche de la référence que ne l&apos;était l&apos;entrée.</translation>
    </message>
    <message>
        <source>The result is farther from the reference than the input was.</source>
        <translation>Le résultat est plus éloigné de la référence que ne l&apos;était l&apos;entrée.</translation>
    </message>
    <message>
        <source>No voxel was held back by the bound.</source>
        <translation>Aucun voxel n&apos;a été retenu par la borne.</translation>
    </message>
    <message>
        <source>The bound held back {count} voxels ({share}).</source>
        <translation>La borne a retenu {count} voxels ({share}).</translation>
    </message>
    <message>
        <source>The volume suits the model.</source>
        <translation>Le volume convient au modèle.</translation>
    </message>
    <message>
        <source>The volume is not quite what the model was made for.</source>
        <translation>Le volume n&apos;est pas tout à fait ce pour quoi le modèle a été conçu.</translation>
    </message>
    <message>
        <source>The volume is not what the model was made for.</source>
        <translation>Le volume n&apos;est pas ce pour quoi le modèle a été conçu.</translation>
    </message>
    <message>
        <source>The source volume was changed after the run.</source>
        <translation>Le volume source a été modifié après le calcul.</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Bruit</translation>
    </message>
    <message>
        <source>Edge width</source>
        <translation>Largeur des contours</translation>
    </message>
    <message>
        <source>Edge slope</source>
        <translation>Pente des contours</translation>
    </message>
    <message>
        <source>Mean value</source>
        <translation>Valeur moyenne</translation>
    </message>
    <message>
        <source>Largest change</source>
        <translation>Plus grand changement</translation>
    </message>
    <message>
        <source>Contrast-to-noise</source>
        <translation>Contraste sur bruit</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Contraste</translation>
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
        <translation>Erreur absolue moyenne</translation>
    </message>
    <message>
        <source>Flicker</source>
        <translation>Scintillement</translation>
    </message>
    <message>
        <source>better</source>
        <translation>mieux</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>pire</translation>
    </message>
    <message>
        <source>same</source>
        <translation>égal</translation>
    </message>
</context>
<context>
    <name>talks.conversation</name>
    <message>
        <source>The worker was ended.</source>
        <translation>Le processus de calcul a été arrêté.</translation>
    </message>
    <message>
        <source>Start the work again.</source>
        <translation>Relancez le travail.</translation>
    </message>
</context>
<context>
    <name>talks.interpolatetalk</name>
    <message>
        <source>The voxels changed while they were interpolated.</source>
        <translation>Les voxels ont changé pendant l&apos;interpolation.</translation>
    </message>
    <message>
        <source>Compare again.</source>
        <translation>Comparez à nouveau.</translation>
    </message>
</context>
<context>
    <name>talks.reference</name>
    <message>
        <source>The reference volume has {reference} voxels, but the result has {result}.</source>
        <translation>Le volume de référence a {reference} voxels, mais le résultat en a {result}.</translation>
    </message>
    <message>
        <source>Resample the reference to the grid of the result first.</source>
        <translation>Rééchantillonnez d&apos;abord la référence sur la grille du résultat.</translation>
    </message>
    <message>
        <source>The reference volume has {reference} voxels, but the input has {input}.</source>
        <translation>Le volume de référence a {reference} voxels, mais l&apos;entrée en a {input}.</translation>
    </message>
    <message>
        <source>Resample the reference to the input&apos;s grid first.</source>
        <translation>Rééchantillonnez d&apos;abord la référence sur la grille de l&apos;entrée.</translation>
    </message>
</context>
<context>
    <name>talks.region</name>
    <message>
        <source>The region is a {kind}, not an ROI, a segmentation or a label map.</source>
        <translation>La région est un {kind}, pas une ROI, une segmentation ou une carte d&apos;étiquettes.</translation>
    </message>
    <message>
        <source>Give a markups ROI, a label map, or (segmentation, segment ID).</source>
        <translation>Donnez une ROI Markups, une carte d&apos;étiquettes, ou (segmentation, identifiant de segment).</translation>
    </message>
</context>
<context>
    <name>talks.sequencetalk</name>
    <message>
        <source>Frames of a sequence get no doubt map.</source>
        <translation>Les images d&apos;une séquence n&apos;ont pas de carte de doute.</translation>
    </message>
    <message>
        <source>Leave the doubt out.</source>
        <translation>N&apos;indiquez pas le doute.</translation>
    </message>
    <message>
        <source>The frame lies elsewhere than the first one, so that the region does not fit it.</source>
        <translation>L&apos;image ne se trouve pas au même endroit que la première&#xa0;; la région ne lui correspond donc pas.</translation>
    </message>
    <message>
        <source>Enhance the whole volume, or the frames of one grid at a time.</source>
        <translation>Améliorez le volume entier, ou les images d&apos;une seule grille à la fois.</translation>
    </message>
</context>
</TS>
