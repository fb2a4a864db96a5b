#ifndef DUIKOU_TESTS_INTEGRATION_SHARING_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_SHARING_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/crypto/digest.h"
#include "tests/integration/records_fixture.h"

namespace duikou::testing {

using log::v1::Change;
using log::v1::ChangeHeader;
using type::v1::Access;

// What a partner keeps: it reads changes in pages from where it stands, and applies them as the protos say.
struct Reader {
  std::string cursor;
  std::map<std::string, std::string> etags;    // By name: what it holds.
  std::map<std::string, std::string> records;  // By the name of an attachment: what it belongs to.
  std::vector<std::pair<int, std::string>> seen;

  void Take(const Change& change) {
    seen.emplace_back(change.kind(), change.name());
    if (change.kind() == ChangeHeader::DELETED || change.kind() == ChangeHeader::UNSHARED) {
      EXPECT_FALSE(change.has_record()) << change.ShortDebugString();
      const auto goes = [&](const std::string& name) {
        return name == change.name() || absl::StartsWith(name, change.name() + "/");
      };
      std::erase_if(etags, [&](const auto& one) {
        const auto record = records.find(one.first);
        return goes(one.first) || (record != records.end() && goes(record->second));
      });
      return;
    }
    ASSERT_TRUE(change.has_record()) << change.ShortDebugString();
    etags[change.name()] = EtagOf(change.record());
    if (Attachment attachment; change.record().UnpackTo(&attachment)) records[change.name()] = attachment.record();
  }

  static std::string EtagOf(const google::protobuf::Any& any) {
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    const auto* type = pool->FindMessageTypeByName(any.type_url().substr(any.type_url().rfind('/') + 1));
    const std::unique_ptr<google::protobuf::Message> record(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    EXPECT_TRUE(record->ParseFromString(any.value()));
    return record->GetReflection()->GetString(*record, type->FindFieldByName("etag"));
  }

  // The digest as Reconcile reckons it, of what it holds below a prefix of names.
  std::pair<int64_t, std::string> Digest(const std::string& prefix, const std::string& without = "\n") const {
    std::string digest(32, '\0');
    int64_t count = 0;
    for (const auto& [name, etag] : etags) {
      if (!absl::StartsWith(name, prefix) || absl::StrContains(name, without)) continue;
      ++count;
      const std::string one = crypto::Sha256({name, "\n", etag, "\n"});
      for (size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<char>(digest[i] ^ one[i]);
    }
    return {count, digest};
  }
};

// A task registry of which another city reads.
class SharingTest : public RecordsTest {
 protected:
  static std::string Name(const std::string& id) { return absl::StrCat(kCity, "/tasks/", id); }

  void SetUp() override {
    RecordsTest::SetUp();
    ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  }
  absl::StatusOr<Task> Create(const std::string& id) { return Call<Task>(TaskRequest(id), Coordinator()); }
  // Shares with the other city, or with nobody.
  absl::StatusOr<Task> Share(const std::string& id, bool shared) {
    UpdateTaskRequest request;
    request.mutable_task()->set_name(Name(id));
    request.mutable_task()->mutable_access()->set_disclosure(Access::INTERNAL);
    request.mutable_task()->mutable_access()->set_sharing(shared ? Access::CONDITIONAL : Access::NOT_SHARED);
    if (shared) request.mutable_task()->mutable_access()->add_shared_with(kTheirCity);
    request.mutable_update_mask()->add_paths("access");
    return Call<Task>(request, Coordinator());
  }
  absl::StatusOr<Task> Retitle(const std::string& id, const std::string& title) {
    UpdateTaskRequest request;
    request.mutable_task()->set_name(Name(id));
    request.mutable_task()->set_title(title);
    return Call<Task>(request, Coordinator());
  }
  absl::StatusOr<Attachment> Attach(const std::string& id, const std::string& content) {
    CreateAttachmentRequest attach;
    attach.set_parent(kCity);
    attach.mutable_attachment()->set_record(Name(id));
    attach.mutable_attachment()->set_title("协议.pdf");
    attach.mutable_attachment()->set_size(static_cast<int64_t>(content.size()));
    attach.mutable_attachment()->set_sha256(absl::BytesToHexString(crypto::Sha256({content})));
    return Call<Attachment>(attach, Coordinator());
  }
  absl::Status Delete(const std::string& id) {
    return Call<google::protobuf::Empty>(Named<DeleteTaskRequest>(Name(id)), Coordinator()).status();
  }
  // By order, whether the record is still there or not.
  absl::Status Erase(const std::string& id) {
    const auto registry =
        std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService, .name = "services/taskregistry"});
    return service_->store()
        .WriteAndWait({.caller = registry,
                       .facts = {.action = "Erase"},
                       .city = "210800",
                       .run = [&](Txn& txn) -> absl::StatusOr<std::string> {
                         RETURN_IF_ERROR(txn.Erase<Task>(Name(id), "依申请"));
                         return std::string();
                       }})
        .status();
  }
  // Reads one page; whether there may be more.
  bool ReadPage(Reader& reader, int page_size, const rpc::CallOptions& as) {
    log::v1::ListChangesRequest request;
    request.set_parent(kCity);
    request.set_cursor(reader.cursor);
    request.set_page_size(page_size);
    const auto page = Call<log::v1::ListChangesResponse>(request, as);
    EXPECT_THAT(page, IsOk());
    if (!page.ok()) return false;
    EXPECT_LE(page->changes_size(), page_size);
    for (const Change& change : page->changes()) reader.Take(change);
    reader.cursor = page->next_cursor();
    return !page->end();
  }
  void ReadAll(Reader& reader, int page_size = 100) {
    while (ReadPage(reader, page_size, TheirCoordinator())) {
    }
  }
  std::vector<std::pair<int, std::string>> News(Reader& reader) {
    reader.seen.clear();
    ReadAll(reader);
    return reader.seen;
  }
  absl::StatusOr<log::v1::ReconcileResponse> Reconcile(const std::string& type, const std::string& cursor,
                                                       const rpc::CallOptions& as) {
    log::v1::ReconcileRequest request;
    request.set_parent(kCity);
    request.set_type(type);
    request.set_cursor(cursor);
    return Call<log::v1::ReconcileResponse>(request, as);
  }
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_SHARING_FIXTURE_H_
