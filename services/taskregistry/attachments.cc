#include "services/taskregistry/attachments.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using v1::Attachment;

constexpr absl::Duration kUnfinished = absl::Hours(24);
constexpr int kRemovedAtOnce = 20;

// A record that may have attachments: one under a task, or a task.
absl::StatusOr<const schema::ResourceType*> TypeOfRecord(const View& view, const std::string& record) {
  static const auto* kTypes = new std::set<std::string>{"task", "progress_report", "project", "support_request"};
  const schema::ResourceType* type = view.schema().ByName(record);
  if (type != nullptr && kTypes->contains(type->type())) return type;
  return BadField("attachment.record",
                  {"附件只能属于任务、进展报告、项目或要素保障申请。",
                   "must be a task, progress report, project or support request."},
                  "RECORD_TYPE");
}

// Who may add to a record: the units that are its parties or its task's, COORDINATOR and SUPERVISOR of its city.
absl::Status CheckMayAdd(const View& view, const Caller& caller, const schema::ResourceType& type,
                         const google::protobuf::Message& record) {
  ASSIGN_OR_RETURN(const schema::AccessFacts facts, view.FactsOf(type, record.SerializeAsString()));
  const bool oversees = caller.city == facts.city &&
                        (caller.Has(duikou::type::v1::COORDINATOR) || caller.Has(duikou::type::v1::SUPERVISOR));
  if (oversees || schema::IsUnitParty(caller, facts)) return absl::OkStatus();
  return PermissionDenied("NO_DUTY",
                          {"只有承担单位、对口办和督查室可以增删附件。",
                           "Only units with a duty, COORDINATOR and SUPERVISOR add and remove attachments."});
}

absl::Status CheckFileName(const std::string& title) {
  const bool wrong = title == "." || title == ".." || std::any_of(title.begin(), title.end(), [](char c) {
                       return c == '/' || c == '\\' || absl::ascii_iscntrl(static_cast<unsigned char>(c));
                     });
  if (!wrong) return absl::OkStatus();
  return BadField("attachment.title",
                  {"应为文件名,不含目录和控制字符。", "must be a file's name, without folders and control characters."},
                  "FILE_NAME_INVALID");
}

absl::Status CheckSize(const View& view, const Attachment& attachment) {
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(view, std::string(schema::CityOf(attachment.name()))));
  const int64_t most = int64_t{settings.attachment_megabytes()} << 20;
  if (attachment.size() <= most) return absl::OkStatus();
  return BadField("attachment.size",
                  {absl::StrCat("附件不得超过 ", settings.attachment_megabytes(), " MB。"),
                   absl::StrCat("must not be above ", settings.attachment_megabytes(), " MB.")},
                  "ATTACHMENT_TOO_LARGE");
}

absl::Status RemoveUnfinished(Txn& txn, const std::string& city) {
  ASSIGN_OR_RETURN(const auto page,
                   txn.List<Attachment>({.parent = "cities/" + city,
                                         .page_size = kRemovedAtOnce,
                                         .where = {{"state", store::Value(int64_t{Attachment::UPLOADING})}}}));
  for (const Attachment& attachment : page.items) {
    if (txn.now() - absl::FromUnixSeconds(attachment.create_time().seconds()) > kUnfinished)
      RETURN_IF_ERROR(txn.Delete<Attachment>(attachment.name()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status OnCreateAttachment(Txn& txn, const Caller& caller, Attachment& attachment) {
  ASSIGN_OR_RETURN(const schema::ResourceType* type, TypeOfRecord(txn, attachment.record()));
  const std::string city(schema::CityOf(attachment.name()));
  if (schema::CityOf(attachment.record()) != city) {
    return BadField("attachment.record", {"应为同一城市的记录。", "must be a record of the same city."}, "OTHER_CITY");
  }
  ASSIGN_OR_RETURN(const auto record, txn.GetRecord(*type, attachment.record()));
  RETURN_IF_ERROR(CheckMayAdd(txn, caller, *type, *record));
  RETURN_IF_ERROR(CheckFileName(attachment.title()));
  RETURN_IF_ERROR(CheckSize(txn, attachment));
  RETURN_IF_ERROR(RemoveUnfinished(txn, city));
  attachment.set_record(type->NameOf(*record));
  attachment.set_state(Attachment::UPLOADING);
  attachment.set_unit(caller.unit);
  attachment.set_attached_by(caller.name);
  return absl::OkStatus();
}

absl::Status OnDeleteAttachment(Txn& txn, const Caller& caller, const Attachment& attachment) {
  ASSIGN_OR_RETURN(const schema::ResourceType* type, TypeOfRecord(txn, attachment.record()));
  ASSIGN_OR_RETURN(const auto record, txn.GetRecord(*type, attachment.record()));
  return CheckMayAdd(txn, caller, *type, *record);
}

absl::Status DeleteAttachmentsOf(Txn& txn, const std::string& record) {
  const std::string city = absl::StrCat("cities/", std::string(schema::CityOf(record)));
  ASSIGN_OR_RETURN(const std::vector<Attachment> attachments,
                   txn.ListAll<Attachment>({.parent = city, .where = {{"record", store::Value(record)}}}));
  for (const Attachment& attachment : attachments) RETURN_IF_ERROR(txn.Delete<Attachment>(attachment.name()));
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry
