// vgpio_port_config: what the proofs assume of the port, of the compiler's builtins, and of an interrupt.
//
// Spec:    ACSL 1.17; port/vgpio_port.h.
// Trusts:  -
// Thread:  the proofs are of one thread. An interrupt may come before each atomic operation, any number of times.
// Memory:  -
//
// Frama-C alone reads this file. Fences and cache maintenance change no memory that the contracts speak of.

#ifndef VGPIO_PORT_CONFIG_H
#define VGPIO_PORT_CONFIG_H

#include <stdint.h>

#define VGPIO_FULL_FENCE() ((void)0)
#define VGPIO_READ_FENCE() ((void)0)
#define VGPIO_WRITE_FENCE() ((void)0)
#define VGPIO_DOORBELL_FENCE() ((void)0)

/*@ assigns \nothing; */
uint32_t swap32(uint32_t number);
#define __builtin_bswap32 swap32

/*@ assigns \nothing; */
uint16_t swap16(uint16_t number);
#define __builtin_bswap16 swap16

/*@ requires bits != 0;
    assigns \nothing;
    ensures 0 <= \result < 32;
*/
int lowest_bit(uint32_t bits);
#define __builtin_ctz lowest_bit

// Of all the bits of all the words that interrupts set, one is watched. Nothing is known of which, so what is proved holds for each.
// `owed`: an interrupt has set it, and it has not been delivered.
//@ ghost uint32_t *watched;
//@ ghost uint32_t watched_bit;
//@ ghost uint32_t watched_slot;
//@ ghost int owed;

//@ predicate bit_of(integer word, integer bit) = ((word >> bit) & 1) == 1;
//@ predicate has(integer word) = bit_of(word, watched_bit);

/*@ lemma bit_of_or: \forall uint32_t a, b, bit; bit < 32 ==> (bit_of(a | b, bit) <==> bit_of(a, bit) || bit_of(b, bit));
    lemma bit_of_one: \forall uint32_t at, bit; bit < 32 && at < 32 ==> (bit_of((uint32_t)(1 << at), bit) <==> at == bit);
    lemma bit_of_all_but_one: \forall uint32_t at, bit; bit < 32 && at < 32 ==>
        (bit_of((uint32_t)(~((uint32_t)(1 << at))), bit) <==> at != bit);
    lemma bit_of_masked: \forall uint32_t a, at; at < 32 ==> ((a & (uint32_t)(1 << at)) != 0 <==> bit_of(a, at));
*/

// The atomic operations. Before each of them an interrupt may set bits of the word, never clear one: the old value that is answered has
// every bit that the word had, and the watched one if it is owed from now on.
/*@ requires \valid(word);
    assigns *word, owed;
    ensures word == watched && has(\old(*word)) ==> has(\result);
    ensures owed == \old(owed) || (owed && word == watched && has(\result));
    ensures has(*word) <==> has(\result) || has(bits);
*/
uint32_t fetch_or(uint32_t *word, uint32_t bits);
#define VGPIO_FETCH_OR fetch_or

/*@ requires \valid(word);
    assigns *word, owed;
    ensures word == watched && has(\old(*word)) ==> has(\result);
    ensures owed == \old(owed) || (owed && word == watched && has(\result));
    ensures has(*word) <==> has(\result) && has(bits);
*/
uint32_t fetch_and(uint32_t *word, uint32_t bits);
#define VGPIO_FETCH_AND fetch_and

/*@ requires \valid(word);
    assigns *word, owed;
    ensures word == watched && has(\old(*word)) ==> has(\result);
    ensures owed == \old(owed) || (owed && word == watched && has(\result));
    ensures *word == value;
*/
uint32_t exchange(uint32_t *word, uint32_t value);
#define VGPIO_EXCHANGE exchange

/*@ requires \valid(word);
    assigns *word, owed;
    ensures word == watched && has(\old(*word)) ==> has(\result);
    ensures owed == \old(owed) || (owed && word == watched && has(\result));
    ensures *word == \result;
*/
uint32_t load_atomically(uint32_t *word);
#define VGPIO_LOAD load_atomically

// Its own words are vgpio_doorbell.c's, and no other file's.
#ifdef PROVES_vgpio_edges
//@ assigns \nothing;
void vgpio_ring(uint32_t bits);
#endif

#endif
