// The ledger as it goes out and comes back, over gRPC.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/tabular/csv.h"
#include "common/tabular/read_table.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "tests/integration/service_fixture.h"

namespace duikou::testing {
namespace {

using namespace taskregistry::v1;  // NOLINT(google-build-using-namespace): the messages of one package, in one file
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
using Rows = std::vector<std::vector<std::string>>;
// Columns of the ledger.
constexpr size_t kNumber = 1, kTitle = 2, kDue = 5, kProgress = 6, kLight = 7, kProblems = 8, kNext = 9, kVersion = 10;

class LedgerTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
    for (const char* id : {"t1", "t2", "t3"}) {
      ASSERT_THAT(Call<Task>(TaskRequest(id), Coordinator()), IsOk());
      ASSERT_THAT(Issue(Name(id)), IsOk());
      AcknowledgeTaskRequest request;
      request.set_name(Name(id));
      ASSERT_THAT(Call<Task>(request, Officer("gongxinju")), IsOk());
    }
    ASSERT_THAT(Call<Task>(TaskRequest("draft"), Coordinator()), IsOk());
  }

  static std::string Name(const std::string& id) { return absl::StrCat(kCity, "/tasks/", id); }

  std::string Export(const rpc::CallOptions& options, TableFormat format = CSV, const std::string& unit = "") {
    ExportLedgerRequest request;
    request.set_parent(kCity);
    request.set_format(format);
    request.set_unit(unit);
    const auto response = Call<ExportLedgerResponse>(request, options);
    EXPECT_THAT(response, IsOk());
    return response.ok() ? response->content() : "";
  }
  Rows Read(const rpc::CallOptions& options) { return tabular::ReadCsv(Export(options))->rows; }

  absl::StatusOr<ImportLedgerResponse> Import(const Rows& rows, const rpc::CallOptions& options,
                                              bool validate_only = false, bool only_good_rows = false) {
    return ImportBytes(tabular::WriteCsv(rows), options, validate_only, only_good_rows);
  }
  absl::StatusOr<ImportLedgerResponse> ImportBytes(const std::string& content, const rpc::CallOptions& options,
                                                   bool validate_only = false, bool only_good_rows = false) {
    ImportLedgerRequest request;
    request.set_parent(kCity);
    request.set_content(content);
    request.set_validate_only(validate_only);
    request.set_only_good_rows(only_good_rows);
    return Call<ImportLedgerResponse>(request, options);
  }
  std::vector<ProgressReport> Reports() {
    ListProgressReportsRequest request;
    request.set_parent(kCity);
    const auto response = Call<ListProgressReportsResponse>(request, Coordinator());
    EXPECT_THAT(response, IsOk());
    return {response->reports().begin(), response->reports().end()};
  }
};

TEST_F(LedgerTest, IsOfOneCity) {
  for (const char* parent : {"cities/-", "cities/", "210800", "cities/210800/tasks/t1", "cities/210800/"}) {
    ExportLedgerRequest request;
    request.set_parent(parent);
    const auto refused = Call<ExportLedgerResponse>(request, Coordinator()).status();
    EXPECT_EQ(refused.code(), kBad) << parent;
    EXPECT_THAT(BadFields(refused), ElementsAre("parent")) << parent;
  }
}

TEST_F(LedgerTest, ComesBackWithoutADifference) {
  for (const TableFormat format : {XLSX, CSV}) {
    for (const rpc::CallOptions& who : {Coordinator(), Officer("gongxinju"), Officer("gaizhou")}) {
      const std::string content = Export(who, format);
      const auto sheet = tabular::ReadTable(content);
      ASSERT_THAT(sheet, IsOk());
      EXPECT_THAT(sheet->rows, SizeIs(format == CSV ? 4 : 6)) << "three tasks and no draft";
      const auto response = ImportBytes(content, who);
      ASSERT_THAT(response, IsOk());
      EXPECT_EQ(response->unchanged(), 3);
      EXPECT_EQ(response->changes_size() + response->bad_cells_size(), 0);
    }
  }
  EXPECT_THAT(Reports(), SizeIs(0));
}

