// What another city reads of a change log while records are shared, changed, withdrawn and deleted.
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/crypto/digest.h"
#include "common/rpc/client.h"
#include "common/rpc/shared_change.h"
#include "tests/integration/sharing_fixture.h"

namespace duikou::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

TEST_F(SharingTest, WhatIsSharedAppearsWholeAndWhatIsWithdrawnLeavesItsName) {
  Reader reader;
  ASSERT_THAT(Create("t1"), IsOk());
  EXPECT_THAT(News(reader), IsEmpty()) << "not shared";
  ASSERT_THAT(Share("t1", true), IsOk());
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::SHARED, Name("t1"))));
  ASSERT_THAT(Retitle("t1", "新标题"), IsOk());
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::UPDATED, Name("t1"))));
  ASSERT_THAT(Share("t1", false), IsOk());
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::UNSHARED, Name("t1"))));
  ASSERT_THAT(Retitle("t1", "内部标题"), IsOk());
  EXPECT_THAT(News(reader), IsEmpty());
  ASSERT_THAT(Share("t1", true), IsOk());
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::SHARED, Name("t1"))));
  ASSERT_THAT(Delete("t1"), IsOk());
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::DELETED, Name("t1"))));
}

TEST_F(SharingTest, WhatWasWithdrawnIsNotReadAfterwards) {
  ASSERT_THAT(Create("t1"), IsOk());
  ASSERT_THAT(Share("t1", true), IsOk());
  ASSERT_THAT(Retitle("t1", "曾经共享"), IsOk());
  ASSERT_THAT(Share("t1", false), IsOk());
  ASSERT_THAT(Create("t2"), IsOk());
  ASSERT_THAT(Share("t2", true), IsOk());
  ASSERT_THAT(Delete("t2"), IsOk());
  Reader late;
  EXPECT_THAT(News(late),
              ElementsAre(std::pair(ChangeHeader::UNSHARED, Name("t1")), std::pair(ChangeHeader::DELETED, Name("t2"))))
      << "names alone, and no content of what is withdrawn or gone";
  EXPECT_THAT(late.etags, IsEmpty());
}

TEST_F(SharingTest, AWithdrawalSaysNothingButTheName) {
  ASSERT_THAT(Create("t1"), IsOk());
  ASSERT_THAT(Share("t1", true), IsOk());
  ASSERT_THAT(Share("t1", false), IsOk());
  log::v1::ListChangesRequest request;
  request.set_parent(kCity);
  const auto page = Call<log::v1::ListChangesResponse>(request, TheirCoordinator());
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->changes_size(), 1);
  Change change = page->changes(0);
  change.clear_cursor();
  change.clear_time();
  Change expected;
  expected.set_kind(ChangeHeader::UNSHARED);
  expected.set_name(Name("t1"));
  EXPECT_EQ(change.DebugString(), expected.DebugString());
}

TEST_F(SharingTest, WhatIsErasedIsForgottenByThoseWhoSawItAndNamedToNobodyElse) {
  Reader reader;
  for (const char* id : {"shared", "withdrawn", "deleted", "never"}) ASSERT_THAT(Create(id), IsOk());
  for (const char* id : {"shared", "withdrawn", "deleted"}) ASSERT_THAT(Share(id, true), IsOk());
  ReadAll(reader);
  ASSERT_EQ(reader.etags.size(), 3u);
  ASSERT_THAT(Share("withdrawn", false), IsOk());
  ASSERT_THAT(Delete("deleted"), IsOk());
  for (const char* id : {"shared", "withdrawn", "deleted", "never"}) ASSERT_THAT(Erase(id), IsOk());
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::ERASED, Name("shared")),
                                        std::pair(ChangeHeader::UNSHARED, Name("withdrawn")),
                                        std::pair(ChangeHeader::UNSHARED, Name("deleted"))));
  EXPECT_EQ(reader.etags.size(), 1u);
  log::v1::ListChangesRequest request;
  request.set_parent(kCity);
  request.add_types("task");
  const auto third = Call<log::v1::ListChangesResponse>(
      request, As(ClaimsOf("cities/110106", "cities/110106/units/x", {type::v1::COORDINATOR})));
  ASSERT_THAT(third, IsOk());
  EXPECT_EQ(third->changes_size(), 0) << third->ShortDebugString();
}

