// SPDX-License-Identifier: GPL-2.0
/*
 * emusoc_rproc.c - remoteproc driver of the emulated SoC
 *
 * The SoC is seen as one PCI function (QEMU's ivshmem-doorbell): BAR 2 is the
 * SRAM that it shares with its co-processor, the doorbell in BAR 0 and the
 * MSI-X vectors are the mailbox. Either the co-processor is already running
 * when Linux comes up, and this driver attaches to it (boot=attach); or Linux
 * has its firmware image, loads it, and switches the co-processor on and off
 * (boot=load).
 *
 * Neither the board's header nor a resource table is trusted: both are checked
 * before the remoteproc core acts on them.
 */

#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/pm_wakeup.h>
#include <linux/reboot.h>
#include <linux/remoteproc.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/virtio.h>
#include <linux/virtio_gpio.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_ring.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "remoteproc_internal.h"

#define EMUSOC_MAGIC		0x434f5347	/* bytes "GSOC" */
#define EMUSOC_VERSION		3
#define EMUSOC_TABLE_VERSION	1		/* written last by the firmware */
#define EMUSOC_VRINGS		2
#define EMUSOC_MAX_VRING_NUM	32768		/* split virtqueue, virtio 2.7 */
#define EMUSOC_MAX_FAILED_STARTS 3
#define EMUSOC_START_TIME	(60 * HZ)

static bool sync_kick = true;
module_param(sync_kick, bool, 0444);
MODULE_PARM_DESC(sync_kick, "A kick of the requestq waits for the replies; safe to switch off only with a gpio-virtio that locks its virtqueues (default: Y)");

static char *boot = "attach";
module_param(boot, charp, 0444);
MODULE_PARM_DESC(boot, "\"attach\" to a co-processor that runs, or \"load\" its firmware and switch it on (default: attach)");

/* BAR 0 of ivshmem: a write raises vector (value & 0xffff) at peer (value >> 16) */
#define EMUSOC_DOORBELL		0x0c

/*
 * MSI-X vectors. The first two are also the notify ids that the remoteproc
 * core hands out in the order of the vrings, because there is but one vdev.
 */
enum {
	EMUSOC_REQUESTQ,
	EMUSOC_EVENTQ,
	EMUSOC_CONTROL,
	EMUSOC_WAKE,
	EMUSOC_VECTORS
};

/* A doorbell of the co-processor: the firmware is asked for its counters. */
#define EMUSOC_COUNTERS		3

/* What Linux does, as the firmware has to know. 2, Linux is down, is the board's to write. */
enum {
	EMUSOC_LINUX_RUNS,
	EMUSOC_LINUX_SLEEPS,
};

/*
 * At offset 0 of the SRAM, written by the board at power-on; power_wanted and
 * linux_does are Linux's, linux_seen is the firmware's.
 */
struct emusoc_header {
	__le32 magic;
	__le32 version;
	__le32 peer;		/* ivshmem id of the co-processor */
	__le32 table_offset;	/* offsets count from the start of the SRAM */
	__le32 table_size;	/* room for the table, not its length */
	struct {
		__le32 offset;
		__le32 size;
	} vring[EMUSOC_VRINGS];
	__le32 sram_da;		/* where the co-processor sees the SRAM */
	__le32 switches;	/* the co-processor's affair */
	__le32 power_peer;	/* ivshmem id of the power controller */
	__le32 power_wanted;	/* 1: on, 0: off; then ring the power controller */
	__le32 power;		/* what it has made of that */
	__le32 resets;		/* of the co-processor, since it was switched on */
	__le32 linux_does;	/* EMUSOC_LINUX_*; then ring control */
	__le32 linux_seen;	/* what of that the firmware acts by */
};

/* One vdev with two vrings, without its configuration. */
#define EMUSOC_MIN_TABLE	(struct_size_t(struct resource_table, offset, 1) + \
				 sizeof(struct fw_rsc_hdr) + \
				 struct_size_t(struct fw_rsc_vdev, vring, EMUSOC_VRINGS))

struct emusoc_region {
	u32 offset;
	u32 size;
};

/**
 * struct emusoc - the SoC as seen by Linux
 * @rproc: its co-processor
 * @doorbell: mailbox towards the co-processor
 * @sram: the shared memory
 * @sram_size: its size in bytes
 * @sram_da: its address as seen by the co-processor
 * @peer: the co-processor's side of the doorbell
 * @power_peer: the power controller's side of the doorbell
 * @loads: Linux loads the firmware, and switches the co-processor on and off
 * @table: room for the resource table
 * @table_len: length of the table that was found there
 * @vdev: offset of its vdev
 * @vring: room for each vring
 * @lock: one at a time hands used buffers of the requestq to the driver
 * @kicking: a kick of the requestq waits for the replies
 * @replies: where it waits
 * @attached: crashes are of interest
 * @recovering: the attach to come is part of a crash recovery
 * @started: when the co-processor was switched on, in jiffies
 * @asked: its firmware has asked to recover since, right after the start
 * @failed_starts: so many starts on end led to nothing but that
 * @surrender: switches the co-processor off then
 * @going_down: told when Linux restarts or halts
 * @deputy: answers for a firmware that is silent then
 * @answered: where the used ring stood when it last looked
 */
