"""What generators and discriminators are asked to minimize: the contest, penalties, and terms of the loss."""
