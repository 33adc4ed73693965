// am62x_table: the resource table in the image that Linux loads, the same that the firmware publishes.
//
// Spec:    Linux, include/linux/remoteproc.h: struct resource_table, fw_rsc_hdr, fw_rsc_vdev, fw_rsc_vdev_vring.
// Trusts:  -
// Thread:  -
// Memory:  96 bytes at AM62X_TABLE.

#include <stdint.h>

// Linux reads it before the firmware runs, and writes into it while it runs.
extern volatile uint32_t am62x_table[];
__attribute__((section(".resource_table"), used)) volatile uint32_t am62x_table[] = {
#include "am62x_table.inc"
};