struct emusoc {
	struct rproc *rproc;
	void __iomem *doorbell;
	void *sram;
	resource_size_t sram_size;
	u32 sram_da;
	u32 peer;
	u32 power_peer;
	bool loads;
	struct emusoc_region table;
	size_t table_len;
	size_t vdev;
	struct emusoc_region vring[EMUSOC_VRINGS];
	spinlock_t lock;	/* against a kick and its interrupt both delivering */
	bool kicking;
	wait_queue_head_t replies;
	bool attached;
	bool recovering;
	unsigned long started;
	bool asked;
	unsigned int failed_starts;
	struct work_struct surrender;
	struct notifier_block going_down;
	struct delayed_work deputy;
	u16 answered;
};

static void emusoc_ring(struct emusoc *soc, u32 vector)
{
	iowrite32(soc->peer << 16 | vector, soc->doorbell);
}

/*
 * Tells the firmware whether Linux runs. It may be silent, or of an older build
 * that knows nothing of this: nobody has to wait for what comes of it.
 */
static void emusoc_tell(struct emusoc *soc, u32 what)
{
	struct emusoc_header *header = soc->sram;

	WRITE_ONCE(header->linux_does, cpu_to_le32(what));
	/* The firmware stores linux_seen and then looks at linux_does again. */
	mb();
	emusoc_ring(soc, EMUSOC_CONTROL);
}

static struct resource_table *emusoc_table(struct emusoc *soc)
{
	return soc->sram + soc->table.offset;
}

/* The vdev that emusoc_check_table() has found, with two vrings. */
static struct fw_rsc_vdev *emusoc_vdev(struct emusoc *soc)
{
	return (void *)emusoc_table(soc) + soc->vdev;
}

static bool emusoc_table_is_ready(struct emusoc *soc)
{
	/* The firmware writes the version last: pairs with its release. */
	return smp_load_acquire(&emusoc_table(soc)->ver) == EMUSOC_TABLE_VERSION;
}

/* Whatever driver the table shows is that of a Linux before this one. */
static void emusoc_forget_driver(struct emusoc *soc)
{
	u32 offset = READ_ONCE(emusoc_table(soc)->offset[0]);
	struct fw_rsc_vdev *vdev = (void *)emusoc_table(soc) + offset + sizeof(struct fw_rsc_hdr);

	if (emusoc_table_is_ready(soc) && IS_ALIGNED(offset, sizeof(u32)) &&
	    offset >= sizeof(struct resource_table) && offset <= soc->table.size - EMUSOC_MIN_TABLE)
		WRITE_ONCE(vdev->status, 0);
}

static int emusoc_check_vring(struct emusoc *soc, unsigned int i,
			      const struct fw_rsc_vdev_vring *vring)
{
	struct device *dev = &soc->rproc->dev;
	u32 num = READ_ONCE(vring->num);
	u32 align = READ_ONCE(vring->align);

	if (!is_power_of_2(num) || num > EMUSOC_MAX_VRING_NUM) {
		dev_err(dev, "vring%u: bad number of descriptors: %u\n", i, num);
		return -EINVAL;
	}

	if (!is_power_of_2(align) || align > PAGE_SIZE) {
		dev_err(dev, "vring%u: bad alignment: %u\n", i, align);
		return -EINVAL;
	}

	/*
	 * The core checks this too, but then reports a successful attach with
	 * no virtio device.
	 */
	if (PAGE_ALIGN(vring_size(num, align)) > soc->vring[i].size) {
		dev_err(dev, "vring%u: %u descriptors do not fit into %u bytes\n",
			i, num, soc->vring[i].size);
		return -EINVAL;
	}

	return 0;
}

/* All of the SRAM can be loaded into and shown, but the header. */
static void *emusoc_da_to_va(struct rproc *rproc, u64 da, size_t len, bool *is_iomem)
{
	struct emusoc *soc = rproc->priv;
	u64 offset = da - soc->sram_da;

	if (offset < sizeof(struct emusoc_header) || offset > soc->sram_size ||
	    len > soc->sram_size - offset)
		return NULL;

	return soc->sram + offset;
}

/* The second entry, if there is one, behind the vdev. */
static int emusoc_check_trace(struct emusoc *soc, const struct resource_table *table, size_t room)
{
	const struct fw_rsc_hdr *hdr = (void *)table + soc->table_len;
	const struct fw_rsc_trace *trace = (void *)(hdr + 1);
	struct device *dev = &soc->rproc->dev;

	if (READ_ONCE(table->offset[1]) != soc->table_len ||
	    !IS_ALIGNED(soc->table_len, sizeof(u32)) ||
	    soc->table_len + sizeof(*hdr) + sizeof(*trace) > room ||
	    READ_ONCE(hdr->type) != RSC_TRACE) {
		dev_err(dev, "second entry of the resource table is no trace buffer\n");
		return -EINVAL;
	}

	if (!emusoc_da_to_va(soc->rproc, READ_ONCE(trace->da), READ_ONCE(trace->len), NULL)) {
		dev_err(dev, "trace buffer is not in the SRAM: 0x%x\n", trace->da);
		return -EINVAL;
	}

	soc->table_len += sizeof(*hdr) + sizeof(*trace);
	return 0;
}

