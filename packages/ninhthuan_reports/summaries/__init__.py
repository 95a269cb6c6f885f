"""Frames that several notebooks show, put together from datasets and measures.

As reports do, they know of a day what was out by then: edition and source (`sources="strict"`).
"""

from .indices import (
    component_gaps,
    component_pairs,
    dimension_scores,
    index_histories,
    near_edge,
    newest_cells,
    policies_for,
    region_history,
    score_errors,
    sub_dimension_history,
    total_history,
)
from .overviews import index_overview, reform_watch, what_is_missing
from .workload import channel_shares, digital_adoption, procedure_parts, public_service_units, workload_results
