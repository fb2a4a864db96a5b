#include "common/rpc/standard_methods.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/schema/external_ids.h"
#include "common/schema/field_limits.h"
#include "common/schema/record_fields.h"
#include "common/store/record_cache.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"

namespace duikou::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using schema::ResourceType;

std::string TextOf(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

int32_t NumberOf(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? 0 : request.GetReflection()->GetInt32(request, field);
}

const FieldDescriptor* FieldOfType(const Descriptor* message, const Descriptor* type, bool repeated) {
  for (int i = 0; i < message->field_count(); ++i) {
    if (message->field(i)->message_type() == type && message->field(i)->is_repeated() == repeated)
      return message->field(i);
  }
  return nullptr;
}

using Shows = std::shared_ptr<ShownFields>;

ReadFunction GetFunction(const ResourceType& type, Shows shows) {
  return [&type, shows = std::move(shows)](const View& view, const Caller& caller,
                                           const Message& request) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const auto record, view.GetStored(type, TextOf(request, "name")));
    if (shows == nullptr) return record->bytes;
    ASSIGN_OR_RETURN(const auto beside, shows->Of(&view, caller.locale, record->bytes));
    return record->bytes + *beside;
  };
}

// A record that stands as the parent of others must exist and be seen; its number is turned into its id. Above records
// of a city stands the city alone, which is not looked for; a whole city, or all, may be listed at any depth.
absl::StatusOr<std::string> ParentName(const View& view, const ResourceType& type, const std::string& parent) {
  if (type.pattern().depth() <= 2) return parent;
  const ResourceType* above = view.schema().ByName(parent);
  if (above == nullptr || above->pattern().depth() + 1 != type.pattern().depth()) return parent;
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> record, view.GetRecord(*above, parent));
  return above->NameOf(*record);
}

// A list response on the wire: the stored records in its repeated field, each with what is shown beside it (all or none
// of them), then the token.
std::string JoinPage(const store::RecordPage& page, const std::vector<std::shared_ptr<const std::string>>& besides,
                     int items, int token) {
  constexpr auto kPart = WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
  static const std::string nothing;
  const auto beside = [&](size_t i) -> const std::string& { return besides.empty() ? nothing : *besides[i]; };
  size_t size = page.next_page_token.size() + 16;
  for (size_t i = 0; i < page.items.size(); ++i) size += page.items[i].size() + beside(i).size() + 16;
  std::string joined;
  joined.reserve(size);
  google::protobuf::io::StringOutputStream stream(&joined);
  google::protobuf::io::CodedOutputStream out(&stream);
  const auto write = [&](int field, const std::string& first, const std::string& second) {
    out.WriteTag(WireFormatLite::MakeTag(field, kPart));
    out.WriteVarint32(static_cast<uint32_t>(first.size() + second.size()));
    out.WriteString(first);
    out.WriteString(second);
  };
  for (size_t i = 0; i < page.items.size(); ++i) write(items, page.items[i], beside(i));
  if (!page.next_page_token.empty()) write(token, page.next_page_token, nothing);
  out.Trim();
  return joined;
}

constexpr int kMaxRowsOfAPage = 20000;  // Some 100 ms.

ReadFunction ListFunction(const ResourceType& type, const FieldDescriptor* items, Shows shows) {
  const int token = items->containing_type()->FindFieldByName("next_page_token")->number();
  return [&type, items, token, shows = std::move(shows)](const View& view, const Caller& caller,
                                                         const Message& request) -> absl::StatusOr<std::string> {
    const store::ListQuery query{.parent = TextOf(request, "parent"),
                                 .filter = TextOf(request, "filter"),
                                 .order_by = TextOf(request, "order_by"),
                                 .page_size = NumberOf(request, "page_size"),
                                 .page_token = TextOf(request, "page_token"),
                                 .max_rows = kMaxRowsOfAPage};
    RETURN_IF_ERROR(ParentName(view, type, query.parent).status());
    ASSIGN_OR_RETURN(const store::RecordPage page, view.ListRecords(type, query));
    std::vector<std::shared_ptr<const std::string>> besides;
    for (size_t i = 0; shows != nullptr && i < page.items.size(); ++i) {
      ASSIGN_OR_RETURN(besides.emplace_back(), shows->Of(&view, caller.locale, page.items[i]));
    }
    return JoinPage(page, besides, items->number(), token);
  };
}

