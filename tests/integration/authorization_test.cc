// Who gets as far as which method's rules: every method of the suite, with every role, on a record of his own unit, of
// his own city, of one where he is a party, of one that is shared with his city and one that is not, and without login.
// Worked out from the descriptors by the code that decides it, on records in a store, and compared with
// docs/authorization.md, which people read: a change of a rule shows there. DUIKOU_UPDATE_AUTHORIZATION=1 writes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/rpc/method.h"
#include "common/store/store.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/service.h"
#include "services/directory/service.h"
#include "services/personnel/service.h"
#include "services/taskregistry/service.h"
#include "services/techtransfer/service.h"
#include "tests/contract/store_fixture.h"

namespace duikou {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using type::v1::Access;

constexpr char kOurs[] = "210800";
constexpr char kTheirs[] = "320700";   // A party of the second record.
constexpr char kSharing[] = "220100";  // Records are shared with it.
constexpr char kStranger[] = "230100";

std::vector<rpc::ServiceDefinition> Suite() {
  return {directory::Definition(), taskregistry::Definition(), personnel::Definition(), consultation::Definition(),
          techtransfer::Definition()};
}

std::string UnitOf(const std::string& city, const std::string& id) {
  return absl::StrCat("cities/", city, "/units/", id);
}

// One who calls, beside his role.
struct Stance {
  const char* title;
  const char* city;
  const char* unit;
  bool second_record;  // The one whose parties are the other city's.
};
constexpr Stance kStances[] = {{"own unit", kOurs, "party", false},
                               {"own city", kOurs, "other", false},
                               {"party of another city", kTheirs, "party", true},
                               {"shared with his city", kSharing, "other", false},
                               {"not shared", kStranger, "other", false}};

Caller CallerOf(const Stance& stance, int role, Caller::Kind kind) {
  return {.kind = kind,
          .name = absl::StrCat("cities/", stance.city, "/accounts/li"),
          .city = stance.city,
          .unit = UnitOf(stance.city, stance.unit),
          .roles = role < 0 ? 0 : 1U << role};
}

// Sets a party: the unit, or where the field names cities its city.
void SetParty(Message& record, const schema::FieldPath& path, const std::string& city) {
  Message* at = &record;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const auto* reflection = at->GetReflection();
    at = path[i]->is_repeated() ? reflection->AddMessage(at, path[i]) : reflection->MutableMessage(at, path[i]);
  }
  const FieldDescriptor* last = path.back();
  const auto& options = last->options().GetExtension(options::v1::field);
  const std::string party =
      absl::StrContains(options.reference(), "city") ? absl::StrCat("cities/", city) : UnitOf(city, "party");
  if (last->is_repeated()) {
    at->GetReflection()->AddString(at, last, party);
  } else {
    at->GetReflection()->SetString(at, last, party);
  }
}

class AuthorizationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = absl::StrCat(::testing::TempDir(), "/duikou-authorization");
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    std::vector<const Descriptor*> resources;
    for (const rpc::ServiceDefinition& service : Suite())
      resources.insert(resources.end(), service.resources.begin(), service.resources.end());
    std::sort(resources.begin(), resources.end());
    resources.erase(std::unique(resources.begin(), resources.end()), resources.end());
    auto store = store::Store::Open({.path = folder_ + "/store.db", .state_directory = folder_}, Distinct(resources));
    ASSERT_THAT(store, testing::IsOk());
    store_ = *std::move(store);
    const auto& schema = store_->schema();
    Records(*schema.ByType("city"));  // Which others name.
    for (const auto& type : schema.types()) Records(*type);
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Services keep copies of each other's types (holidays, cursors) under the same name.
  static std::vector<const Descriptor*> Distinct(const std::vector<const Descriptor*>& resources) {
    std::vector<const Descriptor*> distinct;
    std::set<std::string> types;
    for (const Descriptor* resource : resources) {
      if (types.insert(resource->options().GetExtension(options::v1::resource).type()).second)
        distinct.push_back(resource);
    }
    return distinct;
  }

  // The names of the two records of a type, made with those that they are seen with.
  const std::vector<std::string>& Records(const schema::ResourceType& type) {
    const auto known = records_.find(type.type());
    if (known != records_.end()) return known->second;
    std::vector<std::string> names;
    for (const char* party : {kOurs, kTheirs}) names.push_back(Insert(type, party));
    return records_[type.type()] = names;
  }

  std::string Insert(const schema::ResourceType& type, const std::string& party) {
    const std::string id = absl::StrCat("with-", party);
    std::string ids = id;
    for (size_t level = 2; level < type.pattern().depth(); ++level) absl::StrAppend(&ids, "/", id);
    const std::string name =
        type.pattern().depth() == 1 ? absl::StrCat("cities/", party) : type.pattern().Format({kOurs, ids});
    const std::unique_ptr<Message> record(type.prototype().New());
    type.SetName(*record, name);
    for (const schema::FieldPath& path : type.parties()) SetParty(*record, path, party);
    if (type.access_field() != nullptr) {
      Access access;
      access.set_disclosure(Access::INTERNAL);
      access.set_sharing(Access::CONDITIONAL);
      access.add_shared_with(absl::StrCat("cities/", kSharing));
      record->GetReflection()->MutableMessage(record.get(), type.access_field())->CopyFrom(access);
    }
    if (type.seen_with() != nullptr)
      record->GetReflection()->SetString(record.get(), type.seen_with(), Above(type, name, party));
    const Caller kernel{.kind = Caller::Kind::kService, .name = "services/setup"};
    const auto stored = store_->WriteAndWait({.caller = std::make_shared<const Caller>(kernel),
                                              .facts = {.action = "Test"},
                                              .run = [&](Txn& txn) -> absl::StatusOr<std::string> {
                                                RETURN_IF_ERROR(txn.InsertRecord(type, *record));
                                                return std::string();
                                              }});
    EXPECT_THAT(stored, testing::IsOk()) << type.type();
    return name;
  }

  std::string Above(const schema::ResourceType& type, const std::string& name, const std::string& party) {
    const std::string parent = type.pattern().ParentOf(name);
    const schema::ResourceType* above = store_->schema().ByName(parent);
    if (above == nullptr || above->pattern().depth() < 2) above = store_->schema().ByType("task");
    return Records(*above)[party == kOurs ? 0 : 1];
  }

  // The type of the record that a method's name, or the parent of what it creates, is of; nullptr for methods of a
  // city, or of no record.
  const schema::ResourceType* TypeOf(const MethodDescriptor* method) {
    if (absl::StartsWith(method->name(), "Create")) {
      const auto* created = store_->schema().ByMessage(method->output_type());
      if (created == nullptr || created->pattern().depth() <= 2) return nullptr;
      return store_->schema().ByName(created->pattern().ParentOf(Records(*created)[0]));
    }
    if (method->input_type()->FindFieldByName("name") == nullptr && !absl::StartsWith(method->name(), "Update"))
      return nullptr;
    const auto& schema = store_->schema();
    if (const auto* type = schema.ByMessage(method->output_type())) return type;
    for (const auto& type : schema.types()) {
      if (absl::EndsWith(method->name(), type->descriptor()->name())) return type.get();
    }
    return nullptr;
  }

  // Whether the caller gets as far as the function of the method, with the record that it is about.
  bool Passes(const rpc::Method& method, const schema::ResourceType* type, const Stance& stance, const Caller& caller) {
    if (!method.rule.Check(caller, kOurs).ok()) return false;
    if (type == nullptr) return true;
    const std::string& name = Records(*type)[stance.second_record ? 1 : 0];
    store::ScopeCheck scope = method.ScopeOf(*method.request_prototype);
    scope.name = name;
    return store_->Read(caller, scope, [&](const View& view) { return view.GetRecord(*type, name).status(); }).ok();
  }

  std::string folder_;
  std::unique_ptr<store::Store> store_;
  std::map<std::string, std::vector<std::string>> records_;
};

const std::map<int, const char*>& Letters() {
  static const auto* letters =
      new std::map<int, const char*>{{type::v1::COORDINATOR, "C"},  {type::v1::SUPERVISOR, "S"},
                                     {type::v1::UNIT_OFFICER, "U"}, {type::v1::PERSONNEL_OFFICER, "P"},
                                     {type::v1::TECH_BROKER, "T"},  {type::v1::SCHEDULER, "H"},
                                     {type::v1::ADMIN, "A"},        {type::v1::SECURITY_ADMIN, "Y"},
                                     {type::v1::AUDITOR, "L"}};
  return *letters;
}

bool IsOfficer(int role) {
  return role == type::v1::ADMIN || role == type::v1::SECURITY_ADMIN || role == type::v1::AUDITOR;
}

std::string Head() {
  return "# Who may call what\n\n"
         "Written by `authorization_test` from the rules in the protos, as the code decides them; a changed rule fails "
         "the "
         "test until this page says so (`DUIKOU_UPDATE_AUTHORIZATION=1`).\n\n"
         "Roles: C 对口办 COORDINATOR, S 督查室 SUPERVISOR, U 单位联络员 UNIT_OFFICER, P 组织人事 PERSONNEL_OFFICER, T "
         "技术经理人 TECH_BROKER, H 会务 SCHEDULER, A 系统管理员 ADMIN, Y 安全管理员 SECURITY_ADMIN, L 审计管理员 "
         "AUDITOR; "
         "\"all\" for every one of them. A partner system passes exactly as a person of its city with the roles and "
         "the unit "
         "that it was granted. Columns: the caller's unit is a party of the record; only its city is his own; his "
         "unit, of "
         "another city, is a party; an internal record is shared with his city; it is neither shared nor his; he has "
         "not "
         "signed in (then records that are 主动公开 alone are seen). Where a method is about no single record, the "
         "column "
         "says who may ask; what he is answered is what he may see. Who passes here still meets the method's own "
         "rules: "
         "state, unit, second pair of eyes. An empty cell is a refusal.\n";
}

