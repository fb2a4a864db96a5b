foreach(name slots consultations consultation_awaited consultation_drafts holds proceedings series calendars)
  duikou_test(rules_${name}_test SOURCES rules_${name}_test.cc DEPS consultation_rules LABELS unit)
endforeach()
# Optimized with sanitizers as well, as it is what takes the time.
duikou_library(slot_oracle SOURCES slot_instances.cc slot_oracle.cc DEPS consultation_rules)
duikou_test(rules_slots_random_test SOURCES rules_slots_random_test.cc DEPS slot_oracle LABELS unit)
# A million instances: with --slow.
add_test(NAME rules_slots_random_slow COMMAND rules_slots_random_test)
set_tests_properties(rules_slots_random_slow PROPERTIES LABELS "unit;slow" ENVIRONMENT DUIKOU_SLOT_INSTANCES=1000000 TIMEOUT 3600)
duikou_test(schema_consultation_test SOURCES schema_consultation_test.cc DEPS common_auth common_schema consultation_protos LABELS unit)
