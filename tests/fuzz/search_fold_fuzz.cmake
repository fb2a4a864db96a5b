duikou_fuzz(search_fold_fuzz SOURCES search_fold_fuzz.cc DEPS common_search)
