// SPDX-License-Identifier: GPL-2.0
/*
 * A user of GPIO interrupts that takes orders
 *
 * Test module: does with interrupts of GPIO lines what drivers do with them,
 * step by step. <debugfs>/gpio_consumer/control takes one command per write:
 *
 *   request LINE TYPE  threaded handler that reads the line; TYPE: rising,
 *                      falling, both, high, low
 *   blind LINE TYPE    the same, but the handler does not read the line
 *   hard LINE TYPE     the same, but everything is done in the hard interrupt
 *   free LINE          gives interrupt and line back
 *   type LINE TYPE     irq_set_irq_type() while the interrupt is live
 *   disable LINE       disable_irq_nosync()
 *   enable LINE        enable_irq()
 *   hold LINE          from now on the handler stays in its thread, and so the
 *                      line stays masked, until it is told to go on
 *   step LINE          lets the handler go on once
 *   release LINE       lets it go on for good
 *   late LINE          from now on the handler stays in its thread until the
 *                      interrupt is disabled, as the core does for suspend
 *   quiet LINE OUTPUT  the handler drives the line OUTPUT low, as one that
 *                      clears the reason for the interrupt in a device
 *   raise LINE         drives that OUTPUT high
 *   wrong LINE         sets the line to 5, behind gpiolib, which would not: the
 *                      device answers with an error
 *
 * LINE and OUTPUT are names. <debugfs>/gpio_consumer/lines tells for each line
 * what has been counted, whether the handler is held and the interrupt masked or
 * disabled; "last" is the level that the threaded handler read last.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "line_by_name.h"

#define CONSUMER_MAX_COMMAND	128

/**
 * struct consumer_line - a line in use
 * @node: in consumer_lines
 * @name: of the line
 * @desc: the line
 * @output: the line that quiets it, or NULL
 * @irq: its interrupt
 * @irqs: how many times the hard handler ran
 * @handled: how many times the interrupt has been dealt with
 * @last: the level that the threaded handler read, -1 before that
 * @blind: it does not read
 * @disabled: by command
 * @hold: the threaded handler is to wait
 * @held: it waits
 * @go: for this
 * @late: the threaded handler stays until the interrupt is disabled
 */
struct consumer_line {
	struct list_head node;
	char *name;
	struct gpio_desc *desc;
	struct gpio_desc *output;
	int irq;
	atomic_t irqs;
	atomic_t handled;
	int last;
	bool blind;
	bool disabled;
	bool hold;
	bool held;
	struct completion go;
	bool late;
};

struct consumer_command {
	const char *name;
	int args;
	int (*run)(char **args);
};

static const char * const consumer_type_names[] = {
	"rising", "falling", "both", "high", "low"
};

static const unsigned int consumer_types[] = {
	IRQ_TYPE_EDGE_RISING, IRQ_TYPE_EDGE_FALLING, IRQ_TYPE_EDGE_BOTH,
	IRQ_TYPE_LEVEL_HIGH, IRQ_TYPE_LEVEL_LOW
};

static LIST_HEAD(consumer_lines);
static DEFINE_MUTEX(consumer_lock);	/* Protects consumer_lines: one command at a time */
static struct device *consumer_dev;
static struct dentry *consumer_dir;

static irqreturn_t consumer_hard_irq(int irq, void *data)
{
	struct consumer_line *line = data;

	atomic_inc(&line->irqs);
	atomic_inc(&line->handled);
	return IRQ_HANDLED;
}

