// vgpio_contracts: what the contracts of the core speak of: the port's ranges, and alignment.
//
// Spec:    none.
// Trusts:  -
// Thread:  any.
// Memory:  -

#ifndef VGPIO_CONTRACTS_H
#define VGPIO_CONTRACTS_H

#include "vgpio_port.h"

#ifdef __cplusplus
extern "C" {
#endif

// vgpio_memory.c: the port's ranges.
extern const struct vgpio_range *vgpio_ranges;
extern uint32_t vgpio_range_count;

/*@ // Every range is memory of this program, and ends below 4 GiB or there.
    predicate ranges_are_memory{L} =
        \valid_read(vgpio_ranges + (0 .. vgpio_range_count - 1)) &&
        \forall integer i; 0 <= i < vgpio_range_count ==>
            0 < vgpio_ranges[i].length && vgpio_ranges[i].address + vgpio_ranges[i].length <= 0x100000000 &&
            \valid(vgpio_ranges[i].memory + (0 .. vgpio_ranges[i].length - 1));

    predicate is_in(uint8_t *place, integer length, uint8_t *memory, integer whole) =
        \base_addr(place) == \base_addr(memory) && 0 <= place - memory < whole && length <= whole - (place - memory);

    // `length` bytes from `place` on are all in one range.
    predicate is_shared{L}(uint8_t *place, integer length) =
        \exists integer i; 0 <= i < vgpio_range_count && is_in(place, length, vgpio_ranges[i].memory, vgpio_ranges[i].length);

    // The one fact of addresses that the proofs rest on.
    axiomatic Addresses {
        logic integer address_of(uint8_t *place);
        axiom next: \forall uint8_t *place, integer n; address_of(place + n) == address_of(place) + n;
    }

    predicate is_number_size(integer size) = size == 1 || size == 2 || size == 4;
*/

#ifdef __cplusplus
}
#endif

#endif
