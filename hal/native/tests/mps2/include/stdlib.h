// stdlib: what the tests use of it; the program's end is QEMU's, by semihosting.
//
// Spec:    C11, as far as it goes.
// Trusts:  -
// Thread:  any.
// Memory:  -

#ifndef MPS2_STDLIB_H
#define MPS2_STDLIB_H

_Noreturn void exit(int code);
_Noreturn void abort(void);

#endif
