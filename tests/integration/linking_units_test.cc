// What LinkUnits writes to the directory, one that refuses, changes meanwhile, and loses its answers.
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/log/v1/change_log.pb.h"
#include "tests/integration/records_fixture.h"

namespace duikou::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace directory = duikou::directory::v1;

constexpr char kShangmao[] = "市商贸公司", kFagaiwei[] = "市发改委", kFagaiju[] = "市发改局";

// The copies that others have of the directory's units, books_, stay as they were in the beginning.
class LinkingUnitsTest : public RecordsTest {
 protected:
  void SetUp() override {
    books_->call = [this](const google::protobuf::Message& request, google::protobuf::Message* response) {
      return Take(request, response);
    };
    RecordsTest::SetUp();
    AddUnit(kCity, "fagaiwei", "市发展和改革委员会");
    units_ = books_->units;
    for (auto& [name, unit] : units_) unit.set_etag("1");
    ASSERT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
    CreateTaskRequest draft = TaskRequest();
    for (const char* written : {kShangmao, kFagaiwei, kFagaiju})
      AddDuty(*draft.mutable_task(), Duty::COOPERATING, "", written);
    ASSERT_THAT(Call<Task>(draft, Coordinator()), IsOk());
  }

  static LinkUnitsRequest Request() {
    LinkUnitsRequest request;
    request.set_parent(absl::StrCat(kCity, "/plans/p1"));
    return request;
  }
  static void Create(LinkUnitsRequest& request, const std::string& written) {
    auto& link = *request.add_links();
    link.set_written(written);
    link.set_title(written);
    link.set_kind("ENTERPRISE");
  }
  static void LinkTo(LinkUnitsRequest& request, const std::string& written, const std::string& unit) {
    auto& link = *request.add_links();
    link.set_written(written);
    link.set_unit(unit);
  }
  std::vector<std::string> NamesOf(const std::string& unit) {
    std::vector<std::string> names;
    for (const auto& alias : units_[unit].aliases()) names.push_back(alias.text());
    return names;
  }

  std::map<std::string, directory::Unit> units_;  // As the directory has them.
  std::map<std::string, std::string> created_;    // Names by request_id.
  bool loses_answers_ = false;
  std::function<void()> meanwhile_;  // Before the next change of a unit, once.

