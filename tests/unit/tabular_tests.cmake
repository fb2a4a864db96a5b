duikou_test(tabular_csv_test SOURCES tabular_csv_test.cc DEPS common_tabular LABELS unit)
    duikou_test(tabular_xlsx_test SOURCES tabular_xlsx_test.cc DEPS common_tabular common_zip LABELS unit)
duikou_test(document_test SOURCES document_test.cc DEPS common_document common_zip LABELS unit)
