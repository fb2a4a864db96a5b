#include "common/rpc/call.h"

#include <grpc/slice.h>
#include <grpcpp/server_context.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/rpc/receipt.h"
#include "common/rpc/references.h"
#include "common/rpc/status_details.h"
#include "common/schema/field_limits.h"
#include "common/schema/record_fields.h"

namespace duikou::rpc {
namespace {

using google::protobuf::Message;

constexpr size_t kMaxRequestId = 64;
constexpr absl::string_view kEdge = "services/edge";
// Passed on less a little at each hop, so that the caller is still there when the answer comes.
constexpr absl::Duration kHop = absl::Milliseconds(20);

absl::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

absl::string_view Header(const grpc::CallbackServerContext& context, const char* name) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(name);
  return found == metadata.end() ? absl::string_view() : View(found->second);
}

std::string Flatten(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

std::shared_ptr<const Caller> AnonymousCaller(Locale locale) {
  static const auto* zh = new std::shared_ptr<const Caller>(std::make_shared<Caller>());
  static const auto* en = new std::shared_ptr<const Caller>(std::make_shared<Caller>(Caller{.locale = Locale::kEn}));
  return locale == Locale::kEn ? *en : *zh;
}

// The service that the peer's certificate names: "spiffe://duikou/services/NAME" gives "services/NAME"; empty for none.
std::string ServiceIdentity(const grpc::CallbackServerContext& context) {
  constexpr absl::string_view kPrefix = "spiffe://duikou/";
  const auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return "";
  for (const grpc::string_ref& uri : auth->FindPropertyValues("peer_uri")) {
    if (absl::StartsWith(View(uri), absl::StrCat(kPrefix, "services/")))
      return std::string(View(uri).substr(kPrefix.size()));
  }
  return "";
}

absl::StatusOr<std::shared_ptr<const Caller>> ByToken(const Environment& environment,
                                                      const grpc::CallbackServerContext& context,
                                                      absl::string_view authorization, absl::string_view language,
                                                      absl::Time now) {
  constexpr absl::string_view kBearer = "Bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kBearer)) {
    return Unauthenticated("TOKEN_INVALID",
                           {"登录凭证应以 Bearer 开头。", "The authorization header must begin with Bearer."});
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Caller> caller,
                   environment.tokens->Verify(authorization.substr(kBearer.size()), now));
  const std::string absent(Header(context, "on-behalf-of"));
  if (!absent.empty()) {
    ASSIGN_OR_RETURN(caller, environment.tokens->deputies().ActFor(*caller, absent, now));
  }
  const Locale asked = absl::StartsWith(language, "en") ? Locale::kEn : Locale::kZhCn;
  if (language.empty() || asked == caller->locale) return caller;
  auto localized = std::make_shared<Caller>(*caller);
  localized->locale = asked;
  return localized;
}

void Release(void* bytes) { delete static_cast<std::string*>(bytes); }

// The bytes themselves go out, kept alive until they are sent.
grpc::Slice SliceOf(std::string bytes) {
  auto* kept = new std::string(std::move(bytes));
  return {grpc_slice_new_with_user_data(kept->data(), kept->size(), Release, kept), grpc::Slice::STEAL_REF};
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(const Environment& environment,
                                                           grpc::CallbackServerContext& context, absl::Time now) {
  const absl::string_view language = Header(context, "accept-language");
  const Locale locale = absl::StartsWith(language, "en") ? Locale::kEn : Locale::kZhCn;
  // Anybody can send this header: it counts from the edge alone, and then nothing else does.
  if (const absl::string_view certificate = Header(context, "x-client-cert"); !certificate.empty()) {
    if (environment.partners != nullptr && ServiceIdentity(context) == kEdge) {
      return environment.partners->Admit({.certificate = certificate,
                                          .acting_unit = Header(context, "acting-unit"),
                                          .on_behalf_of = Header(context, "on-behalf-of")},
                                         locale, now);
    }
  }
  if (const absl::string_view authorization = Header(context, "authorization"); !authorization.empty())
    return ByToken(environment, context, authorization, language, now);
  const std::string identity = environment.tls ? ServiceIdentity(context) : "";
  // The edge passes on what strangers send: by itself it is nobody.
  if (identity.empty() || identity == kEdge) return AnonymousCaller(locale);
  return std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService, .name = identity, .locale = locale});
}

