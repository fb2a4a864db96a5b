#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_MINIMUM_COST_FLOW_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_MINIMUM_COST_FLOW_H_

#include <cstddef>
#include <vector>

namespace duikou::personnel::rules {

// A network in which as much as possible is brought from one node to another, and that as cheaply as possible: the
// primal-dual method (Dijkstra's distances with potentials, then all that flows along shortest paths at once). The
// result depends on the order in which arcs were added, and on nothing else.
class MinimumCostFlow {
 public:
  explicit MinimumCostFlow(int nodes);

  // Returns the arc's number. capacity >= 0, cost >= 0.
  int AddArc(int from, int to, int capacity, int cost);
  // Runs once.
  void Solve(int source, int sink);
  int FlowOf(int arc) const { return residual_[static_cast<size_t>(arc) ^ 1U]; }

 private:
  bool FindDistances(int source, int sink);
  bool FindLevels(int source, int sink);
  int Advance(int node, int sink, int limit);
  bool OnShortestPath(int node, int arc) const;

  // Arc n and its reverse n ^ 1 stand side by side.
  std::vector<int> to_, residual_, cost_;
  std::vector<std::vector<int>> arcs_;  // Leaving each node.
  std::vector<int> potential_, level_;
  std::vector<size_t> next_;  // The arc of each node that is tried next.
};

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_MINIMUM_COST_FLOW_H_
