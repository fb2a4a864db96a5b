#include "clients/cli/change_text.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/language.h"

namespace duikou::cli {

absl::string_view ChangeText(Change change, bool checked_only) {
  switch (change) {
    case Change::kCreate:
      return checked_only ? Say("可以创建:", "can be created: ") : Say("已创建 ", "created ");
    case Change::kUpdateKnown:
      return checked_only ? Say("已有此外部编号,可以更新:", "this external id is known, can be updated: ")
                          : Say("已有此外部编号,已更新 ", "this external id is known, updated ");
    case Change::kUpdate:
      return checked_only ? Say("可以修改:", "can be updated: ") : Say("已修改 ", "updated ");
    case Change::kDelete:
      return checked_only ? Say("可以删除:", "can be deleted: ") : Say("已删除 ", "deleted ");
  }
  return "";
}

std::string PreviewLine() {
  return absl::StrCat(Say("以上为预览,未保存任何内容。", "This is a preview: nothing is stored."), "\n");
}

}  // namespace duikou::cli
