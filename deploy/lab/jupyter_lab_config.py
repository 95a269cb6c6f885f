"""How `make lab` opens JupyterLab: on the tour, and with nothing fetched."""

c = get_config()  # noqa: F821
c.LabApp.default_url = "/lab/tree/notebooks/explore/00_start_here.ipynb"
# no news and no search for newer versions
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
