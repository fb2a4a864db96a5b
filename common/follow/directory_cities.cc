#include "common/follow/directory_cities.h"

#include "common/base/status_macros.h"
#include "common/schema/name_pattern.h"
#include "duikou/directory/v1/directory.pb.h"

namespace duikou::follow {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);
constexpr int kPage = 1000;

}  // namespace

absl::StatusOr<std::vector<std::string>> CitiesOf(rpc::Peers& peers) {
  std::vector<std::string> cities;
  duikou::directory::v1::ListCitiesRequest request;
  request.set_page_size(kPage);
  do {
    duikou::directory::v1::ListCitiesResponse page;
    RETURN_IF_ERROR(peers.Call(request, &page, {.deadline = absl::Now() + kTimeout}));
    for (const auto& city : page.cities()) cities.emplace_back(schema::CityOf(city.name()));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return cities;
}

}  // namespace duikou::follow
