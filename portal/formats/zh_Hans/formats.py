MONTH_DAY_FORMAT = "n月j日"  # 9月5日; Django writes 09月5日
