duikou_fuzz(csv_fuzz SOURCES csv_fuzz.cc DEPS common_tabular)
