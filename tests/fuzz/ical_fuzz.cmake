duikou_fuzz(ical_fuzz SOURCES ical_fuzz.cc DEPS common_ical)
