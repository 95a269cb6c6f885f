"""Names, units and formats of the columns of the cards' CSV files, in both languages, and what their codes mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..catalogue import catalogue
from ..language import pick
from ..wording import LABELS, component_name, index_name, indicator_name, label, measure_name, part_name, province_name

# Units that a column always has, beside those of the glossary.
UNITS = {
    # as in the glossary, but fit to stand in brackets
    "score_0_1": ("điểm, thang 0–1", "points, scale 0–1"),
    "service_units": ("đơn vị sự nghiệp", "public service units"),
    "percent_0_100": ("0–100%", "0–100%"),
    "share_0_1": ("0–1", "0–1"),
    "by_row": ("theo cột unit", "see column unit"),
}

# name: kind, unit, label and, where the label does not say enough, what it is.
# Kinds: text, code (text that is never a number), year, rank, number (of a row or task), count, score, difference (of
# scores), places (of ranks), percent, date, flag. Units: a key of UNITS or of the glossary; `own` is that of the score.
_COLUMNS = {
    "agency": ("text", "", "Cơ quan, đơn vị", "Agency", "Trống là toàn tỉnh", "Blank is the whole province"),
    "alternative": ("code", "", "Cách tính tổng điểm", "Way of adding up"),
    "assumption": (
        "code",
        "",
        "Cơ sở của sai số",
        "Basis of the error",
        "Chỉ PAPI 2019 có sai số công bố; các kỳ khác theo giả định nêu tên",
        "PAPI 2019 alone has published errors; other editions rest on the assumption named",
    ),
    "band": (
        "number",
        "",
        "Dải không phân biệt được",
        "Band of provinces not told apart",
        "Từ trên xuống; để đọc, không phải kiểm định",
        "From the top; a reading aid, not a test",
    ),
    "basis": (
        "code",
        "",
        "Cách có điểm",
        "Basis of the score",
        "Điểm do nguồn in, cộng từ các phần hay suy ra từ điều nguồn nêu",
        "Whether the source prints the score, or it is summed or derived from what it states",
    ),
    "because": ("code", "", "Vì sao", "Why"),
    "best_minus_worst": ("difference", "own", "Cao nhất trừ thấp nhất", "Best minus worst"),
    "beyond": ("flag", "", "Vượt sai số điều tra", "Beyond survey error"),
    "beyond_family": (
        "flag",
        "",
        "Vượt sai số, xét cả nhóm",
        "Beyond survey error, all rows together",
        "Giữ độ tin cậy cho tất cả các dòng cùng lúc",
        "The confidence holds for all rows at once",
    ),
    "boundary": (
        "code",
        "",
        "Danh sách tỉnh",
        "List of provinces",
        "Mã tỉnh được dùng lại nên phải đi kèm cột này",
        "Codes of provinces were reused, so a code is only unique with this column",
    ),
    "cause": (
        "code",
        "",
        "Nguyên nhân",
        "Cause",
        "Của thay đổi thứ hạng; giá trị Shapley",
        "Of the change of rank; Shapley values",
    ),
    "caution": (
        "code",
        "",
        "Thước đo thay đổi một phần",
        "Measure changed in part",
        "Dòng của bảng thay đổi phương pháp nằm giữa hai kỳ được so; trống là cùng một thước đo",
        "Rows of the table of breaks between the two editions compared; blank where the measure is the same",
    ),
    "cautions": (
        "code",
        "",
        "Mốc so sánh thận trọng",
        "Editions to compare with care",
        "Các kỳ đổi cách tính nằm giữa hai kỳ được so; vẫn so được nhưng cần thận trọng",
        "Editions with a smaller change of method between the two compared",
    ),
    "change": (
        "difference",
        "own",
        "Thay đổi so với kỳ trước",
        "Change since the edition before",
        "Tính từ số chưa làm tròn",
        "Computed from figures not rounded",
    ),
    "change_high": ("difference", "own", "Thay đổi, đầu trên 95%", "Change, upper end of 95%"),
    "change_low": ("difference", "own", "Thay đổi, đầu dưới 95%", "Change, lower end of 95%"),
    "channel": ("code", "", "Hình thức tiếp nhận", "Channel"),
    "closed_share": (
        "score",
        "share_0_1",
        "Tỷ lệ trường hợp từng tăng ít nhất chừng đó",
        "Share of cases that rose at least so much",
        "Trường hợp: một tỉnh từ một kỳ sang kỳ liền sau, cùng một thước đo",
        "A case is one province from one edition to the next, measured the same",
    ),
    "common_change": ("difference", "own", "Thay đổi trên các trục không đổi", "Change on what stayed the same"),
    "common_high": ("difference", "own", "Trên các trục không đổi, đầu trên 95%", "Of that, upper end of 95%"),
    "common_ids": ("text", "", "Mã các trục không đổi", "Dimensions that stayed the same"),
    "common_low": ("difference", "own", "Trên các trục không đổi, đầu dưới 95%", "Of that, lower end of 95%"),
    "component_id": ("code", "", "Mã chỉ số tổng hoặc thành phần", "Total or component of the index"),
    "component_ids": ("text", "", "Mã các trục cộng lại", "Dimensions added up"),
    "component_name": ("text", "", "Tên chỉ số tổng hoặc thành phần", "Name of the total or component"),
    "confidence": ("percent", "percent", "Độ tin cậy", "Confidence"),
    "contradicted": (
        "flag",
        "",
        "Khác với số in",
        "Contradicts what is printed",
        "Tỷ lệ in trong nguồn không khớp với số đếm của chính nguồn đó",
        "The share that the source prints does not follow from its own counts",
    ),
    "contribution": (
        "difference",
        "own",
        "Đóng góp vào thay đổi tổng điểm",
        "Contribution to the change of the total",
        "Tính từ số chưa làm tròn",
        "Computed from figures not rounded",
    ),
    "count": ("count", "", "Số đếm", "Count"),
    "crosses": (
        "code",
        "",
        "Mốc đổi phương pháp",
        "Break of method crossed",
        "Các kỳ đổi phương pháp nằm giữa hai kỳ được so: không so điểm qua mốc này",
        "Editions with a new method between the two compared: scores are not comparable across",
    ),
    "decimals": ("number", "", "Số chữ số thập phân như in", "Decimals as printed"),
    "detail": ("text", "", "Chi tiết", "Detail"),
    "distance": (
        "score",
        "",
        "Khoảng cách giữa hai tỉnh",
        "Distance between two provinces",
        "Euclid trên các trục đã chuẩn hóa; 0 là giống hệt",
        "Euclidean over standardised dimensions; 0 is the same",
    ),
    "dropped": ("code", "", "Trục nội dung bị bỏ", "Dimension left out"),
    "due": ("count", "", "Đến hạn", "Due"),
    "edition_year": (
        "year",
        "",
        "Kỳ chỉ số (năm)",
        "Edition (year)",
        "Năm mà chỉ số phản ánh, không phải năm công bố",
        "Year that the index describes, not the year of publication",
    ),
    "evidence": ("code", "", "Mức chắc chắn của số liệu", "Grade of evidence"),
    "figure": ("code", "", "Loại số được sửa", "Which figure was revised"),
    "file": ("text", "", "Tệp dữ liệu", "Data file"),
    "first_edition": ("year", "", "Kỳ đầu của phương pháp", "First edition of the method"),
    "first_year": ("year", "", "Kỳ đầu tiên", "First edition"),
    "found": ("text", "", "Số liệu đối chiếu", "Other printed figures give"),
    "gap": (
        "score",
        "own",
        "Còn thiếu",
        "Still to gain",
        "Tới ngưỡng nhóm trên, hoặc tới tỉnh xếp trên",
        "To the threshold of the next group, or to the province above",
    ),
    "group": ("code", "", "Nhóm", "Group"),
    "group_derived": (
        "code",
        "",
        "Nhóm tính từ điểm",
        "Group computed from scores",
        "Nhóm theo tứ phân vị điểm của các tỉnh có kết quả, quy tắc của PAPI",
        "By the quartiles of the provinces scored, PAPI's rule",
    ),
    "group_from": ("code", "", "Nhóm ở kỳ này", "Group in one edition"),
    "group_published": ("code", "", "Nhóm do nguồn công bố", "Group as printed"),
    "group_to": ("code", "", "Nhóm ở kỳ sau", "Group in the next edition"),
    "high": ("score", "own", "Đầu trên của khoảng tin cậy 95%", "Upper end of the 95% interval"),
    "highest": ("score", "own", "Điểm cao nhất", "Highest score"),
    "index_a": ("code", "", "Chỉ số thứ nhất", "First index"),
    "index_b": ("code", "", "Chỉ số thứ hai", "Second index"),
    "index_id": ("code", "", "Mã chỉ số", "Index"),
    "indicator": ("code", "", "Mã chỉ tiêu theo dõi", "Indicator"),
    "indicator_name": ("text", "", "Tên chỉ tiêu theo dõi", "Name of the indicator"),
    "interquartile_range": ("score", "own", "Khoảng tứ phân vị", "Interquartile range"),
    "is_cumulative": ("flag", "", "Số lũy kế", "Cumulative figure"),
    "kept_share": ("score", "share_0_1", "Tỷ lệ giữ nhóm", "Share that kept its group"),
    "kind": ("code", "", "Loại chỉ tiêu", "Kind of indicator"),
    "later_edition": (
        "year",
        "",
        "Kỳ biết sau ngày chốt",
        "Edition known later",
        "Kết quả của tỉnh chỉ có ở nguồn ra sau ngày chốt số liệu, nên không dùng",
        "The province's result stands only in a source of after the closing day, and is left out",
    ),
    "later_source_id": ("code", "", "Nguồn biết sau ngày chốt", "Source known later"),
    "late": ("count", "", "Giải quyết trễ hạn", "Resolved late"),
    "late_share": ("percent", "percent", "Tỷ lệ trễ hạn", "Share resolved late"),
    "level": ("code", "", "Cấp", "Level"),
    "limit": (
        "difference",
        "own",
        "Mức mà thay đổi phải vượt",
        "Limit that a change must pass",
        "Thay đổi nhỏ hơn có thể chỉ do sai số điều tra",
        "A smaller change may be sampling error alone",
    ),
    "low": ("score", "own", "Đầu dưới của khoảng tin cậy 95%", "Lower end of the 95% interval"),
    "lower_quartile": ("score", "own", "Tứ phân vị dưới", "Lower quartile"),
    "lowest": ("score", "own", "Điểm thấp nhất", "Lowest score"),
    "measure": ("code", "", "Mã đại lượng", "Measure"),
    "measure_name": ("text", "", "Tên đại lượng", "Name of the measure"),
    "median": (
        "score",
        "own",
        "Trung vị",
        "Median",
        "Trung vị điểm của các tỉnh có kết quả trong kỳ",
        "Median of the provinces scored in the edition",
    ),
    "missing": ("code", "", "Lý do không có số liệu", "Why a figure is missing"),
    "moved": ("code", "", "Đại lượng thay đổi", "What moved"),
    "moved_share": (
        "score",
        "share_0_1",
        "Tỷ lệ chuyển nhóm",
        "Share that moved so",
        "Trong số lượt tỉnh xuất phát từ nhóm đó",
        "Of the province-years that began in the group",
    ),
    "n": ("count", "", "Số tỉnh có điểm đã thu thập", "Provinces whose score is held"),
    "n_closed": ("count", "", "Số trường hợp từng tăng ít nhất chừng đó", "Cases that rose at least so much"),
    "n_components": ("count", "", "Số trục cộng lại", "Number of dimensions added up"),
    "n_dimensions": ("count", "", "Số trục nội dung được so", "Dimensions compared"),
    "n_from": ("count", "", "Số lượt tỉnh xuất phát từ nhóm", "Province-years that began in the group"),
    "n_pairs": ("count", "", "Số cặp kỳ liền nhau", "Pairs of editions"),
    "n_ranked": (
        "count",
        "",
        "Số tỉnh được xếp hạng",
        "Provinces ranked",
        "Mẫu số của thứ hạng (61 trong 6/61)",
        "Denominator of the rank (61 in 6/61)",
    ),
    "n_ranked_from": ("count", "", "Số tỉnh được xếp hạng, kỳ trước", "Provinces ranked, edition before"),
    "n_ranked_published": (
        "count",
        "",
        "Mẫu số in kèm thứ hạng",
        "Denominator printed with the rank",
        "Trống khi nguồn không in",
        "Blank where the source prints none",
    ),
    "n_ranked_to": ("count", "", "Số tỉnh được xếp hạng, kỳ sau", "Provinces ranked, later edition"),
    "n_with_errors": ("count", "", "Số lượt có sai số áp dụng được", "Cases to which the errors apply"),
    "n_year_pairs": ("count", "", "Số trường hợp được đếm", "Cases counted"),
    "national_mean": (
        "score",
        "own",
        "Trung bình cả nước",
        "National mean",
        "Do nguồn nêu hoặc suy ra từ nguồn",
        "As a source states it, or as follows from one",
    ),
    "needed": ("score", "own", "Mức tăng cần có", "Rise needed"),
    "new": (
        "text",
        "",
        "Nay",
        "Now",
        "Số như trong dữ liệu; của một mâu thuẫn là số nguồn nêu và số đối chiếu",
        "As in the data; of a contradiction the printed figure and what others give",
    ),
    "new_editions": ("code", "", "Các kỳ mới công bố", "Editions newly published"),
    "newest_edition": ("year", "", "Kỳ mới nhất đã công bố", "Newest edition published"),
    "newest_precision": ("code", "", "Độ chính xác của ngày công bố kỳ mới nhất", "Precision of the newest day"),
    "newest_published_on": ("date", "", "Ngày công bố kỳ mới nhất", "Newest edition published on"),
    "next_group": ("code", "", "Nhóm trên", "Next group"),
    "not_told_apart": (
        "count",
        "",
        "Số tỉnh không phân biệt được",
        "Provinces not told apart",
        "Xét từng cặp, theo sai số và độ tin cậy của dòng",
        "Pair by pair, by the error and confidence of the row",
    ),
    "noise_kept_share": (
        "score",
        "share_0_1",
        "Tỷ lệ giữ nhóm nếu chỉ có sai số",
        "Share kept, were error all",
        "Tỷ lệ lượt vẫn giữ nhóm nếu từ kỳ trước chỉ có mẫu điều tra là đổi (mô phỏng)",
        "Share that would keep its group, had nothing changed but the sample (simulated)",
    ),
    "noise_share": (
        "score",
        "share_0_1",
        "Tỷ lệ tăng chừng đó nếu chỉ có sai số",
        "Share that would rise so much, were error all",
        "Tỷ lệ tỉnh sẽ tăng ít nhất chừng đó nếu chỉ có mẫu điều tra là đổi",
        "Share of provinces that would rise at least so much, had nothing changed but the sample",
    ),
    "note": ("text", "", "Ghi chú (như trong dữ liệu)", "Note (as in the data)"),
    "of": ("count", "", "Trên tổng số", "Out of"),
    "old": (
        "text",
        "",
        "Trước",
        "Before",
        "Số như trong dữ liệu; của một mâu thuẫn là số nguồn nêu và số đối chiếu",
        "As in the data; of a contradiction the printed figure and what others give",
    ),
    "other_source_id": ("code", "", "Nguồn đối chiếu", "Other source"),
    "over_30_days": ("count", "", "Quá hạn trên 30 ngày", "Overdue by over 30 days"),
    "overdue": ("count", "", "Quá hạn chưa xong", "Overdue and pending"),
    "own_best": (
        "score",
        "own",
        "Mức cao nhất của tỉnh",
        "Own best",
        "Trong các kỳ cùng một thước đo",
        "In editions that measure the same",
    ),
    "own_best_year": ("year", "", "Kỳ có mức cao nhất của tỉnh", "Edition of the own best"),
    "own_count": ("count", "", "Số lượt của tỉnh", "The province's own count"),
    "own_gap": ("score", "own", "Kém mức cao nhất của tỉnh", "Below the own best"),
    "own_group_closed": ("count", "", "Trường hợp của nhóm từng tăng", "Cases of the own group that rose so"),
    "own_group_pairs": ("count", "", "Trường hợp của nhóm", "Cases of the own group"),
    "own_group_share": ("score", "share_0_1", "Tỷ lệ trong nhóm của tỉnh", "Share in the province's own group"),
    "p_family": ("score", "share_0_1", "Giá trị p, xét cả nhóm", "P-value with all rows together"),
    "p_value": ("score", "share_0_1", "Giá trị p, xét riêng", "P-value of this change alone"),
    "part": ("code", "", "Mã phần", "Part"),
    "part_name": ("text", "", "Tên phần", "Name of the part"),
    "percentile_position": (
        "percent",
        "percent_0_100",
        "Vị trí trong số các tỉnh",
        "Position among provinces",
        "Tỷ lệ số tỉnh khác đứng dưới: 100 là đầu bảng, 0 là cuối bảng",
        "Share of the other provinces that stand lower: 100 is first, 0 is last",
    ),
    "period_end": (
        "date",
        "",
        "Ngày cuối kỳ",
        "Last day of the period",
        "Bằng ngày đầu kỳ khi là số tại một thời điểm",
        "Equal to the first day for a figure at a date",
    ),
    "period_kind": ("code", "", "Loại kỳ", "Kind of period"),
    "period_start": ("date", "", "Ngày đầu kỳ", "First day of the period"),
    "place": ("number", "", "Vị trí trong tám quý", "Place among eight quarters"),
    "planned": ("count", "", "Kế hoạch cả năm", "Planned for the year"),
    "points_over": (
        "difference",
        "percentage_points",
        "Vượt chỉ tiêu",
        "Over the target",
        "Số âm là chưa đạt",
        "Negative is short of it",
    ),
    "possible": ("flag", "", "Thang điểm cho phép", "The scale allows it"),
    "previous_basis": ("code", "", "Cách có điểm, kỳ trước", "Basis of the score, edition before"),
    "previous_edition": ("year", "", "Kỳ trước (năm)", "Edition before (year)"),
    "previous_n_ranked": (
        "count",
        "",
        "Số tỉnh được xếp hạng, kỳ trước",
        "Provinces ranked, edition before",
    ),
    "previous_position": (
        "percent",
        "percent_0_100",
        "Vị trí trong số các tỉnh, kỳ trước",
        "Position among provinces, edition before",
        "Tỷ lệ số tỉnh khác đứng dưới: 100 là đầu bảng, 0 là cuối bảng",
        "Share of the other provinces that stand lower: 100 is first, 0 is last",
    ),
    "previous_rank": ("rank", "", "Thứ hạng kỳ trước", "Rank, edition before"),
    "previous_rank_basis": ("code", "", "Cách có thứ hạng, kỳ trước", "Basis of the rank, edition before"),
    "previous_score": ("score", "own", "Điểm kỳ trước", "Score, edition before"),
    "previous_score_decimals": ("number", "", "Số chữ số thập phân, kỳ trước", "Decimals of the score, edition before"),
    "previous_source_id": ("code", "", "Nguồn của kỳ trước", "Source, edition before"),
    "printed": ("percent", "percent", "Tỷ lệ như nguồn in", "Share as printed"),
    "province": ("text", "", "Tỉnh, thành phố", "Province"),
    "province_code": ("code", "", "Mã tỉnh", "Province code", "Là chữ: 01 vẫn là 01", "Text: 01 stays 01"),
    "published_on": (
        "date",
        "",
        "Ngày công bố",
        "Published on",
        "Trống khi chưa rõ ngày",
        "Blank where the day is unknown",
    ),
    "published_precision": ("code", "", "Độ chính xác của ngày công bố", "Precision of the day"),
    "quarter": ("code", "", "Quý", "Quarter"),
    "quarter_before": ("score", "own", "Quý trước", "Quarter before"),
    "rank": ("rank", "", "Thứ hạng", "Rank", "1 là cao nhất", "1 is best"),
    "rank_basis": ("code", "", "Cách có thứ hạng", "Basis of the rank"),
    "rank_change": (
        "places",
        "ranks",
        "Thay đổi thứ hạng",
        "Change in rank",
        "Số dương là tăng hạng",
        "Positive is places gained",
    ),
    "rank_change_high": ("places", "", "Số bậc tăng thật, nhiều nhất", "True places gained, most"),
    "rank_change_low": ("places", "", "Số bậc tăng thật, ít nhất", "True places gained, least"),
    "rank_derived": (
        "rank",
        "",
        "Thứ hạng tính từ điểm",
        "Rank computed from scores",
        "Chỉ tính khi có điểm của tất cả các tỉnh trong kỳ; 1 là cao nhất",
        "Only where every score of the edition is held; 1 is best",
    ),
    "rank_from": ("rank", "", "Thứ hạng kỳ trước", "Rank, edition before"),
    "rank_high": (
        "rank",
        "",
        "Thứ hạng, đầu thấp",
        "Rank, worse end",
        "Đầu thấp của khoảng thứ hạng",
        "Worse end of the set of ranks",
    ),
    "rank_low": (
        "rank",
        "",
        "Thứ hạng, đầu cao",
        "Rank, better end",
        "Đầu cao của khoảng thứ hạng",
        "Better end of the set of ranks",
    ),
    "rank_published": ("rank", "", "Thứ hạng do nguồn công bố", "Rank as printed", "1 là cao nhất", "1 is best"),
    "rank_published_basis": ("code", "", "Cách có thứ hạng công bố", "Basis of the printed rank"),
    "rank_source_id": ("code", "", "Nguồn của thứ hạng", "Source of the rank"),
    "rank_to": ("rank", "", "Thứ hạng kỳ sau", "Rank, later edition"),
    "reached": ("score", "own", "Điểm sau mức tăng", "Score after the rise"),
    "reading": ("code", "", "Cách đọc nguồn", "How the source was read"),
    "region_best": ("score", "own", "Điểm cao nhất vùng", "Best score of the region"),
    "region_best_code": (
        "code",
        "",
        "Mã tỉnh cao nhất vùng",
        "Code of the region's best",
        "Là chữ: 01 vẫn là 01",
        "Text: 01 stays 01",
    ),
    "region_gap": ("score", "own", "Kém tỉnh cao nhất vùng", "Below the region's best"),
    "region_median": ("score", "own", "Trung vị vùng", "Median of the region"),
    "resolved": ("count", "", "Đã giải quyết", "Resolved"),
    "rho": ("score", "", "Tương quan thứ hạng Spearman", "Spearman's rank correlation", "−1 đến 1", "−1 to 1"),
    "row": ("number", "", "Dòng trong tệp dữ liệu", "Row of the data file"),
    "rule": ("code", "", "Loại mâu thuẫn", "Kind of contradiction"),
    "same_component": (
        "flag",
        "",
        "Cùng định nghĩa ở hai kỳ",
        "Defined alike in both editions",
        "Nếu không, thay đổi thật không tách được khỏi cách tính mới",
        "Where not, real change and new method cannot be told apart",
    ),
    "scale_max": ("score", "own", "Điểm tối đa của thang", "Top of the scale"),
    "score_decimals": (
        "number",
        "",
        "Số chữ số thập phân của điểm",
        "Decimals of the score",
        "Như nguồn in; điểm suy ra không có nhiều hơn",
        "As the source prints it; a worked-back score has no more",
    ),
    "signatures": ("percent", "percent", "Sử dụng chữ ký số cá nhân", "Use of personal digital signatures"),
    "span": ("text", "", "Giai đoạn", "Span of editions"),
    "standard_deviation": ("score", "own", "Độ lệch chuẩn giữa các tỉnh", "Standard deviation between provinces"),
    "standard_error": (
        "score",
        "own",
        "Sai số chuẩn",
        "Standard error",
        "Của tổng điểm không trọng số, như PAPI công bố; chỉ có năm 2019",
        "Of the unweighted total, as PAPI published it; for 2019 alone",
    ),
    "score": ("score", "own", "Điểm", "Score", "Điểm như nguồn in", "As the source prints it"),
    "score_change": (
        "difference",
        "own",
        "Thay đổi điểm",
        "Change in score",
        "Tính từ số chưa làm tròn; trống khi hai kỳ khác phương pháp",
        "Computed from figures not rounded; blank across a break of method",
    ),
    "score_from": ("score", "own", "Điểm kỳ trước", "Score, edition before"),
    "score_to": ("score", "own", "Điểm kỳ sau", "Score, later edition"),
    "share": ("percent", "percent", "Tỷ lệ", "Share", "Tính từ số đếm", "Computed from the counts"),
    "share_stays": (
        "percent",
        "percent",
        "Tỷ lệ số lần giữ nhóm",
        "Share of draws in the same group",
        "Trong các bộ trọng số ngẫu nhiên",
        "Of the random weights",
    ),
    "simultaneous": (
        "flag",
        "",
        "Đồng thời cho mọi tỉnh",
        "For all provinces at once",
        "Sai: độ tin cậy của từng khoảng; đúng: của mọi khoảng cùng lúc",
        "False: the confidence is that of each set; true: of all sets together",
    ),
    "short_title": ("text", "", "Nhóm nhiệm vụ", "Task (in Vietnamese)"),
    "short_title_en": ("text", "", "Nhóm nhiệm vụ (tiếng Anh)", "Task"),
    "source_id": (
        "code",
        "",
        "Mã nguồn",
        "Source",
        "Xem trang nguồn số liệu; nhiều nguồn cách nhau bằng dấu cách",
        "See the sheet of sources; several are separated by spaces",
    ),
    "split": ("code", "", "Chia theo", "Split by"),
    "state": ("code", "", "Tình trạng", "State"),
    "status": ("code", "", "Tình trạng", "Status"),
    "stays": (
        "flag",
        "",
        "Giữ nhóm",
        "Same group",
        "Cùng nhóm với tổng điểm công bố",
        "The group is that of the published total",
    ),
    "subject": ("code", "", "Mã số liệu", "Figure"),
    "target": ("percent", "percent", "Chỉ tiêu", "Target"),
    "target_from": ("date", "", "Chỉ tiêu có từ ngày", "Target set on"),
    "task_number": ("number", "", "Số thứ tự nhóm nhiệm vụ", "Number of the task"),
    "threshold": (
        "score",
        "own",
        "Ngưỡng nhóm trên",
        "Threshold of the next group",
        "Điểm nhỏ nhất đưa tỉnh lên nhóm trên",
        "Smallest score that reaches the group above",
    ),
    "to_10_days": ("count", "", "Quá hạn đến 10 ngày", "Overdue by up to 10 days"),
    "to_30_days": ("count", "", "Quá hạn từ 11 đến 30 ngày", "Overdue by 11 to 30 days"),
    "total": ("count", "", "Tổng số", "Total"),
    "unit": ("code", "", "Đơn vị", "Unit"),
    "unit_printed": ("code", "", "Đơn vị như nguồn in", "Unit as printed"),
    "upper_quartile": ("score", "own", "Tứ phân vị trên", "Upper quartile"),
    "using": ("count", "", "Số cơ quan sử dụng", "Agencies using it"),
    "value": ("score", "own", "Giá trị", "Value"),
    "value_printed": ("text", "", "Giá trị như nguồn in", "Value as printed"),
    "weights": (
        "text",
        "",
        "Trọng số",
        "Weights",
        "Trống là tỉnh cũ như công bố",
        "Blank is an old province as published",
    ),
    "window": ("code", "", "Cách tính quý", "Kind of quarter"),
    "within_reach": (
        "flag",
        "",
        "Trong tầm",
        "Within reach",
        "Ít nhất một trong bốn trường hợp từng tăng được khoảng cách đó",
        "At least one case in four rose by that distance",
    ),
    "year": ("year", "", "Năm", "Year"),
    "year_before": ("score", "own", "Cùng kỳ năm trước", "Same quarter last year"),
}

# Units that a name has on one card only.
_ON_CARD = {
    ("channel_shares", "count"): "dossiers",
    ("channel_shares", "total"): "dossiers",
    ("agencies", "late"): "dossiers",
    ("agencies", "over_30_days"): "dossiers",
    ("agencies", "overdue"): "dossiers",
    ("agencies", "resolved"): "dossiers",
    ("agencies", "to_10_days"): "dossiers",
    ("agencies", "to_30_days"): "dossiers",
    ("digital_adoption", "total"): "agencies",
    ("digital_adoption", "using"): "agencies",
    ("plan_tasks", "count"): "tasks",
    ("plan_tasks", "due"): "tasks",
    ("plan_tasks", "planned"): "tasks",
    ("procedure_parts", "value"): "procedures",
    ("unit_columns", "value"): "service_units",
}

# What codes mean where the glossary says nothing, or something else.
_CODES = {
    "window": {
        "calendar": ("theo lịch", "of the calendar"),
        "reporting": ("kỳ báo cáo, từ ngày 15 đến ngày 14", "of the reports, from the 15th to the 14th"),
    },
    "moved": {"score": ("tổng điểm", "total score"), "rank": ("thứ hạng", "rank")},
    "cause": {
        "own": ("điểm của tỉnh", "own scores"),
        "rivals": ("điểm các tỉnh khác", "scores of the others"),
        "membership": ("tỉnh vào, ra xếp hạng", "provinces in and out"),
        "method": ("đổi cách tính", "change of method"),
    },
    "alternative": {
        "published": ("như công bố", "as published"),
        "weighted": ("tổng có trọng số của PAPI", "PAPI's weighted total"),
        "geometric_mean": ("trung bình nhân", "geometric mean"),
        "min_max": ("chuẩn hóa min–max", "min–max scaling"),
        "z_scores": ("chuẩn hóa z", "z-scores"),
        "mean_rank": ("trung bình thứ hạng", "mean of ranks"),
        "drop": ("bỏ một trục", "one dimension left out"),
        "random_weights": ("trọng số ngẫu nhiên", "random weights"),
    },
    "assumption": {
        "published": ("sai số công bố", "published errors"),
        "as_2019": ("giả định: sai số như năm 2019", "assumed: errors as in 2019"),
        "median_2019": ("giả định: trung vị sai số năm 2019", "assumed: median error of 2019"),
        "variances_2019": ("giả định: phương sai như năm 2019", "assumed: variances as in 2019"),
    },
    "evidence": {
        "printed": ("cơ quan công bố in", "printed by the publisher"),
        "transcribed": ("chép lại từ bản sao, báo, cổng thông tin", "transcribed from a copy, the press or a portal"),
        "worked_back": ("suy ra, không có ở nguồn nào", "worked back, printed nowhere"),
    },
    "reading": {"assumed": ("kỳ hoặc từ ngữ hiểu theo đơn vị lập báo cáo", "period or word as the compilers read it")},
    "boundary": {
        "pre_2025": ("63 tỉnh, thành phố trước 01/7/2025", "63 provinces before 1 July 2025"),
        "post_2025": ("34 tỉnh, thành phố từ 01/7/2025", "34 provinces since 1 July 2025"),
    },
    "because": {
        "revised": ("số được sửa", "revised"),
        "added": ("số được bổ sung", "added"),
        "removed": ("số được bỏ", "removed"),
        "follows": ("theo số của tỉnh khác", "follows from others' figures"),
        "moved_rank": ("làm đổi hạng của tỉnh", "moved the province's rank"),
        "revision": ("do số liệu cũ được sửa", "since old figures were revised"),
        "time": ("do có thêm số liệu mới", "since newer figures came"),
    },
    "figure": {
        "score": ("điểm", "score"),
        "rank": ("thứ hạng do nguồn nêu", "rank as printed"),
        "group": ("nhóm do nguồn nêu", "group as printed"),
        "value": ("số như nguồn in", "value as printed"),
        "rank_derived": ("thứ hạng tính từ điểm", "rank computed from scores"),
        "group_derived": ("nhóm tính từ điểm", "group computed from scores"),
        "others": ("số liệu của các tỉnh khác", "figures of other provinces"),
    },
    "kind": {
        "new_edition": ("kỳ chỉ số mới", "new edition"),
        "newly_known": ("kết quả kỳ trước nay mới biết", "result newly known"),
        "no_new_edition": ("không có kỳ mới", "no new edition"),
        "rank": ("thay đổi thứ hạng", "moved rank"),
        "group": ("chuyển nhóm", "group crossed"),
        "target": ("kết quả so với chỉ tiêu", "result against target"),
        "contradiction_new": ("mâu thuẫn mới", "new contradiction"),
        "contradiction_gone": ("mâu thuẫn không còn", "contradiction gone"),
        "revision": ("số liệu cũ được sửa", "revised old figure"),
        "index": ("chỉ số", "index"),
        "workload": ("khối lượng, kết quả công việc", "workload and results"),
    },
    "level": {
        "total": ("chỉ số tổng", "total of the index"),
        "dimension": ("trục nội dung, chỉ số thành phần", "dimension, sub-index"),
        "subdimension": ("nội dung thành phần", "sub-dimension"),
        "sub_dimension": ("nội dung thành phần", "sub-dimension"),
    },
    "newest_precision": {
        "day": ("đúng ngày", "to the day"),
        "month": ("chỉ biết tháng", "month only"),
        "about": ("khoảng ngày", "about the day"),
        "unknown": ("chưa rõ ngày", "day unknown"),
    },
    "period_kind": {
        "day": ("tại một ngày", "at a date"),
        "quarter": ("quý", "quarter"),
        "half": ("sáu tháng", "half a year"),
        "nine_months": ("chín tháng", "nine months"),
        "year": ("năm", "year"),
    },
    "rank_basis": {
        "derived": ("tính từ điểm của tất cả các tỉnh", "computed from the scores of all provinces"),
        "published": ("do nguồn nêu", "as a source prints it"),
        "implied": ("suy từ mức tăng, giảm mà nguồn nêu ở kỳ khác", "from a change stated with another edition"),
    },
    "split": {"level": ("cấp hành chính", "administrative level"), "kind": ("nội dung thay đổi", "kind of change")},
    "status": {
        "new": ("có kỳ mới từ quý trước", "a new edition since the last quarter"),
        "unchanged": ("không có kỳ mới", "no new edition"),
        "nothing": ("chưa có số liệu của tỉnh", "nothing held of the province"),
    },
}
_CODES["previous_rank_basis"] = _CODES["rank_basis"]
_CODES["published_precision"] = _CODES["newest_precision"]

# Code columns that readers need in words beside the code.
NAMED = {
    "component_id": "component_name",
    "indicator": "indicator_name",
    "measure": "measure_name",
    "part": "part_name",
}


@dataclass(frozen=True)
class Column:
    """A column as readers see it: label, unit (blank where it has none), what it is, and how its cells are shown."""

    name: str
    kind: str
    label: str
    unit: str = ""
    meaning: str = ""

    @property
    def heading(self) -> str:
        return f"{self.label} ({self.unit})" if self.unit else self.label


def known(name: str) -> bool:
    """Whether a column has a name of its own for readers."""
    return name in _COLUMNS


def column(name: str, language: str, card: str = "", frame: Mapping[str, Iterable] | None = None) -> Column:
    """A column of a card's CSV; one that is not known keeps its machine name. `frame` tells the unit of its scores."""
    if name not in _COLUMNS:
        return Column(name, "text", name)
    kind, unit, vi, en, *meaning = _COLUMNS[name]
    unit = _ON_CARD.get((card, name), unit)
    if unit == "own":
        unit = _own_unit(frame)
        if kind == "difference" and unit == "percent":
            unit = "percentage_points"
    shown = pick(*UNITS[unit], language) if unit in UNITS else label(unit, language) if unit else ""
    return Column(name, kind, pick(vi, en, language), shown, pick(*meaning, language) if meaning else "")