/* There are at least EMUSOC_MIN_TABLE bytes of it. */
static int emusoc_check_table(struct emusoc *soc, const struct resource_table *table, size_t room)
{
	const u32 num = READ_ONCE(table->num);
	const size_t offset = struct_size_t(struct resource_table, offset, num == 2 ? 2 : 1);
	const struct fw_rsc_hdr *hdr = (void *)table + offset;
	const struct fw_rsc_vdev *vdev = (void *)(hdr + 1);
	struct device *dev = &soc->rproc->dev;
	unsigned int i;
	size_t len;
	int ret;

	if (num < 1 || num > 2 || table->reserved[0] ||
	    table->reserved[1] || READ_ONCE(table->offset[0]) != offset ||
	    EMUSOC_MIN_TABLE + (num - 1) * sizeof(u32) > room ||
	    READ_ONCE(hdr->type) != RSC_VDEV) {
		dev_err(dev, "resource table is not one vdev\n");
		return -EINVAL;
	}

	if (READ_ONCE(vdev->id) != VIRTIO_ID_GPIO) {
		dev_err(dev, "vdev is not a GPIO device: %u\n", vdev->id);
		return -EINVAL;
	}

	/* Fewer vrings would make the core follow a NULL pointer at detach. */
	if (READ_ONCE(vdev->num_of_vrings) != EMUSOC_VRINGS) {
		dev_err(dev, "vdev has %u vrings\n", vdev->num_of_vrings);
		return -EINVAL;
	}

	/* gpio-virtio would read what it finds on its stack instead. */
	if (READ_ONCE(vdev->config_len) < sizeof(struct virtio_gpio_config)) {
		dev_err(dev, "vdev has a configuration of %u bytes\n",
			vdev->config_len);
		return -EINVAL;
	}

	len = size_add(offset + sizeof(*hdr) +
		       struct_size(vdev, vring, EMUSOC_VRINGS),
		       READ_ONCE(vdev->config_len));
	if (len > room) {
		dev_err(dev, "resource table is too long: %zu bytes\n", len);
		return -EINVAL;
	}

	for (i = 0; i < EMUSOC_VRINGS; i++) {
		ret = emusoc_check_vring(soc, i, &vdev->vring[i]);
		if (ret)
			return ret;
	}

	soc->vdev = offset + sizeof(*hdr);
	soc->table_len = len;
	return num == 2 ? emusoc_check_trace(soc, table, room) : 0;
}

/* The core drops all carveouts at detach, so each attach brings them along anew. */
static int emusoc_add_carveouts(struct emusoc *soc)
{
	struct rproc_mem_entry *mem[EMUSOC_VRINGS];
	unsigned int i;

	for (i = 0; i < EMUSOC_VRINGS; i++) {
		const struct emusoc_region *vring = &soc->vring[i];

		mem[i] = rproc_mem_entry_init(&soc->rproc->dev,
					      soc->sram + vring->offset, 0,
					      vring->size,
					      soc->sram_da + vring->offset,
					      NULL, NULL, "vdev0vring%u", i);
		if (!mem[i]) {
			while (i--)
				kfree(mem[i]);
			return -ENOMEM;
		}
	}

	for (i = 0; i < EMUSOC_VRINGS; i++)
		rproc_add_carveout(soc->rproc, mem[i]);

	return 0;
}

/*
 * Whatever can be wrong with the table has to be found here and not in
 * .get_loaded_rsc_table: the core frees its copy of the previous table twice
 * if that one fails.
 */
static int emusoc_prepare(struct rproc *rproc)
{
	struct emusoc *soc = rproc->priv;
	bool ready;
	int ret;

	/*
	 * After a detach the firmware publishes its table anew. An attach that
	 * fails during recovery is not tried again by the core.
	 */
	read_poll_timeout(emusoc_table_is_ready, ready, ready,
			  USEC_PER_MSEC,
			  (soc->recovering ? 10 : 2) * USEC_PER_SEC, false, soc);
	soc->recovering = false;

	if (!emusoc_table_is_ready(soc)) {
		dev_err(&rproc->dev, "firmware is not ready\n");
		return -EAGAIN;
	}

	ret = emusoc_check_table(soc, emusoc_table(soc), soc->table.size);
	if (ret)
		return ret;

	return emusoc_add_carveouts(soc);
}

static struct resource_table *emusoc_get_loaded_rsc_table(struct rproc *rproc,
							  size_t *size)
{
	struct emusoc *soc = rproc->priv;
	struct fw_rsc_vdev *vdev = emusoc_vdev(soc);
	unsigned int i;

	/*
	 * A session that ended without detach, or an attach that failed, leaves
	 * its traces in the table. The core takes a left-over device address
	 * for a wish, and refuses it.
	 */
	vdev->status = 0;
	vdev->gfeatures = 0;
	for (i = 0; i < EMUSOC_VRINGS; i++)
		vdev->vring[i].da = FW_RSC_ADDR_ANY;

	*size = soc->table_len;
	return emusoc_table(soc);
}