std::string Row(const rpc::Method& method, const std::vector<std::string>& cells, bool anonymous,
                const std::vector<std::string>& services) {
  return absl::StrCat("| ", method.descriptor->name(), " | ", absl::StrJoin(cells, " | "), " | ",
                      anonymous ? "yes" : "", " | ", absl::StrJoin(services, ", "), " |\n");
}

TEST_F(AuthorizationTest, IsAsThePageSays) {
  std::string page = Head();
  std::set<const google::protobuf::ServiceDescriptor*> told;
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const rpc::ServiceDefinition& service : Suite())
    services.insert(services.end(), service.services.begin(), service.services.end());
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  services.push_back(pool->FindServiceByName("duikou.log.v1.ChangeLog"));
  services.push_back(pool->FindServiceByName("duikou.lookup.v1.Lookup"));
  for (const auto* service : services) {
    ASSERT_NE(service, nullptr);
    if (!told.insert(service).second) continue;
    absl::StrAppend(&page, "\n## ", service->full_name(), "\n\n| method |");
    for (const Stance& stance : kStances) absl::StrAppend(&page, " ", stance.title, " |");
    absl::StrAppend(&page, " no login | services |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (int i = 0; i < service->method_count(); ++i) {
      const auto method = rpc::Method::Of(service->method(i));
      ASSERT_THAT(method, testing::IsOk());
      const auto& rule = service->method(i)->options().GetExtension(options::v1::rule);
      const schema::ResourceType* type = TypeOf(service->method(i));
      std::vector<std::string> cells;
      for (const Stance& stance : kStances) {
        std::string passing;
        for (const auto& [role, letter] : Letters()) {
          const bool passes = Passes(**method, type, stance, CallerOf(stance, role, Caller::Kind::kPerson));
          if (passes) passing += letter;
          if (!IsOfficer(role)) {
            EXPECT_EQ(passes, Passes(**method, type, stance, CallerOf(stance, role, Caller::Kind::kPartner)))
                << "a partner system is more or less than a person: " << service->method(i)->full_name();
          }
        }
        if (!rule.signed_in() && !rule.anonymous()) {
          EXPECT_FALSE(Passes(**method, type, stance, CallerOf(stance, -1, Caller::Kind::kPerson)))
              << "without any role: " << service->method(i)->full_name();
        }
        if (type != nullptr && stance.city == std::string(kStranger) &&
            type->visibility() != options::v1::Resource::SIGNED_IN) {
          EXPECT_EQ(passing, "") << "a record that is not shared: " << service->method(i)->full_name();
        }
        cells.push_back(passing.size() == Letters().size() ? "all" : passing);
      }
      const bool anonymous = (*method)->rule.Check(Caller(), kOurs).ok();
      EXPECT_EQ(anonymous, rule.anonymous()) << service->method(i)->full_name();
      page += Row(**method, cells, anonymous, {rule.services().begin(), rule.services().end()});
    }
  }
  const std::string path = absl::StrCat(std::getenv("DUIKOU_SOURCE_DIR"), "/docs/authorization.md");
  if (std::getenv("DUIKOU_UPDATE_AUTHORIZATION") != nullptr) std::ofstream(path) << page;
  std::stringstream kept;
  kept << std::ifstream(path).rdbuf();
  EXPECT_EQ(kept.str(), page)
      << "if the rules are as they should be, run with DUIKOU_UPDATE_AUTHORIZATION=1 and commit " << path;
}

// AIP-155 and 163: a write can be repeated safely, and tried without effect.
TEST(Writes, TakeARequestIdAndCanBeTried) {
  const std::set<std::string> reads = {"Get",     "List",  "Search",   "Watch",     "Batch",   "Export",
                                       "Preview", "Find",  "Resolve",  "WhoAmI",    "Count",   "Draft",
                                       "Query",   "Match", "Download", "Reconcile", "ReadFeed"};
  // Signing in is no write of records; a chunk is known by its offset; a feed's secret is told once, so that it cannot
  // be told again.
  const std::set<std::string> exempt = {"SignIn",         "RefreshSession", "SignOut",
                                        "ChangePassword", "UploadChunk",    "CreateFeed"};
  for (const rpc::ServiceDefinition& definition : Suite()) {
    for (const auto* service : definition.services) {
      for (int i = 0; i < service->method_count(); ++i) {
        const MethodDescriptor* method = service->method(i);
        const bool read = std::any_of(reads.begin(), reads.end(),
                                      [&](const std::string& verb) { return absl::StartsWith(method->name(), verb); });
        if (read || exempt.contains(method->name())) continue;
        for (const char* field : {"request_id", "validate_only"})
          EXPECT_NE(method->input_type()->FindFieldByName(field), nullptr)
              << method->full_name() << " has no " << field;
      }
    }
  }
}

}  // namespace
}  // namespace duikou
