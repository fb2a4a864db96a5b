#include "clients/cli/suite.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/language.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/options/v1/options.pb.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;

constexpr absl::Duration kRenewBefore = absl::Minutes(1);
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);

// Of ./dev up: the services' ports follow each other.
std::string DefaultAddress(Peer peer) { return absl::StrCat("localhost:", 7401 + static_cast<int>(peer)); }

// Without an authority named: that of ./dev up beside this binary for its addresses; none (plaintext) on this machine
// alone, as passwords and tokens are never sent in the clear.
absl::StatusOr<std::string> DefaultAuthority(Peer peer, absl::string_view address) {
  if (address == DefaultAddress(peer)) {
    std::error_code error;
    const std::filesystem::path binary = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::filesystem::path made = binary.parent_path() / "../../.run/certs/ca.crt";
    if (!error && std::filesystem::exists(made, error)) return made.lexically_normal().string();
  }
  for (absl::string_view here : {"localhost:", "127.0.0.1:", "[::1]:", "unix:"}) {
    if (absl::StartsWith(address, here)) return std::string();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--ca: ", Say("请给出签发 ", "name the certificate of the authority that "), address,
                   Say(" 证书的 CA(PEM 文件),或设 DUIKOU_CA", " is certified by (a PEM file), or set DUIKOU_CA")));
}

Locale CurrentLocale() { return CurrentLanguage() == Language::kEnglish ? Locale::kEn : Locale::kZhCn; }

// The request with a request_id, if it has such a field and the caller gave none.
std::unique_ptr<pb::Message> WithRequestId(const pb::Message& request) {
  std::unique_ptr<pb::Message> sent(request.New());
  sent->CopyFrom(request);
  const pb::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field != nullptr && field->type() == pb::FieldDescriptor::TYPE_STRING &&
      request.GetReflection()->GetString(request, field).empty()) {
    sent->GetReflection()->SetString(sent.get(), field, NewId(absl::Now()));
  }
  return sent;
}

// The type that a string field names records of; null if it names none.
const ResourceType* ReferredType(const pb::FieldDescriptor& field) {
  if (field.type() != pb::FieldDescriptor::TYPE_STRING) return nullptr;
  absl::string_view reference = field.options().GetExtension(options::v1::field).reference();
  if (!reference.empty()) return Catalog::Get().Find(LastSegment(reference));
  // In requests a field that is called like a type names a record of it.
  if (!absl::EndsWith(field.containing_type()->name(), "Request") && field.containing_type()->name() != "Link")
    return nullptr;
  if (field.name() == "merged" || field.name() == "successors") return Catalog::Get().Find("unit");
  return Catalog::Get().Find(field.name());
}

bool IsId(absl::string_view typed) {
  return absl::c_all_of(typed, [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '/'; });
}

}  // namespace

