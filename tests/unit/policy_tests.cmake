duikou_test(policy_documents_test SOURCES policy_documents_test.cc DEPS taskregistry_policy LABELS unit)
duikou_test(policy_example_test SOURCES policy_example_test.cc DEPS taskregistry_policy LABELS unit)
duikou_test(policy_fields_test SOURCES policy_fields_test.cc DEPS taskregistry_policy LABELS unit)
duikou_test(policy_levels_test SOURCES policy_levels_test.cc DEPS taskregistry_policy LABELS unit)
duikou_test(policy_units_test SOURCES policy_units_test.cc DEPS taskregistry_policy LABELS unit)
duikou_test(policy_plan_parse_test
  SOURCES policy_plan_parse_test.cc "${PROJECT_SOURCE_DIR}/clients/cli/plan_parse.cc" "${PROJECT_SOURCE_DIR}/clients/cli/plan_preview.cc"
  DEPS taskregistry_policy common_text common_base
  LABELS unit)