grpc::ServerUnaryReactor* Call::Start(const Environment& environment, const Method& method,
                                      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) {
  auto* call = new Call(environment, method, context, response);
  grpc::ServerUnaryReactor* reactor = call->reactor_;
  call->Begin(*request);  // May end and delete the call.
  return reactor;
}

Call::Call(const Environment& environment, const Method& method, grpc::CallbackServerContext* context,
           grpc::ByteBuffer* response)
    : environment_(environment),
      method_(method),
      context_(context),
      response_(response),
      reactor_(context->DefaultReactor()),
      begin_(environment.store->clock().Now()) {}

void Call::Begin(const grpc::ByteBuffer& request) {
  if (absl::Status status = Admit(request); !status.ok()) return Finish(status);
  if (method_.get_type != nullptr && AnswerFromCache()) return;
  if (absl::Status status = CheckRequest(); !status.ok()) return Finish(status);
  if (method_.flow == nullptr) {
    // Nearly always the names are known here already, and the call stays on its thread.
    absl::StatusOr<bool> resolved = Resolve(Reach::kMemory);
    if (!resolved.ok()) return Finish(resolved.status());
    if (*resolved) return Run();
  }
  const bool taken = environment_.workers->Submit([this] {
    if (absl::Status status = Resolve(Reach::kKeeper).status(); !status.ok()) return Finish(status);
    Run();
  });
  if (!taken) Finish(Overloaded());
}

absl::Status Call::Admit(const grpc::ByteBuffer& request) {
  const absl::string_view traceparent = Header(*context_, "traceparent");
  trace_ = telemetry::ContinueTrace({traceparent.data(), traceparent.size()});
  auto caller = Authenticate(environment_, *context_, begin_);
  caller_ = caller.ok() ? *caller
                        : AnonymousCaller(absl::StartsWith(Header(*context_, "accept-language"), "en") ? Locale::kEn
                                                                                                       : Locale::kZhCn);
  request_bytes_ = Flatten(request);
  request_ = method_.request_prototype->New(&arena_);
  if (!request_->ParseFromString(request_bytes_)) {
    return BadField("",
                    {"请求无法解析:不是有效的 UTF-8 或不符合接口定义。",
                     "The request cannot be read: it is not valid UTF-8, or not of this method."},
                    "REQUEST_UNREADABLE");
  }
  target_ = method_.TargetOf(*request_);
  RETURN_IF_ERROR(caller.status());
  return method_.rule.Check(*caller_, schema::CityOf(target_));
}

absl::Status Call::CheckRequest() {
  method_.ClearOutputOnly(request_bytes_, *request_);
  // Of an update only what its mask names is written, and is looked at then.
  if (method_.takes_personal_fields && !method_.is_update) {
    if (const std::string masked = schema::MaskedPath(*request_); !masked.empty()) return schema::IsMasked(masked);
  }
  FieldViolations violations;
  schema::CheckLimits(*request_, "",
                      method_.is_update ? schema::RequiredFields::kSkipInResources : schema::RequiredFields::kCheck,
                      violations);
  if (caller_->kind == Caller::Kind::kPartner && method_.takes_request_id()) {
    if (method_.RequestIdOf(*request_).empty())
      violations.Add("request_id", {"合作方系统必须提供。", "is required from partner systems."});
    if (caller_->on_behalf_of.empty())
      violations.Add("on-behalf-of", {"合作方系统办理事项时,须在此请求头中写明代表何人。",
                                      "is required of partner systems in the headers of a write: the person that it "
                                      "acts for."});
  }
  return violations.ToStatus();
}

bool Call::AnswerFromCache() {
  auto record = environment_.store->GetCached(*method_.get_type, target_);
  // What is not found by its id may be found by its number, on the ordinary way; and errors are told there.
  if (!record.ok() || *record == nullptr || !schema::MaySee(*caller_, *method_.get_type, *(*record)->facts))
    return false;
  std::shared_ptr<const std::string> beside;
  if (method_.shows != nullptr) {
    auto shown = method_.shows->Of(caller_->locale, **record);
    if (!shown.ok()) return false;
    beside = *std::move(shown);
  }
  AnswerRecord(**record, beside == nullptr ? absl::string_view() : *beside);
  return true;
}

