#include "services/personnel/rules/minimum_cost_flow.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace duikou::personnel::rules {
namespace {

constexpr int kFar = std::numeric_limits<int>::max();

size_t At(int index) { return static_cast<size_t>(index); }

}  // namespace

MinimumCostFlow::MinimumCostFlow(int nodes)
    : arcs_(At(nodes)), potential_(At(nodes)), level_(At(nodes)), next_(At(nodes)) {}

int MinimumCostFlow::AddArc(int from, int to, int capacity, int cost) {
  const int arc = static_cast<int>(to_.size());
  to_.insert(to_.end(), {to, from});
  residual_.insert(residual_.end(), {capacity, 0});
  cost_.insert(cost_.end(), {cost, -cost});
  arcs_[At(from)].push_back(arc);
  arcs_[At(to)].push_back(arc + 1);
  return arc;
}

void MinimumCostFlow::Solve(int source, int sink) {
  while (FindDistances(source, sink)) {
    while (FindLevels(source, sink)) {
      std::fill(next_.begin(), next_.end(), 0);
      while (Advance(source, sink, kFar) > 0) {
      }
    }
  }
}

// Adds the distance of each node by reduced costs to its potential, as far as the sink's distance goes. False when the
// sink is out of reach.
bool MinimumCostFlow::FindDistances(int source, int sink) {
  std::vector<int> distance(arcs_.size(), kFar);
  std::priority_queue<std::pair<int, int>, std::vector<std::pair<int, int>>, std::greater<>> frontier;
  distance[At(source)] = 0;
  frontier.emplace(0, source);
  while (!frontier.empty()) {
    const auto [reached, node] = frontier.top();
    frontier.pop();
    if (node == sink) break;
    if (reached > distance[At(node)]) continue;
    for (const int arc : arcs_[At(node)]) {
      if (residual_[At(arc)] == 0) continue;
      const int next = to_[At(arc)];
      const int length = reached + cost_[At(arc)] + potential_[At(node)] - potential_[At(next)];
      if (length >= distance[At(next)]) continue;
      distance[At(next)] = length;
      frontier.emplace(length, next);
    }
  }
  const int limit = distance[At(sink)];
  if (limit == kFar) return false;
  for (size_t node = 0; node < arcs_.size(); ++node) potential_[node] += std::min(distance[node], limit);
  return true;
}

bool MinimumCostFlow::OnShortestPath(int node, int arc) const {
  return residual_[At(arc)] > 0 && cost_[At(arc)] + potential_[At(node)] == potential_[At(to_[At(arc)])];
}

// Numbers the nodes by their arcs from the source along shortest paths. False when the sink is not reached.
bool MinimumCostFlow::FindLevels(int source, int sink) {
  std::fill(level_.begin(), level_.end(), -1);
  std::queue<int> frontier;
  level_[At(source)] = 0;
  frontier.push(source);
  while (!frontier.empty() && level_[At(sink)] < 0) {
    const int node = frontier.front();
    frontier.pop();
    for (const int arc : arcs_[At(node)]) {
      const int next = to_[At(arc)];
      if (level_[At(next)] >= 0 || !OnShortestPath(node, arc)) continue;
      level_[At(next)] = level_[At(node)] + 1;
      frontier.push(next);
    }
  }
  return level_[At(sink)] >= 0;
}

// Sends up to `limit` from the node along one path of growing levels; 0 when none is left.
int MinimumCostFlow::Advance(int node, int sink, int limit) {
  if (node == sink) return limit;
  for (size_t& place = next_[At(node)]; place < arcs_[At(node)].size(); ++place) {
    const int arc = arcs_[At(node)][place];
    const int next = to_[At(arc)];
    if (level_[At(next)] != level_[At(node)] + 1 || !OnShortestPath(node, arc)) continue;
    const int sent = Advance(next, sink, std::min(limit, residual_[At(arc)]));
    if (sent == 0) continue;
    residual_[At(arc)] -= sent;
    residual_[At(arc ^ 1)] += sent;
    return sent;
  }
  return 0;
}

}  // namespace duikou::personnel::rules
