package io.github.qwen3retrieval.models.network;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * For how long the calling thread has had a processor, in nanoseconds: unlike the time of day it
 * does not go on while another thread has it. What is tried when a node starts is tried beside much
 * else.
 */
final class ProcessorTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ProcessorTime() {}

    /** Time from a point that is the thread's own; the time of day where the JVM cannot tell. */
    static long nanos() {
        boolean told =
                THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();
        return told ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
