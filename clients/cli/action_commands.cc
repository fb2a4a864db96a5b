// A verb for each method beyond the standard ones: `duikou acknowledge YK-2022-01-03`. The options of a verb are the
// fields of its request; a method that the table does not know gets a verb of its own name.
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/change_text.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/record_view.h"
#include "clients/cli/values.h"
#include "clients/cli/verbs.h"
#include "common/base/status_macros.h"
#include "duikou/options/v1/options.pb.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;

// Fields that every request has and that the command line fills itself.
constexpr absl::string_view kCommon[] = {"name",          "parent",    "etag",      "request_id",
                                         "validate_only", "page_size", "page_token"};

struct Typed {
  std::string name, etag;
  bool validate_only = false;
  std::vector<std::pair<const pb::FieldDescriptor*, std::unique_ptr<std::vector<std::string>>>> fields;
};

// A text of a secret field may come from a file or standard input instead of the command line, where others can read
// it.
absl::StatusOr<std::string> TextOf(const pb::FieldDescriptor& field, const std::string& typed) {
  if (field.name() != "password" || typed.empty() || typed[0] != '@') return typed;
  ASSIGN_OR_RETURN(std::string text, ReadInput(typed.substr(1), 10'000));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

absl::Status Fill(Context& context, const Verb& verb, const Typed& typed, pb::Message& request) {
  const pb::Descriptor& descriptor = *request.GetDescriptor();
  if (descriptor.FindFieldByName("name") != nullptr) {
    const ResourceType* type = Catalog::Get().Find(verb.type);
    if (type == nullptr) return absl::InternalError(absl::StrCat("no type for ", verb.method));
    ASSIGN_OR_RETURN(const std::string name, context.suite().NameOf(*type, typed.name));
    RETURN_IF_ERROR(SetField(request, "name", name));
  }
  if (descriptor.FindFieldByName("parent") != nullptr) {
    ASSIGN_OR_RETURN(const std::string city, context.suite().City());
    RETURN_IF_ERROR(SetField(request, "parent", absl::StrCat("cities/", city)));
  }
  if (!typed.etag.empty()) RETURN_IF_ERROR(SetField(request, "etag", typed.etag));
  if (typed.validate_only) RETURN_IF_ERROR(SetField(request, "validate_only", "true"));
  for (const auto& [field, texts] : typed.fields) {
    for (const std::string& text : *texts) {
      ASSIGN_OR_RETURN(const std::string value, TextOf(*field, text));
      RETURN_IF_ERROR(SetField(request, field->name(), value));
    }
  }
  return context.suite().ExpandReferences(request);
}

absl::Status Act(Context& context, const pb::MethodDescriptor& method, const Verb& verb, const Typed& typed) {
  auto* factory = pb::MessageFactory::generated_factory();
  const std::unique_ptr<pb::Message> request(factory->GetPrototype(method.input_type())->New());
  const std::unique_ptr<pb::Message> response(factory->GetPrototype(method.output_type())->New());
  RETURN_IF_ERROR(Fill(context, verb, typed, *request));
  RETURN_IF_ERROR(context.suite().Call(method, *request, response.get()));
  if (context.json()) {
    context.PrintJson(*response);
    return absl::OkStatus();
  }
  if (!method.output_type()->options().HasExtension(options::v1::resource)) {
    const std::string detail = DetailOf(*response, TerminalWidth());
    const bool asked = absl::StartsWith(method.name(), "Get");
    const absl::string_view done = typed.validate_only ? Say("可以执行", "can be done") : Say("完成", "done");
    context.Print(!detail.empty() ? detail : absl::StrCat(asked ? Say("没有", "nothing") : done, "\n"));
  } else {
    const std::vector<std::string> columns = DefaultColumns(*method.output_type());
    Table table = TableOf(columns);
    table.Add(RowOf(*response, columns));
    context.Print(table);
  }
  if (typed.validate_only) context.Print(PreviewLine());
  return absl::OkStatus();
}

void AddFieldOptions(CLI::App& app, const pb::Descriptor& request, Typed& typed) {
  for (int i = 0; i < request.field_count(); ++i) {
    const pb::FieldDescriptor& field = *request.field(i);
    if (absl::c_linear_search(kCommon, field.name())) continue;
    const auto& rule = field.options().GetExtension(options::v1::field);
    typed.fields.emplace_back(&field, std::make_unique<std::vector<std::string>>());
    std::string help = FieldLabel(field.name());
    if (field.enum_type() != nullptr) {
      absl::StrAppend(&help, ":");
      for (int v = 1; v < field.enum_type()->value_count(); ++v)
        absl::StrAppend(&help, " ", field.enum_type()->value(v)->name());
    }
    if (rule.max_length() > 0)
      absl::StrAppend(&help, Say("(至多 ", " (at most "), rule.max_length(), Say(" 字)", " characters)"));
    if (field.name() == "password")
      absl::StrAppend(&help,
                      Say(";@文件 或 @- 从文件或标准输入读取", "; @FILE or @- reads it from a file or standard input"));
    CLI::Option* option = app.add_option(absl::StrCat("--", absl::StrReplaceAll(field.name(), {{"_", "-"}})),
                                         *typed.fields.back().second, help);
    if (rule.required()) option->required();
    field.is_repeated() ? option->take_all()->expected(1) : option->expected(1);
    // The text of a message has commas of its own.
    if (field.is_repeated() && field.message_type() == nullptr) option->delimiter(',');
  }
}

void AddVerb(CLI::App& app, Context& context, const pb::MethodDescriptor& method, const Verb& verb) {
  auto typed = std::make_shared<Typed>();
  CLI::App* command = AddCommand(app, std::string(verb.verb), verb.zh, verb.en, verb.example);
  const pb::Descriptor& request = *method.input_type();
  if (request.FindFieldByName("name") != nullptr) {
    command->add_option("NAME", typed->name, std::string(Say("名称、编号或标识", "name, number or id")))->required();
  }
  if (request.FindFieldByName("etag") != nullptr)
    command->add_option("--etag", typed->etag, std::string(Say("须为当前版本", "the version it must have")));
  if (request.FindFieldByName("validate_only") != nullptr)
    command->add_flag("--validate-only", typed->validate_only, std::string(Say("只检查,不执行", "check only")));
  AddFieldOptions(*command, request, *typed);
  command->callback([&context, &method, verb, typed] {
    context.run = [&context, &method, verb, typed] { return Act(context, method, verb, *typed); };
  });
}

}  // namespace

void AddActionCommands(CLI::App& app, Context& context) {
  for (const pb::MethodDescriptor* method : Catalog::Get().actions()) {
    if (HasItsOwnCommand(method->name())) continue;
    if (const Verb* known = FindVerb(method->name()); known != nullptr) {
      AddVerb(app, context, *method, *known);
      continue;
    }
    // Its names live as long as the program, as the descriptors do.
    const auto* name = new std::string(Kebab(method->name()));
    const ResourceType* type = Catalog::Get().Find(method->output_type()->name());
    AddVerb(app, context, *method,
            {method->name(), *name, type == nullptr ? "" : absl::string_view(type->type), method->name(),
             method->name(), ""});
  }
}

}  // namespace duikou::cli