static int emusoc_attach(struct rproc *rproc)
{
	struct emusoc *soc = rproc->priv;

	WRITE_ONCE(soc->attached, true);
	return 0;
}

static int emusoc_detach(struct rproc *rproc)
{
	struct emusoc *soc = rproc->priv;

	WRITE_ONCE(soc->attached, false);
	soc->recovering = rproc->state == RPROC_CRASHED;

	/*
	 * The core has just put back the table that it found when it attached.
	 * It may be that of another firmware than the one that runs now: let
	 * that one publish its own before anybody attaches again.
	 */
	WRITE_ONCE(emusoc_table(soc)->ver, 0);
	emusoc_ring(soc, EMUSOC_CONTROL);
	return 0;
}

/* Also called at removal, and when an attach fails. */
static int emusoc_stop(struct rproc *rproc)
{
	struct emusoc *soc = rproc->priv;

	WRITE_ONCE(soc->attached, false);
	return 0;
}

/*
 * The co-processor has no reset line. After a stop the core takes it to be off
 * and would boot it from a file; but it runs on, and can be attached to again.
 */
static int emusoc_unprepare(struct rproc *rproc)
{
	rproc->state = RPROC_DETACHED;
	return 0;
}

static int emusoc_switch_power(struct emusoc *soc, bool on)
{
	struct emusoc_header *header = soc->sram;
	__le32 power;

	WRITE_ONCE(header->power_wanted, cpu_to_le32(on));
	iowrite32(soc->power_peer << 16, soc->doorbell);
	return read_poll_timeout(READ_ONCE, power, le32_to_cpu(power) == on, USEC_PER_MSEC,
				 10 * USEC_PER_SEC, false, header->power);
}

/*
 * The core forgets to free its copy of the table if this fails, and the
 * carveouts as well: they are added last.
 */
static int emusoc_parse_fw(struct rproc *rproc, const struct firmware *fw)
{
	struct emusoc *soc = rproc->priv;
	int ret;

	ret = rproc_elf_load_rsc_table(rproc, fw);
	if (ret) {
		dev_err(&rproc->dev, "%s has no resource table\n", rproc->firmware);
		return ret;
	}

	if (rproc->table_sz < EMUSOC_MIN_TABLE) {
		dev_err(&rproc->dev, "resource table is too short: %zu bytes\n", rproc->table_sz);
		ret = -EINVAL;
	} else if (rproc_elf_find_loaded_rsc_table(rproc, fw) != emusoc_table(soc)) {
		dev_err(&rproc->dev, "resource table is not for address 0x%x\n",
			soc->sram_da + soc->table.offset);
		ret = -EINVAL;
	} else {
		ret = emusoc_check_table(soc, rproc->cached_table,
					 min_t(size_t, rproc->table_sz, soc->table.size));
	}

	if (!ret)
		ret = emusoc_add_carveouts(soc);

	if (ret) {
		kfree(rproc->cached_table);
		rproc->cached_table = NULL;
		rproc->table_ptr = NULL;
	}

	return ret;
}

static int emusoc_power_on(struct rproc *rproc)
{
	struct emusoc *soc = rproc->priv;
	int ret;

	WRITE_ONCE(soc->asked, false);
	soc->started = jiffies;
	WRITE_ONCE(soc->attached, true);
	ret = emusoc_switch_power(soc, true);
	if (ret) {
		WRITE_ONCE(soc->attached, false);
		dev_err(&rproc->dev, "the co-processor does not start\n");
	}

	return ret;
}

static int emusoc_power_off(struct rproc *rproc)
{
	struct emusoc *soc = rproc->priv;

	WRITE_ONCE(soc->attached, false);
	if (rproc->state == RPROC_CRASHED && soc->asked)
		soc->failed_starts++;
	else
		soc->failed_starts = 0;

	if (emusoc_switch_power(soc, false))
		dev_warn(&rproc->dev, "the co-processor does not stop\n");

	return 0;
}

static bool emusoc_requests_are_answered(struct rproc *rproc)
{
	struct rproc_vring *rvring = idr_find(&rproc->notifyids, EMUSOC_REQUESTQ);
	const struct vring *vring = virtqueue_get_vring(rvring->vq);

	return READ_ONCE(vring->used->idx) == READ_ONCE(vring->avail->idx);
}

/*
 * A kick of the requestq returns only when every request has been answered.
 *
 * gpio-virtio takes its mutex round virtqueue_add_sgs() and virtqueue_kick(),
 * but calls virtqueue_get_buf() from the interrupt without any lock. Both edit
 * the list of free descriptors, so two users of different lines corrupt it
 * sooner or later ("requestq:id 10 is not a head!"), and then hang for good.
 * The kick runs under that mutex, in process context: waiting here for the
 * replies, and delivering them from here, keeps virtqueue_get_buf() away from
 * virtqueue_add_sgs().
 *
 * There is no timeout: gpio-virtio itself would wait for ever, and a request
 * that is given up while the co-processor may still answer it would have its
 * buffers written to after they are freed. When Linux goes down the deputy
 * ends the waiting.
 */
