#include "clients/cli/field_help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/language.h"
#include "duikou/options/v1/options.pb.h"

namespace duikou::cli {

namespace pb = google::protobuf;

std::string FieldHelp(const pb::Descriptor& type, bool listed) {
  std::string help(listed ? Say("字段(--columns;标明“可筛选”的也用于 --filter、--order-by):\n",
                                "Fields (--columns; those that can be filtered by, --filter and --order-by too):\n")
                          : Say("字段(--set 字段=值):\n", "Fields (--set FIELD=VALUE):\n"));
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    const auto& rule = field.options().GetExtension(options::v1::field);
    if (!listed && (rule.output_only() || field.name() == "name" || field.name() == "etag")) continue;
    std::string limits;
    const auto add = [&](absl::string_view text) {
      absl::StrAppend(&limits, limits.empty() ? "" : Say(",", ", "), text);
    };
    if (rule.required() && !listed) add(Say("必填", "required"));
    if (rule.immutable() && !listed) add(Say("创建后不可改", "fixed once created"));
    if (rule.max_length() > 0 && !listed)
      add(absl::StrCat(Say("至多 ", "at most "), rule.max_length(), Say(" 字", " characters")));
    if (rule.max_items() > 0 && !listed)
      add(absl::StrCat(Say("至多 ", "at most "), rule.max_items(), Say(" 项", " items")));
    if (rule.min() != 0 || rule.max() != 0) add(absl::StrCat(rule.min(), "–", rule.max()));
    if (rule.indexed() || rule.filtered() || rule.unique() || rule.number()) add(Say("可筛选", "can be filtered by"));
    if (!rule.reference().empty()) add(absl::StrCat("→ ", rule.reference()));
    if (field.enum_type() != nullptr) {
      for (int v = 1; v < field.enum_type()->value_count(); ++v) add(field.enum_type()->value(v)->name());
    }
    absl::StrAppend(&help, "  ", field.name(), field.is_repeated() ? "[]" : "", "  ",
                    CurrentLanguage() == Language::kChinese ? FieldLabel(field.name()) : "",
                    limits.empty() ? "" : absl::StrCat("  (", limits, ")"), "\n");
  }
  return help;
}

}  // namespace duikou::cli
