// Attachments, and deputies who act for others, through the running service.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "common/crypto/digest.h"
#include "tests/integration/holidays.h"
#include "tests/integration/records_fixture.h"

namespace duikou::testing {
namespace {

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kMissing = absl::StatusCode::kNotFound;
constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;

class AttachmentsTest : public RecordsTest {
 protected:
  absl::StatusOr<Attachment> Announce(const std::string& record, const std::string& title, const std::string& content,
                                      const rpc::CallOptions& by) {
    CreateAttachmentRequest create;
    create.set_parent(kCity);
    create.mutable_attachment()->set_record(record);
    create.mutable_attachment()->set_title(title);
    create.mutable_attachment()->set_size(static_cast<int64_t>(content.size()));
    create.mutable_attachment()->set_sha256(DigestOf(content));
    return Call<Attachment>(create, by);
  }
  absl::StatusOr<UploadChunkResponse> Upload(const std::string& name, int64_t offset, const std::string& content,
                                             const rpc::CallOptions& by) {
    UploadChunkRequest chunk;
    chunk.set_name(name);
    chunk.set_offset(offset);
    chunk.set_content(content);
    return Call<UploadChunkResponse>(chunk, by);
  }
  absl::StatusOr<DownloadChunkResponse> Download(const std::string& name, int64_t offset, const rpc::CallOptions& by) {
    DownloadChunkRequest chunk;
    chunk.set_name(name);
    chunk.set_offset(offset);
    return Call<DownloadChunkResponse>(chunk, by);
  }
  static std::string DigestOf(const std::string& content) { return absl::BytesToHexString(crypto::Sha256({content})); }
  // The file of a content, put there with this content where there is none, and made two days old.
  std::string Aged(const std::string& content) {
    const std::string digest = DigestOf(content);
    const std::string folder = absl::StrCat(folder_, "/attachments/stored/", digest.substr(0, 2));
    const std::string path = absl::StrCat(folder, "/", digest);
    std::filesystem::create_directories(folder);
    if (!std::filesystem::exists(path)) std::ofstream(path) << content;
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
    return path;
  }
};

TEST_F(AttachmentsTest, UploadedInChunksSeenWithItsRecord) {
  const Task task = InProgress();
  CreateProgressReportRequest report;
  report.set_parent(task.name());
  report.mutable_report()->set_period("2026-03");
  report.mutable_report()->set_done("已对接");
  const auto made = Call<ProgressReport>(report, Officer("gongxinju"));
  ASSERT_THAT(made, IsOk());
  const std::string content = std::string(300'000, '\x01') + "end";
  EXPECT_THAT(Announce(made->name(), "协议.pdf", content, Officer("shangwuju")), Fails(kDenied, "NO_DUTY"));
  const auto attachment = Announce(made->name(), "协议.pdf", content, Officer("gongxinju"));
  ASSERT_THAT(attachment, IsOk());
  EXPECT_EQ(attachment->state(), Attachment::UPLOADING);
  const std::string name = attachment->name();
  EXPECT_THAT(Download(name, 0, Officer("gongxinju")), Fails(kForbidden, "ATTACHMENT_NOT_STORED"));
  EXPECT_THAT(Upload(name, 0, content.substr(0, 200'000), Coordinator()), Fails(kDenied, "OTHER_ACCOUNT"));
  ASSERT_THAT(Upload(name, 0, content.substr(0, 200'000), Officer("gongxinju")), IsOk());
  EXPECT_THAT(Upload(name, 0, content.substr(0, 200'000), Officer("gongxinju")),
              Fails(absl::StatusCode::kOutOfRange, "OFFSET_WRONG"));
  EXPECT_EQ(Upload(name, 0, "", Officer("gongxinju"))->received(), 200'000) << "where to go on";
  EXPECT_TRUE(Upload(name, 200'000, content.substr(200'000), Officer("gongxinju"))->stored());
  EXPECT_TRUE(Upload(name, 0, "", Officer("gongxinju"))->stored());
  EXPECT_THAT(Upload(name, 0, "x", Officer("gongxinju")), Fails(kForbidden, "ATTACHMENT_STORED"));
  const auto first = Download(name, 0, Officer("shangwuju"));
  ASSERT_THAT(first, IsOk()) << "his city's internal record";
  EXPECT_EQ(first->content().size(), 262'144u);
  EXPECT_EQ(first->content() + Download(name, 262'144, Coordinator())->content(), content);
  EXPECT_THAT(Download(name, 0, TheirCoordinator()), Fails(kMissing, "NOT_FOUND"));
  ListAttachmentsRequest list;
  list.set_parent(kCity);
  list.set_filter(absl::StrCat("record = \"", made->name(), "\""));
  EXPECT_EQ(Call<ListAttachmentsResponse>(list, Coordinator())->attachments_size(), 1);
  EXPECT_EQ(Call<ListAttachmentsResponse>(list, TheirCoordinator())->attachments_size(), 0);
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteAttachmentRequest>(name), Officer("shangwuju")),
              Fails(kDenied, "NO_DUTY"));
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteAttachmentRequest>(name), Coordinator()), IsOk());
}

TEST_F(AttachmentsTest, WhatIsRefused) {
  const Task task = InProgress();
  const auto lead = Officer("gongxinju");
  EXPECT_THAT(Announce("cities/210800/plans/p1", "a.pdf", "x", lead), Fails(kBad, "RECORD_TYPE"));
  EXPECT_THAT(Announce("cities/210800/tasks/none", "a.pdf", "x", lead), Fails(kMissing, "NOT_FOUND"));
  EXPECT_THAT(Announce("cities/320700/tasks/t1", "a.pdf", "x", lead), Fails(kBad, "OTHER_CITY"));
  for (const char* title : {"../a.pdf", "a/b", "..", "a\nb"})
    EXPECT_THAT(Announce(task.name(), title, "x", lead), Fails(kBad, "FILE_NAME_INVALID")) << title;
  CreateAttachmentRequest large;
  large.set_parent(kCity);
  large.mutable_attachment()->set_record(task.name());
  large.mutable_attachment()->set_title("大.zip");
  large.mutable_attachment()->set_size((int64_t{50} << 20) + 1);
  large.mutable_attachment()->set_sha256(std::string(64, 'a'));
  EXPECT_THAT(Call<Attachment>(large, lead), Fails(kBad, "ATTACHMENT_TOO_LARGE"));
  large.mutable_attachment()->set_size(int64_t{50} << 20);
  EXPECT_THAT(Call<Attachment>(large, lead), IsOk());

  const std::string secret = "机密★5年\n\n关于某事项的通知\n\n各单位:\n一、……\n";
  const auto classified = Announce(task.name(), "通知.txt", secret, lead);
  ASSERT_THAT(classified, IsOk());
  EXPECT_THAT(Upload(classified->name(), 0, secret, lead), Fails(kForbidden, "DOCUMENT_CLASSIFIED"));
  EXPECT_EQ(Upload(classified->name(), 0, "", lead)->received(), 0) << "nothing of it is kept";

  const auto other = Announce(task.name(), "b.bin", "abc", lead);
  ASSERT_THAT(other, IsOk());
  EXPECT_THAT(Upload(other->name(), 0, "abcd", lead), Fails(kBad, "CONTENT_TOO_LONG"));
  EXPECT_THAT(Upload(other->name(), 0, "abd", lead), Fails(kBad, "DIGEST_WRONG"));
  EXPECT_THAT(Upload(other->name(), 0, std::string(262'145, 'x'), lead), Fails(kBad, "FIELD_INVALID"));
}

// The first page is read of the first 64 KiB, which end within a character here.
TEST_F(AttachmentsTest, LongTextsWithoutLineEndsAreLookedAt) {
  const Task task = InProgress();
  const auto lead = Officer("gongxinju");
  const auto many = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::string utf16_mark("\x3A\x67\xC6\x5B\x05\x26\x35\x00\x74\x5E\x20\x00", 12);  // 机密★5年 and a space
  const struct {
    const char* title;
    std::string content;
  } cases[] = {
      {"UTF-8.txt", "机密★5年 " + many("一", 30'000)},
      {"second line.txt", "通知\n机密★5年 " + many("一", 30'000)},
      {"GB18030.txt", "\xBB\xFA\xC3\xDC\xA1\xEF\x35\xC4\xEA a" + many("\xD2\xBB", 40'000)},
      {"UTF-16.txt", utf16_mark + many(std::string("\x00\x4E", 2), 40'000)},
      {"UTF-16 pairs.txt", "\xFF\xFE" + utf16_mark + many("\x42\xD8\xB7\xDF", 20'000)},
  };
  for (const auto& c : cases) {
    const auto classified = Announce(task.name(), c.title, c.content, lead);
    ASSERT_THAT(classified, IsOk()) << c.title;
    EXPECT_THAT(Upload(classified->name(), 0, c.content, lead), Fails(kForbidden, "DOCUMENT_CLASSIFIED")) << c.title;
  }
  const std::string plain = many("一", 30'000);
  const auto other = Announce(task.name(), "plain.txt", plain, lead);
  ASSERT_THAT(other, IsOk());
  EXPECT_THAT(Upload(other->name(), 0, plain, lead), IsOk());
}

TEST_F(AttachmentsTest, UnfinishedOnesGoAfterADay) {
  const Task task = InProgress();
  const auto lead = [&] { return Officer("gongxinju"); };
  const auto left = Announce(task.name(), "a.bin", "abc", lead());
  ASSERT_THAT(left, IsOk());
  clock_.Advance(absl::Hours(23));
  ASSERT_THAT(Announce(task.name(), "b.bin", "abc", lead()), IsOk());
  EXPECT_THAT(Call<Attachment>(Named<GetAttachmentRequest>(left->name()), lead()), IsOk());
  clock_.Advance(absl::Hours(2));
  ASSERT_THAT(Announce(task.name(), "c.bin", "abc", lead()), IsOk());
  EXPECT_THAT(Call<Attachment>(Named<GetAttachmentRequest>(left->name()), lead()), Fails(kMissing, "NOT_FOUND"));
}

// Among more records than are read at once, and of whatever city.
TEST_F(AttachmentsTest, OldContentsGoOnceNoRecordNamesThem) {
  const Task task = InProgress();
  const auto lead = Officer("gongxinju");
  const auto kept = Announce(task.name(), "a.bin", "abc", lead);
  const auto dropped = Announce(task.name(), "b.bin", "def", lead);
  ASSERT_THAT(kept, IsOk());
  ASSERT_THAT(dropped, IsOk());
  ASSERT_TRUE(Upload(kept->name(), 0, "abc", lead)->stored());
  ASSERT_TRUE(Upload(dropped->name(), 0, "def", lead)->stored());
  ASSERT_THAT(Call<google::protobuf::Empty>(Named<DeleteAttachmentRequest>(dropped->name()), Coordinator()), IsOk());
  const auto insert = [&](Txn& txn, const std::string& name, const std::string& content) {
    Attachment attachment = *kept;
    attachment.set_name(name);
    attachment.set_sha256(DigestOf(content));
    attachment.set_state(Attachment::STORED);
    return txn.Insert(std::move(attachment)).status();
  };
  ASSERT_THAT(Take(service_->store(),
                   [&](Txn& txn) -> absl::Status {
                     for (int i = 0; i < store::kMaxPageSize + 10; ++i) {
                       const std::string content = absl::StrCat("other ", i);
                       RETURN_IF_ERROR(insert(txn, absl::StrCat(kCity, "/attachments/00000-", i), content));
                     }
                     return insert(txn, absl::StrCat(kTheirCity, "/attachments/c"), "ghi");
                   }),
              IsOk());
  const std::string ours = Aged("abc"), theirs = Aged("ghi"), nobodys = Aged("def");
  Restart();  // Contents are looked through at the first upload, and then once an hour.
  const auto next = Announce(task.name(), "d.bin", "jkl", lead);
  ASSERT_THAT(next, IsOk());
  ASSERT_TRUE(Upload(next->name(), 0, "jkl", lead)->stored());
  EXPECT_TRUE(std::filesystem::exists(ours));
  EXPECT_TRUE(std::filesystem::exists(theirs));
  EXPECT_FALSE(std::filesystem::exists(nobodys));
}

TEST_F(AttachmentsTest, GoWithTheirRecord) {
  ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
  auto draft = TaskRequest();
  draft.mutable_task()->mutable_access()->set_disclosure(type::v1::Access::RESTRICTED);
  ASSERT_THAT(Call<Task>(draft, Coordinator()), IsOk());
  const std::string task = absl::StrCat(kCity, "/tasks/t1");
  const auto secret = Announce(task, "a.bin", "abc", Coordinator());
  ASSERT_THAT(secret, IsOk());
  ASSERT_THAT(Upload(secret->name(), 0, "abc", Coordinator()), IsOk());
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteTaskRequest>(task), Coordinator()), IsOk());
  EXPECT_THAT(Download(secret->name(), 0, Officer("gaizhou")), Fails(kMissing, "NOT_FOUND"));
  EXPECT_THAT(Download(secret->name(), 0, Coordinator()), Fails(kMissing, "NOT_FOUND"));

  ASSERT_THAT(Call<Task>(TaskRequest("t2"), Coordinator()), IsOk());
  ASSERT_THAT(Issue(absl::StrCat(kCity, "/tasks/t2")), IsOk());
  CreateProjectRequest project;
  project.set_parent(absl::StrCat(kCity, "/tasks/t2"));
  project.set_project_id("j1");
  project.mutable_project()->set_title("年产6万吨镁质材料项目");
  project.mutable_project()->set_cooperation(Project::INVESTMENT);
  project.mutable_project()->add_our_parties()->set_title("营口某镁业公司");
  CreateSupportRequestRequest support;
  support.set_parent(absl::StrCat(kCity, "/tasks/t2"));
  support.mutable_support_request()->set_kind(SupportRequest::LAND);
  support.mutable_support_request()->set_amount("200");
  support.mutable_support_request()->set_reason("项目用地");
  const auto made = Call<Project>(project, Officer("gongxinju"));
  ASSERT_THAT(made, IsOk());
  const auto asked = Call<SupportRequest>(support, Officer("gongxinju"));
  ASSERT_THAT(asked, IsOk());
  const auto plot = Announce(made->name(), "b.bin", "abc", Officer("gongxinju"));
  const auto map = Announce(asked->name(), "c.bin", "abc", Officer("gongxinju"));
  ASSERT_THAT(plot, IsOk());
  ASSERT_THAT(map, IsOk());
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteSupportRequestRequest>(asked->name()), Officer("gongxinju")),
              IsOk());
  EXPECT_THAT(Call<google::protobuf::Empty>(Named<DeleteProjectRequest>(made->name()), Officer("gongxinju")), IsOk());
  for (const auto& gone : {plot, map}) {
    EXPECT_THAT(Call<Attachment>(Named<GetAttachmentRequest>(gone->name()), Coordinator()),
                Fails(kMissing, "NOT_FOUND"));
  }
}

class DeputiesTest : public RecordsTest {
 protected:
  // Li of another unit stands in for the lead's officer today.
  void StandIn() {
    auth::Deputies::List list(1);
    list[0].set_account(absl::StrCat(kCity, "/accounts/gongxinju"));
    list[0].set_deputy(absl::StrCat(kCity, "/accounts/shangwuju"));
    list[0].set_unit(Unit("gongxinju"));
    list[0].set_roles(1U << type::v1::UNIT_OFFICER);
    list[0].set_from_day(20260302);
    list[0].set_until_day(20260302);
    service_->tokens().deputies().Set(std::move(list));
  }
  rpc::CallOptions AsDeputy() const {
    rpc::CallOptions options = Officer("shangwuju");
    options.on_behalf_of = absl::StrCat(kCity, "/accounts/gongxinju");
    return options;
  }
};

TEST_F(DeputiesTest, EachActRecordsBoth) {
  const Task task = CreatePlanAndTask();
  ASSERT_THAT(Issue(task.name()), IsOk());
  auto acknowledge = Named<AcknowledgeTaskRequest>(task.name());
  acknowledge.set_request_id("r-1");
  EXPECT_THAT(Call<Task>(acknowledge, AsDeputy()), Fails(absl::StatusCode::kUnavailable, "DEPUTIES_UNKNOWN"));
  StandIn();
  EXPECT_THAT(Call<Task>(acknowledge, Officer("shangwuju")), Fails(kDenied, "UNIT_NOT_A_PARTY"));
  pending::v1::ListPendingRequest list;
  list.set_parent(kCity);
  const auto pending = Call<pending::v1::ListPendingResponse>(list, Officer("shangwuju"));
  ASSERT_THAT(pending, IsOk());
  ASSERT_EQ(pending->items_size(), 1) << "what waits for the one who is away";
  EXPECT_EQ(pending->items(0).on_behalf_of(), absl::StrCat(kCity, "/accounts/gongxinju"));
  StandIn();  // What is known of deputies holds for 5 s.
  const auto done = Call<Task>(acknowledge, AsDeputy());
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->duties(0).acknowledged_by(), absl::StrCat(kCity, "/accounts/shangwuju"));
  EXPECT_EQ(done->duties(0).acknowledged_on_behalf_of(), absl::StrCat(kCity, "/accounts/gongxinju"));
  log::v1::ListChangesRequest changes;
  changes.set_parent(kCity);
  changes.set_name(task.name());
  const auto logged = Call<log::v1::ListChangesResponse>(changes, Coordinator());
  ASSERT_THAT(logged, IsOk());
  const auto& last = *logged->changes().rbegin();
  EXPECT_EQ(last.action(), "AcknowledgeTask");
  EXPECT_EQ(last.actor(), absl::StrCat(kCity, "/accounts/shangwuju"));
  EXPECT_EQ(last.on_behalf_of(), absl::StrCat(kCity, "/accounts/gongxinju"));
  clock_.Advance(absl::Hours(15));  // Midnight.
  StandIn();
  EXPECT_THAT(GetTask(task.name(), AsDeputy()), Fails(kDenied, "NOT_DEPUTY"));
}

TEST_F(DeputiesTest, WhatOneReportedForAnotherIsClosedByAThird) {
  const Task task = InProgress();
  StandIn();
  auto completed = Named<ReportTaskCompletionRequest>(task.name());
  completed.set_summary("完成");
  ASSERT_THAT(Call<Task>(completed, AsDeputy()), IsOk());
  const auto item = ::testing::Contains(::testing::Pair(Work::DECIDE_COMPLETION, task.name()));
  const auto close = Named<CloseTaskRequest>(task.name());
  // Neither unit has a duty in it.
  const auto deputy = As(ClaimsOf(kCity, Unit("shangwuju"), {type::v1::COORDINATOR}));
  EXPECT_THAT(Pending(kCity, deputy), item) << "he may still return it";
  EXPECT_THAT(Call<Task>(close, deputy), Fails(kDenied, "CLOSER_REPORTED"));
  EXPECT_THAT(Pending(kCity, Coordinator()), item);
  EXPECT_THAT(Call<Task>(close, Coordinator()), IsOk());
}

}  // namespace
}  // namespace duikou::testing