using UpdateHook = std::function<absl::Status(Txn&, const Caller&, const Message&, Message&)>;

// Merges changes into the record of that name, checks it, and stores it.
absl::Status UpdateStored(Txn& txn, const Caller& caller, const ResourceType& type, const UpdateHook& hook,
                          const Message& changes, const std::vector<std::string>& paths, const std::string& field,
                          Message& response) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> before, txn.GetRecord(type, type.NameOf(changes)));
  response.CopyFrom(*before);
  RETURN_IF_ERROR(schema::ApplyChanges(changes, paths, field, response));
  RETURN_IF_ERROR(schema::OwnExternalId(caller, TextOf(*before, schema::kExternalId), field, response));
  FieldViolations violations;
  schema::CheckLimits(response, field, schema::RequiredFields::kCheck, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (hook != nullptr) RETURN_IF_ERROR(hook(txn, caller, *before, response));
  if (!type.confined()) txn.AnswerWithStored();
  return txn.UpdateRecord(type, response, type.EtagOf(changes));
}

// The name of the record that a partner system knows by the external id of this one; empty for none.
absl::StatusOr<std::string> KnownByExternalId(Txn& txn, const Caller& caller, const ResourceType& type,
                                              const std::string& parent, const Message& record) {
  const std::string id = TextOf(record, schema::kExternalId);
  if (caller.kind != Caller::Kind::kPartner || id.empty()) return std::string();
  ASSIGN_OR_RETURN(const store::RecordPage page,
                   txn.ListRecords(type, {.parent = parent, .where = {{schema::kExternalId, store::Value(id)}}}));
  if (page.items.empty()) return std::string();
  const std::unique_ptr<Message> known(type.prototype().New());
  if (!known->ParseFromString(page.items[0])) return InternalError("a stored record cannot be parsed");
  return type.NameOf(*known);
}

// Whether the caller might have called the type's Update for this record; ALREADY_EXISTS where there is none.
absl::Status CheckMayUpdate(Txn& txn, const Caller& caller, const ResourceType& type, const Method* update,
                            const std::string& name) {
  if (update == nullptr) return AlreadyExists(name);
  RETURN_IF_ERROR(update->rule.Check(caller, schema::CityOf(name)));
  ASSIGN_OR_RETURN(const std::shared_ptr<const store::StoredRecord> stored, txn.LoadStored(type, name));
  if (stored == nullptr) return NotFound(name);
  ASSIGN_OR_RETURN(const schema::AccessFacts facts, schema::AccessFactsOf(type, stored->bytes));
  const auto scope = update->rule.scope();
  const bool allowed = scope == duikou::options::v1::Rule::PARTY      ? schema::IsParty(caller, facts)
                       : scope == duikou::options::v1::Rule::OWN_UNIT ? schema::IsUnitParty(caller, facts)
                                                                      : true;
  return allowed
             ? absl::OkStatus()
             : PermissionDenied("NOT_A_PARTY",
                                {"该外部编号的记录已存在,而贵方不是其参与方,不能修改。",
                                 "The record of this external id exists, and you are no party that may change it."});
}

// From a partner system, a record whose external id it has given before is an update of that record, where its type has
// one.
WriteFunction CreateFunction(const ResourceType& type, const FieldDescriptor* carried, const Host::ErasedHooks& hooks,
                             const Method* update) {
  const std::string id_field = absl::StrCat(carried->name(), "_id");
  return [&type, carried, hook = hooks.create, update_hook = hooks.update, update, id_field](
             Txn& txn, const Caller& caller, const Message& request, Message& response) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string parent, ParentName(txn, type, TextOf(request, "parent")));
    // Into an empty message that is the same as CopyFrom, which first goes through all fields by reflection.
    response.MergeFrom(request.GetReflection()->GetMessage(request, carried));
    RETURN_IF_ERROR(schema::OwnExternalId(caller, "", carried->name(), response));
    ASSIGN_OR_RETURN(const std::string known, KnownByExternalId(txn, caller, type, parent, response));
    if (!known.empty()) {
      RETURN_IF_ERROR(CheckMayUpdate(txn, caller, type, update, known));
      const std::unique_ptr<Message> changes(response.New());
      changes->CopyFrom(response);
      type.SetName(*changes, known);
      return UpdateStored(txn, caller, type, update_hook, *changes, {}, carried->name(), response);
    }
    std::string id = TextOf(request, id_field.c_str());
    if (id.empty()) id = txn.NewId();
    const std::string name = absl::StrCat(parent, parent.empty() ? "" : "/", type.pattern().collection(), "/", id);
    if (!type.pattern().Match(name)) {
      return BadField("parent",
                      {absl::StrCat("“", parent, "”不是这类记录的上级,应形如 cities/210800。"),
                       absl::StrCat("\"", parent, "\" is no parent of these records; write it like cities/210800.")});
    }
    type.SetName(response, name);
    if (hook != nullptr) RETURN_IF_ERROR(hook(txn, caller, response));
    if (!type.confined()) txn.AnswerWithStored();
    return txn.InsertRecord(type, response);
  };
}

