// am62x_port: what the files of this port know of each other.
//
// Spec:    none.
// Trusts:  -
// Thread:  the service thread.
// Memory:  none.

#ifndef AM62X_PORT_H
#define AM62X_PORT_H

#include <stdbool.h>

// Whether the address translation is as am62x_map leaves it.
bool am62x_is_mapped(void);

// No pin interrupts until one is watched.
void am62x_pins_start(void);

#endif
