duikou_test(search_oracle_test SOURCES search_oracle_test.cc search_oracle.cc DEPS common_search LABELS unit)
# A million queries: with --slow.
add_test(NAME search_oracle_slow COMMAND search_oracle_test)
set_tests_properties(search_oracle_slow PROPERTIES LABELS "unit;slow" ENVIRONMENT DUIKOU_QUERIES=1000000 TIMEOUT 3600)
duikou_test(search_index_test SOURCES search_index_test.cc counted_new.cc DEPS common_search LABELS unit)
foreach(subject query highlight)
  duikou_test(search_${subject}_test SOURCES search_${subject}_test.cc DEPS common_search LABELS unit)
endforeach()
duikou_test(search_known_item_test SOURCES search_known_item_test.cc DEPS bench_search cli_known_item PkgConfig::sqlite3 PkgConfig::xapian LABELS unit)
