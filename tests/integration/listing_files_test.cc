// Listings as tables, through the service as it runs, on both engines.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "tests/integration/techtransfer_fixture.h"

namespace duikou::testing {
namespace {

using namespace techtransfer::v1;  // NOLINT(google-build-using-namespace): the API under test.
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class ListingFilesTest : public TechTransferTest {
 protected:
  int Count(const std::string& city) {
    ListListingsRequest list;
    list.set_parent(city);
    const auto listed = Call<ListListingsResponse>(list, Broker(city));
    EXPECT_THAT(listed, IsOk());
    return listed.ok() ? listed->listings_size() : -1;
  }
  std::string Export(const std::string& city, bool csv) {
    ExportListingsRequest ask;
    ask.set_parent(city);
    ask.set_csv(csv);
    const auto written = Call<ExportListingsResponse>(ask, Broker(city));
    EXPECT_THAT(written, IsOk());
    return written.ok() ? written->content() : "";
  }
  absl::StatusOr<ImportListingsResponse> Import(const std::string& city, const std::string& content) {
    ImportListingsRequest request;
    request.set_parent(city);
    request.set_content(content);
    return Call<ImportListingsResponse>(request, Broker(city));
  }
  // Of what cells do not carry: commas and the like in a keyword, line ends, currencies, rights that are no patents.
  static Listing Awkward(Listing::Kind kind) {
    Listing listing = SampleOf(kind, kYingkou, "univ-a", "碳化硅器件");
    listing.set_abstract("第一行\r\n第二行\u2028第三行\n");
    for (const char* keyword : {"SiC_MOSFET", "5G,NR", "压铸、锻造", "纯文字"}) listing.add_keywords(keyword);
    auto& money = kind == Listing::OFFER ? *listing.mutable_price() : *listing.mutable_budget();
    money.set_fen(350050);
    money.set_currency("USD");
    if (kind == Listing::DEMAND) return listing;
    auto& right = *listing.add_rights();
    right.set_kind(Listing::Right::KNOW_HOW);
    right.set_title("烧结曲线");
    return listing;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ListingFilesTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(ListingFilesTest, AnImportPublishesForThoseItNamesAlone) {
  ImportListingsRequest import;
  import.set_parent(kYingkou);
  import.set_kind(Listing::OFFER);
  import.set_content("标题\t摘要\t单位\t外部编号\n镁合金压铸\t一种压铸工艺\tunivA\tx1\n");
  auto& publication = *import.mutable_publication();
  publication.set_sharing(type::v1::Access::CONDITIONAL);
  publication.add_shared_with(kLianyungang);
  const auto first = Call<ImportListingsResponse>(import, Broker(kYingkou));
  ASSERT_THAT(first, IsOk());
  publication.set_shared_with(0, kShenyang);
  const auto second = Call<ImportListingsResponse>(import, Broker(kYingkou));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->updated(), 1);
  EXPECT_THAT(Get(first->listings(0), Broker(kYingkou)).publication().shared_with(), ElementsAre(kShenyang));
  import.clear_publication();
  ASSERT_THAT(Call<ImportListingsResponse>(import, Broker(kYingkou)), IsOk());
  EXPECT_THAT(Get(first->listings(0), Broker(kYingkou)).publication().shared_with(), ElementsAre(kShenyang))
      << "as it was, where the import says nothing";
}

TEST_P(ListingFilesTest, AnImportAsksForManyUnitsInParts) {
  ImportListingsRequest import;
  import.set_parent(kYingkou);
  import.set_kind(Listing::OFFER);
  import.set_validate_only(true);
  std::string table = "标题\t摘要\t单位\n";
  for (int i = 0; i < 1001; ++i) absl::StrAppend(&table, "工艺", i, "\t一种工艺\tunit", i, "\n");
  absl::StrAppend(&table, "工艺\t一种工艺\t", std::string(201, 'u'), "\n");
  import.set_content(table);
  const auto preview = Call<ImportListingsResponse>(import, Broker(kYingkou));
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->good_rows(), 1001);
  ASSERT_EQ(preview->bad_cells_size(), 1);
  EXPECT_EQ(preview->bad_cells(0).cell(), "C1003");
  EXPECT_EQ(preview->bad_cells(0).reason(), "UNIT_UNKNOWN");
}

TEST_P(ListingFilesTest, ImportsAllOrNothingAndExportsWhatItReads) {
  ImportListingsRequest import;
  import.set_parent(kYingkou);
  import.set_kind(Listing::OFFER);
  import.set_content(
      "标题\t摘要\t关键词\t单位\t价格(元)\t专利号\t外部编号\n"
      "镁合金压铸\t一种压铸工艺\t镁合金;压铸\tunivA\t1200000\tZL201710601862.3\tx1\n"
      "海带养殖\t一种养殖技术\t海带_养殖\tnobody\t3500.50\t\tx2\n"
      "水稻育种\t\t水稻\tunivA\t很贵\t201710601862.4\tx3\n");
  const auto refused = Call<ImportListingsResponse>(import, Broker(kYingkou));
  EXPECT_THAT(refused, Fails(kInvalid, "ROWS_BAD"));
  import.set_validate_only(true);
  const auto preview = Call<ImportListingsResponse>(import, Broker(kYingkou));
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->good_rows(), 1);
  std::vector<std::string> cells;
  for (const auto& bad : preview->bad_cells()) cells.push_back(absl::StrCat(bad.cell(), " ", bad.reason()));
  EXPECT_THAT(cells, UnorderedElementsAre("D3 UNIT_UNKNOWN", "E4 NUMBER_FORM"));
  EXPECT_EQ(Count(kYingkou), 0);
  import.set_validate_only(false);
  import.set_only_good_rows(true);
  const auto imported = Call<ImportListingsResponse>(import, Broker(kYingkou));
  ASSERT_THAT(imported, IsOk());
  ASSERT_EQ(imported->created(), 1);
  const Listing stored = Get(imported->listings(0), Broker(kYingkou));
  EXPECT_EQ(stored.price().fen(), 120000000);
  EXPECT_EQ(stored.rights(0).number(), "201710601862.3");
  EXPECT_EQ(stored.rights(0).patent_kind(), Listing::INVENTION);
  EXPECT_EQ(stored.owner_unit_title(), "univA");
  // The same again makes no second one.
  const auto again = Call<ImportListingsResponse>(import, Broker(kYingkou));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->created(), 0);
  EXPECT_EQ(again->unchanged(), 1);
  for (const bool csv : {true, false}) {
    ExportListingsRequest ask;
    ask.set_parent(kYingkou);
    ask.set_csv(csv);
    const auto written = Call<ExportListingsResponse>(ask, Broker(kYingkou));
    ASSERT_THAT(written, IsOk());
    ImportListingsRequest back;
    back.set_parent(kYingkou);
    back.set_content(written->content());
    const auto read = Call<ImportListingsResponse>(back, Broker(kYingkou));
    ASSERT_THAT(read, IsOk());
    EXPECT_EQ(read->created() + read->updated(), 0);
    EXPECT_EQ(read->unchanged(), 1);
  }
  import.set_content("标题\t摘要\t单位\t外部编号\n甲\t一\tunivA\tx9\n乙\t二\tunivA\tx9\n");
  const auto twice = Call<ImportListingsResponse>(import, Broker(kYingkou));
  ASSERT_THAT(twice, IsOk());
  ASSERT_EQ(twice->bad_cells_size(), 1);
  EXPECT_EQ(twice->bad_cells(0).cell(), "D3");
  EXPECT_EQ(twice->bad_cells(0).reason(), "LISTING_TWICE");
  const Listing after = Get(imported->listings(0), Broker(kYingkou));
  EXPECT_EQ(after.keywords_size(), 2);
  EXPECT_EQ(after.price().fen(), 120000000);
}

