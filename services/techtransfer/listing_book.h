#ifndef DUIKOU_SERVICES_TECHTRANSFER_LISTING_BOOK_H_
#define DUIKOU_SERVICES_TECHTRANSFER_LISTING_BOOK_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/indexing/record_index.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"
#include "services/techtransfer/rules/matching.h"

namespace duikou::techtransfer {

// How listings are searched.
search::Schema ListingSchema();
std::optional<search::Document> DescribeListing(const v1::Listing& listing);

// The listings in memory, for what looks at all of them: search and match. Thread-safe.
class ListingBook {
 public:
  // `snapshot`: file of the index; empty: none is kept.
  ListingBook(store::Store& store, std::string snapshot, telemetry::Metrics* metrics);

  const indexing::RecordIndex& index() const { return index_; }

  struct Candidate {
    std::string name;
    rules::Parts parts;
    int score_tenths = 0;  // Less what was refused.
    v1::MatchFeedback::Code feedback = v1::MatchFeedback::CODE_UNSPECIFIED;
  };
  struct Candidates {
    std::vector<Candidate> best;
    int considered = 0;
  };
  using Feedback = absl::flat_hash_map<std::string, v1::MatchFeedback::Code>;  // By counterpart.

  // The best `count` of the other kind that are PUBLISHED and that the caller may see, all of them looked at.
  // UNAVAILABLE (SEARCH_BUILDING).
  absl::StatusOr<Candidates> Match(const Caller& caller, const v1::Listing& listing,
                                   const v1::TransferSettings::MatchWeights& weights, const Feedback& feedback,
                                   size_t count, absl::CivilDay today) const;
  // How one counterpart fits, before any refusal.
  absl::StatusOr<rules::Parts> PartsWith(const Caller& caller, const v1::Listing& listing,
                                         const v1::Listing& counterpart, absl::CivilDay today) const;

 private:
  void Take(const std::string& name, const google::protobuf::Message* record);
  using All = std::vector<search::Index::Scored>;
  // What is ranked for a listing: those of the other kind that are PUBLISHED and that the caller may see, and itself,
  // with what each says of its text.
  search::Request AskFor(const v1::Listing& listing) const;
  // The best of all of these, of which the listing itself scores `own_score`.
  std::vector<Candidate> Rank(All all, float own_score, const v1::Listing& listing,
                              const v1::TransferSettings::MatchWeights& weights, const Feedback& feedback, size_t count,
                              absl::CivilDay today) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, rules::Traits> traits_ ABSL_GUARDED_BY(mutex_);
  indexing::RecordIndex index_;  // Goes first: it tells of records.
};

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_LISTING_BOOK_H_
