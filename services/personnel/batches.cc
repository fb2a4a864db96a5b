#include "services/personnel/batches.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/schema/external_ids.h"
#include "services/personnel/engagements.h"
#include "services/personnel/rules/batches.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::Batch;
using v1::BatchResult;

// The version of the terms that a batch is submitted with.
constexpr int kSubmittedTerms = 1;

// What the rules of the domain refuse is told of the one engagement; anything else ends the whole call.
bool IsRefusal(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status) || absl::IsPermissionDenied(status) ||
         FactsOf(status).reason == "TERMS_CHANGED";
}

void TellRefusal(const absl::Status& status, BatchResult& result) {
  const ErrorFacts facts = FactsOf(status);
  result.set_reason(facts.reason);
  const bool of_field = !facts.violations.empty();
  const Text& text = of_field ? facts.violations[0].description : facts.text;
  result.set_message(text.zh);
  result.set_message_en(text.en);
}

// Its external id, which no two engagements of a city have: asked before anything is stored, as what an insert refuses
// ends the whole call.
absl::Status ArrangeExternalId(const View& view, const Caller& caller, Engagement& engagement) {
  RETURN_IF_ERROR(schema::OwnExternalId(caller, "", "engagement", engagement));
  if (engagement.external_id().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const std::vector<Engagement> having,
      view.ListAll<Engagement>({.parent = CityNameOf(engagement.name()),
                                .where = {{schema::kExternalId, store::Value(engagement.external_id())}}}));
  return having.empty() ? absl::OkStatus() : AlreadyExists(having[0].name());
}

// One engagement of a batch. OnCreateEngagement checks all before it stores anything, so that a refusal leaves nothing.
absl::Status ProposeOne(Txn& txn, const Caller& caller, Batch& batch, Engagement engagement, BatchResult& result) {
  engagement.set_name(absl::StrCat(CityNameOf(batch.name()), "/engagements/", txn.NewId()));
  engagement.set_batch(batch.name());
  const absl::Status identified = ArrangeExternalId(txn, caller, engagement);
  const absl::Status proposed = identified.ok() ? OnCreateEngagement(txn, caller, engagement) : identified;
  if (IsRefusal(proposed) || absl::IsAlreadyExists(identified)) {
    TellRefusal(proposed, result);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(proposed);
  ASSIGN_OR_RETURN(engagement, txn.Insert(std::move(engagement)));
  result.set_engagement(engagement.name());
  result.set_number(engagement.number());
  rules::AddTo(batch, engagement.name(), engagement.host_city());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::SubmitBatchResponse> SubmitBatch(Txn& txn, const Caller& caller,
                                                    const v1::SubmitBatchRequest& request) {
  v1::SubmitBatchResponse response;
  Batch batch = request.batch();
  batch.set_name(
      absl::StrCat(request.parent(), "/batches/", request.batch_id().empty() ? txn.NewId() : request.batch_id()));
  for (const Engagement& engagement : request.engagements())
    RETURN_IF_ERROR(ProposeOne(txn, caller, batch, engagement, *response.add_results()));
  ASSIGN_OR_RETURN(*response.mutable_batch(), txn.Insert(std::move(batch)));
  return response;
}

absl::StatusOr<v1::ApproveBatchResponse> ApproveBatch(Txn& txn, const Caller& caller,
                                                      const v1::ApproveBatchRequest& request) {
  ASSIGN_OR_RETURN(const Batch batch, txn.Get<Batch>(request.name()));
  if (!request.etag().empty() && request.etag() != batch.etag()) return EtagStale(batch.name());
  txn.Note(request.comment());
  v1::ApproveBatchResponse response;
  for (const std::string& name : batch.engagements()) {
    // Those of a batch that go to other cities are none of this host's.
    auto engagement = txn.Get<Engagement>(name);
    if (absl::IsNotFound(engagement.status())) continue;
    RETURN_IF_ERROR(engagement.status());
    BatchResult& result = *response.add_results();
    result.set_engagement(name);
    result.set_number(engagement->number());
    // Terms that changed since are read and approved one by one.
    const absl::Status approved =
        Approve(txn, caller, *std::move(engagement), kSubmittedTerms, request.comment(), "").status();
    if (IsRefusal(approved)) {
      TellRefusal(approved, result);
    } else {
      RETURN_IF_ERROR(approved);
    }
  }
  return response;
}

}  // namespace duikou::personnel
