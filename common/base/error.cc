#include "common/base/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace duikou {
namespace {

constexpr absl::string_view kReason = "duikou/reason";
constexpr absl::string_view kZh = "duikou/zh";
constexpr absl::string_view kRetry = "duikou/retry_ms";
constexpr absl::string_view kMetadata = "duikou/metadata";
constexpr absl::string_view kViolations = "duikou/violations";

// Lists of strings are kept as length-prefixed pieces, so that any byte may stand in them.
void AppendPiece(std::string& out, absl::string_view piece) { absl::StrAppend(&out, piece.size(), ":", piece); }

std::vector<std::string> Pieces(const absl::Cord& packed) {
  const std::string flat(packed);
  absl::string_view rest = flat;
  std::vector<std::string> pieces;
  while (!rest.empty()) {
    const size_t colon = rest.find(':');
    size_t length = 0;
    if (colon == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(0, colon), &length)) break;
    pieces.emplace_back(std::string(rest.substr(colon + 1, length)));
    rest.remove_prefix(std::min(rest.size(), colon + 1 + length));
  }
  return pieces;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, ErrorFacts facts) {
  absl::Status status(code, facts.text.en);
  status.SetPayload(kReason, absl::Cord(facts.reason));
  status.SetPayload(kZh, absl::Cord(facts.text.zh));
  if (facts.retry_after_ms > 0) status.SetPayload(kRetry, absl::Cord(absl::StrCat(facts.retry_after_ms)));
  if (!facts.metadata.empty()) {
    std::string packed;
    for (const auto& [key, value] : facts.metadata) {
      AppendPiece(packed, key);
      AppendPiece(packed, value);
    }
    status.SetPayload(kMetadata, absl::Cord(packed));
  }
  if (!facts.violations.empty()) {
    std::string packed;
    for (const FieldViolation& violation : facts.violations) {
      AppendPiece(packed, violation.field);
      AppendPiece(packed, violation.description.zh);
      AppendPiece(packed, violation.description.en);
    }
    status.SetPayload(kViolations, absl::Cord(packed));
  }
  return status;
}

ErrorFacts FactsOf(const absl::Status& status) {
  ErrorFacts facts;
  facts.text.en = std::string(status.message());
  if (auto reason = status.GetPayload(kReason)) facts.reason = std::string(*reason);
  if (auto zh = status.GetPayload(kZh)) facts.text.zh = std::string(*zh);
  if (auto retry = status.GetPayload(kRetry)) (void)absl::SimpleAtoi(std::string(*retry), &facts.retry_after_ms);
  if (auto metadata = status.GetPayload(kMetadata)) {
    std::vector<std::string> pieces = Pieces(*metadata);
    for (size_t i = 0; i + 1 < pieces.size(); i += 2) facts.metadata.emplace_back(pieces[i], pieces[i + 1]);
  }
  if (auto violations = status.GetPayload(kViolations)) {
    std::vector<std::string> pieces = Pieces(*violations);
    for (size_t i = 0; i + 2 < pieces.size(); i += 3) {
      facts.violations.push_back({pieces[i], {pieces[i + 1], pieces[i + 2]}});
    }
  }
  return facts;
}

std::string ReasonOf(const absl::Status& status) {
  auto reason = status.GetPayload(kReason);
  return reason ? std::string(*reason) : std::string();
}

absl::Status StateForbids(absl::string_view reason, Text text, ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   {.reason = std::string(reason), .text = std::move(text), .metadata = std::move(metadata)});
}

absl::Status BadField(absl::string_view field, Text description, absl::string_view reason) {
  FieldViolations violations;
  violations.Add(std::string(field), std::move(description));
  return violations.ToStatus(reason);
}

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound,
                   {.reason = "NOT_FOUND",
                    .text = {absl::StrCat("没有找到“", name, "”,或您无权查看。"),
                             absl::StrCat("\"", name, "\" does not exist, or you may not see it.")},
                    .metadata = {{"name", std::string(name)}}});
}

absl::Status AlreadyExists(absl::string_view name) {
  return MakeError(absl::StatusCode::kAlreadyExists,
                   {.reason = "ALREADY_EXISTS",
                    .text = {absl::StrCat("“", name, "”已存在。"), absl::StrCat("\"", name, "\" exists already.")},
                    .metadata = {{"name", std::string(name)}}});
}

absl::Status PermissionDenied(absl::string_view reason, Text text) {
  return MakeError(absl::StatusCode::kPermissionDenied, {.reason = std::string(reason), .text = std::move(text)});
}

absl::Status Unauthenticated(absl::string_view reason, Text text) {
  return MakeError(absl::StatusCode::kUnauthenticated, {.reason = std::string(reason), .text = std::move(text)});
}

absl::Status Overloaded() {
  return Unavailable(kOverloaded, {"系统繁忙,请稍后重试。", "The service is overloaded: retry after a moment."}, 500);
}

absl::Status Unavailable(absl::string_view reason, Text text, int64_t retry_after_ms) {
  return MakeError(absl::StatusCode::kUnavailable,
                   {.reason = std::string(reason), .text = std::move(text), .retry_after_ms = retry_after_ms});
}

absl::Status EtagStale(absl::string_view name) {
  return MakeError(absl::StatusCode::kAborted,
                   {.reason = "ETAG_STALE",
                    .text = {absl::StrCat("“", name, "”已被他人修改,请重新读取后再试。"),
                             absl::StrCat("\"", name, "\" was changed by somebody else: read it again, then retry.")},
                    .metadata = {{"name", std::string(name)}}});
}

absl::Status InternalError(absl::string_view detail) { return absl::InternalError(detail); }

absl::Status FieldViolations::ToStatus(absl::string_view reason) const {
  if (violations_.empty()) return absl::OkStatus();
  const FieldViolation& first = violations_.front();
  ErrorFacts facts{.reason = std::string(reason), .text = first.description, .violations = violations_};
  if (violations_.size() > 1) {
    facts.text.zh =
        absl::StrCat("有 ", violations_.size(), " 处填写有误:", first.field, ":", first.description.zh, " 等。");
    facts.text.en =
        absl::StrCat(violations_.size(), " fields are wrong; the first: ", first.field, ": ", first.description.en);
  } else {
    facts.text.zh = absl::StrCat(first.field, ":", first.description.zh);
    facts.text.en = absl::StrCat(first.field, ": ", first.description.en);
  }
  return MakeError(absl::StatusCode::kInvalidArgument, std::move(facts));
}

}  // namespace duikou
