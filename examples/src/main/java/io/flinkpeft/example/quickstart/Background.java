package io.flinkpeft.example.quickstart;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Work beside other work: most of what starts a run takes seconds of one thread. */
final class Background {

    private Background() {}

    static <T> Future<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        var thread = new Thread(task, "quickstart");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
