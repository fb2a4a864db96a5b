duikou_fuzz(filter_fuzz SOURCES filter_fuzz.cc DEPS common_store taskregistry_protos)
