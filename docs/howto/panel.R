panel <- read.csv("panel.csv", colClasses = c(province_code = "character"), encoding = "UTF-8")
papi <- subset(panel, component_id == "papi_total" & !is.na(score))
papi <- papi[order(papi$province_code, papi$edition_year), ]
# no difference across a break of method, or across a year without a score
previous <- function(x) c(NA, head(x, -1))
follows <- papi$province_code == previous(papi$province_code) & papi$segment == previous(papi$segment) &
  papi$edition_year == previous(papi$edition_year) + 1
papi$change <- ifelse(follows, papi$score - previous(papi$score), NA)
aggregate(change ~ edition_year, papi, median)
summary(lm(score ~ factor(edition_year) + factor(province_code), papi, subset = segment == 3))
