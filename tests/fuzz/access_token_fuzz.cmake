duikou_fuzz(access_token_fuzz SOURCES access_token_fuzz.cc DEPS common_auth)