static irqreturn_t consumer_irq(int irq, void *data)
{
	struct consumer_line *line = data;

	atomic_inc(&line->irqs);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t consumer_thread(int irq, void *data)
{
	struct consumer_line *line = data;

	if (!line->blind)
		WRITE_ONCE(line->last, gpiod_get_value_cansleep(line->desc));
	if (line->output)
		gpiod_set_value_cansleep(line->output, 0);

	if (READ_ONCE(line->hold)) {
		WRITE_ONCE(line->held, true);
		wait_for_completion(&line->go);
		WRITE_ONCE(line->held, false);
	}

	while (READ_ONCE(line->late) && !irqd_irq_disabled(irq_get_irq_data(irq)))
		fsleep(USEC_PER_MSEC);

	atomic_inc(&line->handled);
	return IRQ_HANDLED;
}

static struct consumer_line *consumer_find(const char *name)
{
	struct consumer_line *line;

	list_for_each_entry(line, &consumer_lines, node)
		if (!strcmp(line->name, name))
			return line;

	return NULL;
}

static int consumer_parse_type(const char *name, unsigned int *type)
{
	int i = match_string(consumer_type_names,
			     ARRAY_SIZE(consumer_type_names), name);

	if (i < 0)
		return i;

	*type = consumer_types[i];
	return 0;
}

static int consumer_request_irq(struct consumer_line *line, unsigned int type,
				bool hard)
{
	int irq = gpiod_to_irq(line->desc);

	if (irq < 0)
		return irq;

	line->irq = irq;
	if (hard)
		return request_irq(irq, consumer_hard_irq, type, line->name,
				   line);

	return request_threaded_irq(irq, consumer_irq, consumer_thread,
				    type | IRQF_ONESHOT, line->name, line);
}

static int consumer_start(char **args, bool hard, bool blind)
{
	struct consumer_line *line;
	unsigned int type;
	int ret;

	ret = consumer_parse_type(args[1], &type);
	if (ret)
		return ret;

	if (consumer_find(args[0]))
		return -EBUSY;

	line = kzalloc(sizeof(*line), GFP_KERNEL);
	if (!line)
		return -ENOMEM;

	line->last = -1;
	line->blind = blind;
	init_completion(&line->go);
	line->name = kstrdup(args[0], GFP_KERNEL);
	if (!line->name) {
		ret = -ENOMEM;
		goto free_line;
	}

	line->desc = line_by_name(consumer_dev, line->name, GPIOD_IN);
	if (IS_ERR(line->desc)) {
		ret = PTR_ERR(line->desc);
		goto free_name;
	}

	ret = consumer_request_irq(line, type, hard);
	if (ret)
		goto put_desc;

	list_add_tail(&line->node, &consumer_lines);
	return 0;

put_desc:
	gpiod_put(line->desc);
free_name:
	kfree(line->name);
free_line:
	kfree(line);
	return ret;
}

static int consumer_request(char **args)
{
	return consumer_start(args, false, false);
}

static int consumer_request_blind(char **args)
{
	return consumer_start(args, false, true);
}

static int consumer_request_hard(char **args)
{
	return consumer_start(args, true, true);
}

static void consumer_let_go(struct consumer_line *line)
{
	WRITE_ONCE(line->hold, false);
	complete_all(&line->go);
}

static void consumer_end(struct consumer_line *line)
{
	consumer_let_go(line);
	free_irq(line->irq, line);
	if (line->output)
		gpiod_put(line->output);
	gpiod_put(line->desc);
	list_del(&line->node);
	kfree(line->name);
	kfree(line);
}

static int consumer_free(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line)
		return -ENOENT;

	consumer_end(line);
	return 0;
}

static int consumer_set_type(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);
	unsigned int type;
	int ret;

	if (!line)
		return -ENOENT;

	ret = consumer_parse_type(args[1], &type);
	if (ret)
		return ret;

	return irq_set_irq_type(line->irq, type);
}

static int consumer_disable(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line)
		return -ENOENT;

	if (line->disabled)
		return -EALREADY;

	/* Not disable_irq(): it would wait for a handler that is held. */
	disable_irq_nosync(line->irq);
	line->disabled = true;
	return 0;
}

static int consumer_enable(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line)
		return -ENOENT;

	if (!line->disabled)
		return -EALREADY;

	enable_irq(line->irq);
	line->disabled = false;
	return 0;
}

static int consumer_hold(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line)
		return -ENOENT;

	if (line->hold)
		return -EALREADY;

	reinit_completion(&line->go);
	WRITE_ONCE(line->hold, true);
	return 0;
}

static int consumer_step(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line)
		return -ENOENT;

	if (!READ_ONCE(line->held))
		return -EAGAIN;

	complete(&line->go);
	return 0;
}

static int consumer_release(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line)
		return -ENOENT;

	consumer_let_go(line);
	return 0;
}

static int consumer_set_late(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line)
		return -ENOENT;

	WRITE_ONCE(line->late, true);
	return 0;
}

static int consumer_quiet(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);
	struct gpio_desc *output;

	if (!line)
		return -ENOENT;

	if (line->output)
		return -EBUSY;

	output = line_by_name(consumer_dev, args[1], GPIOD_OUT_LOW);
	if (IS_ERR(output))
		return PTR_ERR(output);

	line->output = output;
	return 0;
}

