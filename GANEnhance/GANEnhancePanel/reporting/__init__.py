"""What a result comes to: figures before and after, in a table that can be copied and saved."""
