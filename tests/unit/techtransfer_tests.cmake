duikou_test(rules_contracts_test SOURCES rules_contract_figures_test.cc rules_contracts_test.cc rules_offer_contracts_test.cc DEPS techtransfer_rules LABELS unit)
foreach(name listings negotiations publicity registration)
  duikou_test(rules_${name}_test SOURCES rules_${name}_test.cc DEPS techtransfer_rules LABELS unit)
endforeach()
