#include "services/taskregistry/policy/unit_list.h"

#include <algorithm>

#include "services/taskregistry/policy/deadlines.h"
#include "services/taskregistry/policy/list_tokens.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

// Reads one list front to back. `pending` are the units that wait for the verb that may follow them.
class Reader {
 public:
  Reader(const SourceText& text, Span range, ListPlace place) : text_(text), range_(range), place_(place) {}

  RoleList Read() {
    tokens_ = CutList(text_, range_);
    out_.end = range_.begin;
    for (i_ = 0; i_ < tokens_.size(); ++i_) {
      if (!TakeToken(tokens_[i_])) break;
      out_.end = std::max(out_.end, tokens_[i_].span.end);
      if (StopsAfter(i_)) break;
    }
    Flush(role_ == Role::kNone ? Role::kResponsible : role_);
    return std::move(out_);
  }

 private:
  std::u32string_view Folded(Span span) const { return text_.Folded(span); }
  bool Running() const { return place_ == ListPlace::kRunning; }

  // False where the list has ended before this token.
  bool TakeToken(const ListToken& token) {
    const auto folded = Folded(token.span);
    if (token.separator == U':') return TakeLabel(token);
    if (role_ == Role::kDeadline) {
      TakeDeadline(token.span);
      return true;
    }
    if (const auto label = LabelStarting(folded); label && (!Running() || out_.has_label || i_ == 0)) {
      SetLabel(label->first);
      const Span rest{token.span.begin + label->second, token.span.end};
      if (rest.empty()) label_end_ = token.span.end;
      if (!rest.empty() && role_ != Role::kPerson) TakeNames(rest);
      return true;
    }
    if (role_ == Role::kPerson) return true;
    if (!Running() && IsOpenEnded(folded) && folded.size() <= 8 && !LooksLikeUnit(folded)) {
      out_.deadlines.push_back(token.span);
      return true;
    }
    if (SaysFirstLeads(folded)) {
      out_.first_leads = true;
      return true;
    }
    if (folded == U"下同" || folded == U"注") return true;
    TakeNames(token.span);
    return true;
  }

  // 牵头单位: sets the role of what follows; what stands before the label without a separator is a name.
  bool TakeLabel(const ListToken& token) {
    const auto label = LabelEndingAt(text_.folded(), token.span.begin, token.span.end);
    if (!label) {
      if (Running()) return false;
      out_.unknown.push_back(token.span);
      return true;
    }
    if (label->begin > token.span.begin) {
      const Span before{token.span.begin, label->begin};
      if (role_ == Role::kDeadline) {
        TakeDeadline(before);
      } else if (role_ != Role::kPerson && !SaysTier(before)) {
        TakeNames(before);
      }
    }
    SetLabel(*label);
    return true;
  }

  // 省级|责任单位: a tier before a label is no unit.
  bool SaysTier(Span span) const {
    const auto word = Folded(text_.Trim(span));
    return word.size() <= 3 && (EndsWith(word, U"级") || EndsWith(word, U"直"));
  }

  void SetLabel(const Label& label) {
    Flush(role_ == Role::kNone ? Role::kResponsible : role_);
    role_ = label.role;
    with_person_ = label.with_person;
    out_.has_label = true;
    out_.first_leads |= label.first_leads;
    ++list_;
  }

  // A time of completion goes on to the next label, sentence or line.
  void TakeDeadline(Span span) {
    if (deadline_open_ && !out_.deadlines.empty()) {
      out_.deadlines.back().end = span.end;
    } else {
      out_.deadlines.push_back(span);
    }
    deadline_open_ = true;
  }

  // The names of a token, with the verb that may follow them.
  void TakeNames(Span span) {
    const auto folded = Folded(span);
    if (const auto date = ReadDeadlineAt(text_, span.begin, span.end); date && date->stated) {
      out_.deadlines.push_back({span.begin, date->end});
      Span rest{date->end, span.end};
      if (FindVerbTail(Folded(rest)) || rest.size() < 3) return;
      return TakeNames(rest);
    }
    Span names = span;
    Role verb = Role::kNone;
    if (auto tail = FindVerbTail(folded)) {
      names.end = span.begin + tail->begin;
      verb = tail->role;
    } else if (auto object = FindVerbWithObject(folded)) {
      names.end = span.begin + object->begin;
      verb = object->role;
    }
    const size_t before = pending_.size();
    TakeUnits(names);
    if (verb == Role::kNone) return;
    if (pending_.empty() && before == 0) {
      out_.unknown.push_back(span);
      return;
    }
    out_.has_verb = true;
    Flush(verb);
    ++list_;
  }

  void TakeUnits(Span span) {
    span = WithoutLead(span);
    if (span.empty()) return;
    // 发改委牵头会同财政局: the verb stands before 会同.
    for (const Span part : CutJoined(text_, span)) {
      Span name = part;
      Role verb = Role::kNone;
      if (part.end < span.end) {
        if (const auto tail = FindVerbTail(Folded(part))) {
          name.end = part.begin + tail->begin;
          verb = tail->role;
        }
      }
      TakeUnit(WithoutLead(name));
      if (verb != Role::kNone && !pending_.empty()) {
        out_.has_verb = true;
        Flush(verb);
      }
    }
  }

