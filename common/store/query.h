#ifndef DUIKOU_COMMON_STORE_QUERY_H_
#define DUIKOU_COMMON_STORE_QUERY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/schema/resource_type.h"
#include "common/store/filter.h"
#include "common/store/sql.h"

namespace duikou::store {

// What a List asks for.
struct ListQuery {
  std::string parent;    // A record above, "cities/210800", or "cities/-" for all cities.
  std::string filter;    // AIP-160, see ParseFilter.
  std::string order_by;  // "due_date desc, number"; names break ties.
  int page_size = 0;     // 0: 50; above 1,000: 1,000; negative is refused.
  std::string page_token;
  // So many rows are looked at before a page is given as it is, short or even empty, with the token of the next, so
  // that a caller who may see few of very many does not have them all read at once (AIP-158). 0: until it is full.
  int max_rows = 0;
  // Restrictions made by code, beside the filter: field = value.
  std::vector<std::pair<std::string, Value>> where;
};

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;

// A List made into SQL: selects message, version, city, id and the values that it is ordered by.
struct CompiledQuery {
  Sql sql;  // Its last three parameters … are appended by Bind.
  std::vector<Value> params;
  size_t order_columns = 0;  // Without city and id, which always come last.
};

// INVALID_ARGUMENT names what in filter, order_by or parent is wrong. `after` is the place of the last row of the page
// before: its order values, city and id; empty for the first page.
absl::StatusOr<CompiledQuery> Compile(const schema::ResourceType& type, const ListQuery& query,
                                      const std::vector<Value>& after, int limit);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_QUERY_H_
