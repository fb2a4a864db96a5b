duikou_test(text_encoding_test SOURCES text_encoding_test.cc DEPS common_text LABELS unit)
duikou_test(text_fold_test SOURCES text_fold_test.cc DEPS common_text LABELS unit)
duikou_test(text_check_digits_test SOURCES text_check_digits_test.cc DEPS common_text LABELS unit)
duikou_test(text_search_fold_test SOURCES text_search_fold_test.cc DEPS common_text LABELS unit)
