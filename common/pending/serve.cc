#include "common/pending/serve.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace duikou::pending {
namespace {

using duikou::pending::v1::ListPendingRequest;
using duikou::pending::v1::ListPendingResponse;

absl::StatusOr<size_t> BeginOf(const View& view, const std::string& question, const std::string& token) {
  if (token.empty()) return 0;
  ASSIGN_OR_RETURN(const auto place, view.tokens().Read(token, question, "page_token", "PAGE_TOKEN_INVALID"));
  const bool number = place.size() == 1 && std::holds_alternative<int64_t>(place[0]);
  return number ? static_cast<size_t>(std::get<int64_t>(place[0])) : 0;
}

absl::StatusOr<std::vector<Item>> GatherAll(const View& view, const Caller& caller, const std::string& city,
                                            const std::vector<std::shared_ptr<const Caller>>& absents,
                                            const Gather& gather) {
  ASSIGN_OR_RETURN(std::vector<Item> items, gather(view, caller, city));
  for (const std::shared_ptr<const Caller>& absent : absents) {
    const View theirs({view.schema(), view.tables(), view.tokens(), view.connection()}, *absent, view.now());
    ASSIGN_OR_RETURN(std::vector<Item> more, gather(theirs, *absent, city));
    for (Item& item : more) {
      item.set_on_behalf_of(absent->on_behalf_of);
      items.push_back(std::move(item));
    }
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return std::pair(UrgencyOf(a), a.number()) < std::pair(UrgencyOf(b), b.number());
  });
  return items;
}

absl::StatusOr<ListPendingResponse> ListPending(const View& view, const Caller& caller,
                                                const ListPendingRequest& request,
                                                const std::vector<std::shared_ptr<const Caller>>& absents,
                                                const Gather& gather) {
  const std::string city = absl::StrCat("cities/", std::string(schema::CityOf(request.parent())));
  if (request.parent() != city || city == "cities/")
    return BadField("parent", {"应为一个城市,如 cities/210800。", "must be a city like cities/210800."});
  if (request.page_size() < 0) return BadField("page_size", {"不能为负数。", "must not be negative."});
  const std::string question = absl::StrCat("pending/", city, "/", caller.name, "/", caller.on_behalf_of);
  ASSIGN_OR_RETURN(const size_t begin, BeginOf(view, question, request.page_token()));
  ASSIGN_OR_RETURN(std::vector<Item> items, GatherAll(view, caller, city, absents, gather));
  const size_t size = static_cast<size_t>(
      request.page_size() == 0 ? store::kDefaultPageSize : std::min(request.page_size(), store::kMaxPageSize));
  ListPendingResponse response;
  for (size_t i = begin; i < std::min(items.size(), begin + size); ++i) *response.add_items() = std::move(items[i]);
  if (begin + size < items.size())
    response.set_next_page_token(view.tokens().Make(question, {store::Value(static_cast<int64_t>(begin + size))}));
  return response;
}

}  // namespace

const google::protobuf::ServiceDescriptor* Descriptor() {
  return ListPendingRequest::descriptor()->file()->FindServiceByName("Pending");
}

void Serve(rpc::Host& host, auth::TokenVerifier& tokens, Gather gather) {
  host.Read<ListPendingRequest, ListPendingResponse>(std::function(
      [&tokens, gather = std::move(gather)](const View& view, const Caller& caller, const ListPendingRequest& request) {
        return ListPending(view, caller, request, tokens.deputies().AllFor(caller, view.now()), gather);
      }));
}

}  // namespace duikou::pending
