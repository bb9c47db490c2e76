package io.flinkpeft.example.chaos;

import io.flinkpeft.testing.JavaProcess;

/** What a process dies of. */
enum Signal {
    /** SIGKILL: it is gone at once. */
    KILL {
        @Override
        void end(JavaProcess process) {
            process.kill();
        }
    },
    /**
     * SIGSEGV, as by a fault of native code: the JVM writes its report, in which time its other
     * threads go on, and aborts.
     */
    SEGV {
        @Override
        void end(JavaProcess process) {
            process.crash();
        }
    };

    abstract void end(JavaProcess process);
}
