// Lists: filter, order and pages against a model that goes through all records; tokens; hidden records.
#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
const char* const kUnits[] = {"cities/210800/units/a", "cities/210800/units/b", "cities/210800/units/c"};

class StoreList : public StoreContract {
 protected:
  using Random = std::mt19937;
  static int Below(Random& random, int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

  // Plans that are RESTRICTED, but for the last of each `open_each`, whose names it gives.
  std::vector<std::string> InsertHiddenPlans(int count, int open_each) {
    std::vector<std::string> open;
    EXPECT_THAT(Write([&](Txn& txn) -> absl::Status {
                  for (int i = 0; i < count; ++i) {
                    Plan plan = PlanOf(absl::StrFormat("p%03d", i));
                    const bool is_open = i % open_each == open_each - 1;
                    plan.mutable_access()->set_disclosure(is_open ? duikou::type::v1::Access::PUBLIC
                                                                  : duikou::type::v1::Access::RESTRICTED);
                    RETURN_IF_ERROR(txn.Insert(plan).status());
                    if (is_open) open.push_back(plan.name());
                  }
                  return absl::OkStatus();
                }),
                IsOk());
    return open;
  }

  // Tasks whose fields come from few values, so that filters hit and orders tie.
  void InsertRandomTasks(Random& random, int count) {
    ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                  std::vector<Plan> plans;
                  for (const char* id : {"p1", "p2"}) {
                    ASSIGN_OR_RETURN(Plan plan, txn.Insert(PlanOf(id)));
                    plans.push_back(plan);
                  }
                  for (int i = 0; i < count; ++i) {
                    Task task = TaskOf(absl::StrFormat("t%03d", Below(random, 1000000)), plans[Below(random, 2)]);
                    task.set_number(absl::StrCat("N-", i));
                    task.set_state(static_cast<Task::State>(1 + Below(random, 7)));
                    if (Below(random, 4) != 0) SetDay(*task.mutable_due_date(), 1 + Below(random, 6));
                    if (Below(random, 3) != 0) task.mutable_clause()->set_path(absl::StrCat("三/", Below(random, 3)));
                    if (Below(random, 3) == 0) task.set_external_id(absl::StrCat("X", i % 10 == 0 ? i : i % 3, "-", i));
                    for (int duty = Below(random, 4); duty > 0; --duty) {
                      Task::Duty* added = task.add_duties();
                      added->set_kind(static_cast<Task::Duty::Kind>(1 + Below(random, 3)));
                      added->set_unit(kUnits[Below(random, 3)]);
                    }
                    auto stored = txn.Insert(task);
                    if (absl::IsAlreadyExists(stored.status())) continue;
                    RETURN_IF_ERROR(stored.status());
                    tasks_.push_back(*std::move(stored));
                  }
                  return absl::OkStatus();
                }),
                IsOk());
  }
  static void SetDay(duikou::type::v1::Date& date, int day) {
    date.set_year(2026);
    date.set_month(3);
    date.set_day(day);
  }
  static int DayOf(const Task& task) { return task.has_due_date() ? task.due_date().day() : 0; }

  // A filter as text and as what it means.
  struct Question {
    std::string text;
    std::function<bool(const Task&)> holds;
  };

  static Question Restriction(Random& random) {
    const int day = 1 + Below(random, 6);
    const std::string date = absl::StrFormat("\"2026-03-%02d\"", day), unit = kUnits[Below(random, 3)];
    const auto state = static_cast<Task::State>(1 + Below(random, 7));
    const std::string path = absl::StrCat("三/", Below(random, 3));
    switch (Below(random, 14)) {
      case 0:
        return {"plan = \"cities/210800/plans/p1\"", [](const Task& t) { return t.plan().ends_with("p1"); }};
      case 1:
        return {"plan != \"cities/210800/plans/p1\"", [](const Task& t) { return !t.plan().ends_with("p1"); }};
      case 2:
        return {"state = " + Task::State_Name(state), [=](const Task& t) { return t.state() == state; }};
      case 3:
        return {"state != " + Task::State_Name(state), [=](const Task& t) { return t.state() != state; }};
      case 4:
        return {"due_date = " + date, [=](const Task& t) { return DayOf(t) == day; }};
      case 5:
        return {"due_date < " + date, [=](const Task& t) { return t.has_due_date() && DayOf(t) < day; }};
      case 6:
        return {"due_date >= " + date, [=](const Task& t) { return DayOf(t) >= day; }};
      case 7:
        return {"due_date:*", [](const Task& t) { return t.has_due_date(); }};
      case 8:
        return {absl::StrCat("duties.unit = \"", unit, "\""), [=](const Task& t) { return HasUnit(t, unit); }};
      case 9:
        return {absl::StrCat("duties.unit : \"", unit, "\""), [=](const Task& t) { return HasUnit(t, unit); }};
      case 10:
        return {absl::StrCat("clause.path <= \"", path, "\""),
                [=](const Task& t) { return t.clause().path() <= path; }};
      case 11:
        return {"external_id:*", [](const Task& t) { return !t.external_id().empty(); }};
      case 12:
        return {"external_id = \"X1-1\"", [](const Task& t) { return t.external_id() == "X1-1"; }};
      default:
        return {"external_id != \"X1-1\"", [](const Task& t) { return t.external_id() != "X1-1"; }};
    }
  }
  static bool HasUnit(const Task& task, const std::string& unit) {
    return std::any_of(task.duties().begin(), task.duties().end(),
                       [&](const Task::Duty& duty) { return duty.unit() == unit; });
  }

  static Question Ask(Random& random, int depth) {
    if (depth == 0 || Below(random, 3) == 0) return Restriction(random);
    const Question a = Ask(random, depth - 1), b = Ask(random, depth - 1);
    switch (Below(random, 4)) {
      case 0:
        return {absl::StrCat("NOT (", a.text, ")"), [=](const Task& t) { return !a.holds(t); }};
      case 1:
        return {absl::StrCat("(", a.text, ") OR (", b.text, ")"),
                [=](const Task& t) { return a.holds(t) || b.holds(t); }};
      case 2:
        return {absl::StrCat("(", a.text, ") (", b.text, ")"), [=](const Task& t) { return a.holds(t) && b.holds(t); }};
      default:
        return {absl::StrCat("(", a.text, ") AND (", b.text, ")"),
                [=](const Task& t) { return a.holds(t) && b.holds(t); }};
    }
  }

  struct Order {
    const char* field;
    std::function<int(const Task&, const Task&)> compare;
  };
  static std::vector<Order> Orders() {
    return {{"due_date", [](const Task& a, const Task& b) { return DayOf(a) - DayOf(b); }},
            {"state", [](const Task& a, const Task& b) { return a.state() - b.state(); }},
            {"clause.path", [](const Task& a, const Task& b) { return a.clause().path().compare(b.clause().path()); }},
            {"external_id", [](const Task& a, const Task& b) { return a.external_id().compare(b.external_id()); }},
            {"number", [](const Task& a, const Task& b) { return a.number().compare(b.number()); }}};
  }

  std::vector<std::string> Model(const Question& question, const std::vector<std::pair<Order, bool>>& orders,
                                 bool names_descend) const {
    std::vector<Task> matching;
    for (const Task& task : tasks_) {
      if (question.holds(task)) matching.push_back(task);
    }
    std::sort(matching.begin(), matching.end(), [&](const Task& a, const Task& b) {
      for (const auto& [order, descending] : orders) {
        const int compared = order.compare(a, b);
        if (compared != 0) return descending ? compared > 0 : compared < 0;
      }
      return names_descend ? a.name() > b.name() : a.name() < b.name();
    });
    std::vector<std::string> names;
    for (const Task& task : matching) names.push_back(task.name());
    return names;
  }

  std::vector<Task> tasks_;
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreList, ::testing::ValuesIn(StoreKinds()), NameOfKind);

