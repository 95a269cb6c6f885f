"""Charts: each draws one frame into one `style.Area` and returns its axes; none reads or saves a file.

A chart is named for the picture. Its frame is named for its rows: `history` (editions of a province),
`pairs` (components in two editions), `cells` (all provinces in one edition). `height_cm` is the height of
the plot across an A4 page. Titles, notes and sources are added by `cards`.
"""

from .certainty import change_certainty, position_sensitivity, rank_interval_years, rank_intervals
from .dossiers import agencies, dossier_calendar, on_time, plan_tasks
from .indices import component_panels, convergence, position_panels, rank_trend, score_range
from .papi import (
    component_changes,
    contributions,
    dimension_atlas,
    dimension_profile,
    drill_down,
    group_heat,
    why_moved,
)
from .peers import rank_bump, rival_slope, tile_groups
from .pieces import stretches
from .relations import group_transitions, rank_agreement, rivals_in_reach
from .workload import channel_shares, procedure_parts, unit_columns, watch_strip

__all__ = [
    "agencies",
    "change_certainty",
    "channel_shares",
    "component_changes",
    "component_panels",
    "contributions",
    "convergence",
    "dimension_atlas",
    "dimension_profile",
    "dossier_calendar",
    "drill_down",
    "group_heat",
    "group_transitions",
    "on_time",
    "plan_tasks",
    "position_panels",
    "position_sensitivity",
    "procedure_parts",
    "rank_agreement",
    "rank_bump",
    "rank_interval_years",
    "rank_intervals",
    "rank_trend",
    "rival_slope",
    "rivals_in_reach",
    "score_range",
    "stretches",
    "tile_groups",
    "unit_columns",
    "watch_strip",
    "why_moved",
]
