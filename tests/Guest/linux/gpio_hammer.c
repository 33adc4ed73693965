// SPDX-License-Identifier: GPL-2.0
/*
 * Many requests to several GPIO lines at the same time
 *
 * Test module: "REQUESTS LINE..." written to <debugfs>/gpio_hammer/run starts
 * one kernel thread per line. Each makes its line an output and then sets and
 * gets it, REQUESTS requests in all, and compares what it gets with what it
 * set; at its first error it gives up. <debugfs>/gpio_hammer/tasks tells how far
 * they are. Once all of them are done, the next run may begin.
 */

#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gpio/consumer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "line_by_name.h"

#define HAMMER_TASKS		8
#define HAMMER_MAX_COMMAND	256

/**
 * struct hammer_task - a thread and its line
 * @desc: the line
 * @name: of the line
 * @thread: the thread, NULL if there is none
 * @requests: how many requests it is to make
 * @done: how many it has made
 * @errors: how many of them failed, 0 or 1
 * @wrong: how many times it got what it had not set
 * @us: how long all of them took, 0 before the end
 */
struct hammer_task {
	struct gpio_desc *desc;
	char *name;
	struct task_struct *thread;
	u32 requests;
	u32 done;
	u32 errors;
	u32 wrong;
	s64 us;
};

static struct hammer_task hammer_tasks[HAMMER_TASKS];
static DEFINE_MUTEX(hammer_lock);	/* Protects hammer_tasks */
static struct device *hammer_dev;
static struct dentry *hammer_dir;

static bool hammer_request(struct hammer_task *task, u32 n)
{
	int level = (n >> 1) & 1;
	int got;

	if (!(n & 1)) {
		gpiod_set_value_cansleep(task->desc, level);
		return true;
	}

	got = gpiod_get_value_cansleep(task->desc);
	if (got < 0)
		WRITE_ONCE(task->errors, task->errors + 1);
	else if (got != level)
		WRITE_ONCE(task->wrong, task->wrong + 1);

	return got >= 0;
}

static int hammer_thread(void *data)
{
	struct hammer_task *task = data;
	ktime_t start = ktime_get();
	u32 n;

	for (n = 0; n < task->requests && !kthread_should_stop(); n++) {
		if (!hammer_request(task, n))
			break;
		WRITE_ONCE(task->done, n + 1);
	}

	WRITE_ONCE(task->us, ktime_us_delta(ktime_get(), start));

	set_current_state(TASK_IDLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_IDLE);
	}
	__set_current_state(TASK_RUNNING);

	return 0;
}

static void hammer_end(struct hammer_task *task)
{
	if (task->thread)
		kthread_stop(task->thread);
	if (task->desc)
		gpiod_put(task->desc);
	kfree(task->name);
	memset(task, 0, sizeof(*task));
}

static void hammer_end_all(void)
{
	unsigned int i;

	for (i = 0; i < HAMMER_TASKS; i++)
		hammer_end(&hammer_tasks[i]);
}

static int hammer_prepare(struct hammer_task *task, const char *name,
			  u32 requests)
{
	struct gpio_desc *desc;

	task->requests = requests;
	task->name = kstrdup(name, GFP_KERNEL);
	if (!task->name)
		return -ENOMEM;

	desc = line_by_name(hammer_dev, task->name, GPIOD_OUT_LOW);
	if (IS_ERR(desc))
		return PTR_ERR(desc);

	task->desc = desc;
	return 0;
}

static int hammer_begin(struct hammer_task *task)
{
	struct task_struct *thread;

	thread = kthread_run(hammer_thread, task, "hammer/%s", task->name);
	if (IS_ERR(thread))
		return PTR_ERR(thread);

	task->thread = thread;
	return 0;
}

static bool hammer_is_busy(void)
{
	unsigned int i;

	for (i = 0; i < HAMMER_TASKS; i++)
		if (hammer_tasks[i].thread && !READ_ONCE(hammer_tasks[i].us))
			return true;

	return false;
}

static int hammer_run(int argc, char **argv)
{
	u32 requests, share;
	int lines = argc - 1;
	int i, ret;

	if (lines < 1 || lines > HAMMER_TASKS)
		return -EINVAL;

	ret = kstrtou32(argv[0], 0, &requests);
	if (ret)
		return ret;

	if (hammer_is_busy())
		return -EBUSY;

	hammer_end_all();
	share = requests / lines;
	for (i = 0; i < lines; i++) {
		/* The first takes what is left over. */
		ret = hammer_prepare(&hammer_tasks[i], argv[i + 1],
				     i ? share : requests - share * (lines - 1));
		if (ret)
			goto end_all;
	}

	for (i = 0; i < lines; i++) {
		ret = hammer_begin(&hammer_tasks[i]);
		if (ret)
			goto end_all;
	}

	return 0;

end_all:
	hammer_end_all();
	return ret;
}

static ssize_t hammer_run_write(struct file *file, const char __user *buf,
				size_t count, loff_t *ppos)
{
	char *text, **argv;
	int argc, ret;

	if (count > HAMMER_MAX_COMMAND)
		return -EINVAL;

	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);

	argv = argv_split(GFP_KERNEL, text, &argc);
	kfree(text);
	if (!argv)
		return -ENOMEM;

	mutex_lock(&hammer_lock);
	ret = hammer_run(argc, argv);
	mutex_unlock(&hammer_lock);
	argv_free(argv);

	return ret ?: count;
}

static const struct file_operations hammer_run_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= hammer_run_write,
};

static int hammer_tasks_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	mutex_lock(&hammer_lock);
	for (i = 0; i < HAMMER_TASKS; i++) {
		struct hammer_task *task = &hammer_tasks[i];

		if (task->thread)
			seq_printf(m, "%s requests=%u done=%u errors=%u wrong=%u us=%lld\n",
				   task->name, task->requests,
				   READ_ONCE(task->done),
				   READ_ONCE(task->errors),
				   READ_ONCE(task->wrong),
				   READ_ONCE(task->us));
	}
	mutex_unlock(&hammer_lock);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hammer_tasks);

static int __init hammer_init(void)
{
	hammer_dev = root_device_register(KBUILD_MODNAME);
	if (IS_ERR(hammer_dev))
		return PTR_ERR(hammer_dev);

	hammer_dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("run", 0200, hammer_dir, NULL, &hammer_run_fops);
	debugfs_create_file("tasks", 0400, hammer_dir, NULL,
			    &hammer_tasks_fops);
	return 0;
}
module_init(hammer_init);

static void __exit hammer_exit(void)
{
	debugfs_remove(hammer_dir);
	hammer_end_all();
	root_device_unregister(hammer_dev);
}
module_exit(hammer_exit);

MODULE_DESCRIPTION("Test: many requests to several GPIO lines at the same time");
MODULE_LICENSE("GPL");
