"""The server under `make lab`: the results of planned runs go where reports do, out of git."""

c = get_config()  # noqa: F821
c.Scheduler.output_directory = "reports/jobs"


def as_in_git(model, path, **_):
    """Save a notebook of `notebooks/` without outputs, counts and what JupyterLab notes: git sees edits alone."""
    if model["type"] != "notebook" or not path.startswith("notebooks/"):
        return
    book = model["content"]
    book["metadata"] = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in book["cells"]:
        cell["metadata"] = {name: cell["metadata"][name] for name in ("jupyter", "tags") if name in cell["metadata"]}
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


c.FileContentsManager.pre_save_hook = as_in_git
