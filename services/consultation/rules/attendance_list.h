#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_ATTENDANCE_LIST_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_ATTENDANCE_LIST_H_

#include <string>
#include <vector>

#include "duikou/consultation/v1/consultation.pb.h"

namespace duikou::consultation::rules {

struct AttendanceRow {
  int number = 0;  // 序号 in the whole list, from 1.
  const v1::Consultation::Participant* participant = nullptr;
  std::string stands_in_for;  // Title of the principal; empty otherwise.
};

// 参会名单: the parties in their order; within each the participants by their number in protocol order 礼宾次序, those
// without one behind, and the same number as they are named. Of what is HELD those who attended; before, those whom the
// slot takes, and of OPTIONAL and OBSERVER participants those who have not declined.
std::vector<AttendanceRow> AttendanceList(const v1::Consultation& consultation);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_ATTENDANCE_LIST_H_
