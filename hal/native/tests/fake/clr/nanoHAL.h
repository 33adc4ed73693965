// nanoHAL: as much of nanoCLR's GPIO PAL as the port's pins touch.
//
// Spec:    nanoFramework's CPU_GPIO: names and behaviour of what is declared, no more.
// Trusts:  -
// Thread:  one.
// Memory:  -

#ifndef NANOHAL_H
#define NANOHAL_H

#include <stddef.h>
#include <stdint.h>

typedef int16_t GPIO_PIN;

enum PinMode { PinMode_Input = 0, PinMode_Output = 3 };
enum GpioPinValue { GpioPinValue_Low = 0, GpioPinValue_High = 1 };
enum GPIO_INT_EDGE { GPIO_INT_NONE = 0, GPIO_INT_EDGE_BOTH = 3 };

typedef void (*GPIO_INTERRUPT_SERVICE_ROUTINE)(GPIO_PIN pin, bool level, void *argument);

int32_t CPU_GPIO_GetPinCount();
bool CPU_GPIO_ReservePin(GPIO_PIN pin, bool reserve);
bool CPU_GPIO_DriveModeSupported(GPIO_PIN pin, PinMode mode);
bool CPU_GPIO_EnableInputPin(GPIO_PIN pin, uint32_t debounce, GPIO_INTERRUPT_SERVICE_ROUTINE routine, void *argument,
                             GPIO_INT_EDGE edge, PinMode mode);
bool CPU_GPIO_EnableOutputPin(GPIO_PIN pin, GpioPinValue value, PinMode mode);
void CPU_GPIO_SetPinState(GPIO_PIN pin, GpioPinValue value);
GpioPinValue CPU_GPIO_GetPinState(GPIO_PIN pin);

#endif
