#include "services/consultation/pending.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "common/pending/item.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/proceeding.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/proceedings.h"
#include "services/consultation/rules/awaited.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation {
namespace {

using pending::Item;
using v1::Calendar;
using v1::Consultation;
using v1::ConsultationNotice;
using v1::Minutes;

Item ItemOf(Item::Work work, const std::string& name, const Consultation& consultation) {
  Item item;
  item.set_work(work);
  item.set_name(name);
  item.set_subject(consultation.name());
  item.set_number(consultation.number());
  item.set_title(consultation.topic());
  return item;
}

absl::StatusOr<std::vector<std::string>> AnsweredFor(const View& view, const Caller& caller, const std::string& city) {
  ASSIGN_OR_RETURN(const std::vector<Calendar> calendars,
                   view.ListAll<Calendar>({.parent = city, .where = {{"liaisons", store::Value(caller.name)}}}));
  std::vector<std::string> names;
  for (const Calendar& calendar : calendars) names.push_back(calendar.name());
  return names;
}

absl::Status AddConsultations(const View& view, const Caller& caller, const std::string& city,
                              std::vector<Item>& items) {
  ASSIGN_OR_RETURN(const std::vector<std::string> answered_for, AnsweredFor(view, caller, city));
  ASSIGN_OR_RETURN(
      const std::vector<Consultation> consultations,
      view.ListAll<Consultation>({.parent = "cities/-",
                                  .filter = "state = DRAFT OR state = PROPOSED OR state = CONFIRMED OR state = HELD",
                                  .where = {{"cities", store::Value(city)}}}));
  for (const Consultation& consultation : consultations) {
    std::vector<Minutes> minutes;
    rules::WrittenMinutes written;
    if (consultation.state() == Consultation::HELD) {
      ASSIGN_OR_RETURN(minutes, view.ListAll<Minutes>({.parent = consultation.name()}));
    }
    if (!minutes.empty()) {
      written.minutes = &minutes[0];
      ASSIGN_OR_RETURN(written.digest, DigestOf(view, minutes[0]));
    }
    for (const rules::Awaited& awaited : rules::AwaitedOf(consultation, written, answered_for, caller, view.now())) {
      const bool of_minutes = awaited.work == Item::SIGN_MINUTES || awaited.work == Item::ISSUE_MINUTES;
      Item item = ItemOf(awaited.work, of_minutes ? minutes[0].name() : consultation.name(), consultation);
      if (awaited.due) pending::SetDue(item, rules::ToDate(DayOf(*awaited.due)), DayOf(view.now()));
      const auto* participant = rules::FindParticipant(consultation, awaited.calendar);
      if (participant != nullptr) item.set_detail(participant->title());
      items.push_back(std::move(item));
    }
  }
  return absl::OkStatus();
}

absl::Status AddNotices(const View& view, const Caller& caller, const std::string& city, std::vector<Item>& items) {
  ASSIGN_OR_RETURN(
      const std::vector<ConsultationNotice> notices,
      view.ListAll<ConsultationNotice>(
          {.parent = "cities/-",
           .where = {{"city", store::Value(city)}, {"state", store::Value(int64_t{ConsultationNotice::UNREAD})}}}));
  for (const ConsultationNotice& notice : notices) {
    ASSIGN_OR_RETURN(const Consultation consultation, view.Get<Consultation>(notice.consultation()));
    Item item = ItemOf(Item::READ_NOTICE, notice.name(), consultation);
    item.set_detail(caller.locale == Locale::kEn ? notice.text_en() : notice.text());
    items.push_back(std::move(item));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Item>> GatherPending(const View& view, const Caller& caller, const std::string& city) {
  std::vector<Item> items;
  if (caller.city != schema::CityOf(city)) return items;
  RETURN_IF_ERROR(AddConsultations(view, caller, city, items));
  const bool office = caller.Has(duikou::type::v1::SCHEDULER) || caller.Has(duikou::type::v1::COORDINATOR);
  if (office) RETURN_IF_ERROR(AddNotices(view, caller, city, items));
  return items;
}

}  // namespace duikou::consultation
