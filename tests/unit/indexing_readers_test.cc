// The two forms of one rule: who may see a record, and which documents a caller finds.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/indexing/readers.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::indexing {
namespace {

constexpr const char* kCities[] = {"210800", "320700", "110106"};

class Draw {
 public:
  size_t Below(size_t n) { return engine_() % n; }
  std::string City() { return kCities[Below(3)]; }
  std::string Unit() { return absl::StrCat("cities/", City(), "/units/u", Below(2)); }

  schema::AccessFacts Facts() {
    schema::AccessFacts facts{
        .city = City(), .disclosure = static_cast<int>(Below(4)), .sharing = static_cast<int>(Below(4))};
    for (size_t n = Below(3); n > 0; --n) facts.shared_with.push_back("cities/" + City());
    for (size_t n = Below(3); n > 0; --n) facts.parties.push_back(Below(2) == 0 ? Unit() : "cities/" + City());
    return facts;
  }
  Caller Someone() {
    Caller caller{.kind = static_cast<Caller::Kind>(Below(4))};
    if (caller.kind == Caller::Kind::kAnonymous || caller.kind == Caller::Kind::kService) return caller;
    caller.city = City();
    if (Below(4) != 0) caller.unit = absl::StrCat("cities/", caller.city, "/units/u", Below(2));
    caller.roles = static_cast<uint32_t>(Below(16));
    return caller;
  }

 private:
  std::mt19937 engine_{11};
};

TEST(ReadersTest, ACallerFindsWhatHeMaySee) {
  schema::Schema types;
  ASSERT_THAT(types.Add(taskregistry::v1::Task::descriptor()), testing::IsOk());
  const schema::ResourceType& type = *types.ByMessage(taskregistry::v1::Task::descriptor());
  const search::Schema schema{.values = {{.name = kReaders, .in_queries = false}}};
  Draw draw;
  int seen = 0;
  for (int i = 0; i < 20'000; ++i) {
    const schema::AccessFacts facts = draw.Facts();
    const Caller caller = draw.Someone();
    const auto visible = VisibleTo(caller, type, schema);
    const std::vector<std::string> readers = ReadersOf(facts);
    const bool found =
        !visible || std::any_of(visible->children.begin(), visible->children.end(), [&](const auto& one) {
          return std::find(readers.begin(), readers.end(), one.value) != readers.end();
        });
    ASSERT_EQ(found, schema::MaySee(caller, type, facts))
        << facts.city << " disclosure " << facts.disclosure << " sharing " << facts.sharing << " caller " << caller.city
        << " " << caller.unit << " roles " << caller.roles;
    seen += found ? 1 : 0;
  }
  EXPECT_GT(seen, 5'000);
  EXPECT_LT(seen, 15'000);
}

// Values are compared folded: folding must leave them as they are.
TEST(ReadersTest, ReadersFoldToThemselves) {
  Draw draw;
  for (int i = 0; i < 500; ++i) {
    for (const std::string& reader : ReadersOf(draw.Facts())) EXPECT_EQ(search::FoldValue(reader), reader);
  }
}

}  // namespace
}  // namespace duikou::indexing
