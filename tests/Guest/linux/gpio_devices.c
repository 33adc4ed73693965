// SPDX-License-Identifier: GPL-2.0
/*
 * The button and the LED of the emulated board
 *
 * Test module: describes a gpio-keys and a leds-gpio device by software nodes,
 * as a device tree would, and leaves the rest to the stock drivers.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/gpio/driver.h>
#include <linux/gpio/machine.h>
#include <linux/input-event-codes.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/string.h>

static char *chip = "virtio0";
module_param(chip, charp, 0444);
MODULE_PARM_DESC(chip, "Label of the GPIO chip (default: virtio0)");

static struct software_node chip_node;	/* its name is the label of the chip */
static struct software_node_ref_args button_gpio;
static struct software_node_ref_args led_gpio;

static const struct software_node keys_node = { .name = "test-keys" };

static const struct property_entry button_properties[] = {
	PROPERTY_ENTRY_STRING("label", "user-button"),
	PROPERTY_ENTRY_U32("linux,code", KEY_POWER),
	PROPERTY_ENTRY_U32("debounce-interval", 5),
	PROPERTY_ENTRY_REF_ARRAY_LEN("gpios", &button_gpio, 1),
	{ }
};

static const struct software_node button_node = {
	.name = "button",
	.parent = &keys_node,
	.properties = button_properties,
};

static const struct software_node leds_node = { .name = "test-leds" };

static const struct property_entry led_properties[] = {
	PROPERTY_ENTRY_STRING("label", "status"),
	PROPERTY_ENTRY_REF_ARRAY_LEN("gpios", &led_gpio, 1),
	{ }
};

static const struct software_node led_node = {
	.name = "led",
	.parent = &leds_node,
	.properties = led_properties,
};

static const struct software_node *nodes[] = {
	&chip_node, &keys_node, &button_node, &leds_node, &led_node, NULL
};

static struct platform_device *keys;
static struct platform_device *leds;

static int devices_find_line(struct gpio_chip *gc, const char *name)
{
	unsigned int i;

	for (i = 0; gc && gc->names && i < gc->ngpio; i++)
		if (gc->names[i] && !strcmp(gc->names[i], name))
			return i;

	pr_err("%s has no line %s\n", chip, name);
	return -ENOENT;
}

static int devices_find_lines(void)
{
	struct gpio_device *gdev = gpio_device_find_by_label(chip);
	int button, led;

	if (!gdev) {
		pr_err("there is no GPIO chip %s\n", chip);
		return -ENODEV;
	}

	button = devices_find_line(gpio_device_get_chip(gdev), "user-button");
	led = devices_find_line(gpio_device_get_chip(gdev), "status-led");
	gpio_device_put(gdev);
	if (button < 0 || led < 0)
		return -ENOENT;

	button_gpio = SOFTWARE_NODE_REFERENCE(&chip_node, button, GPIO_ACTIVE_LOW);
	led_gpio = SOFTWARE_NODE_REFERENCE(&chip_node, led, GPIO_ACTIVE_HIGH);
	return 0;
}

static struct platform_device *devices_add(const char *driver,
					   const struct software_node *node)
{
	struct platform_device_info info = {
		.name = driver,
		.id = PLATFORM_DEVID_NONE,
		.fwnode = software_node_fwnode(node),
	};

	return platform_device_register_full(&info);
}

static int __init devices_init(void)
{
	int ret;

	chip_node.name = chip;
	ret = devices_find_lines();
	if (ret)
		return ret;

	ret = software_node_register_node_group(nodes);
	if (ret)
		return ret;

	keys = devices_add("gpio-keys", &keys_node);
	if (IS_ERR(keys)) {
		ret = PTR_ERR(keys);
		goto unregister_nodes;
	}

	leds = devices_add("leds-gpio", &leds_node);
	if (IS_ERR(leds)) {
		ret = PTR_ERR(leds);
		goto unregister_keys;
	}

	return 0;

unregister_keys:
	platform_device_unregister(keys);
unregister_nodes:
	software_node_unregister_node_group(nodes);
	return ret;
}
module_init(devices_init);

static void __exit devices_exit(void)
{
	platform_device_unregister(leds);
	platform_device_unregister(keys);
	software_node_unregister_node_group(nodes);
}
module_exit(devices_exit);

MODULE_DESCRIPTION("Test: the button and the LED of the emulated board");
MODULE_LICENSE("GPL");