TEST_F(SharingTest, RequestIdsStayInTheirCity) {
  auto create = TaskRequest("t1");
  create.set_request_id("created-by-us");
  create.mutable_task()->mutable_access()->set_sharing(Access::UNCONDITIONAL);
  ASSERT_THAT(Call<Task>(create, Coordinator()), IsOk());
  auto remove = Named<DeleteTaskRequest>(Name("t1"));
  remove.set_request_id("deleted-by-us");
  log::v1::ListChangesRequest request;
  request.set_parent(kCity);
  request.add_types("task");
  const auto expect_last = [&](const std::string& request_id) {
    const auto theirs = Call<log::v1::ListChangesResponse>(request, TheirCoordinator());
    const auto ours = Call<log::v1::ListChangesResponse>(request, Coordinator());
    ASSERT_THAT(theirs, IsOk());
    ASSERT_THAT(ours, IsOk());
    ASSERT_EQ(theirs->changes_size(), 1);
    EXPECT_EQ(theirs->changes(0).request_id(), "");
    EXPECT_EQ(ours->changes(ours->changes_size() - 1).request_id(), request_id);
  };
  expect_last("created-by-us");
  ASSERT_THAT(Call<google::protobuf::Empty>(remove, Coordinator()), IsOk());
  expect_last("deleted-by-us");
}

TEST_F(SharingTest, WhatIsSeenWithARecordAppearsWithIt) {
  ASSERT_THAT(Create("t1"), IsOk());
  ASSERT_THAT(Issue(Name("t1")), IsOk());
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(Name("t1")), Officer("gongxinju")), IsOk());
  CreateProgressReportRequest report;
  report.set_parent(Name("t1"));
  report.mutable_report()->set_period("2026-03");
  report.mutable_report()->set_done("已对接");
  const auto made = Call<ProgressReport>(report, Officer("gongxinju"));
  ASSERT_THAT(made, IsOk());
  CreateAttachmentRequest attach;
  attach.set_parent(kCity);
  attach.mutable_attachment()->set_record(made->name());
  attach.mutable_attachment()->set_title("协议.pdf");
  attach.mutable_attachment()->set_size(1);
  attach.mutable_attachment()->set_sha256(absl::BytesToHexString(crypto::Sha256({"1"})));
  const auto attachment = Call<Attachment>(attach, Officer("gongxinju"));
  ASSERT_THAT(attachment, IsOk());
  Reader reader;
  EXPECT_THAT(News(reader), IsEmpty());
  ASSERT_THAT(Share("t1", true), IsOk());
  Reader in_small_pages = reader;
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::SHARED, Name("t1")),
                                        std::pair(ChangeHeader::SHARED, attachment->name()),
                                        std::pair(ChangeHeader::SHARED, made->name())));
  ReadAll(in_small_pages, 1);
  EXPECT_EQ(in_small_pages.seen, reader.seen);
  EXPECT_EQ(in_small_pages.etags, reader.etags);
  EXPECT_THAT(News(in_small_pages), IsEmpty());

  // A reader of reports alone gets them, though no entry of a report says so.
  log::v1::ListChangesRequest reports;
  reports.set_parent(kCity);
  reports.add_types("progress_report");
  const auto page = Call<log::v1::ListChangesResponse>(reports, TheirCoordinator());
  ASSERT_THAT(page, IsOk());
  ASSERT_GE(page->changes_size(), 1);
  EXPECT_EQ(page->changes(page->changes_size() - 1).kind(), ChangeHeader::SHARED);
  EXPECT_EQ(page->changes(page->changes_size() - 1).name(), made->name());

  ASSERT_THAT(Share("t1", false), IsOk());
  EXPECT_THAT(News(reader), ElementsAre(std::pair(ChangeHeader::UNSHARED, Name("t1"))));
  EXPECT_THAT(reader.etags, IsEmpty());
  // And is told by whose withdrawal they go; who asks for the report by its name as well.
  reports.set_cursor(page->next_cursor());
  const auto withdrawn = Call<log::v1::ListChangesResponse>(reports, TheirCoordinator());
  ASSERT_THAT(withdrawn, IsOk());
  ASSERT_EQ(withdrawn->changes_size(), 1) << withdrawn->ShortDebugString();
  EXPECT_EQ(withdrawn->changes(0).kind(), ChangeHeader::UNSHARED);
  EXPECT_EQ(withdrawn->changes(0).name(), Name("t1"));
  reports.clear_types();
  reports.set_name(made->name());
  const auto by_name = Call<log::v1::ListChangesResponse>(reports, TheirCoordinator());
  ASSERT_THAT(by_name, IsOk());
  EXPECT_EQ(by_name->changes_size(), 1) << by_name->ShortDebugString();
  reports.set_name(Name("t2"));
  EXPECT_EQ(Call<log::v1::ListChangesResponse>(reports, TheirCoordinator())->changes_size(), 0);
  reports.clear_name();
  reports.add_types("plan");
  EXPECT_EQ(Call<log::v1::ListChangesResponse>(reports, TheirCoordinator())->changes_size(), 0);
}

