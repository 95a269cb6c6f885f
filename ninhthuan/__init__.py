"""Governance indices and administrative workload of Ninh Thuận, Viet Nam.

`import ninhthuan as nt` gives the data and the measures; `from ninhthuan import cards, charts` the figures.
"""

from .catalogue import GROUPS, NotComparable
from .contradictions import discrepancies
from .datasets import (
    editions,
    load_index,
    load_papi_dimensions,
    load_workload,
    measure_table,
    national_statements,
    newest_quarter,
    policies,
    provinces,
    reform_tasks,
    sources,
    uncertainty,
)
from .measures import (
    against_target,
    changes,
    decomposition,
    distribution,
    gaps,
    nearest_rivals,
    own_quarter,
    percentile_position,
    province_history,
    quartile_groups,
    ranks,
    share_from_counts,
    year_on_year,
)
from .periods import Quarter

__all__ = [
    "GROUPS",
    "NotComparable",
    "Quarter",
    "against_target",
    "changes",
    "decomposition",
    "discrepancies",
    "distribution",
    "editions",
    "gaps",
    "load_index",
    "load_papi_dimensions",
    "load_workload",
    "measure_table",
    "national_statements",
    "nearest_rivals",
    "newest_quarter",
    "own_quarter",
    "percentile_position",
    "policies",
    "province_history",
    "provinces",
    "quartile_groups",
    "ranks",
    "reform_tasks",
    "share_from_counts",
    "sources",
    "uncertainty",
    "year_on_year",
]
__version__ = "0.1.0"
