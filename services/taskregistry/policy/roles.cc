#include "services/taskregistry/policy/roles.h"

#include <algorithm>

#include "services/taskregistry/policy/source_text.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

constexpr size_t kLongestLabel = 24;

enum class Part {
  kRole,    // Says the role: 牵头, 责任, 配合.
  kUnit,    // Says that units follow: 单位, 部门.
  kPerson,  // Says that people follow: 领导, 责任人.
  kTime,    // Says that a time follows: 时限.
  kFiller,  // Stands between: 及, 主要, 市.
};
struct LabelWord {
  std::u32string_view text;
  Part part;
  Role role = Role::kNone;
};

// Longer words before their ends, so that 负责人 is not read as 人.
constexpr LabelWord kLabelWords[] = {
    {U"联系电话", Part::kPerson},
    {U"咨询电话", Part::kPerson},
    {U"联系方式", Part::kPerson},
    {U"负责人", Part::kPerson},
    {U"责任人", Part::kPerson},
    {U"联系人", Part::kPerson},
    {U"联络员", Part::kPerson},
    {U"领导", Part::kPerson},
    {U"专员", Part::kPerson},
    {U"人员", Part::kPerson},
    {U"组长", Part::kPerson},
    {U"干部", Part::kPerson},
    {U"市长", Part::kPerson},
    {U"人", Part::kPerson},
    {U"完成时间节点", Part::kTime},
    {U"完成时限", Part::kTime},
    {U"完成时间", Part::kTime},
    {U"完成期限", Part::kTime},
    {U"完成日期", Part::kTime},
    {U"完成年限", Part::kTime},
    {U"办结时限", Part::kTime},
    {U"办结时间", Part::kTime},
    {U"办理时限", Part::kTime},
    {U"落实时限", Part::kTime},
    {U"整改时限", Part::kTime},
    {U"工作时限", Part::kTime},
    {U"时限要求", Part::kTime},
    {U"时间要求", Part::kTime},
    {U"时间节点", Part::kTime},
    {U"时间安排", Part::kTime},
    {U"时间进度", Part::kTime},
    {U"进度要求", Part::kTime},
    {U"推进时限", Part::kTime},
    {U"时限", Part::kTime},
    {U"单位", Part::kUnit},
    {U"部门", Part::kUnit},
    {U"主体", Part::kUnit},
    {U"机构", Part::kUnit},
    {U"机关", Part::kUnit},
    {U"科室", Part::kUnit},
    {U"处室", Part::kUnit},
    {U"股室", Part::kUnit},
    {U"县市区", Part::kUnit},
    {U"县区", Part::kUnit},
    {U"区县", Part::kUnit},
    {U"市县", Part::kUnit},
    {U"镇街", Part::kUnit},
    {U"乡镇", Part::kUnit},
    {U"司局", Part::kUnit},
    {U"委局", Part::kUnit},
    {U"牵头", Part::kRole, Role::kLead},
    {U"主办", Part::kRole, Role::kLead},
    {U"主责", Part::kRole, Role::kLead},
    {U"责任分工", Part::kUnit, Role::kResponsible},
    {U"任务分工", Part::kUnit, Role::kResponsible},
    {U"职责分工", Part::kUnit, Role::kResponsible},
    {U"责任", Part::kRole, Role::kResponsible},
    {U"负责", Part::kRole, Role::kResponsible},
    {U"落实", Part::kRole, Role::kResponsible},
    {U"承办", Part::kRole, Role::kResponsible},
    {U"承担", Part::kRole, Role::kResponsible},
    {U"实施", Part::kRole, Role::kResponsible},
    {U"执行", Part::kRole, Role::kResponsible},
    {U"配合", Part::kRole, Role::kCooperating},
    {U"协办", Part::kRole, Role::kCooperating},
    {U"协助", Part::kRole, Role::kCooperating},
    {U"协同", Part::kRole, Role::kCooperating},
    {U"协作", Part::kRole, Role::kCooperating},
    {U"参与", Part::kRole, Role::kCooperating},
    {U"参加", Part::kRole, Role::kCooperating},
    {U"支持", Part::kRole, Role::kCooperating},
    {U"督办", Part::kRole, Role::kSupervising},
    {U"督导", Part::kRole, Role::kSupervising},
    {U"督查", Part::kRole, Role::kSupervising},
    {U"督促", Part::kRole, Role::kSupervising},
    {U"监督", Part::kRole, Role::kSupervising},
    {U"指导", Part::kRole, Role::kSupervising},
    {U"主要", Part::kFiller},
    {U"第一", Part::kFiller},
    {U"共同", Part::kFiller},
    {U"具体", Part::kFiller},
    {U"分管", Part::kFiller},
    {U"包保", Part::kFiller},
    {U"组织", Part::kFiller},
    {U"整改", Part::kFiller},
    {U"相关", Part::kFiller},
    {U"有关", Part::kFiller},
    {U"市级", Part::kFiller},
    {U"省级", Part::kFiller},
    {U"区级", Part::kFiller},
    {U"县级", Part::kFiller},
    {U"市直", Part::kFiller},
    {U"总", Part::kFiller},
    {U"市", Part::kFiller},
    {U"省", Part::kFiller},
    {U"区", Part::kFiller},
    {U"县", Part::kFiller},
    {U"及", Part::kFiller},
    {U"和", Part::kFiller},
    {U"与", Part::kFiller},
    {U"或", Part::kFiller},
    {U"/", Part::kFiller},
    {U"、", Part::kFiller},
    {U" ", Part::kFiller},
};