// Of a report as of its task: what was written and noted while the task was not shared stays with those who saw it
// then.
TEST_F(SharingTest, WhatWasReportedBeforeTheTaskWasSharedIsNotRead) {
  ASSERT_THAT(Create("t1"), IsOk());
  ASSERT_THAT(Issue(Name("t1")), IsOk());
  ASSERT_THAT(Call<Task>(Named<AcknowledgeTaskRequest>(Name("t1")), Officer("gongxinju")), IsOk());
  CreateProgressReportRequest create;
  create.set_parent(Name("t1"));
  create.mutable_report()->set_period("2026-03");
  create.mutable_report()->set_done("某企业拟撤资");
  const auto made = Call<ProgressReport>(create, Officer("gongxinju"));
  ASSERT_THAT(made, IsOk());
  ReturnProgressReportRequest give_back;
  give_back.set_name(made->name());
  give_back.set_reason("撤资不得对外");
  ASSERT_THAT(Call<ProgressReport>(give_back, Coordinator()), IsOk());
  const auto rewrite = [&](const std::string& done) {
    UpdateProgressReportRequest update;
    update.mutable_report()->set_name(made->name());
    update.mutable_report()->set_done(done);
    return Call<ProgressReport>(update, Officer("gongxinju"));
  };
  ASSERT_THAT(rewrite("正在洽谈"), IsOk());
  ASSERT_THAT(Share("t1", true), IsOk());
  ASSERT_THAT(rewrite("已签约"), IsOk());
  ASSERT_THAT(Share("t1", false), IsOk());
  ASSERT_THAT(rewrite("又生撤资之议"), IsOk());
  ASSERT_THAT(rewrite("已开工"), IsOk());
  ASSERT_THAT(Share("t1", true), IsOk());
  log::v1::ListChangesRequest request;
  request.set_parent(kCity);
  const auto page = Call<log::v1::ListChangesResponse>(request, TheirCoordinator());
  ASSERT_THAT(page, IsOk());
  for (const Change& change : page->changes()) {
    ProgressReport report;
    change.record().UnpackTo(&report);
    EXPECT_THAT(report.done(), ::testing::Not(::testing::HasSubstr("撤资")));
    EXPECT_THAT(change.note(), ::testing::Not(::testing::HasSubstr("撤资")));
  }
  Reader reader;
  ReadAll(reader);
  const auto told = Reconcile("progress_report", reader.cursor, TheirCoordinator());
  ASSERT_THAT(told, IsOk());
  EXPECT_EQ(reader.Digest(Name("t1") + "/"), std::pair(told->count(), told->digest()));
  EXPECT_EQ(told->count(), 1);
}

