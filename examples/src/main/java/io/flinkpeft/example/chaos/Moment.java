package io.flinkpeft.example.chaos;

import java.util.List;

/**
 * When a fault hits: at any time, or at a point of the code that Flink or Kafka's producer marks
 * with a line of its log. A thread that comes to that line is held in it until the processes are
 * killed, so the point is hit exactly, not about.
 */
enum Moment {
    /** At a random time. */
    ANY_TIME("", "", "at any time"),
    /** A task begins its part of a checkpoint. */
    SNAPSHOT("StreamTask", "Starting checkpoint", "inside snapshot"),
    /** The state's files are being written. */
    UPLOAD("AsyncCheckpointRunnable", "started executing asynchronous part", "inside upload"),
    /** A transaction has begun, its versions follow. */
    PUBLISH("TransactionManager", " to IN_TRANSACTION", "inside publish"),
    /** All versions of the transaction were sent, it is about to be committed. */
    COMMIT("TransactionManager", " to COMMITTING_TRANSACTION", "inside commit"),
    /** The broker has committed, the job does not know it yet. */
    COMMITTED("TransactionManager", "from state COMMITTING_TRANSACTION to READY", "behind commit"),
    /** The JobManager has decided on a checkpoint. */
    TRIGGER("CheckpointCoordinator", "Triggering checkpoint", "at the trigger of a checkpoint"),
    /** The checkpoint is in the JobManager's store, no task knows it yet. */
    STORED("CheckpointCoordinator", "Completed checkpoint", "before a checkpoint was announced"),
    /** A task reads its state. */
    RESTORE("RocksDBIncrementalRestoreOperation", "Start downloading", "inside restore"),
    /** The JobManager assigns the state of the last checkpoint. */
    RECOVER("CheckpointCoordinator", "Restoring job", "inside the JobManager's recovery");

    /** Those of a task that works. */
    static final List<Moment> OF_TASKS = List.of(SNAPSHOT, UPLOAD, PUBLISH, COMMIT, COMMITTED);

    private final String logger;
    private final String message;
    private final String text;

    Moment(String logger, String message, String text) {
        this.logger = logger;
        this.message = message;
        this.text = text;
    }

    /** Whether it lies in a transaction, of which there is one only where there are versions. */
    boolean isOfTransactions() {
        return List.of(PUBLISH, COMMIT, COMMITTED).contains(this);
    }

    /** Whether the holder is the JobManager. */
    boolean ofJobManager() {
        return List.of(TRIGGER, STORED, RECOVER).contains(this);
    }

    /** Whether a line of a log marks this moment. */
    boolean marks(String loggerName, String line) {
        return this != ANY_TIME && loggerName.endsWith("." + logger) && line.contains(message);
    }

    @Override
    public String toString() {
        return text;
    }
}
