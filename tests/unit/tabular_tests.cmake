duikou_test(tabular_csv_test SOURCES tabular_csv_test.cc DEPS common_tabular LABELS unit)
    duikou_test(tabular_xlsx_test SOURCES tabular_xlsx_test.cc DEPS common_tabular common_zip LABELS unit)