TEST_F(SharingTest, AWatcherIsToldTheSame) {
  ASSERT_THAT(Create("t1"), IsOk());
  ASSERT_THAT(Share("t1", true), IsOk());
  ASSERT_THAT(Retitle("t1", "新标题"), IsOk());
  Reader listed;
  ReadAll(listed);
  Reader watched;
  log::v1::WatchRequest request;
  request.set_parent(kCity);
  request.set_cursor("begin");
  EXPECT_THAT(client_->Stream(
                  rpc::MethodOf(log::v1::WatchRequest::descriptor()), request, log::v1::WatchResponse(),
                  [&](const google::protobuf::Message& message) {
                    const auto& response = static_cast<const log::v1::WatchResponse&>(message);
                    for (const Change& change : response.changes()) watched.Take(change);
                    watched.cursor = response.cursor();
                    return watched.seen.size() < listed.seen.size();
                  },
                  TheirCoordinator()),
              IsOk());
  EXPECT_EQ(watched.seen, listed.seen);
  EXPECT_EQ(watched.etags, listed.etags);
}

TEST_F(SharingTest, ACursorTellsNothing) {
  ASSERT_THAT(Create("t1"), IsOk());
  Reader reader;
  ReadAll(reader);
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(reader.cursor, &bytes));
  EXPECT_EQ(bytes.find("i2;"), std::string::npos) << "the sequence is not to be read in it";
}

// After a restore from a backup another entry may have the sequence that a reader stood at.
TEST_F(SharingTest, APlaceThatTheLogDoesNotHaveIsRefused) {
  ASSERT_THAT(Create("t1"), IsOk());
  Reader reader;
  ReadAll(reader);
  const auto cursor = [&](int64_t sequence, const std::string& below) {
    return rpc::MakeCursor(service_->store().tokens(), "210800", {sequence, below, "8 bytes."});
  };
  for (const std::string& gone : {cursor(1, ""), cursor(1000, ""), cursor(0, rpc::LogPlace::kItself)}) {
    log::v1::ListChangesRequest request;
    request.set_parent(kCity);
    request.set_cursor(gone);
    EXPECT_THAT(Call<log::v1::ListChangesResponse>(request, TheirCoordinator()), Fails(kBad, "CURSOR_INVALID"));
    EXPECT_THAT(Reconcile("task", gone, TheirCoordinator()), Fails(kBad, "CURSOR_INVALID"));
    log::v1::WatchRequest watch;
    watch.set_parent(kCity);
    watch.set_cursor(gone);
    EXPECT_THAT(client_->Stream(
                    rpc::MethodOf(log::v1::WatchRequest::descriptor()), watch, log::v1::WatchResponse(),
                    [](const google::protobuf::Message&) { return false; }, TheirCoordinator()),
                Fails(kBad, "CURSOR_INVALID"));
  }
  EXPECT_THAT(Reconcile("task", reader.cursor, TheirCoordinator()), IsOk());
}

