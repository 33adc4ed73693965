// am62x_map: the M4F's address translation.
//
// Spec:    TI SPRUIV7, "Region-based Address Translation".
// Trusts:  that nothing else writes the first three regions.
// Thread:  the reset handler; no stack, data or constants in DDR.
// Memory:  none.

#include "am62x_port.h"
#include "am62x_registers.h"
#include "am62x_target.h"

enum { REGIONS = 3, LOG2_OF_512_MIB = 29 };

// The same 512 MiB for each region: DDR, the MCU domain, the mailboxes. No table of constants: it could lie in DDR.
static uint32_t local_of(uint32_t region)
{
    return AM62X_DDR + region * UINT32_C(0x20000000);
}

static uint32_t soc_of(uint32_t region)
{
    return region == 0 ? AM62X_DDR : (region - 1) * UINT32_C(0x20000000);
}

void am62x_map(void)
{
    for (uint32_t region = 0; region < REGIONS; region++) {
        am62x_write(AM62X_RAT_CONTROL(region), 0);
        am62x_write(AM62X_RAT_BASE(region), local_of(region));
        am62x_write(AM62X_RAT_LOW(region), soc_of(region));
        am62x_write(AM62X_RAT_HIGH(region), 0);
        am62x_write(AM62X_RAT_CONTROL(region), AM62X_RAT_ON | LOG2_OF_512_MIB);
    }
}

bool am62x_is_mapped(void)
{
    for (uint32_t region = 0; region < REGIONS; region++) {
        if (am62x_read(AM62X_RAT_CONTROL(region)) != (AM62X_RAT_ON | LOG2_OF_512_MIB) ||
            am62x_read(AM62X_RAT_BASE(region)) != local_of(region) || am62x_read(AM62X_RAT_LOW(region)) != soc_of(region) ||
            am62x_read(AM62X_RAT_HIGH(region)) != 0) {
            return false;
        }
    }

    return true;
}
