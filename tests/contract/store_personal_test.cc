// Personal fields: sealed at rest on each engine, found by digest, sealed anew, copied, exported and erased.
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/archive/archive.h"
#include "common/crypto/sealed_text.h"
#include "common/store/personal_keys.h"
#include "common/store/postgres/postgres_engine.h"
#include "common/store/sqlite/sqlite_engine.h"
#include "duikou/personnel/v1/person.pb.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;
using personnel::v1::Person;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kName[] = "cities/210800/persons/p1";
// What is planted, and must not be found in what lies at rest.
constexpr const char* kPlanted[] = {"种下的姓名", "planted-phone", "planted@mail", "种族甲", "engagements/planted"};

Person PlantedPerson(const std::string& id, const std::string& city = kCity) {
  Person person;
  person.set_name(absl::StrCat("cities/", city, "/persons/", id));
  person.set_title(kPlanted[0]);
  person.set_phone(kPlanted[1]);
  person.set_email(kPlanted[2]);
  person.set_ethnic_group(kPlanted[3]);
  person.mutable_birth_date()->set_year(1981);
  person.add_claims()->set_engagement(absl::StrCat("cities/210800/", kPlanted[4]));
  person.set_home_unit(absl::StrCat("cities/", city, "/units/gxj"));
  person.set_position("科长");
  return person;
}

std::vector<const google::protobuf::Descriptor*> Resources() { return {Plan::descriptor(), Person::descriptor()}; }

