foreach(name host_addresses redis record_cache throttle)
  duikou_test(cache_${name}_test SOURCES cache_${name}_test.cc cache_redis_server.cc DEPS common_cache LABELS unit)
endforeach()
