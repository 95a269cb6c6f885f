"""What each card says: a frame in, a caption out. A finding is worked out from the frame that is drawn.

One function a card, of the same name as its chart or table. Nothing is claimed that the frame does not
hold; where it holds nothing, `Nothing` says so in words and no empty picture is made.
"""

from .captions import Caption, Claim, FalseFinding, Nothing, entitled
from .certainty import change_certainty, position_sensitivity, rank_interval_years, rank_intervals
from .closing import caveat_lines, missing_lines, source_lines
from .dossiers import agencies, dossier_calendar, dossier_results, on_time, plan_tasks
from .indices import (
    component_panels,
    convergence,
    index_overview,
    overview_years,
    position_panels,
    rank_trend,
    score_range,
)
from .moves import drill_down, former_provinces, linked_series, sub_dimension_moves, why_moved
from .papi import (
    component_changes,
    contributions,
    dimension_atlas,
    dimension_profile,
    dimension_scores,
    group_heat,
)
from .peers import rank_bump, rival_slope, tile_groups
from .reach import distances, lifting_changes, rivals_in_reach, sub_dimension_distances
from .relations import group_transitions, likeness, rank_agreement, score_spread
from .revisions import quarter_changes
from .workload import (
    channel_shares,
    contradictions,
    digital_adoption,
    procedure_parts,
    reform_watch,
    unit_columns,
    watch_strip,
)

__all__ = [
    "Caption",
    "Claim",
    "FalseFinding",
    "Nothing",
    "agencies",
    "caveat_lines",
    "change_certainty",
    "channel_shares",
    "component_changes",
    "component_panels",
    "contradictions",
    "contributions",
    "convergence",
    "digital_adoption",
    "dimension_atlas",
    "dimension_profile",
    "dimension_scores",
    "distances",
    "dossier_calendar",
    "dossier_results",
    "drill_down",
    "entitled",
    "former_provinces",
    "group_heat",
    "group_transitions",
    "index_overview",
    "lifting_changes",
    "likeness",
    "linked_series",
    "missing_lines",
    "on_time",
    "overview_years",
    "plan_tasks",
    "position_panels",
    "position_sensitivity",
    "procedure_parts",
    "quarter_changes",
    "rank_agreement",
    "rank_bump",
    "rank_interval_years",
    "rank_intervals",
    "rank_trend",
    "reform_watch",
    "rival_slope",
    "rivals_in_reach",
    "score_range",
    "score_spread",
    "source_lines",
    "sub_dimension_distances",
    "sub_dimension_moves",
    "tile_groups",
    "unit_columns",
    "watch_strip",
    "why_moved",
]