static void emusoc_wait_for_replies(struct rproc *rproc)
{
	struct emusoc *soc = rproc->priv;
	bool told = false;

	while (!wait_event_timeout(soc->replies,
				   emusoc_requests_are_answered(rproc), HZ)) {
		if (!told)
			dev_warn(&rproc->dev,
				 "no answer to a request for 1 s, waiting on\n");
		told = true;
	}
}

static void emusoc_kick(struct rproc *rproc, int vqid)
{
	struct emusoc *soc = rproc->priv;

	/* The eventq is kicked with interrupts off: this must not sleep. */
	if (vqid != EMUSOC_REQUESTQ || !sync_kick) {
		emusoc_ring(soc, vqid);
		return;
	}

	spin_lock_irq(&soc->lock);
	soc->kicking = true;
	spin_unlock_irq(&soc->lock);

	emusoc_ring(soc, vqid);
	emusoc_wait_for_replies(rproc);

	spin_lock_irq(&soc->lock);
	soc->kicking = false;
	rproc_vq_interrupt(rproc, EMUSOC_REQUESTQ);
	spin_unlock_irq(&soc->lock);
}

/*
 * Used buffers of the requestq go to the driver, or to the kick that waits for
 * them. A co-processor that polls may answer before it is kicked: the reply is
 * delivered at once then, as the request has been added by that time, and it is
 * the only one.
 */
static void emusoc_deliver(struct emusoc *soc)
{
	unsigned long flags;

	spin_lock_irqsave(&soc->lock, flags);
	if (!soc->kicking)
		rproc_vq_interrupt(soc->rproc, EMUSOC_REQUESTQ);
	spin_unlock_irqrestore(&soc->lock, flags);

	wake_up(&soc->replies);
}

static irqreturn_t emusoc_requestq_irq(int irq, void *data)
{
	emusoc_deliver(data);

	/* A mailbox may ring once too often, that is no fault. */
	return IRQ_HANDLED;
}

/* gpio-virtio calls the handlers of its lines from here: hard interrupt only. */
static irqreturn_t emusoc_eventq_irq(int irq, void *data)
{
	struct emusoc *soc = data;

	rproc_vq_interrupt(soc->rproc, EMUSOC_EVENTQ);
	return IRQ_HANDLED;
}

/*
 * A firmware that asks to recover right after Linux has started it, without a
 * reset in between, does not get along with the table of its image. It will ask
 * again after each recovery.
 */
static bool emusoc_starts_in_vain(struct emusoc *soc)
{
	struct emusoc_header *header = soc->sram;

	if (!soc->loads)
		return false;

	WRITE_ONCE(soc->asked, !READ_ONCE(header->resets) &&
		   time_before(jiffies, soc->started + EMUSOC_START_TIME));
	return soc->asked && soc->failed_starts + 1 >= EMUSOC_MAX_FAILED_STARTS;
}

static void emusoc_give_up(struct work_struct *work)
{
	struct emusoc *soc = container_of(work, struct emusoc, surrender);

	dev_err(&soc->rproc->dev,
		"%s was started %u times, and the firmware asked to recover each time: is the image that of another build?\n",
		soc->rproc->firmware, EMUSOC_MAX_FAILED_STARTS);
	rproc_shutdown(soc->rproc);
}

/* The co-processor failed or was restarted: its side of the session is lost. */
static irqreturn_t emusoc_control_irq(int irq, void *data)
{
	struct emusoc *soc = data;

	if (!READ_ONCE(soc->attached))
		return IRQ_HANDLED;

	if (emusoc_starts_in_vain(soc))
		schedule_work(&soc->surrender);
	else
		rproc_report_crash(soc->rproc, RPROC_FATAL_ERROR);
	return IRQ_HANDLED;
}

/*
 * A line that wakes has an interrupt, and Linux sleeps. The interrupt controller
 * has no wake-up to be configured, so this vector stays enabled instead.
 */
static irqreturn_t emusoc_wake_irq(int irq, void *data)
{
	struct emusoc *soc = data;

	pm_wakeup_hard_event(soc->rproc->dev.parent);
	return IRQ_HANDLED;
}

static const struct rproc_ops emusoc_load_ops = {
	.sanity_check		= rproc_elf_sanity_check,
	.get_boot_addr		= rproc_elf_get_boot_addr,
	.parse_fw		= emusoc_parse_fw,
	.load			= rproc_elf_load_segments,
	.find_loaded_rsc_table	= rproc_elf_find_loaded_rsc_table,
	.da_to_va		= emusoc_da_to_va,
	.start			= emusoc_power_on,
	.stop			= emusoc_power_off,
	.kick			= emusoc_kick,
};

static const struct rproc_ops emusoc_attach_ops = {
	.prepare		= emusoc_prepare,
	.unprepare		= emusoc_unprepare,
	.attach			= emusoc_attach,
	.detach			= emusoc_detach,
	.stop			= emusoc_stop,
	.kick			= emusoc_kick,
	.get_loaded_rsc_table	= emusoc_get_loaded_rsc_table,
	.da_to_va		= emusoc_da_to_va,
};

