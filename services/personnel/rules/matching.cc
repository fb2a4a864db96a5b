#include "services/personnel/rules/matching.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "services/personnel/rules/minimum_cost_flow.h"

namespace duikou::personnel::rules {
namespace {

constexpr int kFullFit = 100;

template <typename T>
std::vector<size_t> ByName(const std::vector<T>& named) {
  std::vector<size_t> order(named.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return named[a].name < named[b].name; });
  return order;
}

// One matching in the making: what is known of each pair, the flow, and what it leaves.
class Matcher {
 public:
  explicit Matcher(const MatchingProblem& problem);
  Matching Run();

 private:
  struct Pair {
    Fit fit;
    const ForbiddenPair* forbidden = nullptr;
    int arc = -1;
  };

  Pair& At(size_t nominee, size_t post) { return pairs_[nominee * problem_.posts.size() + post]; }
  void Place();
  std::optional<size_t> UsedUp(int quota) const;
  Obstacle WhyNot(size_t nominee, size_t post);
  std::optional<size_t> LeastFit(const std::vector<size_t>& nominees);

  const MatchingProblem& problem_;
  const std::vector<size_t> nominees_, posts_;  // By name.
  std::vector<Pair> pairs_;
  std::vector<std::optional<size_t>> post_of_;           // Of each nominee.
  std::vector<std::vector<size_t>> in_post_, in_quota_;  // Nominees placed.
};

Matcher::Matcher(const MatchingProblem& problem)
    : problem_(problem),
      nominees_(ByName(problem.nominees)),
      posts_(ByName(problem.posts)),
      pairs_(problem.nominees.size() * problem.posts.size()),
      post_of_(problem.nominees.size()),
      in_post_(problem.posts.size()),
      in_quota_(problem.quotas.size()) {
  for (size_t nominee = 0; nominee < problem.nominees.size(); ++nominee) {
    for (size_t post = 0; post < problem.posts.size(); ++post) {
      At(nominee, post).fit = FitOf(problem.nominees[nominee], problem.posts[post], problem.weights);
    }
  }
  for (const ForbiddenPair& pair : problem.forbidden) {
    Pair& known = At(pair.nominee, pair.post);
    if (known.forbidden == nullptr) known.forbidden = &pair;
  }
}

// Source, nominees, posts, quotas, sink; a pair costs what it lacks of a full fit, so that among flows of equal size
// the cheapest has the greatest total fit.
void Matcher::Place() {
  const int source = 0;
  const int first_post = 1 + static_cast<int>(nominees_.size());
  const int first_quota = first_post + static_cast<int>(posts_.size());
  const int sink = first_quota + static_cast<int>(problem_.quotas.size());
  const auto wider = [&](int quota) { return quota < 0 ? sink : first_quota + quota; };
  MinimumCostFlow flow(sink + 1);
  for (size_t n = 0; n < nominees_.size(); ++n) {
    const int node = 1 + static_cast<int>(n);
    flow.AddArc(source, node, 1, 0);
    for (size_t p = 0; p < posts_.size(); ++p) {
      Pair& pair = At(nominees_[n], posts_[p]);
      if (pair.forbidden != nullptr) continue;
      pair.arc = flow.AddArc(node, first_post + static_cast<int>(p), 1, kFullFit - pair.fit.Total());
    }
  }
  for (size_t p = 0; p < posts_.size(); ++p) {
    const Post& post = problem_.posts[posts_[p]];
    flow.AddArc(first_post + static_cast<int>(p), wider(post.quota), std::max(0, post.seats), 0);
  }
  for (size_t q = 0; q < problem_.quotas.size(); ++q) {
    const QuotaLeft& quota = problem_.quotas[q];
    flow.AddArc(first_quota + static_cast<int>(q), wider(quota.within), std::max(0, quota.left), 0);
  }
  flow.Solve(source, sink);
  for (const size_t nominee : nominees_) {
    for (const size_t post : posts_) {
      const int arc = At(nominee, post).arc;
      if (arc < 0 || flow.FlowOf(arc) == 0) continue;
      post_of_[nominee] = post;
      in_post_[post].push_back(nominee);
      for (int q = problem_.posts[post].quota; q >= 0; q = problem_.quotas[static_cast<size_t>(q)].within) {
        in_quota_[static_cast<size_t>(q)].push_back(nominee);
      }
    }
  }
}

// The narrowest quota that is used up, from this one outwards.
std::optional<size_t> Matcher::UsedUp(int quota) const {
  for (; quota >= 0; quota = problem_.quotas[static_cast<size_t>(quota)].within) {
    const auto place = static_cast<size_t>(quota);
    if (static_cast<int>(in_quota_[place].size()) >= problem_.quotas[place].left) return place;
  }
  return std::nullopt;
}

std::optional<size_t> Matcher::LeastFit(const std::vector<size_t>& nominees) {
  if (nominees.empty()) return std::nullopt;
  return *std::min_element(nominees.begin(), nominees.end(), [&](size_t a, size_t b) {
    return At(a, *post_of_[a]).fit.Total() < At(b, *post_of_[b]).fit.Total();
  });
}

Obstacle Matcher::WhyNot(size_t nominee, size_t post) {
  Obstacle obstacle{.post = post};
  if (const ForbiddenPair* forbidden = At(nominee, post).forbidden; forbidden != nullptr) {
    obstacle.reason = forbidden->reason;
    obstacle.record = forbidden->record;
    return obstacle;
  }
  obstacle.fit = At(nominee, post).fit;
  const std::optional<size_t> quota = UsedUp(problem_.posts[post].quota);
  if (quota.has_value() && static_cast<int>(in_post_[post].size()) < problem_.posts[post].seats) {
    obstacle.kind = Obstacle::Kind::kQuota;
    obstacle.record = problem_.quotas[*quota].name;
    obstacle.rival = LeastFit(in_quota_[*quota]);
  } else {
    obstacle.kind = Obstacle::Kind::kSeats;
    obstacle.rival = LeastFit(in_post_[post]);
  }
  return obstacle;
}

Matching Matcher::Run() {
  Place();
  Matching matching;
  for (const size_t nominee : nominees_) {
    if (const std::optional<size_t> post = post_of_[nominee]; post.has_value()) {
      matching.placements.push_back({nominee, *post, At(nominee, *post).fit});
      continue;
    }
    LeftOut out{.nominee = nominee};
    for (const size_t post : posts_) out.obstacles.push_back(WhyNot(nominee, post));
    matching.left_out.push_back(std::move(out));
  }
  return matching;
}

}  // namespace

Matching Match(const MatchingProblem& problem) { return Matcher(problem).Run(); }

}  // namespace duikou::personnel::rules
