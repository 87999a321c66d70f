"""What a run says to the worker, step by step, and who drives it: a script that waits, or the event loop."""
