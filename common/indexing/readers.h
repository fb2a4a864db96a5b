// Who may see a document: values of which it shares one with each caller who may.
#ifndef DUIKOU_COMMON_INDEXING_READERS_H_
#define DUIKOU_COMMON_INDEXING_READERS_H_

#include <optional>
#include <string>
#include <vector>

#include "common/base/caller.h"
#include "common/schema/access_facts.h"
#include "common/search/index.h"

namespace duikou::indexing {

// Value fields that RecordIndex adds to each schema: the city that keeps the record, and who may see it, which no query
// can name.
inline constexpr char kCity[] = "city";
inline constexpr char kReaders[] = "readers";

// schema::MaySee said the other way round: whom the facts let see a record, as values. Few for a record and few for a
// caller, however many records there are.
std::vector<std::string> ReadersOf(const schema::AccessFacts& facts);

// The documents that a caller may see; nullopt: all of them.
std::optional<search::Query> VisibleTo(const Caller& caller, const schema::ResourceType& type,
                                       const search::Schema& schema);

}  // namespace duikou::indexing

#endif  // DUIKOU_COMMON_INDEXING_READERS_H_