class StorePersonal : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    store_.reset();
    // One that has had no other types.
    std::filesystem::create_directories(folder_ + "/people");
    place_ = GetParam().new_place(folder_ + "/people");
    ASSERT_THAT(OpenPeople(), IsOk());
  }
  absl::Status OpenPeople() {
    store_.reset();
    ASSIGN_OR_RETURN(store_, Store::Open(Options(), Resources()));
    return absl::OkStatus();
  }
  std::string Keys() const { return folder_ + "/personal.keys"; }

  // Runs a function on a connection of its own; the store is closed.
  void OnConnection(const std::function<absl::Status(Connection&, Engine&)>& function) {
    ASSERT_EQ(store_, nullptr);
    auto engine = IsPostgresUrl(place_) ? OpenPostgres(place_) : OpenSqlite(place_);
    ASSERT_THAT(engine, IsOk());
    auto connection = (*engine)->OpenWriter();
    ASSERT_THAT(connection, IsOk());
    ASSERT_THAT((*connection)->Begin(), IsOk());
    ASSERT_THAT(function(**connection, **engine), IsOk());
    ASSERT_THAT((*connection)->Commit(), IsOk());
  }
  std::vector<std::string> Column(const std::string& sql) {
    std::vector<std::string> values;
    OnConnection([&](Connection& connection, Engine&) {
      return connection.Query(Sql::Once(sql), {}, [&](const Row& row) {
        values.emplace_back(std::string(row.Bytes(0)));
        return true;
      });
    });
    return values;
  }
  // All that lies in the store, one after the other. Closes it.
  std::string AtRest() {
    store_.reset();
    std::string all;
    for (const char* sql :
         {"SELECT message FROM r_person", "SELECT f_title FROM r_person", "SELECT f_home_unit FROM r_person",
          "SELECT message FROM changes", "SELECT header FROM changes",
          "SELECT answer FROM requests WHERE answer IS NOT NULL", "SELECT value FROM kernel_meta"}) {
      for (const std::string& value : Column(sql)) all += value + "\n";
    }
    return all;
  }
  // The ids of the keys that anything is sealed under, in hexadecimal digits. Closes the store.
  std::set<std::string> KeysAtRest() {
    store_.reset();
    std::set<std::string> keys;
    for (const char* sql : {"SELECT message FROM r_person", "SELECT message FROM changes"}) {
      for (const std::string& message : Column(sql)) {
        Person person;
        EXPECT_TRUE(person.ParseFromString(message));
        const auto& unknown = person.GetReflection()->GetUnknownFields(person);
        for (int i = 0; i < unknown.field_count(); ++i) {
          EXPECT_EQ(unknown.field(i).number(), schema::kSealedField);
          keys.insert(absl::BytesToHexString(crypto::KeyIdOf(unknown.field(i).length_delimited())));
        }
      }
    }
    return keys;
  }
  absl::StatusOr<std::vector<Person>> Find(const std::string& title, const std::string& city = kCity,
                                           const Caller& caller = Coordinator()) {
    std::vector<Person> found;
    RETURN_IF_ERROR(store_->Read(caller, {}, [&](const View& view) -> absl::Status {
      ASSIGN_OR_RETURN(found, view.FindBy<Person>(city, "title", title));
      return absl::OkStatus();
    }));
    return found;
  }
  absl::Status Erase(const std::string& name) {
    return Write([&](Txn& txn) { return txn.Erase<Person>(name, "本人申请"); });
  }
  absl::StatusOr<std::string> Export(const std::string& name, const Caller& caller = Coordinator()) {
    std::string json;
    RETURN_IF_ERROR(store_->Read(caller, {}, [&](const View& view) -> absl::Status {
      ASSIGN_OR_RETURN(json, view.Export<Person>(name));
      return absl::OkStatus();
    }));
    return json;
  }
  // The chain alone, as an auditor checks it.
  void ExpectChain() {
    std::string hash(32, '\0');
    const auto log = store_->ReadLog(kCity, 0, 10000);
    ASSERT_THAT(log, IsOk());
    for (const LogEntry& entry : *log) {
      hash = ChainHash(hash, entry.header);
      EXPECT_EQ(entry.hash, hash);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StorePersonal, ::testing::ValuesIn(StoreKinds()), NameOfKind);

TEST_P(StorePersonal, IsReadAsItWasStored) {
  const auto stored = Insert(PlantedPerson("p1"));
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(Get<Person>(kName)->SerializeAsString(), stored->SerializeAsString());
  EXPECT_EQ(List<Person>({.parent = "cities/210800"})->items.at(0).SerializeAsString(), stored->SerializeAsString());
  Person changed = *stored;
  changed.set_phone("13800000000");
  ASSERT_THAT(Update(changed), IsOk());
  ASSERT_THAT(OpenPeople(), IsOk());
  EXPECT_EQ(Get<Person>(kName)->phone(), "13800000000");
  EXPECT_EQ(Get<Person>(kName)->claims(0).engagement(), stored->claims(0).engagement());
  const std::vector<LogEntry> log = CheckedLog();  // Digests are of the message in clear.
  EXPECT_EQ(log.size(), 2U);
  EXPECT_EQ(log.front().message, stored->SerializeAsString());
}

TEST_P(StorePersonal, LiesSealed) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  WriteJob job = JobOf([](Txn&) -> absl::StatusOr<std::string> { return PlantedPerson("p1").SerializeAsString(); });
  job.personal = true;
  job.request = RequestKey{.city = kCity, .request_id = "r1", .scope = "12345678", .body_hash = std::string(16, 'b')};
  const WriteJob again = job;
  const auto answer = store_->WriteAndWait(std::move(job));
  EXPECT_EQ(*store_->WriteAndWait(again), *answer) << "a repeated request gets it in clear";
  const std::string at_rest = AtRest();
  for (const char* planted : kPlanted) EXPECT_FALSE(absl::StrContains(at_rest, planted)) << planted;
  EXPECT_TRUE(absl::StrContains(at_rest, "科长")) << "what is not personal is in the open";
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_)) {
    std::stringstream content;
    if (file.is_regular_file()) content << std::ifstream(file.path(), std::ios::binary).rdbuf();
    for (const char* planted : kPlanted) EXPECT_FALSE(absl::StrContains(content.str(), planted)) << file.path();
  }
}

TEST_P(StorePersonal, OtherTypesLieAsTheyAre) {
  const Plan plan = *Insert(PlanOf("p1"));
  store_.reset();
  EXPECT_THAT(Column("SELECT message FROM r_plan"), ElementsAre(plan.SerializeAsString()));
  EXPECT_THAT(Column("SELECT message FROM changes"), ElementsAre(plan.SerializeAsString()));
}

