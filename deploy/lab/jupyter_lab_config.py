"""How `make lab` opens JupyterLab: with nothing fetched."""

c = get_config()  # noqa: F821
# no news and no search for newer versions
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