WriteFunction UpdateFunction(const ResourceType& type, const FieldDescriptor* carried, const auth::MethodRule& rule,
                             UpdateHook hook) {
  return [&type, carried, &rule, hook = std::move(hook)](Txn& txn, const Caller& caller, const Message& request,
                                                         Message& response) -> absl::Status {
    const Message& changes = request.GetReflection()->GetMessage(request, carried);
    std::vector<std::string> paths;
    if (const FieldDescriptor* mask = request.GetDescriptor()->FindFieldByName("update_mask")) {
      const auto& given =
          static_cast<const google::protobuf::FieldMask&>(request.GetReflection()->GetMessage(request, mask));
      paths.assign(given.paths().begin(), given.paths().end());
    }
    if (!rule.Unmasks(caller)) {
      const std::string personal = schema::PersonalPath(type.descriptor(), paths);
      if (!personal.empty())
        return BadField("update_mask", {absl::StrCat("无权修改“", personal, "”。"),
                                        absl::StrCat("you may not change \"", personal, "\".")});
    }
    return UpdateStored(txn, caller, type, hook, changes, paths, carried->name(), response);
  };
}

WriteFunction DeleteFunction(const ResourceType& type,
                             std::function<absl::Status(Txn&, const Caller&, const Message&)> hook) {
  return [&type, hook = std::move(hook)](Txn& txn, const Caller& caller, const Message& request,
                                         Message&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> record, txn.GetRecord(type, TextOf(request, "name")));
    if (hook != nullptr) RETURN_IF_ERROR(hook(txn, caller, *record));
    return txn.DeleteRecord(type, type.NameOf(*record), TextOf(request, "etag"));
  };
}

}  // namespace

bool SetStandardFunction(const ResourceType& type, const Host::ErasedHooks& hooks, const Method* update,
                         Method& method) {
  const Descriptor* resource = type.descriptor();
  const std::string& name = method.descriptor->name();
  const Descriptor* request = method.descriptor->input_type();
  const Descriptor* response = method.descriptor->output_type();
  const FieldDescriptor* carried = FieldOfType(request, resource, false);
  if (name == absl::StrCat("Get", resource->name()) && response == resource) {
    method.read = GetFunction(type, hooks.shows);
    const bool plain = method.rule.scope() == duikou::options::v1::Rule::ANY_CITY ||
                       method.rule.scope() == duikou::options::v1::Rule::OWN_CITY;
    if (plain && hooks.conceal == nullptr && store::IsCached(type)) method.get_type = &type;
    method.shows = hooks.shows;
  } else if (absl::StartsWith(name, "List") && FieldOfType(response, resource, true) != nullptr &&
             request->FindFieldByName("order_by") != nullptr) {
    method.read = ListFunction(type, FieldOfType(response, resource, true), hooks.shows);
  } else if (name == absl::StrCat("Create", resource->name()) && response == resource && carried != nullptr) {
    method.write = CreateFunction(type, carried, hooks, update);
  } else if (name == absl::StrCat("Update", resource->name()) && response == resource && carried != nullptr) {
    method.write = UpdateFunction(type, carried, method.rule, hooks.update);
  } else if (name == absl::StrCat("Delete", resource->name())) {
    method.write = DeleteFunction(type, hooks.remove);
  } else {
    return false;
  }
  return true;
}

}  // namespace duikou::rpc