/* Whatever is written: the firmware writes its counters into the trace buffer. */
static ssize_t emusoc_ask_for_counters(struct file *file, const char __user *from, size_t count,
				       loff_t *pos)
{
	struct emusoc *soc = file->private_data;

	if (!READ_ONCE(soc->attached))
		return -ENODEV;

	emusoc_ring(soc, EMUSOC_COUNTERS);
	return count;
}

static const struct file_operations emusoc_counters_ops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= emusoc_ask_for_counters,
};

static bool emusoc_region_fits(struct emusoc *soc, const struct emusoc_region *r,
			       u32 min_size, u32 align)
{
	return IS_ALIGNED(r->offset, align) && r->size >= min_size &&
	       r->offset >= sizeof(struct emusoc_header) &&
	       (u64)r->offset + r->size <= soc->sram_size;
}

static bool emusoc_regions_overlap(const struct emusoc_region *a,
				   const struct emusoc_region *b)
{
	return (u64)a->offset < (u64)b->offset + b->size &&
	       (u64)b->offset < (u64)a->offset + a->size;
}

static int emusoc_read_header(struct device *dev, struct emusoc *soc)
{
	struct emusoc_header header;
	unsigned int i;

	if (soc->sram_size < sizeof(header))
		return dev_err_probe(dev, -ENODEV, "SRAM is too small\n");

	memcpy(&header, soc->sram, sizeof(header));
	if (le32_to_cpu(header.magic) != EMUSOC_MAGIC ||
	    le32_to_cpu(header.version) != EMUSOC_VERSION)
		return dev_err_probe(dev, -ENODEV,
				     "no header of version %u in SRAM\n",
				     EMUSOC_VERSION);

	soc->peer = le32_to_cpu(header.peer);
	soc->sram_da = le32_to_cpu(header.sram_da);
	soc->power_peer = le32_to_cpu(header.power_peer);
	if (soc->peer > U16_MAX || soc->power_peer > U16_MAX ||
	    soc->sram_da + soc->sram_size > U32_MAX)
		return dev_err_probe(dev, -EINVAL,
				     "bad peer or address in SRAM header\n");

	soc->table.offset = le32_to_cpu(header.table_offset);
	soc->table.size = le32_to_cpu(header.table_size);
	if (!emusoc_region_fits(soc, &soc->table, EMUSOC_MIN_TABLE, sizeof(u64)))
		return dev_err_probe(dev, -EINVAL,
				     "bad room for the resource table in SRAM header\n");

	for (i = 0; i < EMUSOC_VRINGS; i++) {
		struct emusoc_region *vring = &soc->vring[i];

		vring->offset = le32_to_cpu(header.vring[i].offset);
		vring->size = le32_to_cpu(header.vring[i].size);
		if (!emusoc_region_fits(soc, vring, PAGE_SIZE, PAGE_SIZE))
			return dev_err_probe(dev, -EINVAL,
					     "bad room for vring%u in SRAM header\n", i);
		if (emusoc_regions_overlap(vring, &soc->table))
			return dev_err_probe(dev, -EINVAL,
					     "vring%u overlaps the resource table\n", i);
	}

	if (emusoc_regions_overlap(&soc->vring[0], &soc->vring[1]))
		return dev_err_probe(dev, -EINVAL, "vrings overlap\n");

	return 0;
}

static int emusoc_map(struct pci_dev *pdev, struct emusoc *soc)
{
	struct device *dev = &pdev->dev;

	if (pci_resource_len(pdev, 0) < EMUSOC_DOORBELL + sizeof(u32))
		return dev_err_probe(dev, -ENODEV, "no doorbell\n");

	soc->doorbell = pcim_iomap(pdev, 0, 0);
	if (!soc->doorbell)
		return dev_err_probe(dev, -ENOMEM, "cannot map the doorbell\n");
	soc->doorbell += EMUSOC_DOORBELL;

	/* Coherent with the co-processor, and the core reads it as plain memory. */
	soc->sram_size = pci_resource_len(pdev, 2);
	soc->sram = devm_memremap(dev, pci_resource_start(pdev, 2),
				  soc->sram_size, MEMREMAP_WB);
	if (IS_ERR(soc->sram))
		return dev_err_probe(dev, PTR_ERR(soc->sram),
				     "cannot map the SRAM\n");

	return 0;
}

static int emusoc_request_irqs(struct pci_dev *pdev, struct emusoc *soc)
{
	static const struct {
		irq_handler_t handler;
		unsigned long flags;
		const char *name;
	} irqs[EMUSOC_VECTORS] = {
		/* The core waits for threads of lines' interrupts, and they for their answers. */
		[EMUSOC_REQUESTQ] = { emusoc_requestq_irq, IRQF_NO_SUSPEND, "emusoc-requestq" },
		[EMUSOC_EVENTQ] = { emusoc_eventq_irq, IRQF_NO_THREAD, "emusoc-eventq" },
		[EMUSOC_CONTROL] = { emusoc_control_irq, 0, "emusoc-control" },
		[EMUSOC_WAKE] = { emusoc_wake_irq, IRQF_NO_SUSPEND, "emusoc-wake" },
	};
	unsigned int i;
	int ret;

	/* MSI-X are memory writes of the device. */
	pci_set_master(pdev);

	ret = pci_alloc_irq_vectors(pdev, EMUSOC_VECTORS, EMUSOC_VECTORS,
				    PCI_IRQ_MSIX);
	if (ret < 0)
		return dev_err_probe(&pdev->dev, ret, "no MSI-X vectors\n");

	for (i = 0; i < EMUSOC_VECTORS; i++) {
		ret = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, i),
				       irqs[i].handler, irqs[i].flags,
				       irqs[i].name, soc);
		if (ret)
			return dev_err_probe(&pdev->dev, ret,
					     "cannot request %s\n", irqs[i].name);
	}

	return 0;
}

