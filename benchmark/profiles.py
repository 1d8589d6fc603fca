"""Time on a device, and where that of a pass goes: for gpu.py."""

import statistics
import sys
import time

import torch
from torch.profiler import ProfilerActivity, profile

import network

# Layers under the profiler: they are alike, and its trace is slow to read.
PROFILED = 4


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def seconds(device, work):
    """Wall seconds of a call, until the device has done all of it."""
    synchronize(device)
    start = time.perf_counter()
    work()
    synchronize(device)
    return time.perf_counter() - start


def table(title, columns, rows):
    """Prints rows in Markdown."""
    print(f"\n### {title}\n\n| " + " | ".join(columns) + " |\n|---|" + "--:|" * (len(columns) - 1))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    sys.stdout.flush()


def profiled(ours):
    return range(min(PROFILED, ours.config.num_hidden_layers))


def layers(run):
    for i in profiled(run.network):
        run.layer(i)


def launch_seconds(device, run):
    """Seconds until the host has launched the layers' work, and until the device has done it."""
    synchronize(device)
    start = time.perf_counter()
    layers(run)
    launched = time.perf_counter() - start
    synchronize(device)
    return launched, time.perf_counter() - start


def where(title, ours, sequences, prefix, device):
    """The stages of a pass: the embedded tokens, and in its first layers the host's launching against the device's computing.

    Where the device is busy for much less than the layers take, launching bounds them.
    """
    # to warm up
    network.Pass(ours, sequences, prefix)
    embedding = statistics.median(seconds(device, lambda: ours.embed(sequences)) for _ in range(5))
    run = network.Pass(ours, sequences, prefix)
    layers(run)
    launched, taken = min((launch_seconds(device, run) for _ in range(5)), key=lambda both: both[1])
    on = [ProfilerActivity.CPU] + ([ProfilerActivity.CUDA] if device.type == "cuda" else [])
    with profile(activities=on) as trace:
        layers(run)
        synchronize(device)
    events = trace.key_averages()
    kernels = [e for e in events if e.device_type == torch.autograd.DeviceType.CUDA]
    figures = {
        "what": title, "sequences": len(sequences), "tokens": sum(map(len, sequences)), "layers": len(profiled(ours)),
        "embed_seconds": embedding, "launch_seconds": launched, "seconds": taken,
        "busy_seconds": sum(e.self_device_time_total for e in kernels) / 1e6, "kernels": sum(e.count for e in kernels),
        "on_device": top(events, "self_device_time_total", kernels), "on_host": top(events, "self_cpu_time_total", kernels)}
    show(figures)
    return figures


def top(events, measure, kernels):
    """The 8 operators that take the most, without the kernels themselves, which stand under the operators that launch them."""
    kernel_names = {e.key for e in kernels}
    operators = [e for e in events if e.key not in kernel_names and getattr(e, measure) > 0]
    operators.sort(key=lambda e: -getattr(e, measure))
    return [{"operator": e.key, "calls": e.count, "milliseconds": getattr(e, measure) / 1e3} for e in operators[:8]]


def show(figures):
    print("\n### {what}: {sequences} sequences, {tokens} tokens, {layers} layers\n".format(**figures))
    print("embedded tokens %.2f ms; %d layers %.2f ms, launched after %.2f ms, device busy %.2f ms (%.0f %%) with %d kernels" % (
        1e3 * figures["embed_seconds"], figures["layers"], 1e3 * figures["seconds"], 1e3 * figures["launch_seconds"],
        1e3 * figures["busy_seconds"], 100 * figures["busy_seconds"] / figures["seconds"], figures["kernels"]))
    for side, title in (("on_device", "most time of the device"), ("on_host", "most time of the host, under the profiler")):
        if figures[side]:
            table(title, ["operator", "calls", "ms"],
                  [[o["operator"], o["calls"], "%.3f" % o["milliseconds"]] for o in figures[side]])
