"""How Voilà shows the explorer: the app alone, in its own language, and nothing fetched from a network."""

c = get_config()  # noqa: F821
c.VoilaConfiguration.template = "ninhthuan"
c.VoilaConfiguration.theme = "light"
# planning runs belongs to JupyterLab
c.VoilaConfiguration.extension_denylist = ["@jupyterlab/scheduler"]
# the app says in one language what the text cells say in two
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_cell_tags = {"vi", "en"}