/*
 * Answers every open request with an error. The co-processor, should it live
 * on, must not answer as well: to it the driver is gone.
 */
static void emusoc_answer(struct emusoc *soc, struct virtqueue *vq)
{
	const struct vring *vring = virtqueue_get_vring(vq);
	u16 idx, end;

	WRITE_ONCE(emusoc_vdev(soc)->status, 0);
	emusoc_ring(soc, EMUSOC_CONTROL);

	end = READ_ONCE(vring->avail->idx);
	for (idx = READ_ONCE(vring->used->idx); idx != end; idx++) {
		struct vring_used_elem *used = &vring->used->ring[idx % vring->num];

		used->id = vring->avail->ring[idx % vring->num];
		used->len = 0;
	}

	/* The elements before the index: pairs with the read barrier of virtqueue_get_buf(). */
	smp_store_release(&vring->used->idx, end);
}

/*
 * gpio-virtio waits for its answers without a timeout, so a firmware that is
 * gone would hold up a restart for ever: leds-gpio, for one, switches its LEDs
 * off at shutdown. If Linux goes down and an open request is not answered
 * within a second, this driver does it.
 */
static void emusoc_deputize(struct work_struct *work)
{
	struct emusoc *soc = container_of(to_delayed_work(work), struct emusoc, deputy);
	struct rproc_vring *rvring = idr_find(&soc->rproc->notifyids, EMUSOC_REQUESTQ);
	struct virtqueue *vq = rvring ? READ_ONCE(rvring->vq) : NULL;
	u16 answered;

	if (vq && READ_ONCE(soc->attached)) {
		answered = READ_ONCE(virtqueue_get_vring(vq)->used->idx);
		if (answered == soc->answered && !emusoc_requests_are_answered(soc->rproc)) {
			dev_warn(&soc->rproc->dev,
				 "no answer to a request, and Linux goes down: answered for the firmware\n");
			emusoc_answer(soc, vq);
			emusoc_deliver(soc);
		}
		soc->answered = READ_ONCE(virtqueue_get_vring(vq)->used->idx);
	}

	schedule_delayed_work(&soc->deputy, HZ);
}

static int emusoc_going_down(struct notifier_block *nb, unsigned long event, void *data)
{
	struct emusoc *soc = container_of(nb, struct emusoc, going_down);

	schedule_delayed_work(&soc->deputy, 0);
	return NOTIFY_DONE;
}

static void emusoc_stay_up(void *data)
{
	struct emusoc *soc = data;

	unregister_reboot_notifier(&soc->going_down);
	cancel_delayed_work_sync(&soc->deputy);
}

static void emusoc_end_surrender(void *data)
{
	struct emusoc *soc = data;

	cancel_work_sync(&soc->surrender);
}

static void emusoc_end_wakeup(void *dev)
{
	device_init_wakeup(dev, false);
}

static int emusoc_init_wakeup(struct device *dev)
{
	int ret = device_init_wakeup(dev, true);

	/*
	 * A consumer in the device tree whose driver is not loaded precedes the
	 * PCI bus in the core's list, and has a link to this device, for which
	 * it would wait if that resumed asynchronously, before the bus has.
	 */
	device_disable_async_suspend(dev);

	return ret ? ret : devm_add_action_or_reset(dev, emusoc_end_wakeup, dev);
}

static int emusoc_set_state(struct device *dev, struct emusoc *soc)
{
	int ret;

	if (!soc->loads) {
		/* Runs already. */
		soc->rproc->state = RPROC_DETACHED;
		return rproc_set_feature(soc->rproc, RPROC_FEAT_ATTACH_ON_RECOVERY);
	}

	/* A Linux that was here before may have left it on. */
	ret = emusoc_switch_power(soc, false);
	if (ret)
		dev_err_probe(dev, ret, "the co-processor does not stop\n");

	return ret;
}

