#include "clients/cli/listing_commands.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/known_item.h"
#include "clients/cli/language.h"
#include "clients/cli/table.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "common/tabular/tsv.h"

namespace duikou::cli {
namespace {

constexpr size_t kLargestTable = 64'000'000;

struct Typed {
  std::string file;
  bool json = false;
};

absl::Status Evaluate(Context& context, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadInput(typed.file, kLargestTable));
  ASSIGN_OR_RETURN(const tabular::Sheet table, tabular::ReadTsv(bytes));
  ASSIGN_OR_RETURN(const std::vector<KnownItemWay> ways, KnownItemWays(table));
  Table shown({std::string(Say("方式", "way")), "MRR@10", std::string(Say("召回率@10", "recall@10"))});
  std::vector<std::string> members;
  for (const KnownItemWay& way : ways) {
    const KnownItemFigures figures = MeasureIndex(way);
    shown.Add({way.name, absl::StrFormat("%.4f", figures.mrr), absl::StrFormat("%.4f", figures.recall)});
    members.push_back(absl::StrFormat("\"%s\":{\"mrr\":%.6f,\"recall\":%.6f}", way.name, figures.mrr, figures.recall));
  }
  if (typed.json || context.json()) {
    context.Print(absl::StrCat("{", absl::StrJoin(members, ","), "}\n"));
    return absl::OkStatus();
  }
  context.Print(shown);
  context.Print(absl::StrCat(
      Say("以每条供需信息自身的文字检索它,共 ", "each listing is looked for by words of its own; listings: "),
      ways.front().items.size(),
      Say(" 条。keywords:以全部关键词检索标题和摘要;title:以标题检索摘要;short:以全部关键词检索标题;last:"
          "以最后一个关键词检索摘要。\n",
          ". keywords: title and abstract by all keywords; title: abstract by title; short: title by all keywords; "
          "last: abstract by the last keyword.\n")));
  return absl::OkStatus();
}

}  // namespace

void AddListingCommands(CLI::App& app, Context& context) {
  CLI::App* listing = AddCommand(app, "listing", "供需信息", "listings of technology offered and wanted");
  listing->require_subcommand(1);
  auto typed = std::make_shared<Typed>();
  CLI::App* evaluate = AddCommand(*listing, "eval", "检索质量:能否以自身的文字找到每条供需信息(无需服务)",
                                  "how well search finds each listing by words of its own; needs no server",
                                  "duikou listing eval listings.tsv --json");
  evaluate
      ->add_option(
          "FILE", typed->file,
          std::string(Say("制表符分隔的表,含 title、abstract、keywords 列;- 为标准输入",
                          "a table separated by tabs with title, abstract and keywords; - for standard input")))
      ->required();
  evaluate->add_flag("--json", typed->json, std::string(Say("以 JSON 输出", "print JSON")));
  evaluate->callback([&context, typed] { context.run = [&context, typed] { return Evaluate(context, *typed); }; });
}

}  // namespace duikou::cli
