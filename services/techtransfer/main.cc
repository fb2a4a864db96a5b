#include "services/techtransfer/service.h"

int main(int argc, char** argv) { return duikou::rpc::RunService(argc, argv, duikou::techtransfer::Definition()); }
