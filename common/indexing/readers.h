// Who may see a document: a value that stands for what decides it.
#ifndef DUIKOU_COMMON_INDEXING_READERS_H_
#define DUIKOU_COMMON_INDEXING_READERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/caller.h"
#include "common/schema/access_facts.h"
#include "common/search/index.h"

namespace duikou::indexing {

// Value fields that RecordIndex adds to each schema: the city that keeps the record, and who may see it, which no query
// can name.
inline constexpr char kCity[] = "city";
inline constexpr char kReaders[] = "readers";

// Facts as a value, equal for equal facts, and back. Folding changes nothing in it.
std::string EncodeFacts(const schema::AccessFacts& facts);
std::optional<schema::AccessFacts> DecodeFacts(std::string_view value);

// The documents that a caller may see, of an index whose documents have these values.
search::Query VisibleTo(const Caller& caller, const schema::ResourceType& type, const search::Schema& schema,
                        const std::vector<std::string>& values);

}  // namespace duikou::indexing

#endif  // DUIKOU_COMMON_INDEXING_READERS_H_