// The role that a label's roles make together: 牵头责任单位 leads; 责任落实 is responsible.
Role Stronger(Role a, Role b) {
  const auto rank = [](Role r) {
    return r == Role::kLead          ? 5
           : r == Role::kSupervising ? 4
           : r == Role::kCooperating ? 3
           : r == Role::kResponsible ? 2
                                     : 0;
  };
  return rank(a) >= rank(b) ? a : b;
}

struct LabelRead {
  Role role = Role::kNone;
  bool unit = false;
  bool person = false;
  bool time = false;
  size_t best_begin = 0;  // Where the label begins if it is cut at its first word that is not filler.
  bool any = false;
};

void Take(const LabelWord& word, size_t begin, LabelRead& read) {
  if (word.part == Part::kFiller) return;
  // 单位 before a role (as in 落实主体|责任) belongs to what stands before the label.
  const bool closes = word.part != Part::kUnit || read.role == Role::kNone;
  if (closes) read.best_begin = begin;
  read.any = true;
  read.unit |= word.part == Part::kUnit && closes;
  read.role = Stronger(word.role, read.role);
  read.person |= word.part == Part::kPerson;
  read.time |= word.part == Part::kTime;
}

const LabelWord* WordEndingAt(std::u32string_view text, size_t floor, size_t end) {
  for (const auto& word : kLabelWords) {
    if (end - floor >= word.text.size() && HasAt(text, end - word.text.size(), word.text)) return &word;
  }
  return nullptr;
}

std::optional<Label> Finish(const LabelRead& read) {
  Label label{.begin = read.best_begin, .names_kind = read.unit, .with_person = read.person && read.unit};
  if (!read.any) return std::nullopt;
  if (read.time) {
    label.role = Role::kDeadline;
    label.names_kind = true;
  } else if (read.person && !read.unit) {
    label.role = Role::kPerson;
  } else {
    label.role = read.role;
  }
  if (label.role == Role::kNone) return std::nullopt;
  return label;
}

struct VerbWord {
  std::u32string_view text;
  Role role;  // kNone: an adverb.
};
constexpr VerbWord kVerbWords[] = {
    {U"牵头", Role::kLead},
    {U"主办", Role::kLead},
    {U"为主", Role::kLead},
    {U"负责", Role::kResponsible},
    {U"落实", Role::kResponsible},
    {U"实施", Role::kResponsible},
    {U"承办", Role::kResponsible},
    {U"承担", Role::kResponsible},
    {U"推进", Role::kResponsible},
    {U"推动", Role::kResponsible},
    {U"办理", Role::kResponsible},
    {U"执行", Role::kResponsible},
    {U"完成", Role::kResponsible},
    {U"配合", Role::kCooperating},
    {U"协助", Role::kCooperating},
    {U"参与", Role::kCooperating},
    {U"参加", Role::kCooperating},
    {U"协办", Role::kCooperating},
    {U"支持", Role::kCooperating},
    {U"协同", Role::kNone},
    {U"督办", Role::kSupervising},
    {U"督导", Role::kSupervising},
    {U"各司其职", Role::kNone},
    {U"各负其责", Role::kResponsible},
    {U"齐抓共管", Role::kResponsible},
    {U"按照", Role::kNone},
    {U"按", Role::kNone},
    {U"依据", Role::kNone},
    {U"依照", Role::kNone},
    {U"依", Role::kNone},
    {U"根据", Role::kNone},
    {U"各自", Role::kNone},
    {U"自身", Role::kNone},
    {U"职责", Role::kNone},
    {U"职能", Role::kNone},
    {U"责任", Role::kNone},
    {U"任务", Role::kNone},
    {U"分工", Role::kNone},
    {U"范围", Role::kNone},
    {U"分别", Role::kNone},
    {U"分头", Role::kNone},
    {U"共同", Role::kNone},
    {U"具体", Role::kNone},
    {U"密切", Role::kNone},
    {U"积极", Role::kNone},
    {U"认真", Role::kNone},
    {U"主动", Role::kNone},
    {U"联合", Role::kNone},
    {U"组织", Role::kNone},
    {U"统筹", Role::kNone},
    {U"协调", Role::kNone},
    {U"抓好", Role::kNone},
    {U"做好", Role::kNone},
    {U"总体", Role::kNone},
    {U"工作", Role::kNone},
};

