// Index::Search: from a request to its answer, segment by segment.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/search/index.h"
#include "common/search/intersect.h"
#include "common/search/matcher.h"
#include "common/search/plan.h"
#include "common/search/score.h"
#include "common/search/top_hits.h"

namespace duikou::search {
namespace {

class Run {
 public:
  Run(const Request& request, const Schema& schema, const Vocabularies& vocabularies,
      const std::vector<std::unique_ptr<Segment>>& segments)
      : request_(request),
        vocabularies_(vocabularies),
        segments_(segments),
        plan_(Located(request.query)),
        offset_(std::min(request.offset, kMaxHits)),
        top_(offset_ + std::min(request.limit, kMaxHits - offset_)) {
    for (const std::string& name : request.facets) facets_.push_back(schema.FindValue(name));
  }

  Response Answer() && {
    FindVisible();
    Weigh();
    // The newest first: of equal scores those of the highest rank stay, and mostly that are these.
    for (size_t i = segments_.size(); i-- > 0;) {
      if (!AnswerFromOneLeaf(i)) AnswerFrom(i);
    }
    Response response{.total = total_, .hits = {}, .facets = {}};
    const std::vector<ScoredDocument> best = std::move(top_).Take();
    // Documents are likely not in the cache: all are asked for before the first is waited for.
    for (size_t i = offset_; i < best.size(); ++i) __builtin_prefetch(&best[i].document());
    for (size_t i = offset_; i < best.size(); ++i) response.hits.push_back({best[i].document().key, best[i].score});
    for (size_t i = 0; i < facets_.size(); ++i) response.facets.emplace_back(request_.facets[i], CountsOf(facets_[i]));
    return response;
  }

  std::vector<Index::Scored> ScoreAll() && {
    FindVisible();
    Weigh();
    std::vector<Index::Scored> all;
    for (size_t i = 0; i < segments_.size(); ++i) {
      std::vector<float> by_doc(segments_[i]->size());
      SegmentMatcher matcher(plan_, *segments_[i], i, VisibleIn(i));
      matcher.Match();
      matcher.ForEachScored(scores_, [&](uint16_t doc, float score) { by_doc[doc] = score; });
      VisibleIn(i).ForEach([&](uint16_t doc) { all.push_back({segments_[i]->document(doc).key, by_doc[doc]}); });
    }
    return all;
  }

 private:
  bool everything_visible() const { return visible_.empty(); }
  const Bitmap& VisibleIn(size_t i) const { return everything_visible() ? segments_[i]->live() : visible_[i]; }

  Plan Located(const Query& query) const {
    Plan plan = MakePlan(query, vocabularies_);
    for (Leaf& leaf : plan.leaves) {
      for (Source& source : leaf.sources) source.Locate(segments_);
    }
    for (const Leaf& leaf : plan.leaves) {
      for (const Source& source : leaf.sources) {
        for (const PostingList* list : source.located) {
          if (list != nullptr) list->PrefetchBegin();
        }
      }
    }
    return plan;
  }

  void FindVisible() {
    if (request_.visible) {
      const Plan conditions = Located(*request_.visible);
      for (size_t i = 0; i < segments_.size(); ++i) {
        visible_.push_back(SegmentMatcher(conditions, *segments_[i], i, segments_[i]->live()).Match());
      }
    }
    if (!request_.may_see) return;
    if (visible_.empty()) {
      for (const auto& segment : segments_) visible_.push_back(segment->live());
    }
    for (size_t i = 0; i < segments_.size(); ++i) {
      const Bitmap asked = visible_[i];
      asked.ForEach([&](uint16_t doc) {
        if (!request_.may_see(segments_[i]->document(doc).key)) visible_[i].Clear(doc);
      });
    }
  }

  // A leaf is as rare as the rarest of its sources.
  void Weigh() {
    size_t all = 0;
    for (size_t i = 0; i < segments_.size(); ++i) {
      all += everything_visible() ? segments_[i]->live_count() : visible_[i].Count();
    }
    for (const Leaf& leaf : plan_.leaves) {
      size_t rarest = all;
      for (const Source& source : leaf.sources) {
        if (!leaf.scores) break;
        size_t count = 0;
        for (size_t i = 0; i < segments_.size(); ++i) {
          count += CountSource(source, *segments_[i], i, everything_visible() ? nullptr : &visible_[i]);
        }
        rarest = std::min(rarest, count);
      }
      scores_.push_back(leaf.scores ? leaf.weight * Rarity(rarest, all) : 0);
    }
  }

