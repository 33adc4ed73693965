// nanoCLR_Checks: see nanoCLR_Interop.h.
//
// Spec:    -
// Trusts:  -
// Thread:  -
// Memory:  -

#include "nanoCLR_Interop.h"