TEST_F(SharingTest, ReconcileCountsWhatItsCallerSees) {
  ASSERT_THAT(Create("t1"), IsOk());
  ASSERT_THAT(Create("t2"), IsOk());
  ASSERT_THAT(Share("t2", true), IsOk());
  Reader reader;
  ReadAll(reader);
  auto theirs = Reconcile("task", reader.cursor, TheirCoordinator());
  ASSERT_THAT(theirs, IsOk());
  EXPECT_EQ(theirs->count(), 1);
  EXPECT_EQ(theirs->digest(), reader.Digest(Name("")).second);
  EXPECT_FALSE(theirs->behind());
  ASSERT_THAT(Retitle("t1", "内部"), IsOk());
  theirs = Reconcile("task", reader.cursor, TheirCoordinator());
  ASSERT_THAT(theirs, IsOk());
  EXPECT_FALSE(theirs->behind()) << "what is nothing to him does not count";
  ASSERT_THAT(Retitle("t2", "共享"), IsOk());
  theirs = Reconcile("task", reader.cursor, TheirCoordinator());
  ASSERT_THAT(theirs, IsOk());
  EXPECT_TRUE(theirs->behind());
  EXPECT_EQ(Reconcile("task", "", Coordinator())->count(), 2);
  EXPECT_EQ(Reconcile("plan", "", TheirCoordinator())->count(), 0);
  EXPECT_EQ(Reconcile("plan", "", TheirCoordinator())->digest(), std::string(32, '\0'));
  EXPECT_THAT(Reconcile("pläne", "", TheirCoordinator()), Fails(kBad, "TYPE_UNKNOWN"));
  EXPECT_THAT(Reconcile("task", "forged", TheirCoordinator()), Fails(kBad, "CURSOR_INVALID"));
  EXPECT_THAT(Reconcile("task", "", As(ClaimsOf(kCity, Unit("x"), {type::v1::AUDITOR}))),
              Fails(kDenied, "ROLE_MISSING"));
}

// At random, with files of the tasks and erasures: whoever reads now and then, in pages of any size, and wherever he
// stops, in the end holds what Reconcile says that he may see, and never held what was not shared at that moment.
TEST_F(SharingTest, WhoReadsToTheEndHoldsWhatHeMaySee) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return static_cast<int>(random() % n); };
  std::map<std::string, bool> shared;
  std::vector<Reader> readers(4);
  int made = 0;
  for (int step = 0; step < 1000; ++step) {
    const int action = below(12);
    std::vector<std::string> ids;
    for (const auto& [id, is] : shared) ids.push_back(id);
    const std::string id = ids.empty() ? "" : ids[static_cast<size_t>(below(static_cast<uint32_t>(ids.size())))];
    if (action < 2 || ids.empty()) {
      const std::string fresh = absl::StrCat("r", made++);
      ASSERT_THAT(Create(fresh), IsOk());
      shared[fresh] = false;
    } else if (action < 6) {
      ASSERT_THAT(Share(id, !shared[id]), IsOk());
      shared[id] = !shared[id];
    } else if (action < 8) {
      ASSERT_THAT(Retitle(id, absl::StrCat("标题", step)), IsOk());
    } else if (action < 9) {
      ASSERT_THAT(Delete(id), IsOk());
      shared.erase(id);
      if (below(2) == 0) {
        ASSERT_THAT(Erase(id), IsOk());
      }
    } else if (action < 10) {
      ASSERT_THAT(Erase(id), IsOk());
    } else {
      ASSERT_THAT(Attach(id, absl::StrCat(step)), IsOk());
    }
    Reader& reader = readers[static_cast<size_t>(below(4))];
    for (int pages = below(4); pages > 0; --pages) ReadPage(reader, 1 + below(6), TheirCoordinator());
  }
  size_t expected = 0;
  for (const auto& [id, is] : shared) expected += is ? 1 : 0;
  for (Reader& reader : readers) {
    ReadAll(reader, 1 + below(9));
    const auto told = Reconcile("task", reader.cursor, TheirCoordinator());
    ASSERT_THAT(told, IsOk());
    EXPECT_FALSE(told->behind());
    EXPECT_EQ(static_cast<size_t>(told->count()), expected);
    EXPECT_EQ(reader.Digest(Name("")), std::pair(told->count(), told->digest()));
    const auto files = Reconcile("attachment", reader.cursor, TheirCoordinator());
    ASSERT_THAT(files, IsOk());
    EXPECT_EQ(reader.Digest(absl::StrCat(kCity, "/attachments/")), std::pair(files->count(), files->digest()));
  }
}

}  // namespace
}  // namespace duikou::testing
