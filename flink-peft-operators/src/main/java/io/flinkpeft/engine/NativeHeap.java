package io.flinkpeft.engine;

import com.sun.jna.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heap of the C library, from which tensors of the CPU are taken. */
public final class NativeHeap {

    private static final Logger LOG = LoggerFactory.getLogger(NativeHeap.class);

    private NativeHeap() {}

    /**
     * Gives the system back what is free. glibc has a heap for many a thread, and keeps in each
     * what its largest step took: jobs that come to a process and go would leave more every time.
     */
    public static void trim() {
        try {
            Function.getFunction("c", "malloc_trim").invokeInt(new Object[] {0L});
        } catch (LinkageError e) {
            LOG.debug("Another C library than glibc: its free memory stays with the process.", e);
        }
    }
}