static int emusoc_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct emusoc *soc;
	struct rproc *rproc;
	bool loads;
	int ret;

	loads = !strcmp(boot, "load");
	if (!loads && strcmp(boot, "attach"))
		return dev_err_probe(dev, -EINVAL, "boot is \"%s\"\n", boot);

	rproc = devm_rproc_alloc(dev, "emusoc", loads ? &emusoc_load_ops : &emusoc_attach_ops,
				 "emusoc.elf", sizeof(*soc));
	if (!rproc)
		return -ENOMEM;

	soc = rproc->priv;
	soc->rproc = rproc;
	soc->loads = loads;
	INIT_WORK(&soc->surrender, emusoc_give_up);
	pci_set_drvdata(pdev, soc);
	spin_lock_init(&soc->lock);
	init_waitqueue_head(&soc->replies);

	ret = pcim_enable_device(pdev);
	if (ret)
		return dev_err_probe(dev, ret, "cannot enable the device\n");

	ret = emusoc_map(pdev, soc);
	if (ret)
		return ret;

	ret = emusoc_read_header(dev, soc);
	if (ret)
		return ret;

	emusoc_forget_driver(soc);
	emusoc_tell(soc, EMUSOC_LINUX_RUNS);

	/* After the interrupts have gone, which schedule it. */
	ret = devm_add_action_or_reset(dev, emusoc_end_surrender, soc);
	if (ret)
		return ret;

	ret = emusoc_init_wakeup(dev);
	if (ret)
		return ret;

	ret = emusoc_request_irqs(pdev, soc);
	if (ret)
		return ret;

	/* Started, or attached to, on request. */
	rproc->auto_boot = false;
	ret = emusoc_set_state(dev, soc);
	if (ret)
		return ret;

	INIT_DELAYED_WORK(&soc->deputy, emusoc_deputize);
	soc->going_down.notifier_call = emusoc_going_down;
	ret = register_reboot_notifier(&soc->going_down);
	if (!ret)
		ret = devm_add_action_or_reset(dev, emusoc_stay_up, soc);
	if (ret)
		return ret;

	/* Last, so first to go: a detach at removal needs the interrupts. */
	ret = devm_rproc_add(dev, rproc);
	if (ret)
		return dev_err_probe(dev, ret, "cannot add the co-processor\n");

	/* The core removes its directory, and all in it. */
	debugfs_create_file("counters", 0200, rproc->dbg_dir, soc, &emusoc_counters_ops);
	return 0;
}

/*
 * Linux goes, and its memory with it: the co-processor must not write there any
 * more. One that Linux has started is switched off. One that runs on lets go of
 * everything when the device has lost DRIVER_OK. The virtio device is not taken
 * down in order, for that might wait for answers.
 */
static void emusoc_shutdown(struct pci_dev *pdev)
{
	struct emusoc *soc = pci_get_drvdata(pdev);

	if (!READ_ONCE(soc->attached))
		return;

	if (soc->loads) {
		WRITE_ONCE(soc->attached, false);
		emusoc_switch_power(soc, false);
		return;
	}

	WRITE_ONCE(emusoc_vdev(soc)->status, 0);
	emusoc_ring(soc, EMUSOC_CONTROL);
}

/*
 * From here on used buffers of the eventq stay in the ring until emusoc_resume().
 * Later the core disables the interrupts of the lines, and gpio-virtio then drops
 * what it takes from the eventq, and never queues that buffer again. Nor does it
 * queue that of an interrupt whose thread is still running at that moment: it has
 * until then to end.
 */
static int emusoc_suspend(struct device *dev)
{
	disable_irq(pci_irq_vector(to_pci_dev(dev), EMUSOC_EVENTQ));
	return 0;
}

/*
 * Linux's memory may be in self-refresh once this has returned: the firmware has
 * to keep away from it. A request that comes later is answered after resume.
 *
 * A firmware that does not answer does not keep Linux from its sleep: it is
 * dead, and dead firmware touches no memory.
 */
static int emusoc_suspend_noirq(struct device *dev)
{
	struct emusoc *soc = dev_get_drvdata(dev);
	struct emusoc_header *header = soc->sram;
	__le32 seen;

	emusoc_tell(soc, EMUSOC_LINUX_SLEEPS);
	if (READ_ONCE(soc->attached) &&
	    read_poll_timeout(READ_ONCE, seen, le32_to_cpu(seen) == EMUSOC_LINUX_SLEEPS,
			      USEC_PER_MSEC, USEC_PER_SEC, false, header->linux_seen))
		dev_warn(dev, "the firmware does not say that it has seen Linux go to sleep\n");

	return 0;
}

static int emusoc_resume_noirq(struct device *dev)
{
	emusoc_tell(dev_get_drvdata(dev), EMUSOC_LINUX_RUNS);
	return 0;
}

/* The interrupts of the lines are back. One of the eventq that came earlier comes now. */
static int emusoc_resume(struct device *dev)
{
	enable_irq(pci_irq_vector(to_pci_dev(dev), EMUSOC_EVENTQ));
	return 0;
}

static const struct dev_pm_ops emusoc_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(emusoc_suspend, emusoc_resume)
	NOIRQ_SYSTEM_SLEEP_PM_OPS(emusoc_suspend_noirq, emusoc_resume_noirq)
};

static const struct pci_device_id emusoc_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT_QUMRANET, 0x1110) },	/* ivshmem */
	{ }
};
MODULE_DEVICE_TABLE(pci, emusoc_ids);

static struct pci_driver emusoc_driver = {
	.name		= KBUILD_MODNAME,
	.id_table	= emusoc_ids,
	.probe		= emusoc_probe,
	.shutdown	= emusoc_shutdown,
	.driver.pm	= pm_sleep_ptr(&emusoc_pm_ops),
};
module_pci_driver(emusoc_driver);

MODULE_DESCRIPTION("Remoteproc driver of the emulated SoC");
MODULE_LICENSE("GPL");
