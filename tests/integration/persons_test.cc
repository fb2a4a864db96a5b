// What is kept of a person, and how it is given and erased, through the service as it runs, on both engines.
#include <map>

#include "common/crypto/key_ring.h"
#include "tests/integration/personnel_fixture.h"

namespace duikou::testing {
namespace {

using personnel::v1::Engagement;
using personnel::v1::Person;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr char kNumber[] = "11010519491231002X";

class PersonsTest : public PersonnelTest {
 protected:
  absl::StatusOr<Person> SetNumber(const std::string& name, const std::string& number) {
    personnel::v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(name);
    request.mutable_person()->set_identity_number(number);
    return Call<Person>(request, Home());
  }
  // A woman born on the day that the number says.
  std::string AddBearer(const std::string& id) {
    personnel::v1::CreatePersonRequest request;
    request.set_parent(kYingkou);
    request.set_person_id(id);
    request.mutable_person()->set_title("李小红");
    request.mutable_person()->set_sex(Person::FEMALE);
    *request.mutable_person()->mutable_birth_date() = Day(1949, 12, 31);
    request.mutable_person()->set_home_unit("cities/210800/units/jiaoyuju");
    EXPECT_THAT(Call<Person>(request, Home()), IsOk());
    return absl::StrCat(kYingkou, "/persons/", id);
  }
  // The same, with her number.
  void AddBearerInLianyungang() {
    personnel::v1::CreatePersonRequest create;
    create.set_parent(kLianyungang);
    create.set_person_id("li");
    create.mutable_person()->set_title("李小红");
    create.mutable_person()->set_identity_number(kNumber);
    create.mutable_person()->set_sex(Person::FEMALE);
    *create.mutable_person()->mutable_birth_date() = Day(1949, 12, 31);
    create.mutable_person()->set_home_unit("cities/320700/units/jiaoyuju");
    EXPECT_THAT(Call<Person>(create, As(kLianyungang, "zuzhibu", type::v1::PERSONNEL_OFFICER)), IsOk());
  }
  std::string Exported(const std::string& name) {
    personnel::v1::ExportPersonRequest request;
    request.set_name(name);
    const auto exported = Call<personnel::v1::ExportPersonResponse>(request, Home());
    EXPECT_THAT(exported, IsOk());
    return exported.ok() ? exported->json() : "";
  }
  absl::StatusOr<Person> Erase(const std::string& name, const rpc::CallOptions& options) {
    personnel::v1::ErasePersonRequest request;
    request.set_name(name);
    request.set_reason("本人申请");
    return Call<Person>(request, options);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, PersonsTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(PersonsTest, IdentityNumberIsCheckedAndNotKept) {
  const std::string li = AddBearer("li");
  EXPECT_THAT(SetNumber(li, "110105194912310021"), Fails(kInvalid, "IDENTITY_NUMBER_INVALID"));
  EXPECT_THAT(SetNumber(AddPerson("wang"), kNumber), Fails(kInvalid, "IDENTITY_NUMBER_DIFFERS"));
  const auto li_with = SetNumber(li, kNumber);
  ASSERT_THAT(li_with, IsOk());
  EXPECT_EQ(li_with->identity_number(), "");
  EXPECT_EQ(li_with->identity_digest().size(), 73u) << "the key's id, and 64 hexadecimal digits";
  EXPECT_THAT(SetNumber(li, kNumber), IsOk()) << "said again, it is the same person";
  EXPECT_EQ(Exported(li).find(kNumber), std::string::npos) << "not in any version";
}

TEST_P(PersonsTest, OnePersonIsRecordedOnce) {
  const std::string li = AddBearer("li");
  ASSERT_THAT(SetNumber(li, kNumber), IsOk());
  const auto twice = SetNumber(AddBearer("li2"), kNumber);
  ASSERT_THAT(twice, Fails(kForbidden, "PERSON_TWICE"));
  EXPECT_NE(FactsOf(twice.status()).text.zh.find(li), std::string::npos) << "names the other record";

  personnel::v1::ImportPersonsRequest import;
  import.set_parent(kYingkou);
  import.set_content(absl::StrCat("姓名,公民身份号码\n张三,440524188001010014\n李四,", kNumber, "\n王五,123\n"));
  const auto refused = Call<personnel::v1::ImportPersonsResponse>(import, Home());
  ASSERT_THAT(refused, Fails(kInvalid, "ROWS_BAD"));
  import.set_only_good_rows(true);
  const auto imported = Call<personnel::v1::ImportPersonsResponse>(import, Home());
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->good_rows(), 1);
  ASSERT_EQ(imported->bad_cells_size(), 2);
  std::map<std::string, std::string> bad;
  for (const auto& cell : imported->bad_cells()) bad[cell.cell()] = cell.reason();
  EXPECT_EQ(bad["B3"], "PERSON_TWICE");
  EXPECT_EQ(bad["B4"], "IDENTITY_NUMBER_INVALID");
}

TEST_P(PersonsTest, WhiteSpaceOfChineseTextsIsTakenOffCells) {
  personnel::v1::ImportPersonsRequest import;
  import.set_parent(kYingkou);
  import.set_content("姓名,性别,出生日期\n\u3000张三\u00A0,女\u3000,\u30001985-05-20\n\u3000,\u00A0,\n");
  const auto imported = Call<personnel::v1::ImportPersonsResponse>(import, Home());
  ASSERT_THAT(imported, IsOk());
  ASSERT_EQ(imported->persons_size(), 1);
  personnel::v1::GetPersonRequest get;
  get.set_name(imported->persons(0));
  const auto person = Call<Person>(get, Home());
  ASSERT_THAT(person, IsOk());
  EXPECT_EQ(person->title(), "张三");
  EXPECT_EQ(person->sex(), Person::FEMALE);
}

// Persons are counted, not what is wrong with them.
TEST_P(PersonsTest, ATableMayBeBadInManyCells) {
  personnel::v1::ImportPersonsRequest import;
  import.set_parent(kYingkou);
  std::string table = "姓名,性别,出生日期,学历\n";
  for (int i = 0; i < 400; ++i) absl::StrAppend(&table, "张三,不详,不详,不详\n");
  import.set_content(table);
  const auto refused = Call<personnel::v1::ImportPersonsResponse>(import, Home());
  ASSERT_THAT(refused, Fails(kInvalid, "ROWS_BAD"));
  EXPECT_NE(FactsOf(refused.status()).text.zh.find("1200"), std::string::npos);
  EXPECT_THAT(BadFields(refused.status()), ::testing::Contains("B11")) << "the first of them";
  import.set_validate_only(true);
  const auto preview = Call<personnel::v1::ImportPersonsResponse>(import, Home());
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->bad_cells_size(), 1200);
  for (int i = 400; i < 1001; ++i) absl::StrAppend(&table, "张三\n");
  import.set_content(table);
  EXPECT_THAT(Call<personnel::v1::ImportPersonsResponse>(import, Home()), Fails(kInvalid, "TABLE_TOO_LARGE"));
}

TEST_P(PersonsTest, NominatedFromATable) {
  AddPost("p1", 1);
  AddPost("p2", 1);
  personnel::v1::UpdatePostRequest rename;
  rename.mutable_post()->set_name(absl::StrCat(kFengtai, "/posts/p2"));
  rename.mutable_post()->set_title("卫健委副主任(挂职)");
  ASSERT_THAT(Call<personnel::v1::Post>(rename, Host()), IsOk());
  AddPerson("wang");
  AddPerson("wang2");
  const std::string li = AddBearer("li");
  personnel::v1::ImportNominationsRequest import;
  import.set_parent(kYingkou);
  import.set_content(
      "姓名,岗位,志愿,推荐意见\n李小红,卫健委副主任(挂职),1,同意\n李小红,cities/110106/posts/p1,2,\n"
      "王小明,卫健委副主任(挂职),1,\n赵六,教委副主任(挂职),第一,\n李小红,卫健委副主任(挂职),3,\n");
  EXPECT_THAT(Call<personnel::v1::ImportNominationsResponse>(import, Home()), Fails(kInvalid, "ROWS_BAD"));
  import.set_only_good_rows(true);
  const auto imported = Call<personnel::v1::ImportNominationsResponse>(import, Home());
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->good_rows(), 2);
  std::map<std::string, std::string> bad;
  for (const auto& cell : imported->bad_cells()) bad[cell.cell()] = cell.reason();
  EXPECT_EQ(
      bad,
      (std::map<std::string, std::string>{
          {"A4", "PERSON_AMBIGUOUS"}, {"A5", "PERSON_NOT_FOUND"}, {"C5", "WISH_FORM"}, {"B6", "NOMINATED_TWICE"}}));
  personnel::v1::GetNominationRequest get;
  get.set_name(imported->nominations(1));
  const auto second = Call<personnel::v1::Nomination>(get, Host());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->person(), li);
  EXPECT_EQ(second->wish(), 2);
}

