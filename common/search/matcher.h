// Which documents of a segment match, and what they score.
#ifndef DUIKOU_COMMON_SEARCH_MATCHER_H_
#define DUIKOU_COMMON_SEARCH_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "common/search/bitmap.h"
#include "common/search/plan.h"
#include "common/search/segment.h"

namespace duikou::search {

// How much each leaf of a plan counts: its weight by its rarity; 0 if it does not score.
using LeafScores = std::vector<float>;

// What Leaf::sources lead to, among the documents of `visible` (null: all that are live).
size_t CountSource(const Source& source, const Segment& segment, size_t number, const Bitmap* visible);

class SegmentMatcher {
 public:
  // The sources of `plan` are located, `segment` being that with this number. `visible` is a part of segment.live().
  // All outlive this.
  SegmentMatcher(const Plan& plan, const Segment& segment, size_t number, const Bitmap& visible);

  const Bitmap& Match();
  // Instead of Match, where the whole plan is one leaf that is found by its sources' order: its occurrences.
  PostingColumns FindInOrder() const { return FindInOrder(plan_.leaves.front(), visible_); }
  // Calls visit(doc, score) for each match, the last first, after Match.
  template <typename Visit>
  void ForEachScored(const LeafScores& scores, Visit visit);

 private:
  // Hits of a scoring leaf, in the order of documents; those that are not asked for may be among them.
  struct Hits {
    Postings postings;
    PostingColumns own;
    size_t at = 0;
    std::unique_ptr<Bitmap> only;  // Where the parts of the query that it belongs to match as a whole; null: anywhere.
  };

  Bitmap Match(const PlanNode& node, const Bitmap& within);
  Bitmap MatchLeaf(size_t leaf, const Bitmap& within);
  Bitmap MatchAll(const PlanNode& node, const Bitmap& within);
  Bitmap MatchSimilar(const Bitmap& within);
  PostingColumns FindInOrder(const Leaf& leaf, const Bitmap& within) const;
  Bitmap MatchInOrder(const Leaf& leaf, const Bitmap& within, Hits& hits) const;
  void LookIntoText(const Leaf& leaf, Bitmap& candidates, Hits& hits) const;
  void SetUnionHits(const std::vector<const PostingList*>& lists, const Bitmap& matches, Hits& hits);
  size_t Cost(const PlanNode& node) const;
  float Score(const LeafScores& scores, uint16_t doc);
  void Accumulate(const LeafScores& scores);

  const Plan& plan_;
  const Segment& segment_;
  const size_t number_;
  const Bitmap& visible_;
  Bitmap matches_;
  std::vector<Hits> hits_;                   // By leaf.
  std::unique_ptr<float[]> accumulated_;     // Of a similar plan: the score of each document.
  std::unique_ptr<uint32_t[]> frequencies_;  // Zeroed between uses.
};

template <typename Visit>
void SegmentMatcher::ForEachScored(const LeafScores& scores, Visit visit) {
  if (plan_.similar()) Accumulate(scores);
  std::vector<std::pair<uint16_t, float>> scored;
  matches_.ForEach(
      [&](uint16_t doc) { scored.emplace_back(doc, plan_.similar() ? accumulated_[doc] : Score(scores, doc)); });
  for (size_t i = scored.size(); i-- > 0;) visit(scored[i].first, scored[i].second);
}

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_MATCHER_H_
