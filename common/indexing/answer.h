// What a search found, as services answer it.
#ifndef DUIKOU_COMMON_INDEXING_ANSWER_H_
#define DUIKOU_COMMON_INDEXING_ANSWER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/indexing/record_index.h"
#include "common/search/index.h"
#include "common/store/txn.h"
#include "duikou/search/v1/search.pb.h"

namespace duikou::indexing {

// A text field of a record that was found.
struct ShownText {
  std::string field;
  std::string text;
  bool whole = false;  // Else the part of at most 120 characters that says the most of what was asked for.
};

duikou::search::v1::Hit MakeHit(const search::Hit& hit, const search::Query& query, const search::Schema& schema,
                                const std::vector<ShownText>& texts);
duikou::search::v1::Facet MakeFacet(const std::string& field, const std::vector<search::FacetCount>& counts);

// Value fields that facets may be asked of. INVALID_ARGUMENT, naming the field of the request and those that there are.
absl::Status CheckFacets(const search::Schema& schema, const std::vector<std::string>& facets);

// "cities/210800" or "cities/-". Reasons: PARENT_INVALID.
absl::Status CheckParent(const std::string& parent);

// A page of hits: at most `size`, from `offset` on.
struct HitPage {
  size_t offset = 0;
  size_t size = 0;
  std::string question;  // What the token is bound to.

  // Empty on the last page, and where kMaxHits are shown.
  std::string NextToken(const View& view, size_t total) const;
};

// By a request's page_size (0: 20, at most 100) and page_token, which is of the same request but for these. Reasons:
// PAGE_SIZE_NEGATIVE, PAGE_TOKEN_INVALID.
absl::StatusOr<HitPage> ReadPage(const View& view, int page_size, const std::string& page_token, std::string question);

// What is asked of an index: the request, and how its answer goes on.
struct Question {
  search::Request request;
  HitPage page;
};

// By a request with parent ("cities/-": all), query, facets, page_size and page_token. Reasons: PARENT_INVALID,
// QUERY_INVALID, FACET_UNKNOWN, and those of ReadPage.
template <class Request>
absl::StatusOr<Question> Ask(const View& view, const search::Schema& schema, const Request& request) {
  Request same = request;
  same.clear_page_size();
  same.clear_page_token();
  Question question;
  ASSIGN_OR_RETURN(question.page, ReadPage(view, request.page_size(), request.page_token(), same.SerializeAsString()));
  question.request.facets.assign(request.facets().begin(), request.facets().end());
  RETURN_IF_ERROR(CheckFacets(schema, question.request.facets));
  ASSIGN_OR_RETURN(question.request.query, search::ParseQuery(schema, request.query()));
  question.request.offset = question.page.offset;
  question.request.limit = question.page.size;
  RETURN_IF_ERROR(CheckParent(request.parent()));
  if (request.parent() != "cities/-")
    question.request.visible = search::ValueIs(schema, kCity, std::string(schema::CityOf(request.parent())));
  return question;
}

// Searches records of a type, and shows of each what `texts` says. Reasons: those of Ask, SEARCH_BUILDING.
template <class T, class Request>
absl::StatusOr<duikou::search::v1::SearchResponse> SearchRecords(const View& view, const Caller& caller,
                                                                 const RecordIndex& index, const Request& request,
                                                                 std::vector<ShownText> (*texts)(const T&)) {
  ASSIGN_OR_RETURN(const Question question, Ask(view, index.schema(), request));
  ASSIGN_OR_RETURN(const search::Response answer, index.Search(caller, question.request));
  duikou::search::v1::SearchResponse response;
  response.set_total(static_cast<int32_t>(answer.total));
  response.set_next_page_token(question.page.NextToken(view, answer.total));
  for (const auto& [field, counts] : answer.facets) *response.add_facets() = MakeFacet(field, counts);
  for (const search::Hit& hit : answer.hits) {
    // What was changed since the index looked may be out of the caller's sight by now.
    const absl::StatusOr<T> record = view.Get<T>(hit.key);
    if (absl::IsNotFound(record.status())) continue;
    RETURN_IF_ERROR(record.status());
    auto& found = *response.add_found();
    *found.mutable_hit() = MakeHit(hit, question.request.query, index.schema(), texts(*record));
    found.set_title(record->title());
    if constexpr (requires { record->number(); }) found.set_number(record->number());
  }
  return response;
}

}  // namespace duikou::indexing

#endif  // DUIKOU_COMMON_INDEXING_ANSWER_H_