TEST_P(PersonsTest, ErasedWhereverItIsRepeated) {
  const Engagement active = Activate(AddPerson("wang"));
  const std::string& person = active.person();
  EXPECT_NE(Exported(person).find("王小明"), std::string::npos);
  EXPECT_THAT(Erase(person, Home()), Fails(kForbidden, "PERSON_IN_EXCHANGE"));
  EXPECT_THAT(Erase(person, Host()), Fails(absl::StatusCode::kPermissionDenied, "OTHER_CITY"));
  SetDay(2026, 6, 30);
  ASSERT_THAT(Act(active.name(), Home(), WithReason<personnel::v1::EndEngagementEarlyRequest>("工作需要")), IsOk());
  const auto erased = Erase(person, Home());
  ASSERT_THAT(erased, IsOk());
  EXPECT_EQ(erased->title(), "");
  EXPECT_EQ(Exported(person).find("王小明"), std::string::npos);
  const Engagement kept = Get(active.name(), Host());
  EXPECT_EQ(kept.person_title(), "");
  EXPECT_EQ(kept.state(), Engagement::ENDED_EARLY) << "what happened stays";
}

TEST_P(PersonsTest, WhoIsErasedIsNominatedNoMore) {
  const std::string wang = AddPerson("wang"), post = AddPost("p1", 1);
  ASSERT_THAT(Nominate("n1", wang, post), IsOk());
  ASSERT_THAT(Erase(wang, Home()), IsOk());
  personnel::v1::GetNominationRequest get;
  get.set_name("cities/210800/nominations/n1");
  const auto nomination = Call<personnel::v1::Nomination>(get, Host());
  ASSERT_THAT(nomination, IsOk());
  EXPECT_EQ(nomination->state(), personnel::v1::Nomination::WITHDRAWN);
  EXPECT_EQ(nomination->person_title(), "");
  EXPECT_THAT(Nominate("n2", wang, post), Fails(kForbidden, "PERSON_ERASED"));
  EXPECT_THAT(Call<Engagement>(ProposalFor(wang), Home()), Fails(kForbidden, "PERSON_ERASED"));
}