void Call::Run() {
  if (method_.read != nullptr) return RunRead();
  if (method_.write != nullptr) return RunWrite();
  RunFlow();
}

void Call::RunRead() {
  std::string answer;
  absl::Status status =
      environment_.store->Read(*caller_, method_.ScopeOf(*request_), [&](const duikou::View& view) -> absl::Status {
        ASSIGN_OR_RETURN(answer, method_.read(view, *caller_, *request_));
        return absl::OkStatus();
      });
  if (!status.ok()) return Finish(status);
  Answer(std::move(answer));
}

store::WriteJob Call::MakeJob() {
  store::WriteJob job{.caller = caller_,
                      .facts = {.action = method_.descriptor->name(),
                                .request_id = method_.RequestIdOf(*request_),
                                .referred = std::move(referred_)},
                      .scope = method_.ScopeOf(*request_),
                      .city = std::string(schema::CityOf(target_)),
                      .personal = method_.answers_personal_fields,
                      .dry_run = method_.ValidateOnly(*request_),
                      .deadline = absl::FromChrono(context_->deadline())};
  if (!job.facts.request_id.empty()) {
    job.request = store::RequestKey{
        .city = job.city.empty() ? "-" : job.city,
        .request_id = job.facts.request_id,
        .scope = crypto::Sha256({caller_->name, "\n", caller_->on_behalf_of, "\n", method_.path}).substr(0, 8),
        .body_hash = environment_.store->BodyHash(request_bytes_, method_.takes_personal_fields)};
  }
  return job;
}

void Call::RunWrite() {
  store::WriteJob job = MakeJob();
  job.run = [this](Txn& txn) -> absl::StatusOr<std::string> {
    Message* response = method_.response_prototype->New(&arena_);
    RETURN_IF_ERROR(method_.write(txn, *caller_, *request_, *response));
    return txn.answers_with_stored() ? std::string() : response->SerializeAsString();
  };
  job.abandoned = [this] { return context_->IsCancelled(); };
  job.done = [this](absl::StatusOr<std::string> answer) { Answer(std::move(answer)); };
  environment_.store->Write(std::move(job));
}

void Call::RunFlow() {
  store::WriteJob job = MakeJob();
  if (job.request) {
    auto known = environment_.store->FindAnswer(*job.request);
    if (!known.ok()) return Finish(known.status());
    if (known->has_value()) return Answer(**std::move(known));
  }
  const absl::string_view authorization = Header(*context_, "authorization");
  const absl::Time deadline = std::min(job.deadline, absl::Now() + absl::Minutes(1)) - kHop;
  Context context({.store = *environment_.store,
                   .peers = environment_.peers,
                   .caller = caller_,
                   .call_options = {.deadline = deadline,
                                    .authorization = std::string(authorization),
                                    .traceparent = trace_.ToHeader(),
                                    .on_behalf_of = caller_->kind == Caller::Kind::kPerson ? caller_->on_behalf_of : "",
                                    .locale = caller_->locale},
                   .job = std::move(job)});
  Message* response = method_.response_prototype->New(&arena_);
  if (absl::Status status = method_.flow(context, *caller_, *request_, *response); !status.ok()) return Finish(status);
  Answer(response->SerializeAsString());
}

absl::StatusOr<bool> Call::Resolve(Reach reach) {
  if (method_.external_references.empty()) return true;
  if (environment_.peers == nullptr) return InternalError("references to other services, but no peers");
  return ResolveReferences(*environment_.peers, method_.external_references, reach, *request_, referred_);
}