TEST_F(LedgerTest, LineEndsOfAnyKindComeBackWithoutADifference) {
  CreateProgressReportRequest report;
  report.set_parent(Name("t1"));
  report.mutable_report()->set_period("2026-03");
  report.mutable_report()->set_percent(40);
  report.mutable_report()->set_done("第一行\r\n第二行\r第三行\u2028第四行\u2029第五行\u0085第六行");
  report.mutable_report()->set_problems("无\r\n");
  ASSERT_THAT(Call<ProgressReport>(report, Officer("gongxinju")), IsOk());
  for (const TableFormat format : {XLSX, CSV}) {
    const auto response = ImportBytes(Export(Officer("gongxinju"), format), Officer("gongxinju"));
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->unchanged(), 3);
    EXPECT_EQ(response->changes_size() + response->bad_cells_size(), 0);
  }
  // The hidden column may be gone: then the cells tell.
  Rows rows = Read(Officer("gongxinju"));
  for (auto& row : rows) row.resize(kVersion);
  const auto response = Import(rows, Officer("gongxinju"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->unchanged(), 3);
  EXPECT_THAT(Reports(), SizeIs(1));
  EXPECT_EQ(Reports()[0].revision(), 1);
}

TEST_F(LedgerTest, DaysMayBeWrittenAsASpreadsheetSavesThem) {
  Rows rows = Read(Officer("gongxinju"));
  for (size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i][kDue], "2026-12-31");
    rows[i][kDue] = "2026/12/31";
  }
  const auto untouched = Import(rows, Officer("gongxinju"));
  ASSERT_THAT(untouched, IsOk());
  EXPECT_EQ(untouched->unchanged(), 3);
  rows[1][kProgress] = "40% 已对接两家企业";
  const auto edited = Import(rows, Officer("gongxinju"));
  ASSERT_THAT(edited, IsOk());
  EXPECT_EQ(edited->changes_size(), 1);
  rows = Read(Officer("gongxinju"));
  rows[2][kDue] = "2027/6/30";
  EXPECT_THAT(BadFields(Import(rows, Officer("gongxinju")).status()), ElementsAre("F3"));
}

TEST_F(LedgerTest, HasTitleDayAndLights) {
  const auto sheet = tabular::ReadTable(Export(Coordinator(), XLSX));
  ASSERT_THAT(sheet, IsOk());
  EXPECT_THAT(std::string(sheet->At(0, 0)), HasSubstr("对口合作任务督办台账"));
  EXPECT_EQ(sheet->At(1, 0), "截至2026年3月2日，共 3 项");
  EXPECT_EQ(sheet->At(2, kLight), "灯");
  EXPECT_EQ(sheet->At(3, kNumber), "210800-2026-01-01");
  EXPECT_EQ(sheet->At(3, kDue), "2026-12-31");
  EXPECT_EQ(sheet->At(3, kLight), "绿");
  const auto english = tabular::ReadTable(Export(Coordinator(Locale::kEn), XLSX));
  EXPECT_EQ(english->At(2, kLight), "Light");
}

TEST_F(LedgerTest, ChangesBecomeReports) {
  Rows rows = Read(Officer("gongxinju"));
  rows[1][kProgress] = "40%,已对接两家企业";
  rows[3][kProgress] = "10% 已列计划";
  rows[3][kProblems] = "缺少用地指标";
  rows[3][kNext] = "=协调用地";
  const auto preview = Import(rows, Officer("gongxinju"), true);
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->changes_size(), 2);
  EXPECT_THAT(Reports(), SizeIs(0)) << "a preview stores nothing";
  const auto response = Import(rows, Officer("gongxinju"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->unchanged(), 1);
  ASSERT_EQ(response->changes_size(), 2);
  EXPECT_THAT(response->changes(1).cells(), ElementsAre("G4", "I4", "J4"));
  const std::vector<ProgressReport> reports = Reports();
  ASSERT_THAT(reports, SizeIs(2));
  EXPECT_EQ(reports[0].percent(), 40);
  EXPECT_EQ(reports[0].done(), "已对接两家企业");
  EXPECT_EQ(reports[0].period(), "2026-03");
  EXPECT_EQ(reports[0].state(), ProgressReport::SUBMITTED);
  EXPECT_EQ(reports[1].problems(), "缺少用地指标");
  EXPECT_EQ(reports[1].next(), "=协调用地") << "kept, and defused in the file alone";
  // Once more from a fresh ledger: the period's report is corrected.
  rows = Read(Officer("gongxinju"));
  EXPECT_EQ(rows[1][kProgress], "40% 已对接两家企业");
  rows[1][kProgress] = "50% 已对接三家企业";
  const auto again = Import(rows, Officer("gongxinju"));
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->changes(0).revised());
  EXPECT_EQ(Reports()[0].revision(), 2);
  EXPECT_EQ(Read(Coordinator())[1][kProgress], "50% 已对接三家企业");
}