TEST_P(PersonsTest, ADeletedPersonIsErasedToo) {
  const std::string person = AddPerson("wang");
  personnel::v1::DeletePersonRequest remove;
  remove.set_name(person);
  ASSERT_THAT(Call<google::protobuf::Empty>(remove, Home()), IsOk());
  EXPECT_NE(Exported(person).find("王小明"), std::string::npos) << "in the change log";
  EXPECT_THAT(Erase(person, Host()), Fails(kDenied, "OTHER_CITY"));
  const auto erased = Erase(person, Home());
  ASSERT_THAT(erased, IsOk());
  EXPECT_EQ(erased->name(), person);
  personnel::v1::ExportPersonRequest left;
  left.set_name(person);
  EXPECT_THAT(Call<personnel::v1::ExportPersonResponse>(left, Home()), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Erase(person, Home()), Fails(absl::StatusCode::kNotFound, "NOT_FOUND")) << "nothing is left";
}

TEST_P(PersonsTest, TwoCitiesThatKeepTheSamePersonDoNotEngageHimTwice) {
  const std::string li = AddBearer("li");
  ASSERT_THAT(SetNumber(li, kNumber), IsOk());
  AddBearerInLianyungang();
  const auto there = As(kLianyungang, "zuzhibu", type::v1::PERSONNEL_OFFICER);
  auto here = ProposalFor(li);
  here.mutable_engagement()->set_kind(personnel::v1::CONSULTANT);
  here.mutable_engagement()->mutable_terms()->set_share(60);
  ASSERT_THAT(Call<Engagement>(here, Home()), IsOk());
  auto twice = here;
  twice.set_parent(kLianyungang);
  twice.mutable_engagement()->set_person(absl::StrCat(kLianyungang, "/persons/li"));
  const auto refused = Call<Engagement>(twice, there);
  EXPECT_THAT(refused, Fails(kForbidden, "SHARE_EXCEEDED"));
  EXPECT_EQ(FactsOf(refused.status()).text.zh.find("cities/210800"), std::string::npos) << "not whose";
  twice.mutable_engagement()->mutable_terms()->set_share(40);
  ASSERT_THAT(Call<Engagement>(twice, there), IsOk());
  personnel::v1::GetPersonRequest get;
  get.set_name(li);
  EXPECT_EQ(Call<Person>(get, Home())->claims_size(), 1) << "each record keeps its own city's";
}