TEST_P(StoreList, AgreesWithAModelOnRandomQuestions) {
  Random random(20260302);
  InsertRandomTasks(random, 250);
  size_t hits = 0;
  for (int round = 0; round < 250; ++round) {
    const Question question = Ask(random, 3);
    ListQuery query{.parent = round % 5 == 0 ? "cities/-" : "cities/210800", .filter = question.text};
    std::vector<std::pair<Order, bool>> orders;
    std::vector<Order> all = Orders();
    std::shuffle(all.begin(), all.end(), random);
    for (int i = Below(random, 3); i > 0; --i) {
      orders.emplace_back(all[i], Below(random, 2) == 0);
      absl::StrAppend(&query.order_by, query.order_by.empty() ? "" : ", ", all[i].field,
                      orders.back().second ? " desc" : "");
    }
    const bool names_descend = Below(random, 4) == 0;
    if (names_descend) absl::StrAppend(&query.order_by, query.order_by.empty() ? "" : ", ", "name desc");
    query.page_size = 1 + Below(random, 80);
    const auto names = ListNames<Task>(query);
    ASSERT_THAT(names, IsOk()) << query.filter;
    const std::vector<std::string> expected = Model(question, orders, names_descend);
    ASSERT_EQ(*names, expected) << query.filter << " by " << query.order_by << " pages of " << query.page_size;
    hits += expected.size();
  }
  EXPECT_GT(hits, 1000U) << "the questions found something";
}

