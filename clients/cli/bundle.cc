#include "clients/cli/bundle.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/language.h"
#include "clients/cli/output_file.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace duikou::cli {
namespace {

namespace fs = std::filesystem;
namespace pb = google::protobuf;
using log::v1::Change;
using log::v1::ChangeBundle;

constexpr char kPlaces[] = "bundles.json";

std::string ReadFile(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

absl::Status NoBundle() {
  return absl::InvalidArgumentError(Say("文件内容不是变更包", "the content of the file is no change bundle"));
}

absl::Status FileFailed(const fs::path& path, const std::error_code& error) {
  return absl::UnknownError(absl::StrCat(path.string(), ": ", error.message()));
}

// A name becomes a path: it must not lead out of the folder.
absl::StatusOr<fs::path> PathOf(const std::string& folder, const std::string& name) {
  for (const absl::string_view part : absl::StrSplit(name, '/')) {
    if (part.empty() || part == "." || part == "..") return NoBundle();
  }
  return fs::path(folder) / name;
}

// What the folder knows of the bundles that it has read, by "SERVICE cities/CITY".
absl::StatusOr<pb::Struct> ReadPlaces(const fs::path& file) {
  pb::Struct places;
  if (!fs::exists(file)) return places;
  if (!pb::util::JsonStringToMessage(ReadFile(file), &places).ok())
    return absl::InvalidArgumentError(absl::StrCat(file.string(), Say(":已损坏", ": is damaged")));
  return places;
}

absl::Status WriteRecord(const Change& change, const std::string& folder) {
  ASSIGN_OR_RETURN(const fs::path path, PathOf(folder, change.name()));
  const std::string& url = change.record().type_url();
  const auto* type = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(url.substr(url.rfind('/') + 1));
  if (type == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        url, Say(":本程序的版本不认识此类型,请升级", ": this version does not know the type: upgrade it")));
  }
  const std::unique_ptr<pb::Message> record(pb::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!record->ParseFromString(change.record().value())) return NoBundle();
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return FileFailed(path.parent_path(), error);
  return WriteOutput(path.string() + ".json", ToJson(*record, true));
}

// Attachments lie beside the records that they belong to.
absl::StatusOr<int64_t> RemoveAttachmentsOf(const std::string& name, const fs::path& folder) {
  int64_t removed = 0;
  if (!fs::exists(folder)) return removed;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  for (const fs::path& file : files) {
    pb::Struct attachment;
    if (!pb::util::JsonStringToMessage(ReadFile(file), &attachment).ok()) continue;
    const auto record = attachment.fields().find("record");
    if (record == attachment.fields().end()) continue;
    const std::string& of = record->second.string_value();
    if (of == name || absl::StartsWith(of, name + "/")) removed += fs::remove(file) ? 1 : 0;
  }
  return removed;
}

absl::StatusOr<int64_t> RemoveRecord(const Change& change, const std::string& folder) {
  ASSIGN_OR_RETURN(const fs::path path, PathOf(folder, change.name()));
  std::error_code error;
  int64_t removed = fs::remove(path.string() + ".json", error) ? 1 : 0;
  if (error) return FileFailed(path, error);
  std::vector<fs::path> below;
  if (fs::exists(path)) {
    for (const auto& entry : fs::recursive_directory_iterator(path)) removed += entry.is_regular_file() ? 1 : 0;
    fs::remove_all(path, error);
    if (error) return FileFailed(path, error);
  }
  const std::vector<std::string> parts = absl::StrSplit(change.name(), absl::MaxSplits('/', 2));
  ASSIGN_OR_RETURN(const int64_t attachments,
                   RemoveAttachmentsOf(change.name(), fs::path(folder) / parts[0] / (parts.size() > 1 ? parts[1] : "") /
                                                          "attachments"));
  return removed + attachments;
}

absl::Status CheckContinues(const ChangeBundle& bundle, int64_t read, const std::string& digest) {
  if (bundle.number() > read + 1) {
    return absl::FailedPreconditionError(
        absl::StrCat(Say("缺少第 ", "bundle "), read + 1,
                     Say(" 号变更包,请先读入它;当前文件是第 ", " is missing: read it first; this file is number "),
                     bundle.number(), Say(" 号", "")));
  }
  if (bundle.number() <= read || bundle.previous() != digest) {
    return absl::FailedPreconditionError(
        Say("此变更包不接续本目录已读入的内容(可能已重新导出):请换一个空目录,从第 1 号读起",
            "this bundle does not continue what the folder has read (perhaps they were written anew): take an empty "
            "folder and begin with number 1"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ChangeBundle> BeginBundle(absl::string_view previous, const std::string& service,
                                         const std::string& city) {
  ChangeBundle bundle;
  bundle.set_service(service);
  bundle.set_city(city);
  bundle.set_number(1);
  if (previous.empty()) return bundle;
  ChangeBundle before;
  if (!before.ParseFromArray(previous.data(), static_cast<int>(previous.size())) || before.number() < 1)
    return NoBundle();
  if (before.service() != service || before.city() != city) {
    return absl::InvalidArgumentError(
        absl::StrCat(Say("前一个变更包属于 ", "the bundle before is of "), before.service(), " ", before.city()));
  }
  bundle.set_number(before.number() + 1);
  bundle.set_previous(crypto::Sha256({previous}));
  bundle.set_next_cursor(before.next_cursor());
  return bundle;
}

absl::StatusOr<Applied> ApplyBundle(absl::string_view bytes, const std::string& folder) {
  ChangeBundle bundle;
  if (!bundle.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || bundle.number() < 1) return NoBundle();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return FileFailed(folder, error);
  const fs::path file = fs::path(folder) / kPlaces;
  ASSIGN_OR_RETURN(pb::Struct places, ReadPlaces(file));
  pb::Struct& place =
      *(*places.mutable_fields())[absl::StrCat(bundle.service(), " ", bundle.city())].mutable_struct_value();
  const auto read = static_cast<int64_t>((*place.mutable_fields())["number"].number_value());
  const std::string digest = absl::BytesToHexString(crypto::Sha256({bytes}));
  // By their numbers: any that was read before is known again.
  auto& digests = *(*place.mutable_fields())["digests"].mutable_struct_value()->mutable_fields();
  const std::string key = absl::StrCat(bundle.number());
  Applied applied{.number = bundle.number(), .known = digests.contains(key) && digests[key].string_value() == digest};
  if (applied.known) return applied;
  const std::string last = read == 0 ? "" : digests[absl::StrCat(read)].string_value();
  RETURN_IF_ERROR(CheckContinues(bundle, read, absl::HexStringToBytes(last)));
  for (const Change& change : bundle.changes()) {
    if (change.has_record()) {
      RETURN_IF_ERROR(WriteRecord(change, folder));
      ++applied.records;
    } else {
      ASSIGN_OR_RETURN(const int64_t removed, RemoveRecord(change, folder));
      applied.removed += removed;
    }
  }
  (*place.mutable_fields())["number"].set_number_value(static_cast<double>(bundle.number()));
  digests[key].set_string_value(digest);
  RETURN_IF_ERROR(WriteOutput(file.string(), ToJson(places, true)));
  return applied;
}

}  // namespace duikou::cli
