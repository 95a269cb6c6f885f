"""A notebook gives the same bytes whether its cells run in a forked process or in a normal Jupyter kernel."""

import difflib

import nbformat
import pytest
from small_notebooks import REPORT, deliver, tree

pytestmark = pytest.mark.slow

# Cells by what they show. Each must give the very same outputs both ways. A normal kernel learns through a thread what
# programs print; whether that stands before or after what the cell shows at once is chance there: cells wait a second.
CELLS = {
    "interleaved": """
import sys
for number in range(3):
    print("ra", number)
    print("lỗi", number, file=sys.stderr)
""",
    "shell": "!echo xin chào\n!echo lỗi >&2",
    "shell_value": "found = !printf 'một\\nhai\\n'\nfound",
    "subprocess": """
import subprocess
import time
print("trước", flush=True)
code = subprocess.run(["sh", "-c", "echo từ chương trình; echo lỗi >&2"], check=True).returncode
time.sleep(1)
code
""",
    "os_write": "import os\nos.write(1, 'thẳng\\n'.encode())\ntime.sleep(1)",
    "no_newline": "sys.stdout.write('không xuống dòng')",
    "carriage_return": "for share in (10, 50, 100):\n    print(f'\\r{share}%', end='')",
    "backspace": "print('ab\\b\\bcd')",
    "large": "for number in range(3000):\n    print(number, 'x' * 40)",
    "bytes": "sys.stdout.buffer.write(b'qua bo dem\\n') if hasattr(sys.stdout, 'buffer') else print('không có bộ đệm')",
    "is_a_terminal": "sys.stdout.isatty(), sys.stdin.isatty(), sys.stdout.encoding.lower()",
    "rich": """
import base64
from IPython.display import HTML, Image, JSON, Latex, Markdown, SVG, display
dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
print("trước")
display(HTML("<b>chữ</b>"), Markdown("*chữ*"), JSON({"a": [1, 2]}), Latex("$x$"))
print("sau")
display(Image(base64.b64decode(dot), width=3), SVG("<svg xmlns='http://www.w3.org/2000/svg'/>"))
display({"text/plain": "thô", "application/vnd.own.v1+json": {"a": (1, 2)}}, raw=True, metadata={"own": {}})
""",
    "frame": "import pandas as pd\npd.DataFrame({'tên': ['Ninh Thuận', None], 'điểm': [1.5, float('nan')]})",
    "wide_frame": "pd.DataFrame({f'cột số {number}': [number * 1.5] for number in range(12)})",
    "very_wide_frame": "pd.DataFrame({f'{number}': [number * 1.5] for number in range(30)})",
    "frame_of_the_project": """
import ninhthuan as nt
scores = nt.load_index("papi", as_of="2024-04-30")
scores[["province", "edition_year", "score", "rank_derived", "n_ranked", "group_derived", "source_id"]].head(3)
""",
    "figure": """
import matplotlib.pyplot as plt
figure, axes = plt.subplots(figsize=(2, 1))
axes.plot([1, 2, 3])
figure
""",
    "several_results": "1\n2\n'ba'",
    "silent": "4;",
    "history": "_, _11 if '_11' in globals() else None, len(In) > 5",
    "updated": """
handle = display("ban đầu", display_id="một")
handle.update("về sau")
""",
    "updated_from_below": "from IPython.display import update_display\nupdate_display('từ ô khác', display_id='một')",
    "cleared": """
from IPython.display import clear_output
print("mất")
clear_output(wait=True)
print("còn")
""",
    "cleared_for_good": "print('mất')\nclear_output()",
    "warning": "import warnings\nwarnings.warn('coi chừng')",
    "own_warning": "def careless():\n    warnings.warn('ở trong hàm', DeprecationWarning, stacklevel=2)\ncareless()",
    "logging": "import logging\nlogging.getLogger('own').warning('ghi lại')",
    "await": "import asyncio\nawait asyncio.sleep(0.01, 'đã đợi')",
    "task": """
async def later():
    await asyncio.sleep(0.01)
    print("việc sau")
    return 1
await asyncio.gather(later(), later())
""",
    "threads": """
import threading
thread = threading.Thread(target=print, args=("từ luồng khác",))
thread.start()
thread.join()
""",
    "magics": "%env NINHTHUAN_OWN=1\n%precision 3\n3.14159265",
    "captured": "%%capture caught\nprint('giấu')",
    "captured_shown": "caught.show()",
    "bash": "%%bash\necho từ bash\necho lỗi >&2",
    "html": "%%html\n<i>nghiêng</i>",
    "written": "%%writefile ghi.txt\nnội dung",
    "help": "int.bit_length?",
    "comm": """
import comm
line = comm.create_comm(target_name="own", data={"a": 1})
line.send({"b": 2})
line.close()
'đã đóng'
""",
    "raises_as_told": "raise ValueError('được phép')",
    "exits_as_told": "sys.exit(3)",
    "identity": "get_ipython().execution_count, __name__, '__file__' in globals()",
    "multiprocessing": """
import multiprocessing
with multiprocessing.get_context("fork").Pool(2) as pool:
    found = pool.map(abs, [-1, -2])
found
""",
}
# Notebooks that fail.
ERRORS = {
    "deep": ["def divide(a):\n    return a / 0", "print('trước')\ndivide(1)", "later = 1"],
    "chained": ["try:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('vì') from error"],
    "syntax": ["print('một'\nx ="],
    "command": ["!echo trước; exit 3"],
    "exits": ["import sys\nsys.exit('xong')"],
}
TAGGED = ("raises_as_told", "exits_as_told")


def both_ways(notebooks):
    """Everything that notebooks made, those that failed and those that did not, forked and in normal kernels."""
    found = []
    for way in ([], ["--kernel"]):
        done = notebooks.run("--again", "--workers", 3, *way)
        assert done.returncode == 1
        made = tree(notebooks.reports / ".work" / REPORT / "tiny" / "out")
        failed = {name: content for name, content in tree(notebooks.kept).items() if name.endswith(".ipynb")}
        found.append(made | failed)
    return found


def differences(forked: dict[str, bytes], kernel: dict[str, bytes]) -> list[str]:
    assert forked.keys() == kernel.keys()
    lines = []
    for name in forked:
        texts = [found[name].decode().splitlines() for found in (forked, kernel)]
        lines += difflib.unified_diff(*texts, f"forked {name}", f"kernel {name}", lineterm="", n=8)
    return lines


def test_every_kind_of_output_and_of_error_is_the_same(notebooks):
    """Outputs, tracebacks, the state of every cell, cards."""
    tags = {place: ["raises-exception"] for place, name in enumerate(CELLS, 1) if name in TAGGED}
    notebooks.add("tiny", *CELLS.values(), deliver(), tags=tags)
    for name, cells in ERRORS.items():
        notebooks.add(name, *cells, cards=())
    forked, kernel = both_ways(notebooks)
    assert len(forked) == len(ERRORS) + 3, "the notebooks, and a card of two files"
    assert not (lines := differences(forked, kernel)), "\n".join(lines)
    book = nbformat.reads(forked["notebooks/tiny__2024Q1.ipynb"].decode(), as_version=4)
    nbformat.validate(book)
    cells = [cell for cell in book.cells if cell.id.startswith("code-")]
    shown = dict(zip(CELLS, cells, strict=False))
    texts = {name: "".join(o.get("text", "") for o in cell.outputs) for name, cell in shown.items()}
    assert texts["interleaved"] == "ra 0\nra 1\nra 2\nlỗi 0\nlỗi 1\nlỗi 2\n"
    assert "từ chương trình" in texts["subprocess"] and "thẳng" in texts["os_write"]
    assert texts["cleared"] == "còn\n" and texts["cleared_for_good"] == ""
    assert (
        "PAPI; score: điểm; biết đến ngày 30/4/2024; nguồn:"
        in shown["frame_of_the_project"].outputs[0].data["text/html"]
    )
    assert shown["updated"].outputs[0].data["text/plain"] == "'từ ô khác'"
    assert [o.output_type for o in shown["raises_as_told"].outputs] == ["error"]
    assert shown["await"].outputs[0].data["text/plain"] == "'đã đợi'"
    assert len(texts["large"].splitlines()) == 3000
