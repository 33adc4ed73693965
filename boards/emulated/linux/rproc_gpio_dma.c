// SPDX-License-Identifier: GPL-2.0
/*
 * rproc_gpio_dma.c - the DMA API for virtio-gpio devices of remoteproc
 *
 * gpio-virtio hands out plain kernel memory. A co-processor that is not cache
 * coherent, or that sees only a part of Linux's memory, needs the DMA API for
 * it: the virtio core uses it for a device that offers
 * VIRTIO_F_ACCESS_PLATFORM, which remoteproc cannot say, because its feature
 * words have 32 bits.
 *
 * This module says it, for each virtio-gpio device of remoteproc to which the
 * device tree gives a restricted-dma-pool. Each buffer is then copied through
 * that pool, with the cache maintenance of the architecture. The device also
 * gets its node of the device tree, so that consumers can name its lines.
 * Neither gpio-virtio, nor the remoteproc core, nor the driver of the SoC has
 * to be changed. Load it before the co-processor is started or attached.
 */

#include <linux/device.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/string.h>
#include <linux/swiotlb.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

static const struct virtio_config_ops *rproc_ops;	/* those of remoteproc */
static struct virtio_config_ops dma_ops;		/* a copy, with three of them replaced */

static u64 dma_get_features(struct virtio_device *vdev)
{
	return rproc_ops->get_features(vdev) | BIT_ULL(VIRTIO_F_ACCESS_PLATFORM);
}

static int dma_finalize_features(struct virtio_device *vdev)
{
	int ret;

	/* remoteproc has no room for a feature above 31, and stops with a BUG. */
	__virtio_clear_bit(vdev, VIRTIO_F_ACCESS_PLATFORM);
	ret = rproc_ops->finalize_features(vdev);
	__virtio_set_bit(vdev, VIRTIO_F_ACCESS_PLATFORM);
	return ret;
}

static void dma_del_vqs(struct virtio_device *vdev)
{
	struct virtqueue *vq;

	/*
	 * gpio-virtio leaves the buffers of armed interrupts in the eventq, and
	 * the virtio core does not unmap them: they would take their slots of
	 * the pool with them. In a broken queue nobody knows what is unused.
	 */
	virtio_device_for_each_vq(vdev, vq) {
		if (virtqueue_is_broken(vq))
			continue;
		while (virtqueue_detach_unused_buf(vq))
			;
	}

	rproc_ops->del_vqs(vdev);
}

static bool dma_is_ours(struct virtio_device *vdev)
{
	struct device *parent = vdev->dev.parent;

	return vdev->id.device == VIRTIO_ID_GPIO && dev_is_platform(parent) &&
	       parent->driver && !strcmp(parent->driver->name, "rproc-virtio") &&
	       is_swiotlb_for_alloc(parent);
}

/* The node is a child of the SoC device: virtio < rproc-virtio < remoteproc < SoC device */
static void dma_set_node(struct virtio_device *vdev)
{
	struct device *soc = vdev->dev.parent->parent->parent;
	struct device_node *node;

	/* virtio_dev_remove() drops the reference. */
	node = of_get_compatible_child(soc->of_node, "virtio,device29");
	if (node)
		device_set_node(&vdev->dev, of_fwnode_handle(node));
}

static void dma_take(struct virtio_device *vdev)
{
	if (!rproc_ops) {
		rproc_ops = vdev->config;
		dma_ops = *rproc_ops;
		dma_ops.get_features = dma_get_features;
		dma_ops.finalize_features = dma_finalize_features;
		dma_ops.del_vqs = dma_del_vqs;
	}

	if (vdev->config != rproc_ops) {
		dev_warn(&vdev->dev, "has operations that are not remoteproc's\n");
		return;
	}

	__module_get(THIS_MODULE);
	vdev->config = &dma_ops;
	dma_set_node(vdev);
}

/* Before a driver is looked for, and after the device has gone. */
static int dma_notify(struct notifier_block *nb, unsigned long action, void *data)
{
	struct virtio_device *vdev = dev_to_virtio(data);

	if (action == BUS_NOTIFY_ADD_DEVICE && dma_is_ours(vdev)) {
		dma_take(vdev);
	} else if (action == BUS_NOTIFY_REMOVED_DEVICE && vdev->config == &dma_ops) {
		vdev->config = rproc_ops;
		module_put(THIS_MODULE);
	}

	return NOTIFY_OK;
}

static struct notifier_block dma_notifier = { .notifier_call = dma_notify };

/* Binds to nothing: it is a way to the bus, which is not exported. */
static const struct virtio_device_id dma_ids[] = { { } };

static int dma_probe(struct virtio_device *vdev)
{
	return -ENODEV;
}

static struct virtio_driver dma_driver = {
	.driver.name	= KBUILD_MODNAME,
	.id_table	= dma_ids,
	.probe		= dma_probe,
};

static int __init dma_init(void)
{
	int ret = register_virtio_driver(&dma_driver);

	if (ret)
		return ret;

	ret = bus_register_notifier(dma_driver.driver.bus, &dma_notifier);
	if (ret)
		unregister_virtio_driver(&dma_driver);
	return ret;
}
module_init(dma_init);

static void __exit dma_exit(void)
{
	bus_unregister_notifier(dma_driver.driver.bus, &dma_notifier);
	unregister_virtio_driver(&dma_driver);
}
module_exit(dma_exit);

MODULE_DESCRIPTION("DMA API for virtio-gpio devices of remoteproc");
MODULE_LICENSE("GPL");