TEST_P(PersonsTest, ErasedWhenTheRetentionIsOver) {
  const Engagement active = Activate(AddPerson("wang"));
  const std::string li = AddBearer("li"), stays = AddPerson("zhao");
  const auto keep_until = [&](const std::string& name, int day) {
    personnel::v1::UpdatePersonRequest request;
    request.mutable_person()->set_name(name);
    *request.mutable_person()->mutable_retain_until() = Day(2026, 6, day);
    ASSERT_THAT(Call<Person>(request, Home()), IsOk());
  };
  keep_until(active.person(), 29);
  keep_until(li, 29);
  keep_until(stays, 30);
  const auto title = [&](const std::string& name) {
    personnel::v1::GetPersonRequest request;
    request.set_name(name);
    return Call<Person>(request, Home())->title();
  };
  const auto run = [&](int month, int day) { RunUpTo(2026, month, day); };
  run(6, 29);
  EXPECT_EQ(title(li), "李小红") << "the last day is included";
  run(6, 30);
  EXPECT_EQ(title(li), "");
  EXPECT_EQ(Exported(li).find("李小红"), std::string::npos);
  EXPECT_EQ(title(stays), "王小明");
  EXPECT_EQ(title(active.person()), "王小明") << "the engagement runs";
  ASSERT_THAT(Act(active.name(), Home(), WithReason<personnel::v1::EndEngagementEarlyRequest>("工作需要")), IsOk());
  run(7, 1);
  EXPECT_EQ(title(active.person()), "");
  EXPECT_EQ(title(stays), "");
}

TEST_P(PersonsTest, ANewIdentityKeyWrapsTheDigests) {
  const std::string li = AddBearer("li"), twin = AddBearer("twin");
  const auto before = SetNumber(li, kNumber);
  ASSERT_THAT(before, IsOk());
  const auto id = crypto::KeyRing::AddIdentityKey(folder_ + "/personal.keys");
  ASSERT_THAT(id, IsOk());
  Stop();
  // The service may have done this day's work before there was another key.
  SetDay(2026, 3, 3);
  Start();
  EXPECT_THAT(SetNumber(twin, kNumber), Fails(kForbidden, "PERSON_TWICE")) << "before the digests are renewed";
  CatchUpDays();
  personnel::v1::GetPersonRequest get;
  get.set_name(li);
  const auto after = Call<Person>(get, Home());
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(after->identity_digest().substr(0, 9), *id + ":");
  EXPECT_NE(after->identity_digest(), before->identity_digest());
  EXPECT_THAT(SetNumber(twin, kNumber), Fails(kForbidden, "PERSON_TWICE"));
}

