* no difference across a break of method, or across a year without a score
use panel.dta, clear
keep if component_id == "papi_total" & !missing(score)
destring province_code, generate(province)
sort province edition_year
by province: generate change = score - score[_n-1] ///
    if segment == segment[_n-1] & edition_year == edition_year[_n-1] + 1
tabstat change, by(edition_year) statistics(median n)
xtset province edition_year
xtreg score i.edition_year if segment == 3, fe vce(cluster province)
