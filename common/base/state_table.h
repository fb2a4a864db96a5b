#ifndef DUIKOU_COMMON_BASE_STATE_TABLE_H_
#define DUIKOU_COMMON_BASE_STATE_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace duikou {

// A set of states of a proto enum, whose numbers are below 32.
template <class State>
constexpr uint32_t In(std::initializer_list<State> states) {
  uint32_t bits = 0;
  for (const State state : states) bits |= 1U << state;
  return bits;
}

// An action of a state machine: its name for people, and the states that allow it.
template <class Action>
struct ActionRow {
  Action action;
  const char* zh;
  const char* en;
  uint32_t states;
  bool asked_for = true;  // False for what days bring: nobody is told that it can be done.
};

// What a refusal says of the record.
struct RecordInState {
  absl::string_view reason;  // "TASK_STATE_FORBIDS"
  absl::string_view type;    // The metadata's key for the name: "task".
  Text noun;                 // {"该任务", "The task"}
  Text state;
  std::string name;
};

// The state machine of a kind of record, as domain.md gives it: a row for each action, in the order of the enum.
template <class State, class Action, size_t kActions>
class StateTable {
 public:
  constexpr explicit StateTable(const std::array<ActionRow<Action>, kActions>& rows) : rows_(rows) {}

  constexpr bool Allows(State state, Action action) const { return (Row(action).states >> state & 1U) != 0; }
  Text NameOf(Action action) const { return {Row(action).zh, Row(action).en}; }

  // FAILED_PRECONDITION with the record's reason, naming its state and what can be done in it.
  absl::Status Check(State state, Action action, const RecordInState& record) const {
    return Allows(state, action) ? absl::OkStatus() : Refusal(state, action, record);
  }

 private:
  constexpr const ActionRow<Action>& Row(Action action) const { return rows_[static_cast<size_t>(action)]; }

  absl::Status Refusal(State state, Action action, const RecordInState& record) const {
    Text allowed;
    for (const ActionRow<Action>& row : rows_) {
      if (!row.asked_for || !Allows(state, row.action)) continue;
      absl::StrAppend(&allowed.zh, allowed.zh.empty() ? "" : "、", row.zh);
      absl::StrAppend(&allowed.en, allowed.en.empty() ? "" : ", ", row.en);
    }
    if (allowed.zh.empty()) allowed = {"无", "nothing"};
    const Text name = NameOf(action);
    return StateForbids(
        record.reason,
        {absl::StrCat(record.noun.zh, "处于“", record.state.zh, "”状态,不能", name.zh, ";可以:", allowed.zh, "。"),
         absl::StrCat(record.noun.en, " is ", record.state.en, ", so you cannot ", name.en, "; you can: ", allowed.en,
                      ".")},
        {{"state", record.state.en}, {std::string(record.type), record.name}});
  }

  std::array<ActionRow<Action>, kActions> rows_;
};

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_STATE_TABLE_H_
