#ifndef DUIKOU_SERVICES_TASKREGISTRY_FIGURES_TABLE_H_
#define DUIKOU_SERVICES_TASKREGISTRY_FIGURES_TABLE_H_

#include <string>

#include "common/base/caller.h"
#include "common/tabular/xlsx_writer.h"
#include "duikou/taskregistry/v1/overview.pb.h"

namespace duikou::taskregistry {

// Figures as a table: the whole, then a row for each group, then one for each point of the trend.
tabular::Table MakeFiguresTable(const v1::GetFiguresResponse& figures, v1::GetFiguresRequest::GroupBy by,
                                const std::string& title, Locale locale);

// The share of tasks done on time, "87.5%"; a dash where none was owed.
std::string OnTimeText(const v1::TaskFigures& figures);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_FIGURES_TABLE_H_
