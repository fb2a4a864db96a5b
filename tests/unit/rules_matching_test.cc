// Matching: the parts of a fit, each reason for staying out, against brute force on small problems and against glpsol
// on large ones.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/personnel/rules/matching.h"

namespace duikou::personnel::rules {
namespace {

using Kind = Obstacle::Kind;

TEST(FitTest, EachPart) {
  const Nominee nominee{"wang", {"农业", "冷链", "英语"}, 3, 2, {"p1", "p2"}};
  const FitWeights weights;
  const struct {
    const char* what;
    Post post;
    Fit fit;
  } cases[] = {
      {"nothing asked, not wished", {"p9"}, {40, 20, 15, 0, 0}},
      {"all skills", {"p9", 1, {"农业", "冷链"}}, {40, 20, 15, 0, 0}},
      {"one of three skills: 13.3", {"p9", 1, {"农业", "法律", "财务"}}, {13, 20, 15, 0, 0}},
      {"two of three skills: 26.7", {"p9", 1, {"农业", "冷链", "财务"}}, {27, 20, 15, 0, 0}},
      {"no skill", {"p9", 1, {"法律"}}, {0, 20, 15, 0, 0}},
      {"rank equal", {"p9", 1, {}, {3}}, {40, 20, 15, 0, 0}},
      {"rank a step above", {"p9", 1, {}, {2}}, {40, 10, 15, 0, 0}},
      {"rank a step below", {"p9", 1, {}, {4}}, {40, 10, 15, 0, 0}},
      {"rank two steps off", {"p9", 1, {}, {5}}, {40, 0, 15, 0, 0}},
      {"one rank of several", {"p9", 1, {}, {3, 7}}, {40, 20, 15, 0, 0}},
      {"nearest to one of several", {"p9", 1, {}, {7, 2}}, {40, 10, 15, 0, 0}},
      {"education above what is asked", {"p9", 1, {}, {}, 1}, {40, 20, 15, 0, 0}},
      {"education a step below: 7.5", {"p9", 1, {}, {}, 3}, {40, 20, 8, 0, 0}},
      {"education two steps below", {"p9", 1, {}, {}, 4}, {40, 20, 0, 0, 0}},
      {"first wish", {"p1"}, {40, 20, 15, 15, 0}},
      {"second wish", {"p2"}, {40, 20, 15, 12, 0}},
      {"first of the host's", {"p9", 1, {}, {}, 0, {"wang"}}, {40, 20, 15, 0, 10}},
      {"fifth of the host's", {"p9", 1, {}, {}, 0, {"a", "b", "c", "d", "wang"}}, {40, 20, 15, 0, 2}},
      {"sixth of the host's", {"p9", 1, {}, {}, 0, {"a", "b", "c", "d", "e", "wang"}}, {40, 20, 15, 0, 0}},
      {"all there is", {"p1", 1, {"英语"}, {3}, 2, {"wang"}}, {40, 20, 15, 15, 10}},
  };
  for (const auto& one : cases) EXPECT_EQ(FitOf(nominee, one.post, weights), one.fit) << one.what;
}

Nominee Who(std::string name, int rank = 0, std::vector<std::string> wishes = {}) {
  return {.name = std::move(name), .rank = rank, .wishes = std::move(wishes)};
}

Post Where(std::string name, int seats = 1, int quota = -1, int rank = 0) {
  Post post{.name = std::move(name), .seats = seats, .quota = quota};
  if (rank > 0) post.ranks = {rank};
  return post;
}

// "wang>p1 li>p2"
std::string Show(const MatchingProblem& problem, const Matching& matching) {
  std::string shown;
  for (const Placement& one : matching.placements) {
    absl::StrAppend(&shown, shown.empty() ? "" : " ", problem.nominees[one.nominee].name, ">",
                    problem.posts[one.post].name);
  }
  return shown;
}

TEST(MatchingTest, PlacesAsManyAsPossibleBeforeBestFit) {
  // Alone, wang fits p1 best; but li may go nowhere else.
  MatchingProblem problem{.nominees = {Who("wang", 0, {"p1"}), Who("li")}, .posts = {Where("p1"), Where("p2")}};
  problem.forbidden = {{1, 1, "AVOIDANCE", "cities/1/ties/t"}};
  EXPECT_EQ(Show(problem, Match(problem)), "li>p1 wang>p2");
}

TEST(MatchingTest, TiesDoNotDependOnTheOrderGiven) {
  MatchingProblem problem;
  for (const char* name : {"d", "a", "c", "b"}) problem.nominees.push_back(Who(name));
  for (const char* name : {"p2", "p1"}) problem.posts.push_back(Where(name));
  const std::string shown = Show(problem, Match(problem));
  std::reverse(problem.nominees.begin(), problem.nominees.end());
  std::reverse(problem.posts.begin(), problem.posts.end());
  EXPECT_EQ(Show(problem, Match(problem)), shown);
}

TEST(MatchingTest, NobodyOrNowhere) {
  EXPECT_TRUE(Match({}).placements.empty());
  const Matching nowhere = Match({.nominees = {Who("wang")}});
  ASSERT_EQ(nowhere.left_out.size(), 1U);
  EXPECT_TRUE(nowhere.left_out[0].obstacles.empty());
  const Matching nobody = Match({.posts = {Where("p1")}});
  EXPECT_TRUE(nobody.placements.empty());
  EXPECT_TRUE(nobody.left_out.empty());
}

// The only one who stays out, and why not in each post (by name).
std::vector<Obstacle> OnlyOneOut(const MatchingProblem& problem, absl::string_view name) {
  const Matching matching = Match(problem);
  EXPECT_EQ(matching.left_out.size(), 1U) << Show(problem, matching);
  if (matching.left_out.size() != 1) return {};
  EXPECT_EQ(problem.nominees[matching.left_out[0].nominee].name, name);
  return matching.left_out[0].obstacles;
}

TEST(MatchingTest, SaysWhichRule) {
  MatchingProblem problem{.nominees = {Who("wang")}, .posts = {Where("p1"), Where("p2")}};
  problem.forbidden = {{0, 0, "AVOIDANCE", "cities/1/ties/t"}, {0, 1, "AGE_ABOVE_LIMIT", ""}};
  const std::vector<Obstacle> obstacles = OnlyOneOut(problem, "wang");
  ASSERT_EQ(obstacles.size(), 2U);
  EXPECT_EQ(obstacles[0].kind, Kind::kRule);
  EXPECT_EQ(obstacles[0].reason, "AVOIDANCE");
  EXPECT_EQ(obstacles[0].record, "cities/1/ties/t");
  EXPECT_EQ(obstacles[1].reason, "AGE_ABOVE_LIMIT");
}

TEST(MatchingTest, SaysWhichQuota) {
  // Narrowest first: the kind's is open, the direction's is used up.
  MatchingProblem problem{.nominees = {Who("wang", 0, {"p1"}), Who("li")}, .posts = {Where("p1"), Where("p2", 1, 1)}};
  problem.posts[0].quota = 2;
  problem.quotas = {{"partnership", 9, -1}, {"kind", 5, 3}, {"other kind", 5, 3}, {"direction", 1, 0}};
  const std::vector<Obstacle> obstacles = OnlyOneOut(problem, "li");
  ASSERT_EQ(obstacles.size(), 2U);
  EXPECT_EQ(obstacles[0].kind, Kind::kSeats);
  EXPECT_EQ(obstacles[1].kind, Kind::kQuota);
  EXPECT_EQ(obstacles[1].record, "direction");
  EXPECT_EQ(obstacles[1].rival, 0U);
}

TEST(MatchingTest, SaysWhoHasTheSeat) {
  const MatchingProblem problem{.nominees = {Who("wang", 3), Who("li", 2)}, .posts = {Where("p1", 1, -1, 3)}};
  const std::vector<Obstacle> obstacles = OnlyOneOut(problem, "li");
  ASSERT_EQ(obstacles.size(), 1U);
  EXPECT_EQ(obstacles[0].kind, Kind::kSeats);
  EXPECT_EQ(obstacles[0].rival, 0U);
  EXPECT_EQ(obstacles[0].fit.rank, 10);
}

// The chain of quotas that a post draws on.
std::vector<size_t> QuotasOf(const MatchingProblem& problem, size_t post) {
  std::vector<size_t> chain;
  for (int q = problem.posts[post].quota; q >= 0; q = problem.quotas[static_cast<size_t>(q)].within) {
    chain.push_back(static_cast<size_t>(q));
  }
  return chain;
}

// The most pairs, then the greatest total fit, by trying everything.
std::pair<int, int> BruteForce(const MatchingProblem& problem) {
  std::vector<int> seats;
  for (const Post& post : problem.posts) seats.push_back(post.seats);
  std::vector<int> left;
  for (const QuotaLeft& quota : problem.quotas) left.push_back(quota.left);
  std::pair<int, int> best = {0, 0};
  const std::function<void(size_t, int, int)> place = [&](size_t nominee, int pairs, int total) {
    if (nominee == problem.nominees.size()) {
      best = std::max(best, {pairs, total});
      return;
    }
    place(nominee + 1, pairs, total);
    for (size_t post = 0; post < problem.posts.size(); ++post) {
      const bool forbidden =
          std::any_of(problem.forbidden.begin(), problem.forbidden.end(),
                      [&](const ForbiddenPair& pair) { return pair.nominee == nominee && pair.post == post; });
      if (forbidden || seats[post] <= 0) continue;
      const std::vector<size_t> chain = QuotasOf(problem, post);
      if (std::any_of(chain.begin(), chain.end(), [&](size_t q) { return left[q] <= 0; })) continue;
      --seats[post];
      for (const size_t q : chain) --left[q];
      place(nominee + 1, pairs + 1,
            total + FitOf(problem.nominees[nominee], problem.posts[post], problem.weights).Total());
      ++seats[post];
      for (const size_t q : chain) ++left[q];
    }
  };
  place(0, 0, 0);
  return best;
}

struct Size {
  int nominees, posts, kinds, quota, forbidden_percent;
};

MatchingProblem RandomProblem(std::mt19937& random, const Size& size) {
  const auto up_to = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  MatchingProblem problem;
  problem.quotas.push_back({"partnership", 2 * size.quota, -1});
  for (int direction = 0; direction < 2; ++direction) {
    const int place = static_cast<int>(problem.quotas.size());
    problem.quotas.push_back({absl::StrCat("direction ", direction), 1 + up_to(2 * size.quota), 0});
    for (int kind = 0; kind < size.kinds; ++kind) {
      problem.quotas.push_back({absl::StrCat("kind ", direction, kind), up_to(size.quota + 1), place});
    }
  }
  const auto skills = [&] {
    std::vector<std::string> some;
    for (int skill = 0; skill < 6; ++skill) {
      if (up_to(3) == 0) some.push_back(absl::StrCat("s", skill));
    }
    return some;
  };
  const auto ranks = [&] {
    std::vector<int> some;
    if (const int rank = up_to(5); rank > 0) some.push_back(rank);
    return some;
  };
  for (int p = 0; p < size.posts; ++p) {
    // A leaf of the tree of quotas, or none.
    const int direction = up_to(2), kind = up_to(size.kinds);
    const int leaf = up_to(5) == 0 ? -1 : 2 + direction * (size.kinds + 1) + kind;
    problem.posts.push_back({absl::StrCat("p", p), up_to(3), skills(), ranks(), up_to(4), {}, leaf});
  }
  for (int n = 0; n < size.nominees; ++n) {
    Nominee nominee{absl::StrCat("n", n), skills(), up_to(5), up_to(4), {}};
    for (int wish = 0; wish < 3; ++wish) nominee.wishes.push_back(absl::StrCat("p", up_to(size.posts)));
    problem.nominees.push_back(std::move(nominee));
    for (int p = 0; p < size.posts; ++p) {
      if (up_to(100) < size.forbidden_percent) {
        problem.forbidden.push_back({static_cast<size_t>(n), static_cast<size_t>(p), "RULE", ""});
      }
    }
  }
  return problem;
}

std::pair<int, int> ValueOf(const Matching& matching) {
  int total = 0;
  for (const Placement& one : matching.placements) total += one.fit.Total();
  return {static_cast<int>(matching.placements.size()), total};
}

// Who is placed where, counted again.
struct Count {
  std::map<size_t, Placement> of;  // By nominee.
  std::map<size_t, int> seats, quotas;
};

Count CountOf(const MatchingProblem& problem, const Matching& matching) {
  Count count;
  for (const Placement& one : matching.placements) {
    EXPECT_TRUE(count.of.emplace(one.nominee, one).second) << problem.nominees[one.nominee].name;
    ++count.seats[one.post];
    for (const size_t quota : QuotasOf(problem, one.post)) ++count.quotas[quota];
  }
  return count;
}

void ExpectHolds(const MatchingProblem& problem, Count& count, const Obstacle& obstacle) {
  if (obstacle.kind == Kind::kRule) {
    EXPECT_EQ(obstacle.reason, "RULE");
    return;
  }
  if (obstacle.rival.has_value()) {
    EXPECT_GE(count.of.at(*obstacle.rival).fit.Total(), obstacle.fit.Total());
  }
  const Post& post = problem.posts[obstacle.post];
  if (obstacle.kind == Kind::kSeats) {
    EXPECT_EQ(count.seats[obstacle.post], post.seats);
    EXPECT_EQ(obstacle.rival.has_value(), post.seats > 0);
    return;
  }
  EXPECT_LT(count.seats[obstacle.post], post.seats);
  const std::vector<size_t> chain = QuotasOf(problem, obstacle.post);
  const auto narrowest = std::find_if(chain.begin(), chain.end(),
                                      [&](size_t quota) { return count.quotas[quota] == problem.quotas[quota].left; });
  ASSERT_NE(narrowest, chain.end());
  EXPECT_EQ(problem.quotas[*narrowest].name, obstacle.record);
}

// That seats, quotas and rules are kept, everyone is told of once, and each reason for staying out holds.
void ExpectKept(const MatchingProblem& problem, const Matching& matching) {
  Count count = CountOf(problem, matching);
  for (const auto& [post, taken] : count.seats) EXPECT_LE(taken, problem.posts[post].seats);
  for (const auto& [quota, taken] : count.quotas) EXPECT_LE(taken, problem.quotas[quota].left);
  for (const ForbiddenPair& pair : problem.forbidden) {
    const auto placed = count.of.find(pair.nominee);
    EXPECT_FALSE(placed != count.of.end() && placed->second.post == pair.post);
  }
  EXPECT_EQ(matching.placements.size() + matching.left_out.size(), problem.nominees.size());
  for (const LeftOut& out : matching.left_out) {
    EXPECT_FALSE(count.of.contains(out.nominee));
    EXPECT_EQ(out.obstacles.size(), problem.posts.size());
    for (const Obstacle& obstacle : out.obstacles) ExpectHolds(problem, count, obstacle);
  }
}

TEST(MatchingTest, AsBruteForce) {
  std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same problems each time.
  for (int round = 0; round < 400; ++round) {
    const Size size = {1 + static_cast<int>(random() % 6), 1 + static_cast<int>(random() % 5),
                       1 + static_cast<int>(random() % 2), 2, static_cast<int>(random() % 60)};
    const MatchingProblem problem = RandomProblem(random, size);
    const Matching matching = Match(problem);
    ASSERT_EQ(ValueOf(matching), BruteForce(problem)) << "round " << round;
    ExpectKept(problem, matching);
  }
}

// The same as a linear program: every optimal corner of it is whole, as seats and quotas are nested.
std::string LinearProgram(const MatchingProblem& problem, int per_pair) {
  std::map<std::pair<size_t, size_t>, bool> forbidden;
  for (const ForbiddenPair& pair : problem.forbidden) forbidden[{pair.nominee, pair.post}] = true;
  std::string objective = "Maximize\n obj:";
  std::map<std::string, std::pair<std::string, int>> rows;
  for (size_t n = 0; n < problem.nominees.size(); ++n) {
    for (size_t p = 0; p < problem.posts.size(); ++p) {
      if (forbidden.contains({n, p})) continue;
      const std::string x = absl::StrCat("x", n, "_", p);
      const Post& post = problem.posts[p];
      absl::StrAppend(&objective, " + ", per_pair + FitOf(problem.nominees[n], post, problem.weights).Total(), " ", x,
                      "\n");
      const auto add = [&](const std::string& row, int limit) {
        absl::StrAppend(&rows[row].first, " + ", x, "\n");
        rows[row].second = limit;
      };
      add(absl::StrCat("nominee", n), 1);
      add(absl::StrCat("post", p), post.seats);
      for (const size_t quota : QuotasOf(problem, p)) add(absl::StrCat("quota", quota), problem.quotas[quota].left);
    }
  }
  std::string program = absl::StrCat(objective, "Subject To\n");
  for (const auto& [row, sum] : rows) absl::StrAppend(&program, " ", row, ":", sum.first, " <= ", sum.second, "\n");
  return absl::StrCat(program, "End\n");
}

// The optimum that glpsol finds, -1 when it fails.
double GlpsolOptimum(const std::string& program) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / absl::StrCat("duikou-matching-", getpid());
  std::filesystem::create_directories(folder);
  const std::string lp = folder / "matching.lp", found = folder / "matching.txt";
  std::ofstream(lp) << program;
  const int status = std::system(absl::StrCat("glpsol --lp ", lp, " -o ", found, " > /dev/null").c_str());
  double optimum = -1;
  std::ifstream lines(found);
  for (std::string line; status == 0 && std::getline(lines, line);) {
    if (!absl::StartsWith(line, "Objective:")) continue;
    const std::vector<std::string> parts = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (!absl::SimpleAtod(parts[3], &optimum)) optimum = -1;
  }
  std::filesystem::remove_all(folder);
  return optimum;
}

TEST(MatchingTest, AsGlpsolOnLargeProblems) {
  if (std::system("command -v glpsol > /dev/null") != 0) GTEST_SKIP() << "glpk-utils is not installed";
  std::mt19937 random(5);  // NOLINT(cert-msc51-cpp): the same problems each time.
  for (const Size& size : {Size{120, 60, 3, 10, 30}, Size{80, 90, 2, 8, 60}, Size{200, 50, 4, 30, 10}}) {
    const MatchingProblem problem = RandomProblem(random, size);
    const int per_pair = 100 * static_cast<int>(problem.nominees.size());  // More than any total fit.
    const Matching matching = Match(problem);
    ExpectKept(problem, matching);
    const auto [pairs, total] = ValueOf(matching);
    EXPECT_GT(pairs, 0);
    EXPECT_EQ(GlpsolOptimum(LinearProgram(problem, per_pair)), static_cast<double>(per_pair) * pairs + total);
  }
}

// Within a second as it is shipped; sanitizers and a machine that has more to do take their share.
TEST(MatchingTest, AWholePartnershipAtOnce) {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same problem each time.
  const MatchingProblem problem = RandomProblem(random, {500, 300, 5, 60, 20});
  const auto start = std::chrono::steady_clock::now();
  const Matching matching = Match(problem);
  const auto took = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds", static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_LT(took, std::chrono::seconds(5));
  ExpectKept(problem, matching);
}

}  // namespace
}  // namespace duikou::personnel::rules
