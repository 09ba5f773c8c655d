"""The figures that the example province follows, each with its confidence and source.

measured: published statistics of the province; derived: arithmetic on measured ones; assumed: a guess that only
has to look right. Sources: plan II.2 note 1 and report 177/BC-BTV (baseline); the provincial Cooperative Alliance
and the provincial People's Committee at the end of 2023 (totals, statuses, workers, revenue, income).
"""

# Baseline of 2023-03-24: measured, plan II.2 note 1. Any seed reproduces these to the unit.
ALL_COOPERATIVES = 299
WOMEN_MANAGED_MEMBERS = 2786
ALL_GROUPS = 1375

COOPERATIVES_AT_CUT_OFF = {2023: 323, 2024: 345, 2025: 360}
"""cooperatives, unions and credit funds that are not dissolved; 2023 measured, 2024 and 2025 assumed"""
DISSOLVED_PER_YEAR = {2023: 6, 2024: 8, 2025: 10}
"""assumed: 5 to 15 a year"""
GROUPS_AT_CUT_OFF = {2023: 1390, 2024: 1398, 2025: 1405}
"""groups that are not dissolved; 2023 measured, 2024 and 2025 assumed"""

STATUS_SHARES = {"active": 0.70, "ineffective": 0.068, "suspended": 0.025, "awaiting_dissolution": 0.197,
                 "not_converted": 0.01}  # fmt: skip
"""measured for 2023: operating 0.768, awaiting dissolution 0.207, suspended 0.025; the finer split is assumed"""

SECTOR_SHARES = {"crop": 0.50, "livestock": 0.12, "forestry": 0.04, "aquaculture": 0.02, "agri_services": 0.18,
                 "transport": 0.06, "trade_services": 0.03, "construction": 0.007, "handicraft": 0.006,
                 "processing": 0.017, "environment": 0.01, "general": 0.01}  # fmt: skip
"""derived: farming and forestry 0.86, transport 0.06; the split inside farming is assumed"""

DISTRICT_WEIGHTS = {"696": 0.15, "692": 0.13, "695": 0.12, "691": 0.10, "698": 0.10, "689": 0.10, "694": 0.09,
                    "697": 0.06, "693": 0.06, "690": 0.05, "688": 0.04}  # fmt: skip
"""assumed: no split by district is published"""
UNION_FOUNDED_GROUPS = {"696": 10, "692": 9, "695": 7, "691": 7, "698": 7, "689": 4, "694": 7, "697": 4, "693": 4,
                        "690": 3, "688": 2}  # fmt: skip
"""assumed split of the measured 64"""

CREDIT_FUNDS = 4
"""measured, end of 2021; one of them stands among the women-managed"""
UNIONS = 2
"""assumed"""

MEMBERS_FLOOR, MEMBERS_MU, MEMBERS_SIGMA = 7, 2.6, 0.9
"""a farm cooperative's members: 7 (the minimum of the law of 2012) + lognormal; assumed, mean 27 as measured"""
CREDIT_FUND_MU, CREDIT_FUND_SIGMA = 7.2, 0.5
"""a credit fund's members: lognormal, median 1,300; assumed"""
LARGE_SHARE = 0.58
"""of the members that the two large ones of the 33 have between them; assumed"""

WORKERS_MU, WORKERS_SIGMA = 3.2, 0.45
"""a cooperative's workers: lognormal with the measured mean of about 27 to 32; shape assumed"""
WOMEN_SHARE_ALPHA, WOMEN_SHARE_BETA = 7, 4
"""women among the workers of a women-managed cooperative: beta, mean 0.64; assumed"""

REVENUE_MEDIAN, REVENUE_SIGMA = 1600, 1.1
"""million VND a year; measured mean 3,670, shape assumed"""
PROFIT_MEAN, PROFIT_SIGMA = 0.048, 0.06
"""profit by revenue; measured mean 175 million VND, shape assumed"""
CAPITAL_MEDIAN, CAPITAL_SIGMA, CAPITAL_MIN = 1500, 1.2, 100
"""million VND; measured mean of active ones 5,240 million VND, shape assumed"""
MONTHLY_INCOME, INCOME_GROWTH = 4.6, 0.25
"""million VND a month of a worker in 2023 and its yearly growth; measured: 54 to 57 a year, +3 once"""

RATING_SHARES = {"good": 0.113, "fair": 0.292, "average": 0.372, "weak": 0.223}
"""measured for farm cooperatives in 2023; the last by subtraction"""
RATING_SCORES = {"good": (80, 96), "fair": (65, 79), "average": (50, 64), "weak": (25, 49)}
"""TT 01/2020/TT-BKHĐT"""
OCOP_SHARE = 0.094
"""cooperatives with OCOP products; derived 20/213"""
OCOP_STARS = {3: 0.60, 4: 0.38, 5: 0.02}
"""assumed"""

TRAINED_IN = {2023: 0.58, 2024: 0.24, 2025: 0.14}
"""share of women managers by the year of their first course; assumed, on the way to the plan's 100 %"""
CERTIFIED_IN = {2023: 0.10, 2024: 0.12, 2025: 0.14}
"""share by the year of a certificate; assumed, on the way to the plan's 30 %"""
OFFICERS_SKILLED = {2023: 0.54, 2024: 0.68, 2025: 0.83}
"""share of Union officers with improved skills; assumed, target 80 % in 2025"""
ASSIGNED_TRAINED = {2023: 0.72, 2024: 0.86, 2025: 0.97}
"""share of assigned officers trained; assumed, target 100 % in 2025"""
GUIDED_IN = {2023: 0.34, 2024: 0.24, 2025: 0.18}
"""share of listed cooperatives by the year of procedure guidance; assumed, target 100 % in 2030"""
