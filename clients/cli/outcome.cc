#include "clients/cli/outcome.h"

#include <cstdio>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/language.h"
#include "clients/cli/table.h"
#include "common/base/error.h"
#include "google/rpc/error_details.pb.h"

namespace duikou::cli {
namespace {

template <typename Detail>
bool ReadDetail(const absl::Status& status, Detail& detail) {
  const auto payload = status.GetPayload(absl::StrCat("type.googleapis.com/", Detail::descriptor()->full_name()));
  return payload.has_value() && detail.ParseFromString(std::string(*payload));
}

absl::string_view KindText(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return Say("服务没有应答。请稍后再试;duikou health 可查看各服务状态。",
                 "The service did not answer. Try again later; duikou health shows the services.");
    case absl::StatusCode::kUnauthenticated:
      return Say("尚未登录,或登录已失效。请运行 duikou login。",
                 "Not signed in, or the session has ended. Run duikou login.");
    default:
      return "";
  }
}

// What a service answered, or what a library of the suite found: both carry facts, in their own form.
struct Told {
  std::string message, reason;
  std::string fields, facts;
};

// Whether the message says of bad fields all that there is to say: of a single one, unless it is a cell of a table.
bool IsToldBy(absl::string_view message, int fields, absl::FunctionRef<absl::string_view()> first) {
  return fields == 0 || (fields == 1 && absl::StrContains(message, first()));
}

Told FromDetails(const absl::Status& status) {
  Told told;
  google::rpc::LocalizedMessage localized;
  if (ReadDetail(status, localized)) told.message = localized.message();
  google::rpc::BadRequest bad;
  if (ReadDetail(status, bad) && !IsToldBy(told.message, bad.field_violations_size(),
                                           [&] { return absl::string_view(bad.field_violations(0).description()); })) {
    for (const auto& violation : bad.field_violations())
      absl::StrAppend(&told.fields, "  ", violation.field(), ": ", violation.description(), "\n");
  }
  google::rpc::ErrorInfo info;
  if (ReadDetail(status, info)) {
    told.reason = info.reason();
    for (const auto& [key, value] : info.metadata()) absl::StrAppend(&told.facts, " ", key, "=", value);
  }
  return told;
}

Told FromFacts(const absl::Status& status) {
  Told told;
  const ErrorFacts facts = FactsOf(status);
  told.reason = facts.reason;
  told.message = std::string(Say(facts.text.zh, facts.text.en));
  if (!IsToldBy(facts.text.zh, static_cast<int>(facts.violations.size()),
                [&] { return absl::string_view(facts.violations[0].description.zh); })) {
    for (const FieldViolation& violation : facts.violations) {
      absl::StrAppend(&told.fields, "  ", violation.field, ": ",
                      Say(violation.description.zh, violation.description.en), "\n");
    }
  }
  for (const auto& [key, value] : facts.metadata) absl::StrAppend(&told.facts, " ", key, "=", value);
  return told;
}

Told ReadTold(const absl::Status& status) {
  Told told = FromDetails(status);
  if (told.message.empty() && told.reason.empty()) told = FromFacts(status);
  // Without facts nobody of the suite spoke: the transport's own words come after ours.
  if (told.reason.empty() && absl::IsUnavailable(status) && !KindText(status.code()).empty()) {
    told.message = absl::StrCat(KindText(status.code()), "\n  ", status.message());
  }
  if (told.message.empty()) told.message = std::string(KindText(status.code()));
  if (told.message.empty()) told.message = std::string(status.message());
  if (told.message.empty()) told.message = absl::StatusCodeToString(status.code());
  return told;
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kDone;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return kInvalidArgument;
    case absl::StatusCode::kNotFound:
      return kNotFound;
    case absl::StatusCode::kFailedPrecondition:
      return kPrecondition;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return kConflict;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kNotAllowed;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return kUnavailable;
    default:
      return kInternal;
  }
}

std::string ErrorMessage(const absl::Status& status) { return OneLine(ReadTold(status).message); }

std::string ErrorText(const absl::Status& status) {
  const Told told = ReadTold(status);
  std::string text = absl::StrCat(told.message, "\n", told.fields);
  if (!told.reason.empty()) absl::StrAppend(&text, "  [", told.reason, told.facts, "]\n");
  return Printable(text);
}

int Fail(const absl::Status& status) {
  std::fputs(absl::StrCat(Say("错误:", "Error: "), ErrorText(status)).c_str(), stderr);
  return ExitCodeOf(status);
}

}  // namespace duikou::cli
