#include "services/techtransfer/searching.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/indexing/answer.h"

namespace duikou::techtransfer {
namespace {

using v1::Listing;
using v1::SearchListingsResponse;

SearchListingsResponse::Found Show(const search::Hit& hit, const search::Query& query, const search::Schema& schema,
                                   const Listing& listing) {
  SearchListingsResponse::Found found;
  *found.mutable_hit() =
      indexing::MakeHit(hit, query, schema,
                        {{.field = "title", .text = listing.title(), .whole = true},
                         {.field = "abstract", .text = listing.abstract()},
                         {.field = "keywords", .text = absl::StrJoin(listing.keywords(), " "), .whole = true}});
  found.set_number(listing.number());
  found.set_title(listing.title());
  found.set_kind(listing.kind());
  found.set_state(listing.state());
  found.set_owner_unit_title(listing.owner_unit_title());
  *found.mutable_modes() = listing.modes();
  return found;
}

}  // namespace

absl::StatusOr<SearchListingsResponse> SearchListings(const View& view, const Caller& caller, const ListingBook& book,
                                                      const v1::SearchListingsRequest& request) {
  const search::Schema& schema = book.index().schema();
  ASSIGN_OR_RETURN(indexing::Question question, indexing::Ask(view, schema, request));
  if (!request.include_unpublished()) {
    search::Query published = search::ValueIs(schema, "state", "PUBLISHED");
    question.request.visible = question.request.visible
                                   ? search::AllOf({*std::move(question.request.visible), std::move(published)})
                                   : std::move(published);
  }
  ASSIGN_OR_RETURN(const search::Response answer, book.index().Search(caller, question.request));
  SearchListingsResponse response;
  response.set_total(static_cast<int32_t>(answer.total));
  response.set_next_page_token(question.page.NextToken(view, answer.total));
  for (const auto& [field, counts] : answer.facets) *response.add_facets() = indexing::MakeFacet(field, counts);
  for (const search::Hit& hit : answer.hits) {
    // What was changed since the index looked may be out of the caller's sight by now.
    const absl::StatusOr<Listing> listing = view.Get<Listing>(hit.key);
    if (absl::IsNotFound(listing.status())) continue;
    RETURN_IF_ERROR(listing.status());
    *response.add_found() = Show(hit, question.request.query, schema, *listing);
  }
  return response;
}

}  // namespace duikou::techtransfer
