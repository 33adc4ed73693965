/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gets a GPIO line by its name, on whichever chip it is: labels and numbers of
 * chips change when the co-processor is attached to anew.
 */

#ifndef LINE_BY_NAME_H
#define LINE_BY_NAME_H

#include <linux/device.h>
#include <linux/err.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/overflow.h>
#include <linux/slab.h>

static inline struct gpio_desc *line_by_name(struct device *dev,
					     const char *name,
					     enum gpiod_flags flags)
{
	struct gpiod_lookup_table *table;
	struct gpio_desc *desc;

	table = kzalloc(struct_size(table, table, 2), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);

	table->dev_id = dev_name(dev);
	table->table[0] = GPIO_LOOKUP(name, U16_MAX, NULL, GPIO_ACTIVE_HIGH);
	gpiod_add_lookup_table(table);
	desc = gpiod_get(dev, NULL, flags);
	gpiod_remove_lookup_table(table);
	kfree(table);

	return desc;
}

#endif /* LINE_BY_NAME_H */
