#include "services/consultation/rotation.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/series.h"
#include "services/consultation/rules/yearly_counts.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

using v1::Consultation;
using v1::Series;

constexpr size_t kComing = 4;

}  // namespace

absl::Status OnCreateSeries(Txn&, const Caller&, Series& series) { return rules::CheckSeries(series); }

absl::Status OnUpdateSeries(Txn&, const Caller&, const Series&, Series& after) { return rules::CheckSeries(after); }

absl::StatusOr<v1::ListTurnsResponse> ListTurns(const View& view, const Caller& caller,
                                                const v1::ListTurnsRequest& request) {
  ASSIGN_OR_RETURN(Series series, view.Get<Series>(request.name()));
  rules::ConcealTurns(caller, series);
  ASSIGN_OR_RETURN(const std::vector<Series::Turn> coming,
                   rules::ComingTurns(series, request.coming() > 0 ? static_cast<size_t>(request.coming()) : kComing));
  v1::ListTurnsResponse response;
  *response.mutable_turns() = series.turns();
  for (const Series::Turn& turn : coming) *response.add_turns() = turn;
  return response;
}

absl::StatusOr<Series> SkipTurn(Txn& txn, const Caller& caller, const v1::SkipTurnRequest& request) {
  ASSIGN_OR_RETURN(Series series, txn.Get<Series>(request.name()));
  txn.Note(request.reason());
  RETURN_IF_ERROR(rules::SkipTurn(series, request.reason(), caller, txn.now()));
  return txn.Update(std::move(series), request.etag());
}

absl::StatusOr<v1::CountConsultationsResponse> CountConsultations(const View& view, const Caller&,
                                                                  const v1::CountConsultationsRequest& request) {
  const std::string city = rules::CityOf(request.parent());
  ASSIGN_OR_RETURN(const std::vector<Consultation> consultations,
                   view.ListAll<Consultation>({.parent = "cities/-", .where = {{"cities", store::Value(city)}}}));
  std::map<std::string, int> most;
  for (const Consultation& consultation : consultations) {
    for (const std::string& guest : consultation.cities()) {
      if (most.contains(guest)) continue;
      ASSIGN_OR_RETURN(const v1::ConsultationSettings settings, SettingsOf(view, guest));
      most[guest] = settings.most_visits();
    }
  }
  v1::CountConsultationsResponse response;
  for (v1::ConsultationCount& count : rules::CountByPair(consultations, request.year(), most)) {
    if (count.host_city() == city || count.guest_city() == city) *response.add_counts() = std::move(count);
  }
  return response;
}

}  // namespace duikou::consultation
