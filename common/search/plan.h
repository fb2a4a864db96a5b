// A query made ready for one index: words as numbers, and which posting lists lead to what is asked for.
#ifndef DUIKOU_COMMON_SEARCH_PLAN_H_
#define DUIKOU_COMMON_SEARCH_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "common/search/query.h"
#include "common/search/segment.h"
#include "common/search/terms.h"
#include "common/search/vocabulary.h"

namespace duikou::search {

// Posting lists whose documents are taken together.
struct Source {
  enum class Kind : uint8_t { kTerm, kIdeograph, kAnyOf };

  Kind kind = Kind::kTerm;
  TermId term = 0;             // Of kTerm; of kIdeograph its first half is the character.
  std::vector<TermId> any_of;  // Of kAnyOf.

  // Of kTerm, once it is located: its list in each segment, null where there is none.
  std::vector<const PostingList*> located;

  void Locate(const std::vector<std::unique_ptr<Segment>>& segments);
  std::vector<const PostingList*> ListsIn(const Segment& segment, size_t number) const;
};

// A place in a phrase.
struct Step {
  TokenId token = kGap;
  bool tight = false;
};

// Documents that have all of the sources, and, if `steps` are to be looked for, that have these in their text. No
// source: nothing matches.
struct Leaf {
  std::vector<Source> sources;
  std::vector<Step> steps;
  std::vector<TokenId> last_of;  // In ascending order: the last step may be any of these, if there are any.
  int field = -1;
  // How it is found: one source says all; or the sources do by their order (source i from step i on, with a pair or
  // word); or the text is looked into.
  enum class Way : uint8_t { kOneSource, kInOrder, kText };
  Way way = Way::kOneSource;
  bool scores = true;
  float weight = 1;

  // How often a document has it, over its fields.
  uint32_t FrequencyIn(const StoredDocument& document) const;
};

struct PlanNode {
  Query::Kind kind = Query::Kind::kEverything;
  std::vector<PlanNode> children;
  // Its leaves are [leaf, leaf_end), those of its children in their order.
  size_t leaf = 0;
  size_t leaf_end = 0;
};

struct Plan {
  PlanNode root;
  // In the order in which their scores are added. Those of a kSimilar root stand for themselves.
  std::vector<Leaf> leaves;

  bool similar() const { return root.kind == Query::Kind::kSimilar; }
};

// The words and numbers of an index, and its values by field.
struct Vocabularies {
  Vocabulary words;
  std::vector<Vocabulary> values;
};

Plan MakePlan(const Query& query, const Vocabularies& vocabularies);

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_PLAN_H_
