duikou_fuzz(xlsx_fuzz SOURCES xlsx_fuzz.cc DEPS common_tabular common_zip)
