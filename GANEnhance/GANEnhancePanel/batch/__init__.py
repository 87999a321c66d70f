"""More than one run at a time: several volumes one after another, and the frames of a sequence."""