absl::Status Suite::LoadOnce() {
  if (loaded_) return absl::OkStatus();
  ASSIGN_OR_RETURN(session_, LoadSession(settings_.session_path));
  loaded_ = true;
  if (settings_.cert.empty() && !session_.has_value()) {
    settings_.cert = settings_.fallback_cert;
    settings_.key = settings_.fallback_key;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Suite::Authorization() {
  RETURN_IF_ERROR(LoadOnce());
  if (!settings_.cert.empty()) return std::string();
  RETURN_IF_ERROR(RenewToken());
  return session_.has_value() ? absl::StrCat("Bearer ", session_->access_token) : std::string();
}

absl::StatusOr<std::string> Suite::OnBehalfOf() {
  if (settings_.on_behalf_of.empty()) return std::string();
  return NameOf(*Catalog::Get().Find("account"), settings_.on_behalf_of);
}

absl::StatusOr<const Session*> Suite::SignedIn() {
  RETURN_IF_ERROR(LoadOnce());
  return session_.has_value() ? &*session_ : nullptr;
}

absl::StatusOr<std::string> Suite::City() {
  if (!settings_.city.empty()) return settings_.city;
  RETURN_IF_ERROR(LoadOnce());
  if (session_.has_value() && !session_->City().empty()) return session_->City();
  constexpr char kZh[] = "不知道是哪个城市:请登录(duikou --city 210800 login 账号)或加 --city 210800";
  constexpr char kEn[] = "which city? Sign in (duikou --city 210800 login ACCOUNT) or add --city 210800";
  if (session_.has_value() || !settings_.cert.empty()) return absl::InvalidArgumentError(Say(kZh, kEn));
  return Unauthenticated("NOT_SIGNED_IN", {kZh, kEn});
}

absl::StatusOr<std::string> Suite::AddressOf(Peer peer) {
  const std::string& set = settings_.addresses[static_cast<size_t>(peer)];
  if (!set.empty()) return set;
  RETURN_IF_ERROR(LoadOnce());
  if (session_.has_value()) {
    const std::string& kept = session_->addresses[static_cast<size_t>(peer)];
    if (!kept.empty()) return kept;
  }
  return DefaultAddress(peer);
}

absl::StatusOr<std::string> Suite::AuthorityOf(Peer peer) {
  if (!settings_.ca.empty()) return settings_.ca;
  ASSIGN_OR_RETURN(const std::string address, AddressOf(peer));
  RETURN_IF_ERROR(LoadOnce());
  if (session_.has_value() && !session_->ca.empty()) return session_->ca;
  return DefaultAuthority(peer, address);
}

absl::StatusOr<rpc::Client*> Suite::ClientOf(Peer peer, bool with_identity) {
  std::unique_ptr<rpc::Client>& client = clients_[static_cast<int>(peer)][with_identity ? 1 : 0];
  if (client != nullptr) return client.get();
  rpc::Client::Options options;
  ASSIGN_OR_RETURN(options.address, AddressOf(peer));
  ASSIGN_OR_RETURN(options.ca_file, AuthorityOf(peer));
  if (with_identity) {
    options.cert_file = settings_.cert;
    options.key_file = settings_.key;
  }
  ASSIGN_OR_RETURN(client, rpc::Client::Connect(options));
  return client.get();
}

// A new access token when the one there is about to end. Other processes that share the session wait, and find it
// renewed.
absl::Status Suite::RenewToken() {
  RETURN_IF_ERROR(LoadOnce());
  if (!session_.has_value() || absl::Now() + kRenewBefore < session_->access_expires) return absl::OkStatus();
  ASSIGN_OR_RETURN(SessionLock lock, SessionLock::Take(settings_.session_path));
  ASSIGN_OR_RETURN(session_, LoadSession(settings_.session_path));
  if (!session_.has_value() || absl::Now() + kRenewBefore < session_->access_expires) return absl::OkStatus();
  directory::v1::RefreshSessionRequest request;
  request.set_refresh_token(session_->refresh_token);
  directory::v1::Tokens tokens;
  RETURN_IF_ERROR(CallOnce(Peer::kDirectory, *Catalog::Method("duikou.directory.v1.Sessions.RefreshSession"), request,
                           &tokens, settings_.timeout));
  session_->access_token = tokens.access_token();
  session_->access_expires = absl::FromUnixSeconds(tokens.access_expire_time().seconds());
  session_->refresh_token = tokens.refresh_token();
  session_->refresh_expires = absl::FromUnixSeconds(tokens.refresh_expire_time().seconds());
  return SaveSession(settings_.session_path, *session_);
}

absl::Status Suite::CallOnce(Peer peer, const pb::MethodDescriptor& method, const pb::Message& request,
                             pb::Message* response, absl::Duration timeout) {
  ASSIGN_OR_RETURN(rpc::Client * client, ClientOf(peer, /*with_identity=*/false));
  rpc::CallOptions options{.deadline = absl::Now() + timeout, .locale = CurrentLocale()};
  options.service = std::string(PeerName(peer));
  return client->Call(&method, request, response, options);
}

absl::Status Suite::Call(Peer peer, const pb::MethodDescriptor& method, const pb::Message& request,
                         pb::Message* response) {
  const absl::Time start = absl::Now();
  const std::unique_ptr<pb::Message> sent = WithRequestId(request);
  for (absl::Duration pause = kFirstPause;; pause *= 2) {
    absl::Status status = [&]() -> absl::Status {
      rpc::CallOptions options{.deadline = start + settings_.timeout, .locale = CurrentLocale()};
      ASSIGN_OR_RETURN(options.authorization, Authorization());
      ASSIGN_OR_RETURN(options.on_behalf_of, OnBehalfOf());
      options.service = std::string(PeerName(peer));
      ASSIGN_OR_RETURN(rpc::Client * client, ClientOf(peer, /*with_identity=*/true));
      return client->Call(&method, *sent, response, options);
    }();
    if (!absl::IsUnavailable(status) || absl::Now() + pause > start + settings_.timeout / 2) return status;
    absl::SleepFor(pause);
  }
}

absl::Status Suite::Stream(Peer peer, const pb::MethodDescriptor& method, const pb::Message& request,
                           pb::Message* message, const std::function<bool()>& on_message) {
  rpc::CallOptions options{.locale = CurrentLocale()};
  ASSIGN_OR_RETURN(options.authorization, Authorization());
  ASSIGN_OR_RETURN(options.on_behalf_of, OnBehalfOf());
  options.service = std::string(PeerName(peer));
  ASSIGN_OR_RETURN(rpc::Client * client, ClientOf(peer, /*with_identity=*/true));
  return client->Stream(
      &method, request, *message,
      [&](const pb::Message& received) {
        message->CopyFrom(received);
        // A session runs out unless it is refreshed, and the stream with it, which tells why it ends.
        RenewToken().IgnoreError();
        return on_message();
      },
      options);
}

absl::StatusOr<std::string> Suite::NameOf(const ResourceType& type, absl::string_view typed) {
  const absl::StatusOr<std::string> city = City();
  if (type.type == "unit" && !IsId(typed)) {
    if (!city.ok()) return city.status();
    directory::v1::ResolveUnitRequest request;
    request.set_parent(absl::StrCat("cities/", *city));
    request.set_text(std::string(typed));
    ASSIGN_OR_RETURN(const auto unit, Call<directory::v1::Unit>("duikou.directory.v1.Directory.ResolveUnit", request));
    return unit.name();
  }
  absl::StatusOr<std::string> name = FullName(type.pattern, city.ok() ? *city : "", typed);
  if (!name.ok() && !city.ok()) return city.status();
  return name;
}

absl::Status Suite::ExpandReferences(pb::Message& message) {
  const pb::Reflection& r = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  r.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      for (int i = 0; field->is_repeated() && i < r.FieldSize(message, field); ++i)
        RETURN_IF_ERROR(ExpandReferences(*r.MutableRepeatedMessage(&message, field, i)));
      if (!field->is_repeated()) RETURN_IF_ERROR(ExpandReferences(*r.MutableMessage(&message, field)));
      continue;
    }
    const ResourceType* type = ReferredType(*field);
    if (type == nullptr) continue;
    for (int i = 0; field->is_repeated() && i < r.FieldSize(message, field); ++i) {
      ASSIGN_OR_RETURN(std::string name, NameOf(*type, r.GetRepeatedString(message, field, i)));
      r.SetRepeatedString(&message, field, i, std::move(name));
    }
    if (!field->is_repeated()) {
      ASSIGN_OR_RETURN(std::string name, NameOf(*type, r.GetString(message, field)));
      r.SetString(&message, field, std::move(name));
    }
  }
  return absl::OkStatus();
}

}  // namespace duikou::cli
