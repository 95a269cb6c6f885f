"""The server under `make lab`: the results of planned runs go where reports do, out of git."""

c = get_config()  # noqa: F821
c.Scheduler.output_directory = "reports/jobs"