TEST_F(LedgerTest, TheLastMilestoneIsTheOneTheTaskListsLast) {
  auto create = TaskRequest("staged");
  create.mutable_task()->set_report_frequency(Task::STAGE);
  for (int i = 1; i <= 10; ++i) {
    auto* milestone = create.mutable_task()->add_milestones();
    milestone->set_id(absl::StrCat("m", i));
    milestone->set_title(absl::StrCat("第", i, "步"));
  }
  ASSERT_THAT(Call<Task>(create, Coordinator()), IsOk());
  ASSERT_THAT(Issue(Name("staged")), IsOk());
  for (const char* period : {"m9", "m10"}) {
    CreateProgressReportRequest report;
    report.set_parent(Name("staged"));
    report.mutable_report()->set_period(period);
    report.mutable_report()->set_percent(90);
    report.mutable_report()->set_done(absl::StrCat("到", period));
    ASSERT_THAT(Call<ProgressReport>(report, Officer("gongxinju")), IsOk());
  }
  for (const rpc::CallOptions& who : {Coordinator(), Officer("gongxinju")}) {
    const Rows rows = Read(who);
    ASSERT_THAT(rows, SizeIs(5));
    EXPECT_THAT(rows[4][kProgress], HasSubstr("到m10"));
  }
}

TEST_F(LedgerTest, EachBadCellIsNamed) {
  const struct {
    std::function<void(Rows&)> change;
    std::string cell, reason;
  } cases[] = {
      {[](Rows& rows) { rows[2][kDue] = "2027-06-30"; }, "F3", "DUE_DATE_BY_EXTENSION"},
      {[](Rows& rows) { rows[2][kTitle] += "改"; }, "C3", "LEDGER_COLUMN_FIXED"},
      {[](Rows& rows) { rows[2][3] = "市商务局"; }, "D3", "LEDGER_COLUMN_FIXED"},
      {[](Rows& rows) { rows[2][kLight] = "红"; }, "H3", "LEDGER_COLUMN_FIXED"},
      {[](Rows& rows) { rows[2][kProgress] = "已完成一半"; }, "G3", "PROGRESS_FORM"},
      {[](Rows& rows) { rows[2][kProgress] = "101% 完成"; }, "G3", "PROGRESS_FORM"},
      {[](Rows& rows) { rows[2][kProgress] = "50%"; }, "G3", "FIELD_INVALID"},
      {[](Rows& rows) { rows[2][kProblems] = "无进展,只有问题"; }, "G3", "PROGRESS_FORM"},
      {[](Rows& rows) { rows[2][kNumber] = "210800-2026-01-99"; }, "B3", "LEDGER_NUMBER_UNKNOWN"},
      {[](Rows& rows) { rows[2][kNumber] = ""; }, "B3", "LEDGER_NUMBER_UNKNOWN"},
      {[](Rows& rows) { rows[2][kNumber] = rows[1][kNumber]; }, "B3", "LEDGER_NUMBER_TWICE"},
  };
  for (const auto& c : cases) {
    Rows rows = Read(Officer("gongxinju"));
    rows[1][kProgress] = "40% 好";
    c.change(rows);
    EXPECT_THAT(Import(rows, Officer("gongxinju")), Fails(kBad, "LEDGER_ROWS_BAD")) << c.cell;
    EXPECT_THAT(BadFields(Import(rows, Officer("gongxinju")).status()), ElementsAre(c.cell));
    const auto preview = Import(rows, Officer("gongxinju"), true);
    ASSERT_THAT(preview, IsOk());
    ASSERT_EQ(preview->bad_cells_size(), 1) << c.cell;
    EXPECT_EQ(preview->bad_cells(0).cell(), c.cell);
    EXPECT_THAT(preview->bad_cells(0).status().SerializeAsString(), HasSubstr(c.reason)) << c.cell;
    EXPECT_NE(preview->bad_cells(0).status().message(), "");
    EXPECT_EQ(preview->changes_size(), 1);
  }
  EXPECT_THAT(Reports(), SizeIs(0)) << "all or nothing";
}

