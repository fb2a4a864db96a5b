#include "common/search/matcher.h"

#include <algorithm>

#include "common/search/intersect.h"
#include "common/search/score.h"

namespace duikou::search {
namespace {

Bitmap UnionOf(const std::vector<const PostingList*>& lists) {
  Bitmap out;
  for (const PostingList* list : lists) {
    const Postings postings = list->postings();
    for (size_t i = 0; i < postings.size; ++i) out.Set(postings.docs[i]);
  }
  return out;
}

}  // namespace

size_t CountSource(const Source& source, const Segment& segment, size_t number, const Bitmap* visible) {
  if (visible == nullptr && source.kind == Source::Kind::kTerm) {
    return source.located[number] == nullptr ? 0 : source.located[number]->live();
  }
  const std::vector<const PostingList*> lists = source.ListsIn(segment, number);
  if (lists.empty()) return 0;
  if (lists.size() == 1) {
    if (visible == nullptr) return lists.front()->live();
    size_t count = 0;
    ForEachDocument(lists.front()->postings(), [&](uint16_t doc, uint32_t) { count += visible->Test(doc) ? 1 : 0; });
    return count;
  }
  Bitmap docs = UnionOf(lists);
  docs &= visible == nullptr ? segment.live() : *visible;
  return docs.Count();
}

SegmentMatcher::SegmentMatcher(const Plan& plan, const Segment& segment, size_t number, const Bitmap& visible)
    : plan_(plan), segment_(segment), number_(number), visible_(visible), hits_(plan.leaves.size()) {}

const Bitmap& SegmentMatcher::Match() {
  matches_ = plan_.similar() ? MatchSimilar(visible_) : Match(plan_.root, visible_);
  return matches_;
}

// Roughly how much there is to read for a node.
size_t SegmentMatcher::Cost(const PlanNode& node) const {
  if (node.kind != Query::Kind::kText && node.kind != Query::Kind::kValue) return kSegmentDocuments * 4;
  const Leaf& leaf = plan_.leaves[node.leaf];
  size_t cost = leaf.sources.empty() ? 0 : kSegmentDocuments * 2;
  for (const Source& source : leaf.sources) {
    if (source.kind != Source::Kind::kTerm) continue;
    const PostingList* list = source.located[number_];
    cost = std::min(cost, list == nullptr ? 0 : list->postings().size);
  }
  return leaf.way == Leaf::Way::kText ? cost * 8 : cost;
}

Bitmap SegmentMatcher::Match(const PlanNode& node, const Bitmap& within) {
  switch (node.kind) {
    case Query::Kind::kText:
    case Query::Kind::kValue:
      return MatchLeaf(node.leaf, within);
    case Query::Kind::kNot: {
      Bitmap out = within;
      out -= Match(node.children.front(), within);
      return out;
    }
    case Query::Kind::kOr: {
      Bitmap out;
      for (const PlanNode& child : node.children) out |= Match(child, within);
      return out;
    }
    case Query::Kind::kAnd:
      return MatchAll(node, within);
    case Query::Kind::kEverything:
    case Query::Kind::kSimilar:
      break;
  }
  return within;
}

Bitmap SegmentMatcher::MatchAll(const PlanNode& node, const Bitmap& within) {
  std::vector<std::pair<size_t, const PlanNode*>> cheapest_first;
  for (const PlanNode& child : node.children) cheapest_first.emplace_back(Cost(child), &child);
  std::stable_sort(cheapest_first.begin(), cheapest_first.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Bitmap out = within;
  for (const auto& [cost, child] : cheapest_first) out = Match(*child, out);
  if (&node == &plan_.root) return out;
  for (size_t i = node.leaf; i < node.leaf_end; ++i) {
    if (hits_[i].only == nullptr) {
      hits_[i].only = std::make_unique<Bitmap>(out);
    } else {
      *hits_[i].only &= out;
    }
  }
  return out;
}

Bitmap SegmentMatcher::MatchLeaf(size_t index, const Bitmap& within) {
  const Leaf& leaf = plan_.leaves[index];
  Hits& hits = hits_[index];
  if (leaf.sources.empty()) return {};
  if (leaf.way == Leaf::Way::kInOrder) return MatchInOrder(leaf, within, hits);
  std::vector<const PostingList*> single;
  std::vector<std::vector<const PostingList*>> unions;
  for (const Source& source : leaf.sources) {
    std::vector<const PostingList*> lists = source.ListsIn(segment_, number_);
    if (lists.empty()) return {};
    if (lists.size() == 1) {
      single.push_back(lists.front());
    } else {
      unions.push_back(std::move(lists));
    }
  }
  Bitmap out = single.empty() ? within : Intersect(single, within);
  for (const auto& lists : unions) out &= UnionOf(lists);
  if (leaf.way == Leaf::Way::kText) {
    LookIntoText(leaf, out, hits);
  } else if (!leaf.scores) {
    return out;
  } else if (unions.empty()) {
    hits.postings = single.front()->postings();
  } else {
    SetUnionHits(unions.front(), out, hits);
  }
  return out;
}

PostingColumns SegmentMatcher::FindInOrder(const Leaf& leaf, const Bitmap& within) const {
  std::vector<Postings> lists;
  lists.reserve(leaf.sources.size());
  for (const Source& source : leaf.sources) {
    const PostingList* list = source.located[number_];
    if (list == nullptr) return PostingColumns();
    lists.push_back(list->postings());
  }
  PostingColumns found = IntersectInOrder(lists, within);
  if (leaf.field < 0) return found;
  const Postings all = found.postings();
  found.Filter([&](size_t i) {
    const auto [begin, end] = segment_.document(all.docs[i]).Field(static_cast<size_t>(leaf.field));
    return all.positions[i] >= begin && all.positions[i] < end;
  });
  return found;
}

Bitmap SegmentMatcher::MatchInOrder(const Leaf& leaf, const Bitmap& within, Hits& hits) const {
  hits.own = FindInOrder(leaf, within);
  hits.postings = hits.own.postings();
  Bitmap out;
  for (size_t i = 0; i < hits.postings.size; ++i) out.Set(hits.postings.docs[i]);
  return out;
}

void SegmentMatcher::LookIntoText(const Leaf& leaf, Bitmap& candidates, Hits& hits) const {
  const Bitmap all = candidates;
  if (leaf.scores) hits.own = PostingColumns(all.Count());
  all.ForEach([&](uint16_t doc) {
    const uint32_t frequency = leaf.FrequencyIn(segment_.document(doc));
    if (frequency == 0) {
      candidates.Clear(doc);
    } else if (leaf.scores) {
      hits.own.Add({.doc = doc, .frequency = static_cast<uint16_t>(frequency)});
    }
  });
  hits.postings = hits.own.postings();
}

void SegmentMatcher::SetUnionHits(const std::vector<const PostingList*>& lists, const Bitmap& matches, Hits& hits) {
  if (frequencies_ == nullptr) frequencies_ = std::make_unique<uint32_t[]>(segment_.size());
  for (const PostingList* list : lists) {
    const Postings postings = list->postings();
    for (size_t i = 0; i < postings.size; ++i) frequencies_[postings.docs[i]] += postings.frequencies[i];
  }
  hits.own = PostingColumns(matches.Count());
  matches.ForEach([&](uint16_t doc) {
    hits.own.Add({.doc = doc, .frequency = static_cast<uint16_t>(std::min(frequencies_[doc], kMaxFrequency))});
  });
  for (const PostingList* list : lists) {
    const Postings postings = list->postings();
    for (size_t i = 0; i < postings.size; ++i) frequencies_[postings.docs[i]] = 0;
  }
  hits.postings = hits.own.postings();
}

float SegmentMatcher::Score(const LeafScores& scores, uint16_t doc) {
  float score = 0;
  for (size_t i = 0; i < hits_.size(); ++i) {
    Hits& hits = hits_[i];
    if (scores[i] == 0) continue;
    hits.at = Advance(hits.postings, hits.at, doc);
    uint32_t frequency = 0;
    for (; hits.at < hits.postings.size && hits.postings.docs[hits.at] == doc; ++hits.at) {
      frequency += hits.postings.frequencies[hits.at];
    }
    if (frequency == 0 || (hits.only != nullptr && !hits.only->Test(doc))) continue;
    score += scores[i] * Saturated(std::min(frequency, kMaxFrequency));
  }
  return score;
}

Bitmap SegmentMatcher::MatchSimilar(const Bitmap& within) {
  Bitmap out;
  for (size_t i = 0; i < plan_.leaves.size(); ++i) out |= MatchLeaf(i, within);
  return out;
}

void SegmentMatcher::Accumulate(const LeafScores& scores) {
  accumulated_ = std::make_unique<float[]>(segment_.size());
  for (size_t i = 0; i < hits_.size(); ++i) {
    ForEachDocument(hits_[i].postings,
                    [&](uint16_t doc, uint32_t frequency) { accumulated_[doc] += scores[i] * Saturated(frequency); });
  }
}

}  // namespace duikou::search