  void TakeUnit(Span span) {
    if (span.empty()) return;
    Duty duty{.span = span, .list = list_};
    duty.span = WithoutOthers(text_, duty.span, &duty.and_others);
    const Role own = TakeRoleBracket(duty.span);
    DropExplanation(duty.span);
    const auto name = Folded(duty.span);
    duty.strong = LooksLikeUnit(name);
    const bool allowed = duty.strong || (!with_person_ && CouldBeUnit(name));
    if (!allowed) {
      if (!duty.span.empty()) out_.unknown.push_back(span);
      return;
    }
    if (own != Role::kNone) {
      duty.role = own;
      out_.has_verb = true;
      out_.duties.push_back(duty);
      return;
    }
    pending_.push_back(duty);
  }

  // 市发改委(牵头): the bracket says the role.
  Role TakeRoleBracket(Span& span) const {
    const auto name = Folded(span);
    if (!EndsWith(name, U")")) return Role::kNone;
    const size_t open = name.rfind(U'(');
    if (open == std::u32string_view::npos || open == 0) return Role::kNone;
    const auto inside = name.substr(open + 1, name.size() - open - 2);
    const auto tail = FindVerbTail(inside);
    const auto label = LabelStarting(inside);
    const Role role = tail && tail->begin == 0                  ? tail->role
                      : label && label->second == inside.size() ? label->first.role
                                                                : Role::kNone;
    if (role != Role::kNone) span.end = span.begin + open;
    return role;
  }

  // 市税务局(负责落实税收政策): the bracket explains and is no part of the name.
  void DropExplanation(Span& span) const {
    const auto name = Folded(span);
    if (!EndsWith(name, U")") || LooksLikeUnit(name)) return;
    const size_t open = name.find(U'(');
    if (open != std::u32string_view::npos && LooksLikeUnit(name.substr(0, open))) span.end = span.begin + open;
  }

  // Words before a name: 由, 会同, 以及.
  Span WithoutLead(Span span) const {
    constexpr std::u32string_view kLeads[] = {
        U"由", U"会同",   U"以及", U"及",         U"和",         U"与",         U"并由",
        U"并", U"具体由", U"其中", U"该项工作由", U"此项工作由", U"本项工作由", U"此项由",
        U"——", U"-",      U"·",    U"●",          U"联合",       U"协同",       U"配合"};
    for (bool moved = true; moved;) {
      moved = false;
      for (const auto word : kLeads) {
        if (span.size() > word.size() && StartsWith(Folded(span), word)) {
          span.begin += word.size();
          moved = true;
        }
      }
    }
    return text_.Trim(span);
  }

  // Gives `role` to the waiting units. Under a label the verb reaches back to the last comma only: 牵头单位:A,B配合.
  void Flush(Role role) {
    for (auto& duty : pending_) {
      duty.role = role;
      out_.duties.push_back(duty);
    }
    pending_.clear();
    deadline_open_ = false;
  }

  // Whether a list in running text ends after token `i`.
  bool StopsAfter(size_t i) {
    const char32_t separator = tokens_[i].separator;
    if (role_ == Role::kLead && (separator == U',' || separator == U';')) Flush(role_);
    if (!Running()) return false;
    if (separator == U'。' || separator == U'\0') return true;
    if (i + 1 >= tokens_.size()) return true;
    const auto& next = tokens_[i + 1];
    if (next.separator == U':' && LabelEndingAt(text_.folded(), next.span.begin, next.span.end)) return false;
    if (LabelStarting(Folded(next.span))) return false;
    const bool empty_value = separator == U':' || out_.end <= label_end_;
    if (role_ == Role::kDeadline && !empty_value) return separator == U'\n' || separator == U' ';
    if (separator == U'\n' && !empty_value) return true;
    if (role_ == Role::kPerson) return false;
    return !LooksLikeName(next.span, separator == U'、' || separator == U':');
  }

  bool LooksLikeName(Span span, bool weak_counts) const {
    if (role_ == Role::kDeadline) return true;
    span = WithoutLead(span);
    TakeRoleBracket(span);
    if (const auto tail = FindVerbTail(Folded(span))) span.end = span.begin + tail->begin;
    for (Span part : CutJoined(text_, span)) {
      bool others = false;
      const auto name = Folded(WithoutOthers(text_, part, &others));
      if (!LooksLikeUnit(name) && !(weak_counts && CouldBeUnit(name))) return false;
    }
    return true;
  }

  const SourceText& text_;
  const Span range_;
  const ListPlace place_;
  std::vector<ListToken> tokens_;
  size_t i_ = 0;
  std::vector<Duty> pending_;
  Role role_ = Role::kNone;
  size_t list_ = 0;
  size_t label_end_ = 0;  // The end of a label that no colon follows, while its list has not begun.
  bool with_person_ = false;
  bool deadline_open_ = false;
  RoleList out_;
};

}  // namespace

RoleList ReadRoleList(const SourceText& text, Span range, ListPlace place) { return Reader(text, range, place).Read(); }

}  // namespace duikou::policy