void Call::Answer(absl::StatusOr<std::string> bytes) {
  if (!bytes.ok()) return Finish(bytes.status());
  const bool masks = method_.answers_personal_fields && !method_.rule.Unmasks(*caller_);
  const bool conceals = method_.answers_concealed_fields && !caller_->IsService();
  if (masks || conceals) {
    Message* response = method_.response_prototype->New(&arena_);
    if (!response->ParseFromString(*bytes)) return Finish(InternalError("cannot parse an answer of our own"));
    if (conceals) environment_.concealments->Apply(*caller_, *response);
    if (masks) schema::MaskPersonalFields(*response);
    *bytes = response->SerializeAsString();
  }
  if (caller_->kind == Caller::Kind::kPartner && method_.takes_request_id() && !method_.ValidateOnly(*request_))
    AddReceipt(*bytes);
  response_size_ = bytes->size();
  const grpc::Slice slice = SliceOf(*std::move(bytes));
  *response_ = grpc::ByteBuffer(&slice, 1);
  Finish(absl::OkStatus());
}

void Call::AddReceipt(absl::string_view response) {
  const absl::StatusOr<std::string> receipt = MakeReceipt(
      *environment_.store,
      {.service = environment_.service, .method = method_.path, .request_id = method_.RequestIdOf(*request_)}, *caller_,
      request_bytes_, response);
  // The write is durable, and known by its request_id: a receipt that cannot be made must not make it look failed.
  if (receipt.ok()) context_->AddTrailingMetadata(std::string(kReceiptKey), *receipt);
}

void Call::AnswerRecord(const store::CachedRecord& record, absl::string_view shown) {
  response_size_ = record.bytes.size() + shown.size();
  // Copied into one slice: of two, gRPC carries each through all of its layers, which costs more than a record's bytes.
  const grpc::Slice slice(grpc_slice_malloc(response_size_), grpc::Slice::STEAL_REF);
  uint8_t* const out = const_cast<uint8_t*>(slice.begin());
  std::copy(shown.begin(), shown.end(), std::copy(record.bytes.begin(), record.bytes.end(), out));
  *response_ = grpc::ByteBuffer(&slice, 1);
  Finish(absl::OkStatus());
}

void Call::Finish(const absl::Status& status) {
  const bool overloaded = absl::IsUnavailable(status) && ReasonOf(status) == kOverloaded;
  if (overloaded && environment_.refusals->Hold(request_bytes_.size(), absl::FromChrono(context_->deadline()),
                                                [this, status] { End(status); }))
    return;
  End(status);
}

void Call::End(const absl::Status& status) {
  Log(status);
  grpc::ServerUnaryReactor* reactor = reactor_;
  grpc::Status ended = status.ok() ? grpc::Status::OK : ToGrpcStatus(status, caller_->locale, trace_.TraceIdHex());
  delete this;
  reactor->Finish(std::move(ended));
}

void Call::Log(const absl::Status& status) {
  const absl::Time end = environment_.store->clock().Now();
  const int64_t latency_us = absl::ToInt64Microseconds(end - begin_);
  method_.metrics->Record(static_cast<int>(status.code()), latency_us);
  if (environment_.log == nullptr) return;
  const std::string reason = status.ok() ? "" : ReasonOf(status);
  const std::string request_id = request_ == nullptr ? "" : method_.RequestIdOf(*request_).substr(0, kMaxRequestId);
  const std::string trace = trace_.TraceIdHex();
  const bool in_clear = status.ok() && method_.answers_personal_fields && method_.rule.Unmasks(*caller_);
  const absl::string_view city = schema::CityOf(target_);
  environment_.log->Write({.time_us = absl::ToUnixMicros(end),
                           .service = environment_.service,
                           .method = method_.descriptor->name(),
                           .caller = caller_->name,
                           .city = {city.data(), city.size()},
                           .request_id = request_id,
                           .trace_id = trace,
                           .code = static_cast<int>(status.code()),
                           .reason = reason,
                           .latency_us = latency_us,
                           .request_bytes = static_cast<int64_t>(request_bytes_.size()),
                           .response_bytes = static_cast<int64_t>(response_size_),
                           .personal_fields = in_clear ? std::string_view("*") : std::string_view(),
                           .purpose = in_clear ? std::string_view(method_.descriptor->name()) : std::string_view()});
  if (absl::IsInternal(status) || absl::IsDataLoss(status)) {
    const std::string message(status.message());
    environment_.log->Event(telemetry::Severity::kError, "internal error",
                            {{"method", std::string_view(method_.path)},
                             {"trace_id", std::string_view(trace)},
                             {"detail", std::string_view(message)}});
  }
}

}  // namespace duikou::rpc