TEST_P(StorePersonal, IsFoundByItsFoldedText) {
  Person person = PlantedPerson("p1");
  person.set_title("王曉明");
  ASSERT_THAT(Insert(person), IsOk());
  ASSERT_THAT(Insert(PlantedPerson("p2")), IsOk());
  for (const char* written : {"王曉明", "王晓明"}) {
    const auto found = Find(written);
    ASSERT_THAT(found, IsOk());
    ASSERT_EQ(found->size(), 1U) << written;
    EXPECT_EQ(found->front().title(), "王曉明");
  }
  EXPECT_THAT(*Find("王"), IsEmpty());
  EXPECT_THAT(*Find("王晓明", "320700"), IsEmpty());
  EXPECT_THAT(*Find("王晓明", kCity, PersonOf("320700", 0)), IsEmpty()) << "who may not see him does not find him";
  Person renamed = *Get<Person>(kName);
  renamed.set_title("李四");
  ASSERT_THAT(Update(renamed), IsOk());
  EXPECT_THAT(*Find("王晓明"), IsEmpty());
  EXPECT_EQ(Find("李四")->size(), 1U);
}

TEST_P(StorePersonal, IsNeitherFilteredNorOrderedBy) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  EXPECT_THAT(List<Person>({.parent = "cities/210800", .filter = "title = \"种下的姓名\""}),
              Fails(absl::StatusCode::kInvalidArgument, "FILTER_INVALID"));
  EXPECT_THAT(List<Person>({.parent = "cities/210800", .order_by = "title"}),
              Fails(absl::StatusCode::kInvalidArgument, "FILTER_INVALID"));
}

TEST_P(StorePersonal, ANewKeySealsAll) {
  for (const char* id : {"p1", "p2"}) ASSERT_THAT(Insert(PlantedPerson(id)), IsOk());
  ASSERT_THAT(Update(*Get<Person>(kName)), IsOk());
  ASSERT_THAT(store_->Reseal(), IsOk());
  const std::set<std::string> before = KeysAtRest();
  const auto id = crypto::KeyRing::AddKey(Keys());
  ASSERT_THAT(id, IsOk());
  ASSERT_THAT(OpenPeople(), IsOk());
  EXPECT_EQ(Find(kPlanted[0])->size(), 2U) << "found under the old key and the new one";
  ASSERT_THAT(store_->Reseal(), IsOk());
  EXPECT_EQ(Find(kPlanted[0])->size(), 2U);
  EXPECT_EQ(CheckedLog().size(), 3U);
  EXPECT_THAT(KeysAtRest(), ElementsAre(*id));
  EXPECT_THAT(before, Not(ElementsAre(*id)));
  // Records are what the log has of them, as copies prove.
  EXPECT_EQ(Column("SELECT r.message FROM r_person r JOIN changes c ON c.city = r.city AND c.sequence = r.version AND "
                   "c.message = r.message")
                .size(),
            2U);
  // Nothing needs the old key any more.
  std::stringstream text;
  text << std::ifstream(Keys()).rdbuf();
  std::vector<std::string> lines = absl::StrSplit(text.str(), '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 3U);
  std::ofstream(Keys()) << lines[0] << "\n" << lines[2] << "\n";
  ASSERT_THAT(OpenPeople(), IsOk());
  EXPECT_EQ(Get<Person>(kName)->title(), kPlanted[0]);
  EXPECT_EQ(Find(kPlanted[0])->size(), 2U);
}

TEST_P(StorePersonal, SealingGoesOnWhereItWasCutOff) {
  ASSERT_THAT(Write([](Txn& txn) -> absl::Status {
                for (int i = 0; i < 700; ++i) {
                  RETURN_IF_ERROR(txn.Insert(PlantedPerson(absl::StrCat("p", i))).status());
                }
                return absl::OkStatus();
              }),
              IsOk());
  ASSERT_THAT(store_->Reseal(), IsOk());
  store_.reset();
  const std::string id = *crypto::KeyRing::AddKey(Keys());
  OnConnection([&](Connection& connection, Engine& engine) -> absl::Status {
    schema::Schema schema;
    for (const auto* descriptor : Resources()) RETURN_IF_ERROR(schema.Add(descriptor));
    PersonalSeal seal;
    RETURN_IF_ERROR(TakePersonalKeys(connection, schema, folder_, seal));
    const Tables tables(schema, engine, seal);
    ASSIGN_OR_RETURN(const bool done, ResealSome(connection, schema, tables));
    EXPECT_FALSE(done);
    return absl::OkStatus();
  });
  EXPECT_EQ(KeysAtRest().size(), 2U);
  ASSERT_THAT(OpenPeople(), IsOk());
  ASSERT_THAT(store_->Reseal(), IsOk());
  EXPECT_EQ(Get<Person>("cities/210800/persons/p699")->title(), kPlanted[0]);
  EXPECT_THAT(KeysAtRest(), ElementsAre(id));
}

TEST_P(StorePersonal, ALostKeyIsSaidAtStart) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  store_.reset();
  std::filesystem::rename(Keys(), folder_ + "/kept");
  const absl::Status lost = OpenPeople();
  EXPECT_TRUE(absl::IsFailedPrecondition(lost)) << lost;
  EXPECT_THAT(std::string(lost.message()), HasSubstr("personal.keys"));
  EXPECT_FALSE(std::filesystem::exists(Keys())) << "a new ring would hide the loss";
  ASSERT_THAT(crypto::KeyRing::Make(Keys()), IsOk());
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenPeople())) << "nor does another ring do";
  std::filesystem::rename(folder_ + "/kept", Keys());
  ASSERT_THAT(OpenPeople(), IsOk());
  EXPECT_EQ(Get<Person>(kName)->title(), kPlanted[0]);
}

