#include "services/consultation/next_turn_flow.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/store/find_stored.h"
#include "services/consultation/consultations.h"
#include "services/consultation/rules/series.h"

namespace duikou::consultation {
namespace {

using v1::Consultation;
using v1::Series;

absl::StatusOr<std::map<std::string, std::string>> TitlesOf(rpc::Context& context, const Series& series) {
  const std::vector<std::string> hosts(series.hosts().begin(), series.hosts().end());
  ASSIGN_OR_RETURN(const rpc::PeerRecords records, context.Find("directory", hosts));
  std::map<std::string, std::string> titles;
  for (size_t i = 0; i < hosts.size(); ++i) {
    if (records[i]) titles[hosts[i]] = records[i]->title;
  }
  return titles;
}

// The series' consultation before, whoever hosted it.
absl::StatusOr<std::optional<Consultation>> LastOf(const View& view, const Series& series) {
  for (auto turn = series.turns().rbegin(); turn != series.turns().rend(); ++turn) {
    if (turn->consultation().empty()) continue;
    ASSIGN_OR_RETURN(std::optional<Consultation> last, FindStored<Consultation>(view, turn->consultation()));
    if (last) return last;
  }
  return std::optional<Consultation>();
}

}  // namespace

absl::StatusOr<Consultation> ProposeNextTurn(rpc::Context& context, const Caller& caller,
                                             const v1::ProposeNextTurnRequest& request) {
  Series read;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(read, view.Get<Series>(request.name()));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const auto titles, TitlesOf(context, read));
  return context.Commit<Consultation>([&](Txn& txn) -> absl::StatusOr<Consultation> {
    ASSIGN_OR_RETURN(Series series, txn.Get<Series>(request.name()));
    if (series.etag() != read.etag()) return EtagStale(series.name());
    ASSIGN_OR_RETURN(const std::vector<Series::Turn> coming, rules::ComingTurns(series, 1));
    const Series::Turn turn = coming.empty() ? Series::Turn() : coming.front();
    const std::string name = absl::StrCat(turn.host_city(), "/consultations/", txn.NewId());
    // Before the turn is planned: then its own consultation, which is not there yet, would be the last.
    ASSIGN_OR_RETURN(const std::optional<Consultation> last, LastOf(txn, series));
    // Refuses where there is no turn to plan.
    RETURN_IF_ERROR(rules::PlanTurn(series, name, caller));
    Consultation draft = rules::DraftOf(series, turn, last ? &*last : nullptr);
    for (auto& party : *draft.mutable_parties()) {
      if (const auto title = titles.find(party.city()); title != titles.end()) party.set_city_title(title->second);
    }
    draft.set_name(name);
    draft.set_series(series.name());
    RETURN_IF_ERROR(StartDraft(txn, draft));
    rules::SettleTurn(series, draft);
    ASSIGN_OR_RETURN(draft, txn.Insert(std::move(draft)));
    RETURN_IF_ERROR(txn.Update(std::move(series), request.etag()).status());
    return draft;
  });
}

}  // namespace duikou::consultation
