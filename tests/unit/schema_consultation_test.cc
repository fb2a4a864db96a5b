// The protos of the consultation service are what the kernel takes: resources, and a rule and a request of its own for
// each method.
#include <set>

#include "common/auth/method_rule.h"
#include "common/schema/resource_type.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "duikou/consultation/v1/proceedings.pb.h"
#include "duikou/consultation/v1/rotation.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou {
namespace {

using duikou::testing::IsOk;
using google::protobuf::FileDescriptor;

const std::vector<const FileDescriptor*>& Files() {
  static const auto* files =
      new std::vector<const FileDescriptor*>{consultation::v1::GetCalendarRequest::descriptor()->file(),
                                             consultation::v1::GetConsultationRequest::descriptor()->file(),
                                             consultation::v1::GetMinutesRequest::descriptor()->file(),
                                             consultation::v1::GetSeriesRequest::descriptor()->file()};
  return *files;
}

TEST(ConsultationProtosTest, ResourcesAreWellFormed) {
  std::set<std::string> types;
  for (const FileDescriptor* services : Files()) {
    for (int f = 0; f < services->dependency_count(); ++f) {
      const FileDescriptor* file = services->dependency(f);
      for (int i = 0; i < file->message_type_count(); ++i) {
        const auto* message = file->message_type(i);
        if (!message->options().HasExtension(options::v1::resource)) continue;
        const auto type = schema::ResourceType::Derive(message);
        ASSERT_THAT(type, IsOk()) << message->full_name();
        types.insert((*type)->type());
      }
    }
  }
  EXPECT_EQ(types,
            (std::set<std::string>{"agenda_item", "busy_source", "calendar", "consultation", "consultation_notice",
                                   "consultation_settings", "decision", "feed", "minutes", "series"}));
}

TEST(ConsultationProtosTest, PartiesOfAConsultationSeeItAndTitlesStayInTheCity) {
  EXPECT_FALSE(schema::ResourceType::Derive(consultation::v1::Consultation::descriptor()).value()->parties().empty());
  EXPECT_TRUE(schema::ResourceType::Derive(consultation::v1::BusySource::descriptor()).value()->parties().empty());
  EXPECT_EQ(schema::ResourceType::Derive(consultation::v1::BusySource::descriptor()).value()->access_field(), nullptr);
}

TEST(ConsultationProtosTest, EachMethodHasARuleAndARequestOfItsOwn) {
  std::set<const google::protobuf::Descriptor*> requests;
  int methods = 0;
  for (const FileDescriptor* file : Files()) {
    ASSERT_EQ(file->service_count(), 1) << file->name();
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      const auto* method = file->service(0)->method(i);
      EXPECT_THAT(auth::MethodRule::Of(method), IsOk()) << method->full_name();
      EXPECT_EQ(method->input_type()->file(), file) << method->full_name() << ": clients find its service by the file";
      requests.insert(method->input_type());
      ++methods;
    }
  }
  EXPECT_EQ(requests.size(), static_cast<size_t>(methods));
}

}  // namespace
}  // namespace duikou