TEST_P(StoreList, OrBindsTighterThanAnd) {
  Random random(7);
  InsertRandomTasks(random, 60);
  EXPECT_EQ(
      *ListNames<Task>({.parent = "cities/210800", .filter = "due_date:* AND state = DRAFT OR state = ISSUED"}),
      *ListNames<Task>({.parent = "cities/210800", .filter = "due_date:* AND (state = DRAFT OR state = ISSUED)"}));
  EXPECT_EQ(
      *ListNames<Task>({.parent = "cities/210800", .filter = "state = DRAFT OR state = ISSUED due_date:*"}),
      *ListNames<Task>({.parent = "cities/210800", .filter = "(state = DRAFT OR state = ISSUED) AND due_date:*"}));
}

TEST_P(StoreList, AnUpdateAndADeletionShowInFilters) {
  Task task = TaskOf("t1", *Insert(PlanOf("p1")));
  task.add_duties()->set_unit(kUnits[0]);
  task.add_duties()->set_unit(kUnits[1]);
  ASSERT_THAT(Insert(task), IsOk());
  const auto find = [&](const char* unit) {
    return ListNames<Task>({.parent = "cities/210800", .filter = absl::StrCat("duties.unit = \"", unit, "\"")})->size();
  };
  EXPECT_EQ(find(kUnits[0]), 1U);
  task.mutable_duties(0)->set_unit(kUnits[2]);
  ASSERT_THAT(Update(task), IsOk());
  EXPECT_EQ(find(kUnits[0]), 0U);
  EXPECT_EQ(find(kUnits[1]), 1U);
  EXPECT_EQ(find(kUnits[2]), 1U);
  ASSERT_THAT(Delete<Task>(task.name()), IsOk());
  EXPECT_EQ(find(kUnits[2]), 0U);
}

TEST_P(StoreList, WhatIsWrongWithAQuestionIsSaid) {
  const struct {
    ListQuery query;
    const char* field;
  } cases[] = {
      {{.parent = "cities/210800", .filter = "state = NOSUCH"}, "filter"},
      {{.parent = "cities/210800", .filter = "title = \"x\""}, "filter"},
      {{.parent = "cities/210800", .filter = "due_date = tomorrow"}, "filter"},
      {{.parent = "cities/210800", .filter = "state ="}, "filter"},
      {{.parent = "cities/210800", .filter = "(state = DRAFT"}, "filter"},
      {{.parent = "cities/210800", .filter = "state = \"DRAFT"}, "filter"},
      {{.parent = "cities/210800", .filter = "'; DROP TABLE r_task; --"}, "filter"},
      {{.parent = "cities/210800", .order_by = "title"}, "order_by"},
      {{.parent = "cities/210800", .order_by = "state down"}, "order_by"},
      {{.parent = "cities/210800", .order_by = "state,,number"}, "order_by"},
      {{.parent = "cities/210800", .page_size = -1}, "page_size"},
      {{.parent = "cities/210800/plans/p1"}, "parent"},
      {{.parent = ""}, "parent"},
  };
  for (const auto& one : cases) {
    const auto page = List<Task>(one.query);
    EXPECT_EQ(page.status().code(), kBad) << one.query.filter << one.query.order_by;
    EXPECT_THAT(BadFields(page.status()), ElementsAre(one.field)) << one.query.filter << one.query.order_by;
  }
}

