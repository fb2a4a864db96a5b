#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_MATCHING_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_MATCHING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"

// How well an offer and a demand fit, in whole numbers, so that it comes out the same wherever it is reckoned.
namespace duikou::techtransfer::rules {

// What of a listing a match rests on besides its words.
struct Traits {
  v1::Listing::Kind kind = v1::Listing::KIND_UNSPECIFIED;
  bool published = false;
  int maturity = 0;  // 0: not said.
  int64_t fen = 0;   // Price of an offer, budget of a demand; 0: not said.
  std::string currency;
  std::string city;                  // "cities/210800"
  std::vector<std::string> regions;  // Empty: any.
  std::vector<std::string> ipc, industries;
  absl::CivilDay publish_day;
  int64_t publish_second = 0;
};
Traits TraitsOf(const v1::Listing& listing);

// MatchParts, for reckoning with many of them.
struct Parts {
  int text = 0, field = 0, maturity = 0, region = 0, price = 0, freshness = 0;
};
v1::MatchParts ToMessage(const Parts& parts);

// The parts of a match but for `text`, of which `other` is the counterpart whose freshness counts:
//   field      of each code of the demand the best of the offer's, by how deep they are the same, averaged; IPC and
//              GB/T 4754 each where both have any, the better of the two counts;
//   maturity   1000 where what is reached is what is wanted or more, 250 less for each level that is missing;
//   region     500 for each of the two whose regions have the other's city, 250 where it names none;
//   price      1000 within the budget, else budget : price;
//   freshness  half after each 180 days.
// Where nothing is known, 500.
Parts PartsOf(const Traits& listing, const Traits& other, absl::CivilDay today);

// The text's part: how much of what it says of itself another says, by the index's scores.
int TextPart(float score, float own_score);

// What a refusal leaves of the parts; RIGHTS_UNCLEAR and CLOSED leave them.
Parts Lower(Parts parts, v1::MatchFeedback::Code code);

// 0-1000 tenths of a point, rounded half up; halved where the rights are unclear. `weights` make 100.
int ScoreTenths(const Parts& parts, const v1::TransferSettings::MatchWeights& weights, v1::MatchFeedback::Code code);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_MATCHING_H_
