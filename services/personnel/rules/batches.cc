#include "services/personnel/rules/batches.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace duikou::personnel::rules {

void AddTo(v1::Batch& batch, const std::string& engagement, const std::string& host_city) {
  batch.add_engagements(engagement);
  batch.add_engagement_hosts(host_city);
  const auto& hosts = batch.host_cities();
  if (std::find(hosts.begin(), hosts.end(), host_city) == hosts.end()) batch.add_host_cities(host_city);
}

void ConcealOtherEngagements(const Caller& by, v1::Batch& batch) {
  const std::string city = absl::StrCat("cities/", by.city);
  if (absl::StartsWith(batch.name(), absl::StrCat(city, "/"))) return;
  // One of before hosts were kept beside the engagements: with one host they are all its own.
  if (batch.engagement_hosts().empty() && batch.host_cities_size() == 1 && batch.host_cities(0) == city) return;
  v1::Batch shown = batch;
  shown.clear_engagements();
  shown.clear_engagement_hosts();
  shown.clear_host_cities();
  for (int i = 0; i < std::min(batch.engagements_size(), batch.engagement_hosts_size()); ++i) {
    if (batch.engagement_hosts(i) == city) AddTo(shown, batch.engagements(i), city);
  }
  const auto& hosts = batch.host_cities();
  if (shown.host_cities().empty() && std::find(hosts.begin(), hosts.end(), city) != hosts.end())
    shown.add_host_cities(city);
  batch = std::move(shown);
}

}  // namespace duikou::personnel::rules
