"""The quality benchmark: our models beside classical methods, and whether they do harm.

`cases` says what is judged on what, `degradations` how images are made worse, `methods` what is compared,
`figures` what is measured, `harm` what a model must not do, `bars` what must hold, `results` and `pictures`
what is written. `python Testing/bench/quality --help` runs it.
"""
