duikou_test(search_oracle_test SOURCES search_oracle_test.cc search_oracle.cc DEPS common_search LABELS unit)
#A million queries : with-- slow.
    add_test(NAME search_oracle_slow COMMAND search_oracle_test)
        set_tests_properties(search_oracle_slow PROPERTIES LABELS
                             "unit;slow" ENVIRONMENT DUIKOU_QUERIES = 1000000 TIMEOUT 3600)