TEST_F(LedgerTest, GoodRowsAreTakenWhenAskedFor) {
  Rows rows = Read(Officer("gongxinju"));
  rows[1][kProgress] = "40% 好";
  rows[2][kDue] = "2027-06-30";
  rows[2][kProgress] = "40% 好";
  const auto response = Import(rows, Officer("gongxinju"), false, true);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->changes_size(), 1);
  EXPECT_EQ(response->bad_cells_size(), 1);
  EXPECT_THAT(Reports(), SizeIs(1));
}

TEST_F(LedgerTest, AnEditOfWhatHasChangedSinceIsRefused) {
  const Rows old = Read(Officer("gongxinju"));
  Rows first = old;
  first[1][kProgress] = "40% 好";
  ASSERT_THAT(Import(first, Officer("gongxinju")), IsOk());
  Rows second = old;
  second[1][kProgress] = "20% 晚到";
  const auto stale = Import(second, Officer("gongxinju"), true);
  ASSERT_THAT(stale, IsOk());
  ASSERT_EQ(stale->bad_cells_size(), 1);
  EXPECT_THAT(stale->bad_cells(0).status().SerializeAsString(), HasSubstr("LEDGER_ROW_STALE"));
  // A row that nobody edited is left alone, however old it is; without the hidden column it counts as an edit.
  const auto untouched = Import(old, Officer("gongxinju"));
  ASSERT_THAT(untouched, IsOk());
  EXPECT_EQ(untouched->unchanged(), 3);
  EXPECT_EQ(Read(Officer("gongxinju"))[1][kProgress], "40% 好");
  // The light may have moved on meanwhile: that is no edit.
  clock_.Set(StartOf(absl::CivilDay(2026, 12, 28)));
  EXPECT_NE(Read(Officer("gongxinju"))[2][kLight], old[2][kLight]);
  Rows later = old;
  later[2][kProgress] = "30% 年底";
  EXPECT_THAT(Import(later, Officer("gongxinju")), IsOk());
}

TEST_F(LedgerTest, UnitsReportForThemselvesAlone) {
  Rows rows = Read(Coordinator());
  rows[1][kProgress] = "40% 代报";
  EXPECT_THAT(BadFields(Import(rows, Coordinator()).status()), ElementsAre("G2"));
  // A unit below the first lead has a ledger of its own reports.
  rows = Read(Officer("gaizhou"));
  rows[1][kProgress] = "5% 已启动";
  ASSERT_THAT(Import(rows, Officer("gaizhou")), IsOk());
  EXPECT_EQ(Reports()[0].unit(), Unit("gaizhou"));
  EXPECT_EQ(Read(Coordinator())[1][kProgress], "") << "the first lead has not reported";
  EXPECT_EQ(Read(Officer("gaizhou"))[1][kProgress], "5% 已启动");
  EXPECT_THAT(Read(Officer("shangwuju")), SizeIs(1)) << "no duty, no row";
}

TEST_F(LedgerTest, LeavesOutWhatMayNotBeSeen) {
  const auto other = As(ClaimsOf("cities/320700", "cities/320700/units/fagaiwei", {type::v1::COORDINATOR}));
  EXPECT_THAT(Read(other), SizeIs(1));
  EXPECT_THAT(Import(Read(Coordinator()), other), Fails(absl::StatusCode::kPermissionDenied, "OTHER_CITY"));
}

TEST_F(LedgerTest, FilesThatAreNoLedger) {
  EXPECT_THAT(ImportBytes("甲,乙\n1,2\n", Officer("gongxinju")), Fails(kBad, "COLUMN_MISSING"));
  EXPECT_THAT(ImportBytes("PK\x03\x04", Officer("gongxinju")), Fails(kBad, "ARCHIVE_BROKEN"));
  EXPECT_THAT(ImportBytes("编号,进展\n\"210800", Officer("gongxinju")), Fails(kBad, "CSV_QUOTE_OPEN"));
  // The number and one column that may be changed are enough.
  EXPECT_THAT(ImportBytes("编号,进展\n210800-2026-01-02,30% 手工\n", Officer("gongxinju")), IsOk());
  EXPECT_THAT(Reports(), SizeIs(1));
}

}  // namespace
}  // namespace duikou::testing
