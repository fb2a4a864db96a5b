foreach(name bids events sign_ups timetable)
  duikou_test(rules_${name}_test SOURCES rules_${name}_test.cc DEPS techtransfer_rules LABELS unit)
endforeach()
