// Personal fields in the protos: which marks are refused, and how they are parted from the others.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/schema/record_fields.h"
#include "common/schema/resource_type.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "tests/unit/status_matchers.h"

namespace duikou::schema {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::TextFormat;

// A resource with the fields given beside those that each has, and a message Inner with an open and a personal text.
class Resource {
 public:
  explicit Resource(const std::string& fields, const std::string& options = "", const std::string& title_marks = "") {
    const auto field = [](const char* name, int number, const char* rest, const std::string& marks = "") {
      return absl::StrCat("field { name: '", name, "' number: ", number, " label: LABEL_OPTIONAL ", rest,
                          " options { [duikou.options.v1.field] {", marks, "} } } ");
    };
    const char* text = "type: TYPE_STRING";
    const char* time = "type: TYPE_MESSAGE type_name: '.google.protobuf.Timestamp'";
    const std::string file = absl::StrCat(
        "name: 'duikou/test/thing.proto' package: 'duikou.test' syntax: 'proto3' "
        "dependency: 'duikou/options/v1/options.proto' dependency: 'google/protobuf/timestamp.proto' "
        "message_type { name: 'Inner' ",
        field("open", 1, text), field("hidden", 2, text, "personal: true"), "} message_type { name: 'Thing' ",
        "options { [duikou.options.v1.resource] { type: 'thing' pattern: 'cities/{city}/things/{thing}' ", options,
        " } } ", field("name", 1, text, title_marks), field("etag", 2, text), field("create_time", 3, time),
        field("update_time", 4, time), fields, "}");
    google::protobuf::FileDescriptorProto proto;
    EXPECT_TRUE(TextFormat::ParseFromString(file, &proto)) << file;
    const auto* built = pool_.BuildFile(proto);
    EXPECT_NE(built, nullptr) << file;
    descriptor_ = built->FindMessageTypeByName("Thing");
  }
  const Descriptor* descriptor() const { return descriptor_; }
  std::unique_ptr<Message> New() { return std::unique_ptr<Message>(factory_.GetPrototype(descriptor_)->New()); }

 private:
  DescriptorPool pool_{DescriptorPool::generated_pool()};
  google::protobuf::DynamicMessageFactory factory_{&pool_};
  const Descriptor* descriptor_ = nullptr;
};

std::string Text(const std::string& name, int number, const std::string& marks, bool repeated = false) {
  return absl::StrCat("field { name: '", name, "' number: ", number, " label: LABEL_",
                      repeated ? "REPEATED" : "OPTIONAL", " type: TYPE_STRING options { [duikou.options.v1.field] {",
                      marks, "} } } ");
}
std::string Inner(const std::string& name, int number, bool repeated, const std::string& marks = "") {
  return absl::StrCat(
      "field { name: '", name, "' number: ", number, " label: LABEL_", repeated ? "REPEATED" : "OPTIONAL",
      " type: TYPE_MESSAGE type_name: '.duikou.test.Inner' options { [duikou.options.v1.field] {", marks, "} } } ");
}

TEST(PersonalFieldsTest, MarksThatGoTogether) {
  const Resource resource(Text("title", 5, "personal: true digest: true") +
                          Text("unit", 6, "indexed: true party: HOME") + Inner("inner", 7, false) +
                          Inner("inners", 8, true));
  const auto type = ResourceType::Derive(resource.descriptor());
  ASSERT_THAT(type, duikou::testing::IsOk());
  EXPECT_TRUE((*type)->has_personal_fields());
  EXPECT_THAT((*type)->personal_fields(), ::testing::ElementsAre("title", "inner.hidden", "inners.hidden"));
  ASSERT_EQ((*type)->digests().size(), 1U);
  EXPECT_EQ((*type)->digests()[0].name, "title");
  ASSERT_EQ((*type)->columns().size(), 1U) << "digests are no columns: they are neither filtered nor ordered by";
}

TEST(PersonalFieldsTest, MarksThatDoNot) {
  const struct {
    const char* what;
    std::string fields, options, name_marks;
  } cases[] = {
      {"indexed", Text("title", 5, "personal: true indexed: true"), "", ""},
      {"filtered", Text("title", 5, "personal: true filtered: true"), "", ""},
      {"unique", Text("title", 5, "personal: true unique: true"), "", ""},
      {"a party", Text("unit", 5, "personal: true party: HOME"), "", ""},
      {"a digest of what is not personal", Text("title", 5, "digest: true"), "", ""},
      {"a digest of many", Text("titles", 5, "personal: true digest: true", true), "", ""},
      {"a digest of a message", Inner("inner", 5, false, "personal: true digest: true"), "", ""},
      {"the name", "", "", "personal: true"},
      {"what it is seen with", Text("task", 5, "personal: true"), "seen_with: 'task'", ""},
      {"a confined record", Text("title", 5, "personal: true"), "visibility: CONFINED", ""},
      {"the store's own number", Text("title", 5, "personal: true") + Text("other", kSealedField, ""), "", ""},
  };
  for (const auto& one : cases) {
    const Resource resource(one.fields, one.options, one.name_marks);
    EXPECT_TRUE(absl::IsInvalidArgument(ResourceType::Derive(resource.descriptor()).status())) << one.what;
  }
}

TEST(PersonalFieldsTest, PartedAndPutTogetherItIsTheSame) {
  Resource resource(Text("title", 5, "personal: true") + Text("tags", 6, "personal: true", true) +
                    Inner("inner", 7, false) + Inner("inners", 8, true) + Text("plain", 9, ""));
  const std::unique_ptr<Message> record = resource.New(), personal = resource.New(), together = resource.New();
  ASSERT_TRUE(TextFormat::ParseFromString(
      "name: 'n' title: 'SECRET' tags: 'SECRET' tags: 'SECRET' inner { open: 'o' hidden: 'SECRET' } "
      "inners { open: 'a' hidden: 'SECRET' } inners { open: 'b' } plain: 'p'",
      record.get()));
  const std::string whole = record->SerializeAsString();
  MovePersonalFields(*record, *personal);
  const std::string open = record->SerializeAsString();
  EXPECT_EQ(open.find("SECRET"), std::string::npos) << record->DebugString();
  ASSERT_TRUE(together->ParseFromString(open + personal->SerializeAsString()));
  EXPECT_EQ(together->SerializeAsString(), whole);
  EXPECT_EQ(record->DebugString(), "name: \"n\"\ninner {\n  open: \"o\"\n}\nplain: \"p\"\n");
}

}  // namespace
}  // namespace duikou::schema
