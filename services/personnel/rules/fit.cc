#include "services/personnel/rules/fit.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace duikou::personnel::rules {
namespace {

constexpr int kPlaces = 5;  // An order counts for its first five places.

int Points(int weight, int64_t part, int64_t whole) {
  return static_cast<int>((2 * weight * part + whole) / (2 * whole));
}

int PointsOfPlace(int weight, const std::vector<std::string>& order, const std::string& name) {
  const auto place = std::find(order.begin(), order.end(), name) - order.begin();
  if (place == static_cast<std::ptrdiff_t>(order.size()) || place >= kPlaces) return 0;
  return Points(weight, kPlaces - place, kPlaces);
}

// For a distance of `steps` on a ladder.
int PointsOfStep(int weight, int steps) {
  if (steps == 0) return weight;
  return steps == 1 ? Points(weight, 1, 2) : 0;
}

int StepsToNearest(const std::vector<int>& ranks, int rank) {
  if (ranks.empty()) return 0;
  int steps = std::numeric_limits<int>::max();
  for (const int one : ranks) steps = std::min(steps, std::abs(one - rank));
  return steps;
}

}  // namespace

Fit FitOf(const Nominee& nominee, const Post& post, const FitWeights& weights) {
  const auto held = std::count_if(post.skills.begin(), post.skills.end(), [&](const std::string& skill) {
    return std::find(nominee.skills.begin(), nominee.skills.end(), skill) != nominee.skills.end();
  });
  return {
      .skills =
          post.skills.empty() ? weights.skills : Points(weights.skills, held, static_cast<int64_t>(post.skills.size())),
      .rank = PointsOfStep(weights.rank, StepsToNearest(post.ranks, nominee.rank)),
      .education = PointsOfStep(weights.education, std::max(0, post.education - nominee.education)),
      .wish = PointsOfPlace(weights.wish, nominee.wishes, post.name),
      .host_order = PointsOfPlace(weights.host_order, post.host_order, nominee.name),
  };
}

}  // namespace duikou::personnel::rules