TEST_P(PersonsTest, ANewIdentityKeyLetsNobodyBeEngagedTwiceOnItsDay) {
  const std::string li = AddBearer("li");
  ASSERT_THAT(SetNumber(li, kNumber), IsOk());
  auto here = ProposalFor(li);
  here.mutable_engagement()->set_kind(personnel::v1::CONSULTANT);
  here.mutable_engagement()->mutable_terms()->set_share(60);
  ASSERT_THAT(Call<Engagement>(here, Home()), IsOk());
  CatchUpDays();
  ASSERT_THAT(crypto::KeyRing::AddIdentityKey(folder_ + "/personal.keys"), IsOk());
  Stop();
  Start();
  CatchUpDays();
  AddBearerInLianyungang();
  auto twice = here;
  twice.set_parent(kLianyungang);
  twice.mutable_engagement()->set_person(absl::StrCat(kLianyungang, "/persons/li"));
  EXPECT_THAT(Call<Engagement>(twice, As(kLianyungang, "zuzhibu", type::v1::PERSONNEL_OFFICER)),
              Fails(kForbidden, "SHARE_EXCEEDED"));
}

TEST_P(PersonsTest, PostsAreFoundByWhatTheySay) {
  AddPost("p1", 1);
  personnel::v1::SearchPostsRequest request;
  request.set_parent("cities/-");
  request.set_query("副主任 NOT 主任委员");
  request.add_facets("city");
  const auto found = Call<search::v1::SearchResponse>(request, Home());
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->total(), 1);
  EXPECT_EQ(found->facets(0).counts(0).value(), "110106");
  request.set_parent(kYingkou);
  EXPECT_EQ(Call<search::v1::SearchResponse>(request, Home())->total(), 0);
}

// Roles say which kinds of records are whose business: the log opens to nobody what Get does not.
TEST_P(PersonsTest, TheLogShowsNoKindsThatGetDoesNot) {
  const std::string person = AddPerson("p1");
  personnel::v1::GetPersonRequest get;
  get.set_name(person);
  ASSERT_THAT(Call<Person>(get, Home()), IsOk());
  const rpc::CallOptions broker = As(kYingkou, "zuzhibu", type::v1::TECH_BROKER);
  ASSERT_THAT(Call<Person>(get, broker), Fails(kDenied, "ROLE_MISSING"));
  log::v1::ListChangesRequest changes;
  changes.set_parent(kYingkou);
  const auto seen = Call<log::v1::ListChangesResponse>(changes, Home());
  ASSERT_THAT(seen, IsOk());
  EXPECT_EQ(seen->changes(0).name(), person);
  EXPECT_THAT(Call<log::v1::ListChangesResponse>(changes, broker), Fails(kDenied, "ROLE_MISSING"));
  changes.add_types("person");
  EXPECT_THAT(Call<log::v1::ListChangesResponse>(changes, broker), Fails(kDenied, "ROLE_MISSING"));
  log::v1::WatchRequest watch;
  watch.set_parent(kYingkou);
  watch.set_cursor("begin");
  watch.add_types("person");
  EXPECT_THAT(client_->Stream(
                  rpc::MethodOf(log::v1::WatchRequest::descriptor()), watch, log::v1::WatchResponse(),
                  [](const google::protobuf::Message&) { return false; }, broker),
              Fails(kDenied, "ROLE_MISSING"));
  log::v1::ReconcileRequest reconcile;
  reconcile.set_parent(kYingkou);
  reconcile.set_type("person");
  EXPECT_THAT(Call<log::v1::ReconcileResponse>(reconcile, Home()), IsOk());
  EXPECT_THAT(Call<log::v1::ReconcileResponse>(reconcile, broker), Fails(kDenied, "ROLE_MISSING"));
}

}  // namespace
}  // namespace duikou::testing