static int consumer_raise(char **args)
{
	struct consumer_line *line = consumer_find(args[0]);

	if (!line || !line->output)
		return -ENOENT;

	gpiod_set_value_cansleep(line->output, 1);
	return 0;
}

static int consumer_set_wrong(char **args)
{
	struct gpio_desc *desc = line_by_name(consumer_dev, args[0], GPIOD_ASIS);
	struct gpio_chip *chip;

	if (IS_ERR(desc))
		return PTR_ERR(desc);

	chip = gpiod_to_chip(desc);
	chip->set(chip, desc_to_gpio(desc) - chip->base, 5);
	gpiod_put(desc);
	return 0;
}

static const struct consumer_command consumer_commands[] = {
	{ "request", 2, consumer_request },
	{ "blind", 2, consumer_request_blind },
	{ "hard", 2, consumer_request_hard },
	{ "free", 1, consumer_free },
	{ "type", 2, consumer_set_type },
	{ "disable", 1, consumer_disable },
	{ "enable", 1, consumer_enable },
	{ "hold", 1, consumer_hold },
	{ "step", 1, consumer_step },
	{ "release", 1, consumer_release },
	{ "late", 1, consumer_set_late },
	{ "quiet", 2, consumer_quiet },
	{ "raise", 1, consumer_raise },
	{ "wrong", 1, consumer_set_wrong },
};

static int consumer_run(int argc, char **argv)
{
	const struct consumer_command *command;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(consumer_commands); i++) {
		command = &consumer_commands[i];
		if (argc == command->args + 1 && !strcmp(argv[0], command->name))
			return command->run(argv + 1);
	}

	return -EINVAL;
}

static ssize_t consumer_control_write(struct file *file,
				      const char __user *buf, size_t count,
				      loff_t *ppos)
{
	char *text, **argv;
	int argc, ret;

	if (count > CONSUMER_MAX_COMMAND)
		return -EINVAL;

	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);

	argv = argv_split(GFP_KERNEL, text, &argc);
	kfree(text);
	if (!argv)
		return -ENOMEM;

	mutex_lock(&consumer_lock);
	ret = consumer_run(argc, argv);
	mutex_unlock(&consumer_lock);
	argv_free(argv);

	return ret ?: count;
}

static const struct file_operations consumer_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= consumer_control_write,
};

static const char *consumer_type_name(unsigned int type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(consumer_types); i++)
		if (consumer_types[i] == type)
			return consumer_type_names[i];

	return "none";
}

static void consumer_show(struct seq_file *m, struct consumer_line *line)
{
	struct irq_data *data = irq_get_irq_data(line->irq);

	seq_printf(m, "%s type=%s irqs=%d handled=%d held=%d masked=%d disabled=%d last=%d\n",
		   line->name, consumer_type_name(irqd_get_trigger_type(data)),
		   atomic_read(&line->irqs), atomic_read(&line->handled),
		   READ_ONCE(line->held), irqd_irq_masked(data),
		   line->disabled, READ_ONCE(line->last));
}

static int consumer_lines_show(struct seq_file *m, void *unused)
{
	struct consumer_line *line;

	mutex_lock(&consumer_lock);
	list_for_each_entry(line, &consumer_lines, node)
		consumer_show(m, line);
	mutex_unlock(&consumer_lock);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(consumer_lines);

static int __init consumer_init(void)
{
	consumer_dev = root_device_register(KBUILD_MODNAME);
	if (IS_ERR(consumer_dev))
		return PTR_ERR(consumer_dev);

	consumer_dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("control", 0200, consumer_dir, NULL,
			    &consumer_control_fops);
	debugfs_create_file("lines", 0400, consumer_dir, NULL,
			    &consumer_lines_fops);
	return 0;
}
module_init(consumer_init);

static void __exit consumer_exit(void)
{
	struct consumer_line *line, *next;

	debugfs_remove(consumer_dir);
	list_for_each_entry_safe(line, next, &consumer_lines, node)
		consumer_end(line);
	root_device_unregister(consumer_dev);
}
module_exit(consumer_exit);

MODULE_DESCRIPTION("Test: a user of GPIO interrupts that takes orders");
MODULE_LICENSE("GPL");
