"""Two layouts of our own: before and after, in one or in three orientations, in views that belong to nobody.

The user's views are not touched by them. All views of these layouts are one linked group, so that scrolling
and zooming one of them moves its partner.
"""

import slicer
import vtk

from GANEnhancePanel.comparing import views

# Numbers of layouts are free above those of the application.
THREE_PAIRS, ONE_PAIR = 8731, 8732
# Views are linked within their group only; 0 are the user's own.
VIEW_GROUP = 87
COLORS = ("#F34A33", "#6EB04B", "#EDD54C")
ORIENTATIONS = ("Axial", "Coronal", "Sagittal")
USUAL_NAMES = ("Red", "Green", "Yellow")
PARALLEL = 0.99


def registerLayouts():
    """Make the layouts known to the scene's layout node; does nothing without views, or the second time."""
    node = views.layoutNode()
    if node is None:
        return
    for number, pairs in ((THREE_PAIRS, 3), (ONE_PAIR, 1)):
        if not node.IsLayoutDescription(number):
            node.AddLayoutDescription(number, _description(pairs))


def isOurs(layout):
    """Return whether a number is one of our layouts."""
    return layout in (THREE_PAIRS, ONE_PAIR)


def beforeName(number):
    """Return the name of the view that shows the source, in column `number` from 0."""
    return f"GANEnhanceBefore{number + 1}"


def afterName(number):
    """Return the name of the view that shows the result, in column `number` from 0."""
    return f"GANEnhanceAfter{number + 1}"


def show(source, result):
    """Show both volumes side by side, in the orientations and at the place of the user's views.

    Returns the number of the layout.
    """
    models = modelViews(views.shownNames(), source)
    layout = ONE_PAIR if len(models) == 1 else THREE_PAIRS
    registerLayouts()
    views.layoutNode().SetViewArrangement(layout)
    for number, model in enumerate(models):
        for name, volume in ((beforeName(number), source), (afterName(number), result)):
            _showLike(model, name, volume)
    return layout


def modelViews(shown, volume):
    """Return the names of the user's views (one, or three) whose orientations are shown side by side.

    :param shown: the views of the user's layout; those come first.
    :param volume: of a volume with one slice only the view along that slice is taken.
    """
    known = [name for name in [*shown, *USUAL_NAMES] if views.sliceNode(name) is not None]
    flat = _thinDirection(volume)
    if flat is not None:
        return [max(known, key=lambda name: abs(_dot(_normal(name), flat)))]
    if len(shown) == 1:
        return list(shown)
    chosen = []
    for name in known:
        others = [abs(_dot(_normal(name), _normal(other))) for other in chosen]
        if name not in chosen and all(cosine < PARALLEL for cosine in others):
            chosen.append(name)
    # All views may look the same way.
    chosen += [name for name in dict.fromkeys(known) if name not in chosen]
    return chosen[:3]


def _description(pairs):
    rows = "".join(_row(nameOf, label, pairs) for nameOf, label in ((beforeName, "B"), (afterName, "A")))
    # One pair stands side by side, three pairs stand above one another.
    kind = "horizontal" if pairs == 1 else "vertical"
    return f'<layout type="{kind}" split="true">{rows}</layout>'


def _row(nameOf, label, pairs):
    items = "".join(_view(nameOf(number), f"{label}{number + 1}", number) for number in range(pairs))
    return f'<item><layout type="horizontal">{items}</layout></item>'


def _view(name, label, number):
    properties = {
        "orientation": ORIENTATIONS[number],
        "viewlabel": label,
        "viewcolor": COLORS[number],
        "viewgroup": VIEW_GROUP,
    }
    told = "".join(
        f'<property name="{key}" action="default">{text}</property>' for key, text in properties.items()
    )
    return f'<item><view class="vtkMRMLSliceNode" singletontag="{name}">{told}</view></item>'


def _showLike(modelName, name, volume):
    """Let one of our views show `volume` just as the user's view `modelName` looks at the body."""
    model, node = views.sliceNode(modelName), views.sliceNode(name)
    shown = views.compositeNode(name)
    if shown is None:
        # The view's own logic takes the node that bears its name.
        shown = slicer.vtkMRMLSliceCompositeNode()
        shown.SetSingletonTag(name)
        shown.SetLayoutName(name)
        shown = slicer.mrmlScene.AddNode(shown)
    labels = views.compositeNode(modelName)
    with slicer.util.NodeModify(shown):
        # Volumes that are loaded meanwhile go into the user's own views only.
        shown.SetDoPropagateVolumeSelection(False)
        shown.SetLinkedControl(True)
        shown.SetHotLinkedControl(True)
        shown.SetBackgroundVolumeID(volume.GetID())
        shown.SetForegroundVolumeID(None)
        shown.SetLabelVolumeID(labels.GetLabelVolumeID() if labels is not None else None)
        shown.SetLabelOpacity(labels.GetLabelOpacity() if labels is not None else 1.0)
    _lookLike(model, node, volume)


def _lookLike(model, node, volume):
    with slicer.util.NodeModify(node):
        node.SetViewGroup(VIEW_GROUP)
        node.SetDefaultOrientation(model.GetDefaultOrientation())
        node.GetSliceToRAS().DeepCopy(model.GetSliceToRAS())
        node.SetFieldOfView(*_fieldOfView(model, node, volume))
        node.SetXYZOrigin(*model.GetXYZOrigin())
        node.UpdateMatrices()


def _fieldOfView(model, node, volume):
    """Return a field of view in which all of the volume is seen that the user's view shows of it."""
    width, height, _depth = node.GetDimensions()
    aspect = width / max(1, height)
    wide, high, deep = model.GetFieldOfView()
    logic = slicer.app.applicationLogic().GetSliceLogic(model)
    if logic is not None:
        sizes, center = [0.0] * 3, [0.0] * 3
        logic.GetVolumeSliceDimensions(volume, sizes, center)
        wide = min(wide, sizes[0])
    high = max(high, wide / aspect)
    return high * aspect, high, deep


def _thinDirection(volume):
    """Return the direction (RAS) across a volume that is one voxel thick along one axis, else None."""
    dimensions = volume.GetImageData().GetDimensions()
    if sorted(dimensions)[1] == 1 or 1 not in dimensions:
        return None
    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASDirectionMatrix(matrix)
    return views.column(matrix, dimensions.index(1))


def _normal(name):
    return views.column(views.sliceNode(name).GetSliceToRAS(), 2)


def _dot(first, second):
    return sum(a * b for a, b in zip(first, second, strict=True))
