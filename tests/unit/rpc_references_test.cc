// References to records of other services, from memory and from their keeper.
#include <map>

#include "common/rpc/references.h"
#include "duikou/directory/v1/account.pb.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::rpc {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;

constexpr char kPerson[] = "cities/210800/accounts/li";

// Units by name, and an account; those in `near` are in this process's memory.
class Directory : public Peers {
 public:
  absl::StatusOr<PeerRecords> Find(const std::string& service, const std::vector<std::string>& names) override {
    EXPECT_EQ(service, "directory");
    PeerRecords records;
    for (const std::string& name : names) {
      auto& record = records.emplace_back();
      if (auto unit = units.find(name); unit != units.end()) {
        record = PeerRecord{.name = name, .title = unit->second};
        record->record.PackFrom(directory::v1::Unit());
      } else if (name == kPerson) {
        record = PeerRecord{.name = name, .title = "李某"};
        record->record.PackFrom(directory::v1::Account());
      }
    }
    return records;
  }
  std::optional<PeerRecords> FindInMemory(const std::string& service, const std::vector<std::string>& names) override {
    return near ? std::optional<PeerRecords>(*Find(service, names)) : std::nullopt;
  }
  absl::Status Call(const std::string&, const google::protobuf::Message&, google::protobuf::Message*,
                    const CallOptions&) override {
    return absl::UnimplementedError("not called");
  }

  std::map<std::string, std::string> units{{"cities/210800/units/a", "市商务局"},
                                           {"cities/210800/units/b", "市教育局"}};
  bool near = false;
};

class ReferencesTest : public ::testing::Test {
 protected:
  ReferencesTest() {
    for (schema::ReferenceField& reference : schema::ReferencesIn(request_.GetDescriptor())) {
      if (reference.external()) references_.push_back(std::move(reference));
    }
    for (const char* unit : {"a", "b"}) {
      request_.mutable_task()->add_duties()->set_unit(std::string("cities/210800/units/") + unit);
    }
  }

  Directory directory_;
  std::vector<schema::ReferenceField> references_;
  taskregistry::v1::CreateTaskRequest request_;
  absl::flat_hash_map<std::string, google::protobuf::Any> referred_;
};

TEST_F(ReferencesTest, TitlesAreSetBesideTheNames) {
  auto resolved = ResolveReferences(directory_, references_, Reach::kKeeper, request_, referred_);
  ASSERT_THAT(resolved, IsOk());
  EXPECT_TRUE(*resolved);
  EXPECT_EQ(request_.task().duties(0).unit_title(), "市商务局");
  EXPECT_EQ(request_.task().duties(1).unit_title(), "市教育局");
  EXPECT_EQ(referred_.size(), 2U);
  EXPECT_TRUE(referred_["cities/210800/units/b"].Is<directory::v1::Unit>());
}

TEST_F(ReferencesTest, MemoryThatDoesNotSufficeChangesNothing) {
  const auto before = request_.SerializeAsString();
  auto resolved = ResolveReferences(directory_, references_, Reach::kMemory, request_, referred_);
  ASSERT_THAT(resolved, IsOk());
  EXPECT_FALSE(*resolved);
  EXPECT_EQ(request_.SerializeAsString(), before);
  directory_.near = true;
  EXPECT_TRUE(*ResolveReferences(directory_, references_, Reach::kMemory, request_, referred_));
  EXPECT_EQ(request_.task().duties(1).unit_title(), "市教育局");
}

TEST_F(ReferencesTest, EveryUnknownNameIsTold) {
  request_.mutable_task()->add_duties()->set_unit("cities/210800/units/x");
  request_.mutable_task()->mutable_duties(0)->set_unit("cities/210800/units/y");
  directory_.near = true;
  for (const Reach reach : {Reach::kMemory, Reach::kKeeper}) {
    EXPECT_THAT(BadFields(ResolveReferences(directory_, references_, reach, request_, referred_).status()),
                ElementsAre("task.duties[0].unit", "task.duties[2].unit"));
  }
}

TEST_F(ReferencesTest, ARecordOfAnotherTypeIsUnknownAndNotNamed) {
  request_.mutable_task()->mutable_duties(1)->set_unit(kPerson);
  directory_.near = true;
  for (const Reach reach : {Reach::kMemory, Reach::kKeeper}) {
    const absl::Status status = ResolveReferences(directory_, references_, reach, request_, referred_).status();
    EXPECT_THAT(status, Fails(absl::StatusCode::kInvalidArgument, "REFERENCE_UNKNOWN"));
    EXPECT_THAT(BadFields(status), ElementsAre("task.duties[1].unit"));
    EXPECT_EQ(request_.task().duties(1).unit_title(), "");
    EXPECT_TRUE(referred_.empty());
  }
}

TEST_F(ReferencesTest, ARequestWithoutNamesAsksNobody) {
  request_.mutable_task()->clear_duties();
  auto resolved = ResolveReferences(directory_, references_, Reach::kMemory, request_, referred_);
  ASSERT_THAT(resolved, IsOk());
  EXPECT_TRUE(*resolved);
}

}  // namespace
}  // namespace duikou::rpc