 private:
  absl::Status Take(const google::protobuf::Message& request, google::protobuf::Message* response) {
    if (request.GetDescriptor() == directory::GetUnitRequest::descriptor()) {
      const auto& name = static_cast<const directory::GetUnitRequest&>(request).name();
      const auto unit = units_.find(name);
      if (unit == units_.end()) return NotFound(name);
      static_cast<directory::Unit*>(response)->CopyFrom(unit->second);
      return absl::OkStatus();
    }
    if (request.GetDescriptor() == directory::UpdateUnitRequest::descriptor())
      return Update(static_cast<const directory::UpdateUnitRequest&>(request), static_cast<directory::Unit*>(response));
    if (request.GetDescriptor() == directory::CreateUnitRequest::descriptor())
      return Create(static_cast<const directory::CreateUnitRequest&>(request), static_cast<directory::Unit*>(response));
    return absl::UnavailableError("it takes units alone");
  }
  absl::Status Update(const directory::UpdateUnitRequest& request, directory::Unit* response) {
    if (!request.validate_only() && meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    directory::Unit& unit = units_[request.unit().name()];
    if (!request.unit().etag().empty() && request.unit().etag() != unit.etag()) return EtagStale(unit.name());
    *response = unit;
    *response->mutable_aliases() = request.unit().aliases();
    response->set_etag(unit.etag() + "1");
    if (!request.validate_only()) unit = *response;
    return absl::OkStatus();
  }
  absl::Status Create(const directory::CreateUnitRequest& request, directory::Unit* response) {
    const auto earlier = created_.find(request.request_id());
    *response = request.unit();
    response->set_name(earlier != created_.end() ? earlier->second
                                                 : absl::StrCat(request.parent(), "/units/made", created_.size()));
    if (request.validate_only()) return absl::OkStatus();
    // What is asked again is answered as it was, whatever became of the unit.
    if (earlier == created_.end()) units_[response->name()] = *response;
    if (!request.request_id().empty()) created_[request.request_id()] = response->name();
    if (!loses_answers_) return absl::OkStatus();
    return Unavailable("PEER_UNAVAILABLE", {"已保存,但答复丢失。", "It was stored, and the answer was lost."});
  }
};

TEST_F(LinkingUnitsTest, WritesNothingForARequestThatIsRefused) {
  const size_t before = units_.size();
  LinkUnitsRequest request = Request();
  Create(request, kShangmao);
  LinkTo(request, kFagaiwei, Unit("fagaiwei"));
  LinkUnitsRequest wrong = request;
  LinkTo(wrong, "错别字", Unit("fagaiwei"));
  EXPECT_THAT(Call<LinkUnitsResponse>(wrong, Coordinator()),
              Fails(absl::StatusCode::kInvalidArgument, "NAME_NOT_WRITTEN"));
  EXPECT_THAT(units_, SizeIs(before));
  EXPECT_THAT(NamesOf(Unit("fagaiwei")), IsEmpty());

  request.set_validate_only(true);
  const auto tried = Call<LinkUnitsResponse>(request, Coordinator());
  ASSERT_THAT(tried, IsOk());
  EXPECT_EQ(tried->created(), 1);
  EXPECT_THAT(units_, SizeIs(before));
  EXPECT_THAT(NamesOf(Unit("fagaiwei")), IsEmpty());

  request.set_validate_only(false);
  const auto linked = Call<LinkUnitsResponse>(request, Coordinator());
  ASSERT_THAT(linked, IsOk());
  EXPECT_EQ(linked->linked(), 2);
  EXPECT_EQ(linked->created(), 1);
  EXPECT_THAT(linked->unresolved(), ElementsAre(kFagaiju));
  EXPECT_THAT(units_, SizeIs(before + 1));
  EXPECT_THAT(NamesOf(Unit("fagaiwei")), ElementsAre(kFagaiwei));
}

TEST_F(LinkingUnitsTest, CreatesNoTwinWhenItIsAskedAgain) {
  const size_t before = units_.size();
  LinkUnitsRequest request = Request();
  Create(request, kShangmao);
  request.set_request_id("first");
  loses_answers_ = true;
  EXPECT_THAT(Call<LinkUnitsResponse>(request, Coordinator()),
              Fails(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"));
  loses_answers_ = false;
  request.set_request_id("second");
  const auto linked = Call<LinkUnitsResponse>(request, Coordinator());
  ASSERT_THAT(linked, IsOk());
  EXPECT_THAT(units_, SizeIs(before + 1));
  ASSERT_EQ(linked->tasks_size(), 1);
  EXPECT_EQ(linked->tasks(0).duties(2).unit(), created_.begin()->second);
}

TEST_F(LinkingUnitsTest, LinksToNoUnitThatHasBeenDeleted) {
  LinkUnitsRequest request = Request();
  Create(request, kShangmao);
  loses_answers_ = true;
  EXPECT_FALSE(Call<LinkUnitsResponse>(request, Coordinator()).ok());
  loses_answers_ = false;
  ASSERT_THAT(created_, SizeIs(1));
  const std::string deleted = created_.begin()->second;
  units_.erase(deleted);
  const auto linked = Call<LinkUnitsResponse>(request, Coordinator());
  ASSERT_THAT(linked, IsOk());
  ASSERT_EQ(linked->tasks_size(), 1);
  EXPECT_NE(linked->tasks(0).duties(2).unit(), deleted);
  EXPECT_TRUE(units_.contains(linked->tasks(0).duties(2).unit()));
}

TEST_F(LinkingUnitsTest, KeepsTheNamesThatAUnitHasMeanwhile) {
  const std::string unit = Unit("fagaiwei");
  units_[unit].add_aliases()->set_text("不在副本中");
  meanwhile_ = [&] {
    units_[unit].add_aliases()->set_text("他人所加");
    units_[unit].set_etag("other");
  };
  LinkUnitsRequest request = Request();
  LinkTo(request, kFagaiwei, unit);
  LinkTo(request, kFagaiju, unit);
  EXPECT_THAT(Call<LinkUnitsResponse>(request, Coordinator()), IsOk());
  EXPECT_THAT(NamesOf(unit), ElementsAre("不在副本中", "他人所加", kFagaiwei, kFagaiju));
}

}  // namespace
}  // namespace duikou::testing
