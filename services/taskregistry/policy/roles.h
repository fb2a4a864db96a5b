// The words by which a document says who does what: labels (牵头单位:) and verbs (…牵头, …按职责分工负责).
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_ROLES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_ROLES_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace duikou::policy {

enum class Role {
  kNone,
  kLead,         // 牵头, 主办
  kResponsible,  // 责任, 负责, 落实
  kCooperating,  // 配合, 协办, 参与
  kSupervising,  // 督办, 督导
  kPerson,       // 责任领导, 责任人: what follows names people
  kDeadline,     // 完成时限: what follows is a time
};

// A label, such as 牵头单位 or 责任单位(列第一位者为牵头单位).
struct Label {
  size_t begin = 0;  // Where it begins.
  Role role = Role::kNone;
  bool names_kind = false;   // It says 单位, 部门 or the like, not 责任 alone.
  bool with_person = false;  // It says 责任单位及责任人: people stand among the units.
  bool first_leads = false;  // A bracket in it says that the first of the list leads.
};

// The longest label that ends at `end` of `text` (where a colon or a blank follows) and begins at `floor` or after it.
// Reads back over words of labels only, so that 增长责任单位 gives 责任单位.
std::optional<Label> LabelEndingAt(std::u32string_view text, size_t floor, size_t end);

// The label that `token` begins with though no colon follows (责任单位 市发改委, 牵头单位为市发改委), and its length.
std::optional<std::pair<Label, size_t>> LabelStarting(std::u32string_view token);

// The verb that a token ends with: 市财政局|按职责分工负责. `begin` is where it begins, 0 when the token is verb only.
struct VerbTail {
  size_t begin = 0;
  Role role = Role::kNone;
};
std::optional<VerbTail> FindVerbTail(std::u32string_view token);

// The verb in the middle of a token, with an object after it: 市财政局|负责资金保障. Only after a name of a unit;
// 负责解释 and the like are no duty.
std::optional<VerbTail> FindVerbWithObject(std::u32string_view token);

// Whether `clause` says that the first unit of a list leads: 列第一位者为牵头单位, 排名第一的部门牵头.
bool SaysFirstLeads(std::u32string_view clause);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_ROLES_H_
