duikou_fuzz(policy_fuzz SOURCES policy_fuzz.cc DEPS taskregistry_policy)
