"""How `make lab` opens JupyterLab: on the tour, with nothing fetched and the results of planned runs out of git."""

c = get_config()  # noqa: F821
c.LabApp.default_url = "/lab/tree/notebooks/explore/00_start_here.ipynb"
# no news and no search for newer versions
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.Scheduler.output_directory = "reports/jobs"