TEST_P(StoreList, ATokenContinuesItsOwnQuestionAlone) {
  Random random(3);
  InsertRandomTasks(random, 30);
  const ListQuery query{.parent = "cities/210800", .filter = "state != CLOSED", .order_by = "state", .page_size = 5};
  ListQuery next = query;
  next.page_token = List<Task>(query)->next_page_token;
  ASSERT_FALSE(next.page_token.empty());
  ASSERT_THAT(List<Task>(next), IsOk());
  next.page_size = 7;
  EXPECT_THAT(List<Task>(next), IsOk()) << "another page size is allowed";
  const auto refused = [&](const ListQuery& other, const Caller& caller = Coordinator()) {
    const auto page = List<Task>(other, caller);
    EXPECT_THAT(page, Fails(kBad, "PAGE_TOKEN_INVALID"));
    EXPECT_THAT(BadFields(page.status()), ElementsAre("page_token"));
  };
  ListQuery other = next;
  other.filter = "state != DRAFT";
  refused(other);
  other = next;
  other.order_by = "state desc";
  refused(other);
  other = next;
  other.parent = "cities/-";
  refused(other);
  Caller somebody = Coordinator();
  somebody.name = "cities/210800/accounts/zhao";
  refused(next, somebody);
  for (size_t i = 0; i + 2 < next.page_token.size(); i += 3) {
    other = next;
    other.page_token[i] = other.page_token[i] == 'A' ? 'B' : 'A';
    refused(other);
  }
  for (const char* forged : {"x", "AAAA", "!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    other = next;
    other.page_token = forged;
    refused(other);
  }
}

TEST_P(StoreList, HiddenRecordsLeaveNoGapInPages) {
  const std::vector<std::string> seen = InsertHiddenPlans(301, /*open_each=*/7);
  for (const int page_size : {1, 4, 43, 1000}) {
    EXPECT_EQ(*ListNames<Plan>({.parent = "cities/210800", .page_size = page_size}, Caller()), seen);
    const auto page = List<Plan>({.parent = "cities/210800", .page_size = page_size}, Caller());
    EXPECT_EQ(page->items.size(), std::min<size_t>(static_cast<size_t>(page_size), seen.size())) << "pages are full";
  }
}

TEST_P(StoreList, AShortPageGoesOn) {
  const std::vector<std::string> seen = InsertHiddenPlans(1000, /*open_each=*/333);
  for (const int page_size : {1, 2, 50}) {
    const ListQuery query{.parent = "cities/210800", .page_size = page_size, .max_rows = 100};
    const auto first = List<Plan>(query, Caller());
    ASSERT_THAT(first, IsOk());
    EXPECT_TRUE(first->items.empty());
    EXPECT_FALSE(first->next_page_token.empty());
    EXPECT_EQ(*ListNames<Plan>(query, Caller()), seen) << "none left out";
  }
}

TEST_P(StoreList, ALimitGuardsListAll) {
  Random random(5);
  InsertRandomTasks(random, 20);
  // Also in a write, where an engine's own failure of this code means a full disk.
  EXPECT_THAT(Write([](Txn& txn) { return txn.ListAll<Task>({.parent = "cities/210800"}, 5).status(); }),
              Fails(absl::StatusCode::kResourceExhausted, "TOO_MANY_RECORDS"));
  EXPECT_THAT(
      store_->Read(Coordinator(), {},
                   [](const View& view) { return view.ListAll<Task>({.parent = "cities/210800"}, 5).status(); }),
      ::testing::ResultOf([](const absl::Status& s) { return s.code(); }, absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace duikou::store