TEST_P(StorePersonal, WithoutKeysNothingPersonalIsStored) {
  Store::Options options = Options();
  options.state_directory = "";
  store_.reset();
  auto store = Store::Open(options, Resources());
  ASSERT_THAT(store, IsOk());
  store_ = *std::move(store);
  EXPECT_FALSE(Insert(PlantedPerson("p1")).ok());
  EXPECT_THAT(Insert(PlanOf("p1")), IsOk());
}

TEST_P(StorePersonal, WhatWasPutElsewhereDoesNotOpen) {
  for (const char* id : {"p1", "p2"}) ASSERT_THAT(Insert(PlantedPerson(id)), IsOk());
  store_.reset();
  OnConnection([](Connection& connection, Engine&) {
    return connection.Execute(
        Sql::Once("UPDATE r_person SET message = (SELECT message FROM r_person WHERE id = 'p2') WHERE id = 'p1'"), {});
  });
  ASSERT_THAT(OpenPeople(), IsOk());
  EXPECT_TRUE(absl::IsDataLoss(Get<Person>(kName).status()));
  EXPECT_THAT(Get<Person>("cities/210800/persons/p2"), IsOk());
}

TEST_P(StorePersonal, IsCopiedWithoutKeysAndReadWithThem) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  ASSERT_THAT(Update(*Get<Person>(kName)), IsOk());
  const std::string backup = folder_ + "/people.backup";
  ASSERT_THAT(archive::Backup(place_, backup, Resources()), IsOk());
  for (const StoreKind& kind : StoreKinds()) {
    const std::string folder = absl::StrCat(folder_, "/to-", kind.name);
    std::filesystem::create_directories(folder);
    const std::string to = kind.new_place(folder);
    ASSERT_THAT(archive::Restore(backup, to, Resources()), IsOk());
    Store::Options options = Options();
    options.path = to;
    options.state_directory = folder;
    EXPECT_TRUE(absl::IsFailedPrecondition(Store::Open(options, Resources()).status())) << "its keys are not there";
    std::filesystem::copy(Keys(), folder + "/personal.keys");
    auto restored = Store::Open(options, Resources());
    ASSERT_THAT(restored, IsOk());
    std::swap(store_, *restored);
    EXPECT_EQ(Get<Person>(kName)->phone(), kPlanted[1]);
    EXPECT_EQ(Find(kPlanted[0])->size(), 1U);
    EXPECT_EQ(CheckedLog().size(), 2U);
    std::swap(store_, *restored);
  }
}

