duikou_test(cli_values_test SOURCES cli_values_test.cc DEPS cli_records LABELS unit)
duikou_test(cli_text_test SOURCES cli_text_test.cc DEPS cli_records LABELS unit)
duikou_test(cli_chain_test SOURCES cli_chain_test.cc DEPS cli_records LABELS unit)
