"""The loop of a training run: stages, checkpoints, journal, stability watch, several processes.

PyTorch-Ignite's engine and its filtered events drive each stage. Where a handler of Ignite's would cost a
promise of ours, there is one of our own:

- Average (EMAHandler): averages after every iteration; with several critic steps only those of the generator
  count, so the step itself takes PyTorch's `AveragedModel`.
- Checkpoint: has one count of iterations; ours also holds stage, sampler, every random generator, the watch
  and the patience, is synced to the disk before it is renamed, and is read without running code.
- TerminateOnNan: looks after the optimizer's step, when the weights are gone; ours looks before.
- EarlyStopping: follows one figure; ours is patient as long as any of `best_by` gets better.
- TensorBoard loggers: write events only; the journal writes the same figures as JSON lines from one place,
  and cuts both at a resume.
- ProgressBar: begins at 0 after a resume, and fills a log file with control characters; see
  `GANEnhanceLib.commands.training_display`.
"""