// Into a store that has sealed its own anew: what comes is sealed under the store's key before the other may go.
TEST_P(StorePersonal, WhatIsCopiedInIsSealedAnewFromTheBeginning) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  const std::string source = place_, target = folder_ + "/target.db", keys = folder_ + "/target-keys";
  std::filesystem::create_directories(keys);
  Store::Options options = Options();
  options.path = target;
  options.state_directory = keys;
  {
    auto other = Store::Open(options, Resources());
    ASSERT_THAT(other, IsOk());
    WriteJob job = JobOf([](Txn& txn) -> absl::StatusOr<std::string> {
      for (int i = 0; i < 700; ++i) {
        Person person = PlantedPerson(absl::StrCat("p", i));
        person.set_name(absl::StrCat("cities/320700/persons/p", i));
        RETURN_IF_ERROR(txn.Insert(std::move(person)).status());
      }
      return std::string();
    });
    job.city = "320700";
    ASSERT_THAT((*other)->WriteAndWait(std::move(job)), IsOk());
    ASSERT_THAT((*other)->Reseal(), IsOk());
  }
  ASSERT_THAT(archive::Copy({.from = source, .to = target, .cities = {kCity}}, Resources()), IsOk());
  const auto lines = [](const std::string& file) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return std::vector<std::string>(absl::StrSplit(text.str(), '\n', absl::SkipEmpty()));
  };
  const std::vector<std::string> own = lines(keys + "/personal.keys"), brought = lines(Keys());
  ASSERT_EQ(own.size(), 2U);
  ASSERT_EQ(brought.size(), 2U);
  std::ofstream(keys + "/personal.keys") << own[0] << "\n" << brought[1] << "\n" << own[1] << "\n";
  const std::string id = absl::BytesToHexString((*crypto::KeyRing::FromFile(keys + "/personal.keys"))->current().id);
  {
    auto joined = Store::Open(options, Resources());
    ASSERT_THAT(joined, IsOk());
    ASSERT_THAT((*joined)->Reseal(), IsOk());
  }
  place_ = target;
  EXPECT_THAT(KeysAtRest(), ElementsAre(id));
  // A copy that is refused leaves the target without need of keys that nothing in it is sealed under.
  std::ofstream(keys + "/personal.keys") << own[0] << "\n" << own[1] << "\n";
  EXPECT_THAT(archive::Copy({.from = source, .to = target, .cities = {kCity}}, Resources()),
              Fails(absl::StatusCode::kFailedPrecondition, "CITY_PRESENT"));
  EXPECT_THAT(Store::Open(options, Resources()), IsOk());
}

// A full disk cuts the file of signed heads short; what is written when there is room again counts.
TEST_P(StorePersonal, AHeadThatWasCutShortIsPassedOver) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  store_.reset();
  const std::string heads = folder_ + "/heads.log";
  ASSERT_TRUE(std::filesystem::exists(heads));
  std::ofstream(heads, std::ios::app) << "cities/2108";
  ASSERT_THAT(OpenPeople(), IsOk());
  ASSERT_THAT(Insert(PlantedPerson("p2")), IsOk());
  store_.reset();
  EXPECT_THAT(OpenPeople(), IsOk());
}