def _own_unit(frame: Mapping[str, Iterable] | None) -> str:
    """Unit of the scores of a frame: said in its column, or known of its components; `by_row` where it varies."""
    if frame is None:
        return ""
    if "unit" in frame:
        units = set(frame["unit"]) - {""}
    else:
        declared = {component.component_id: component.unit for component in catalogue().components}
        units = {declared[name] for name in frame.get("component_id", ()) if name in declared}
    if len(units) > 1:
        return "by_row"
    unit = units.pop() if units else ""
    return unit if unit in LABELS else ""


def code_name(name: str, code: str, language: str, boundary: str = "pre_2025") -> str:
    """What a code of a column means; blank where it is no code, or one that explains itself."""
    try:
        if name in _CODES and code in _CODES[name]:
            return pick(*_CODES[name][code], language)
        if name == "index_id":
            return index_name(code)
        if name == "province_code":
            return province_name(code, boundary, language)
        if name == "component_id":
            component = catalogue().component(code)
            return component_name(component, language) if component.level != "total" else index_name(component.index_id)
        if name == "indicator":
            return indicator_name(code, language)
        if name == "measure":
            return measure_name(code, language)
        if name == "part":
            return part_name(code, language)
        kind = _COLUMNS[name][0] if name in _COLUMNS else ""
        return label(code, language) if kind == "code" and code in LABELS else ""
    except (KeyError, ValueError, IndexError):
        return ""
