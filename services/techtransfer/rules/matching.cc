#include "services/techtransfer/rules/matching.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/workday.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Listing;
using v1::MatchFeedback;
using v1::MatchParts;

constexpr int kWhole = 1000, kUnknown = 500;

// Ends of the levels of a code: section, class, subclass, group, subgroup of "C08L23/12"; section, division, group,
// class of "C2651".
constexpr std::array<size_t, 3> kIpcEnds = {1, 3, 4};
constexpr std::array<size_t, 4> kIndustryEnds = {1, 3, 4, 5};
constexpr std::array<int, 5> kBySharedLevels = {0, 250, 500, 750, 1000};

template <size_t kLevels>
int Alike(absl::string_view a, absl::string_view b, const std::array<size_t, kLevels>& ends) {
  if (a == b) return kWhole;
  size_t shared = 0;
  for (const size_t end : ends) {
    if (a.size() < end || b.size() < end || a.substr(0, end) != b.substr(0, end)) break;
    ++shared;
  }
  return kBySharedLevels[shared];
}

// nullopt where one of the two has no codes.
template <size_t kLevels>
std::optional<int> AlikeCodes(const std::vector<std::string>& wanted, const std::vector<std::string>& offered,
                              const std::array<size_t, kLevels>& ends) {
  if (wanted.empty() || offered.empty()) return std::nullopt;
  int sum = 0;
  for (const std::string& want : wanted) {
    int best = 0;
    for (const std::string& offer : offered) best = std::max(best, Alike(want, offer, ends));
    sum += best;
  }
  return sum / static_cast<int>(wanted.size());
}

int Field(const Traits& demand, const Traits& offer) {
  const std::optional<int> ipc = AlikeCodes(demand.ipc, offer.ipc, kIpcEnds);
  const std::optional<int> industry = AlikeCodes(demand.industries, offer.industries, kIndustryEnds);
  if (!ipc && !industry) return kUnknown;
  return std::max(ipc.value_or(0), industry.value_or(0));
}

int Maturity(const Traits& demand, const Traits& offer) {
  if (demand.maturity == 0 || offer.maturity == 0) return kUnknown;
  return std::max(0, kWhole - 250 * std::max(0, demand.maturity - offer.maturity));
}

int MeantFor(const Traits& listing, const std::string& city) {
  if (listing.regions.empty()) return kUnknown / 2;
  return std::find(listing.regions.begin(), listing.regions.end(), city) == listing.regions.end() ? 0 : kWhole / 2;
}

int Price(const Traits& demand, const Traits& offer) {
  if (demand.fen == 0 || offer.fen == 0 || demand.currency != offer.currency) return kUnknown;
  if (offer.fen <= demand.fen) return kWhole;
  return static_cast<int>(static_cast<double>(demand.fen) * kWhole / static_cast<double>(offer.fen));
}

// By age in days; what is older than ten years counts as that.
int Freshness(absl::CivilDay publish_day, absl::CivilDay today) {
  static const auto* by_age = [] {
    auto* table = new std::array<int, 3651>;
    for (size_t age = 0; age < table->size(); ++age)
      (*table)[age] = static_cast<int>(std::lround(kWhole * std::exp2(-static_cast<double>(age) / 180)));
    return table;
  }();
  const int64_t age = std::clamp<int64_t>(today - publish_day, 0, static_cast<int64_t>(by_age->size()) - 1);
  return (*by_age)[static_cast<size_t>(age)];
}

}  // namespace

Traits TraitsOf(const Listing& listing) {
  const bool offer = listing.kind() == Listing::OFFER;
  const duikou::type::v1::Money& money = offer ? listing.price() : listing.budget();
  return {.kind = listing.kind(),
          .published = listing.state() == Listing::PUBLISHED,
          .maturity = listing.maturity(),
          .fen = money.fen(),
          .currency = money.currency().empty() ? "CNY" : money.currency(),
          .city = CityOf(listing.name()),
          .regions = {listing.regions().begin(), listing.regions().end()},
          .ipc = {listing.ipc().begin(), listing.ipc().end()},
          .industries = {listing.industries().begin(), listing.industries().end()},
          .publish_day = DayOf(ToTime(listing.publish_time())),
          .publish_second = listing.publish_time().seconds()};
}

MatchParts ToMessage(const Parts& parts) {
  MatchParts message;
  message.set_text(parts.text);
  message.set_field(parts.field);
  message.set_maturity(parts.maturity);
  message.set_region(parts.region);
  message.set_price(parts.price);
  message.set_freshness(parts.freshness);
  return message;
}

Parts PartsOf(const Traits& listing, const Traits& other, absl::CivilDay today) {
  const bool offers = listing.kind == Listing::OFFER;
  const Traits& offer = offers ? listing : other;
  const Traits& demand = offers ? other : listing;
  return {.field = Field(demand, offer),
          .maturity = Maturity(demand, offer),
          .region = MeantFor(listing, other.city) + MeantFor(other, listing.city),
          .price = Price(demand, offer),
          .freshness = Freshness(other.publish_day, today)};
}

int TextPart(float score, float own_score) {
  if (own_score <= 0) return 0;
  return static_cast<int>(std::clamp<long>(std::lround(kWhole * score / own_score), 0, kWhole));
}

Parts Lower(Parts parts, MatchFeedback::Code code) {
  if (code == MatchFeedback::TOO_EARLY) parts.maturity = 0;
  if (code == MatchFeedback::PRICE) parts.price = 0;
  if (code == MatchFeedback::NO_FIT) parts.text = parts.field = 0;
  return parts;
}

int ScoreTenths(const Parts& parts, const v1::TransferSettings::MatchWeights& weights, MatchFeedback::Code code) {
  const int sum = weights.text() * parts.text + weights.field() * parts.field + weights.maturity() * parts.maturity +
                  weights.region() * parts.region + weights.price() * parts.price +
                  weights.freshness() * parts.freshness;
  const int tenths = (sum + 50) / 100;
  return code == MatchFeedback::RIGHTS_UNCLEAR ? tenths / 2 : tenths;
}

}  // namespace duikou::techtransfer::rules