// What 负责 may be followed by without assigning anything.
constexpr std::u32string_view kNoDuty[] = {U"解释", U"制", U"人", U"同志", U"部门", U"单位", U"的"};

}  // namespace

std::optional<Label> LabelEndingAt(std::u32string_view text, size_t floor, size_t end) {
  if (end > kLongestLabel + 40 && floor < end - kLongestLabel - 40) floor = end - kLongestLabel - 40;
  LabelRead read;
  bool first_leads = false;
  size_t at = end;
  while (at > floor) {
    if (text[at - 1] == U')') {
      const size_t open = text.rfind(U'(', at - 1);
      if (open == std::u32string_view::npos || open < floor || open == floor) break;
      const auto inside = text.substr(open + 1, at - open - 2);
      if (Contains(inside, U")")) break;
      first_leads |= SaysFirstLeads(inside);
      if (!first_leads && inside.size() > 12) break;
      if (WordEndingAt(text, floor, open) == nullptr) break;
      at = open;
      continue;
    }
    const LabelWord* word = WordEndingAt(text, floor, at);
    if (word == nullptr || end - at > kLongestLabel + 30) break;
    at -= word->text.size();
    Take(*word, at, read);
  }
  auto label = Finish(read);
  if (label) label->first_leads = first_leads;
  return label;
}

std::optional<std::pair<Label, size_t>> LabelStarting(std::u32string_view token) {
  LabelRead read;
  size_t at = 0;
  size_t end = 0;
  Label best;
  while (at < token.size() && at <= kLongestLabel) {
    const LabelWord* found = nullptr;
    for (const auto& word : kLabelWords) {
      if (word.text != U" " && HasAt(token, at, word.text) &&
          (found == nullptr || word.text.size() > found->text.size()))
        found = &word;
    }
    // 人民银行 begins with no label: one of people begins with a role or a whole word.
    if (found == nullptr ||
        (at == 0 && (found->part == Part::kFiller || found->text == U"人" || found->part == Part::kUnit)))
      break;
    at += found->text.size();
    Take(*found, at, read);
    read.unit |= found->part == Part::kUnit;
    if (found->part == Part::kUnit || found->part == Part::kTime || found->part == Part::kPerson) {
      if (const auto label = Finish(read)) {
        best = *label;
        end = at;
      }
    }
  }
  if (end == 0 || !(best.names_kind || best.role == Role::kPerson)) return std::nullopt;
  best.begin = 0;
  if (HasAt(token, end, U"为") || HasAt(token, end, U"是")) ++end;
  return std::make_pair(best, end);
}

std::optional<VerbTail> FindVerbTail(std::u32string_view token) {
  VerbTail tail{.begin = token.size()};
  for (bool moved = true; moved && tail.begin > 0;) {
    moved = false;
    for (const auto& word : kVerbWords) {
      if (tail.begin < word.text.size() || !HasAt(token, tail.begin - word.text.size(), word.text)) continue;
      tail.begin -= word.text.size();
      tail.role = Stronger(word.role, tail.role);
      moved = true;
      break;
    }
  }
  if (tail.role == Role::kNone) return std::nullopt;
  return tail;
}

std::optional<VerbTail> FindVerbWithObject(std::u32string_view token) {
  constexpr VerbWord kVerbs[] = {{U"牵头", Role::kLead},
                                 {U"负责", Role::kResponsible},
                                 {U"配合", Role::kCooperating},
                                 {U"协助", Role::kCooperating}};
  for (size_t i = 2; i < token.size(); ++i) {
    for (const auto& verb : kVerbs) {
      if (!HasAt(token, i, verb.text)) continue;
      const auto object = token.substr(i + verb.text.size());
      if (std::any_of(std::begin(kNoDuty), std::end(kNoDuty), [&](auto word) { return StartsWith(object, word); }))
        return std::nullopt;
      if (!LooksLikeUnit(token.substr(0, i))) return std::nullopt;
      return VerbTail{.begin = i, .role = verb.role};
    }
  }
  return std::nullopt;
}

bool SaysFirstLeads(std::u32string_view clause) {
  constexpr std::u32string_view kFirst[] = {U"第一", U"首位", U"首个", U"列首", U"排首",
                                            U"之首", U"在前", U"最前", U"第1",  U"位次靠前"};
  constexpr std::u32string_view kLinks[] = {U"为", U"是", U"即", U"系", U"的", U"者", U"作", U"由", U"位", U"单位"};
  for (const auto first : kFirst) {
    const size_t at = clause.find(first);
    if (at == std::u32string_view::npos) continue;
    const size_t lead = clause.find(U"牵头", at);
    if (lead == std::u32string_view::npos || lead - at > 24) continue;
    const auto between = clause.substr(at + first.size(), lead - at - first.size());
    for (const auto link : kLinks) {
      if (Contains(between, link)) return true;
    }
  }
  return false;
}

}  // namespace duikou::policy
