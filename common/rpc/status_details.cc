#include "common/rpc/status_details.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/localized.h"
#include "google/rpc/error_details.pb.h"

namespace duikou::rpc {
namespace {

bool IsOurBug(const absl::Status& status) {
  return absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status);
}

ErrorFacts FactsForCaller(const absl::Status& status, const std::string& trace_id) {
  ErrorFacts facts = FactsOf(status);
  if (IsOurBug(status)) {
    facts = {.reason = "INTERNAL",
             .text = {absl::StrCat("系统内部错误,请将编号 ", trace_id, " 告知管理员。"),
                      absl::StrCat("Internal error: tell the administrator the number ", trace_id, ".")}};
  } else if (absl::IsDeadlineExceeded(status) && facts.reason.empty()) {
    facts = {.reason = "DEADLINE_EXCEEDED", .text = {"处理超时,请重试。", "The deadline passed: retry."}};
  }
  if (facts.text.zh.empty()) facts.text.zh = facts.text.en;
  return facts;
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status, Locale locale, const std::string& trace_id) {
  const ErrorFacts facts = FactsForCaller(status, trace_id);
  google::rpc::Status out;
  out.set_code(static_cast<int>(IsOurBug(status) ? absl::StatusCode::kInternal : status.code()));
  out.set_message(facts.text.en);
  google::rpc::ErrorInfo info;
  info.set_reason(facts.reason);
  info.set_domain("duikou");
  for (const auto& [key, value] : facts.metadata) (*info.mutable_metadata())[key] = value;
  out.add_details()->PackFrom(info);
  if (!facts.violations.empty()) {
    google::rpc::BadRequest bad;
    for (const FieldViolation& violation : facts.violations) {
      auto* added = bad.add_field_violations();
      added->set_field(violation.field);
      added->set_description(In(locale, violation.description));
    }
    out.add_details()->PackFrom(bad);
  }
  google::rpc::LocalizedMessage localized;
  localized.set_locale(locale == Locale::kEn ? "en" : "zh-CN");
  localized.set_message(In(locale, facts.text));
  out.add_details()->PackFrom(localized);
  if (facts.retry_after_ms > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(facts.retry_after_ms / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(facts.retry_after_ms % 1000 * 1000000));
    out.add_details()->PackFrom(retry);
  }
  return out;
}

grpc::Status ToGrpcStatus(const absl::Status& status, Locale locale, const std::string& trace_id) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status details = ToRpcStatus(status, locale, trace_id);
  return {static_cast<grpc::StatusCode>(details.code()), details.message(), details.SerializeAsString()};
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  ErrorFacts facts{.text = {status.error_message(), status.error_message()}};
  google::rpc::Status details;
  (void)details.ParseFromString(status.error_details());
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::LocalizedMessage localized;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      facts.reason = info.reason();
      for (const auto& [key, value] : info.metadata()) facts.metadata.emplace_back(key, value);
    } else if (detail.UnpackTo(&bad)) {
      for (const auto& v : bad.field_violations())
        facts.violations.push_back({v.field(), {v.description(), v.description()}});
    } else if (detail.UnpackTo(&localized)) {
      facts.text = {localized.message(), localized.message()};
    } else if (detail.UnpackTo(&retry)) {
      facts.retry_after_ms = retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1000000;
    }
  }
  absl::Status out = MakeError(static_cast<absl::StatusCode>(status.error_code()), std::move(facts));
  for (const google::protobuf::Any& detail : details.details()) {
    out.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return out;
}

}  // namespace duikou::rpc