TEST_P(ListingFilesTest, AnExternalIdOfAListingThatIsNotSeenIsItsRowsFault) {
  Listing hidden = SampleOf(Listing::OFFER, kYingkou, "univA", "限定成果");
  hidden.set_external_id("x9");
  hidden.mutable_publication()->set_disclosure(type::v1::Access::RESTRICTED);
  const std::string unseen = Publish(kYingkou, "hidden", hidden);
  ASSERT_THAT((Act<Listing, GetListingRequest>(unseen, Broker(kYingkou))),
              Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  ImportListingsRequest taken;
  taken.set_parent(kYingkou);
  taken.set_kind(Listing::OFFER);
  taken.set_only_good_rows(true);
  taken.set_content(
      "标题\t摘要\t关键词\t单位\t价格(元)\t外部编号\n"
      "铝合金压铸\t一种压铸工艺\t铝合金\tunivA\t1200000\tx8\n"
      "钢件压铸\t一种压铸工艺\t钢件\tunivA\t1200000\tx9\n");
  const auto rest = Call<ImportListingsResponse>(taken, Broker(kYingkou));
  ASSERT_THAT(rest, IsOk());
  EXPECT_EQ(rest->created(), 1);
  ASSERT_EQ(rest->bad_cells_size(), 1);
  EXPECT_EQ(rest->bad_cells(0).reason(), "EXTERNAL_ID_TAKEN");
  const std::string number = Get(rest->listings(0), Broker(kYingkou)).number();
  taken.set_content(absl::StrCat("编号\t标题\t摘要\t关键词\t单位\t价格(元)\t外部编号\n", number,
                                 "\t铝合金压铸\t一种压铸工艺\t铝合金\tunivA\t1200000\tx9\n"
                                 "\t锌合金压铸\t一种压铸工艺\t锌合金\tunivA\t1200000\tx7\n"));
  const auto others = Call<ImportListingsResponse>(taken, Broker(kYingkou));
  ASSERT_THAT(others, IsOk());
  EXPECT_EQ(others->created(), 1);
  ASSERT_EQ(others->bad_cells_size(), 1);
  EXPECT_EQ(others->bad_cells(0).reason(), "EXTERNAL_ID_TAKEN");
}

// A published one must not change: what nobody touched must come back as what it is.
TEST_P(ListingFilesTest, WhatIsPublishedComesBackWithoutADifference) {
  const std::string offer = Publish(kYingkou, "o1", Awkward(Listing::OFFER));
  Publish(kYingkou, "d1", Awkward(Listing::DEMAND));
  const std::string etag = Get(offer, Broker(kYingkou)).etag();
  for (const bool csv : {true, false}) {
    const auto back = Import(kYingkou, Export(kYingkou, csv));
    ASSERT_THAT(back, IsOk());
    EXPECT_EQ(back->unchanged(), 2);
    EXPECT_EQ(back->created() + back->updated() + back->bad_cells_size(), 0);
  }
  EXPECT_EQ(Get(offer, Broker(kYingkou)).etag(), etag);
}

TEST_P(ListingFilesTest, AChangedCellChangesItsFieldAlone) {
  const std::string name = Draft(kYingkou, "o1", Awkward(Listing::OFFER));
  const Listing before = Get(name, Broker(kYingkou));
  const std::string table = Export(kYingkou, true);
  EXPECT_THAT(table, ::testing::HasSubstr("3500.50 USD"));
  const auto back = Import(kYingkou, absl::StrReplaceAll(table, {{"碳化硅器件,", "碳化硅模块,"}}));
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->updated(), 1);
  Listing after = Get(name, Broker(kYingkou));
  EXPECT_EQ(after.title(), "碳化硅模块");
  after.set_title(before.title());
  after.set_etag(before.etag());
  *after.mutable_update_time() = before.update_time();
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
  ASSERT_THAT(Import(kYingkou, absl::StrReplaceAll(table, {{"3500.50 USD", "3500.50"}})), IsOk());
  EXPECT_EQ(Get(name, Broker(kYingkou)).price().currency(), "") << "yuan, as it says now";
  ASSERT_THAT(Import(kYingkou, absl::StrReplaceAll(table, {{"3500.50 USD", "4000 EUR"}})), IsOk());
  EXPECT_EQ(Get(name, Broker(kYingkou)).price().currency(), "EUR");
  EXPECT_EQ(Get(name, Broker(kYingkou)).price().fen(), 400000);
}

}  // namespace
}  // namespace duikou::testing