  // Where the whole query is one word or phrase, whose occurrences lie in one list or come as one: compares frequencies
  // instead of scores, which go up with them.
  bool AnswerFromOneLeaf(size_t i) {
    if (plan_.root.kind != Query::Kind::kText || !facets_.empty()) return false;
    const Leaf& leaf = plan_.leaves.front();
    if (leaf.sources.empty()) return true;
    if (leaf.way == Leaf::Way::kInOrder) {
      AnswerFrom(i, SegmentMatcher(plan_, *segments_[i], i, VisibleIn(i)).FindInOrder().postings());
      return true;
    }
    if (leaf.way != Leaf::Way::kOneSource || leaf.sources[0].kind != Source::Kind::kTerm) return false;
    const PostingList* list = leaf.sources[0].located[i];
    if (list == nullptr) return true;
    if (list->has_dead() || !everything_visible()) return false;
    AnswerFrom(i, list->postings());
    return true;
  }

  void AnswerFrom(size_t i, const Postings& occurrences) {
    const float weight = scores_.front();
    uint32_t least = LeastFrequency(weight);
    total_ += ForEachFrequent(
        occurrences, [&] { return least; },
        [&](uint16_t doc, uint32_t frequency) {
          top_.Offer(weight * Saturated(frequency), *segments_[i], doc);
          least = LeastFrequency(weight);
        });
  }

  // The lowest frequency that may still be among the best.
  uint32_t LeastFrequency(float weight) {
    if (top_.least() == least_score_) return least_frequency_;
    least_score_ = top_.least();
    while (least_frequency_ < kMaxFrequency && weight * Saturated(least_frequency_) < least_score_) ++least_frequency_;
    return least_frequency_;
  }

  void AnswerFrom(size_t i) {
    SegmentMatcher matcher(plan_, *segments_[i], i, VisibleIn(i));
    const Bitmap& matches = matcher.Match();
    matcher.ForEachScored(scores_, [&](uint16_t doc, float score) {
      ++total_;
      if (score >= top_.least()) top_.Offer(score, *segments_[i], doc);
    });
    if (facets_.empty()) return;
    matches.ForEach([&](uint16_t doc) {
      for (const TermId value : segments_[i]->document(doc).values) ++counts_[value];
    });
  }

  std::vector<FacetCount> CountsOf(int field) const {
    std::vector<FacetCount> out;
    for (const auto& [value, count] : counts_) {
      if (field < 0 || FieldOf(value) != static_cast<uint32_t>(field)) continue;
      out.push_back({vocabularies_.values[static_cast<size_t>(field)].At(SecondOf(value)), count});
    }
    std::sort(out.begin(), out.end(), [](const FacetCount& a, const FacetCount& b) {
      return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    if (out.size() > request_.facet_values) out.resize(request_.facet_values);
    return out;
  }

  const Request& request_;
  const Vocabularies& vocabularies_;
  const std::vector<std::unique_ptr<Segment>>& segments_;
  const Plan plan_;
  const size_t offset_;
  TopHits top_;
  std::vector<int> facets_;
  std::vector<Bitmap> visible_;  // By segment; empty: everything.
  LeafScores scores_;
  size_t total_ = 0;
  absl::flat_hash_map<TermId, size_t> counts_;
  float least_score_ = -1;
  uint32_t least_frequency_ = 0;
};

}  // namespace

Response Index::Search(const Request& request) const {
  absl::ReaderMutexLock lock(&mutex_);
  return Run(request, schema_, vocabularies_, segments_).Answer();
}

void Index::ScoreAll(const Request& request, absl::FunctionRef<void(std::vector<Scored>)> rank) const {
  absl::ReaderMutexLock lock(&mutex_);
  rank(Run(request, schema_, vocabularies_, segments_).ScoreAll());
}

}  // namespace duikou::search