TEST_P(StorePersonal, ErasedIsGoneAndTheChainHolds) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  ASSERT_THAT(Insert(PlantedPerson("p2")), IsOk());
  Person changed = *Get<Person>(kName);
  changed.set_position("处长");
  ASSERT_THAT(Update(changed), IsOk());
  ASSERT_THAT(Erase(kName), IsOk());
  const auto left = Get<Person>(kName);
  ASSERT_THAT(left, IsOk());
  EXPECT_EQ(left->position(), "处长") << "what is not personal stays";
  EXPECT_EQ(left->title() + left->phone() + left->email() + left->ethnic_group(), "");
  EXPECT_FALSE(left->has_birth_date());
  EXPECT_EQ(left->claims_size(), 0);
  EXPECT_EQ(Find(kPlanted[0])->size(), 1U) << "the other one alone";
  ExpectChain();
  const std::vector<LogEntry> log = *store_->ReadLog(kCity, 0, 100);
  ASSERT_EQ(log.size(), 4U);
  for (const size_t entry : {0, 2}) EXPECT_EQ(log[entry].message + log[entry].salt, "");
  EXPECT_NE(log[1].message, "") << "others keep theirs";
  duikou::log::v1::ChangeHeader header;
  ASSERT_TRUE(header.ParseFromString(log[3].header));
  EXPECT_EQ(header.kind(), duikou::log::v1::ChangeHeader::ERASED);
  EXPECT_EQ(header.actor(), Coordinator().name);
  EXPECT_EQ(header.note(), "本人申请");
  EXPECT_EQ(log[3].message, left->SerializeAsString());
  EXPECT_THAT(archive::Backup(place_, folder_ + "/erased.backup", Resources()), IsOk()) << "nothing is missed";
  ASSERT_THAT(OpenPeople(), IsOk()) << "the signed heads hold as well";
  EXPECT_THAT(Erase("cities/210800/persons/nobody"), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_P(StorePersonal, ADeletedRecordIsErasedToo) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  ASSERT_THAT(Delete<Person>(kName), IsOk());
  ASSERT_THAT(Export(kName), IsOk()) << "until then the log has him";
  ASSERT_THAT(Erase(kName), IsOk());
  EXPECT_THAT(Export(kName), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
  const std::vector<LogEntry> log = *store_->ReadLog(kCity, 0, 100);
  ASSERT_EQ(log.size(), 3U);
  for (const LogEntry& entry : log) EXPECT_EQ(entry.message, "");
  EXPECT_THAT(archive::Backup(place_, folder_ + "/erased.backup", Resources()), IsOk()) << "nothing is missed";
  ExpectChain();
}

TEST_P(StorePersonal, AReplayDoesNotBringBackWhatWasErased) {
  WriteJob job = JobOf([](Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Person person, txn.Insert(PlantedPerson("p1")));
    return person.SerializeAsString();
  });
  job.request = RequestKey{.city = kCity, .request_id = "r1", .scope = "12345678", .body_hash = std::string(16, 'b')};
  const WriteJob again = job;
  const auto first = store_->WriteAndWait(std::move(job));
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(*store_->WriteAndWait(again), *first);
  ASSERT_THAT(Erase(kName), IsOk());
  EXPECT_THAT(store_->WriteAndWait(again), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_P(StorePersonal, NorWhereMoreWasStoredAfterTheAnswer) {
  WriteJob job = JobOf([](Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Person person, txn.Insert(PlantedPerson("p1")));
    RETURN_IF_ERROR(txn.Insert(PlantedPerson("p2")).status());
    return person.SerializeAsString();
  });
  job.personal = true;
  job.request = RequestKey{.city = kCity, .request_id = "r1", .scope = "12345678", .body_hash = std::string(16, 'b')};
  const WriteJob again = job;
  const auto first = store_->WriteAndWait(std::move(job));
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(*store_->WriteAndWait(again), *first);
  ASSERT_THAT(Erase(kName), IsOk());
  EXPECT_THAT(store_->WriteAndWait(again), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_P(StorePersonal, AnExportHasAllThatIsKept) {
  ASSERT_THAT(Insert(PlantedPerson("p1")), IsOk());
  ASSERT_THAT(Insert(PlantedPerson("p2")), IsOk());
  Person changed = *Get<Person>(kName);
  changed.set_phone("13800000000");
  ASSERT_THAT(Update(changed), IsOk());
  const auto json = Export(kName);
  ASSERT_THAT(json, IsOk());
  for (const char* part : {"\"record\":{", "\"changes\":[", "planted-phone", "13800000000", "\"CREATED\"",
                           "\"UPDATED\"", "cities/210800/accounts/wang"}) {
    EXPECT_THAT(*json, HasSubstr(part));
  }
  EXPECT_THAT(*json, Not(HasSubstr("persons/p2")));
  EXPECT_THAT(Export(kName, PersonOf("320700", 0)), Fails(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

}  // namespace
}  // namespace duikou::store
