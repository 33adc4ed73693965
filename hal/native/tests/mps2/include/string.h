// string: what the tests use of it, and what the compiler calls.
//
// Spec:    C11, as far as it goes.
// Trusts:  -
// Thread:  any.
// Memory:  -

#ifndef MPS2_STRING_H
#define MPS2_STRING_H

#include <stddef.h>

void *memcpy(void *into, const void *from, size_t count);
void *memset(void *into, int value, size_t count);
int memcmp(const void *one, const void *other, size_t count);
int strcmp(const char *one, const char *other);
size_t strlen(const char *text);
char *strncat(char *into, const char *from, size_t count);

#endif
