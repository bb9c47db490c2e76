package io.flinkpeft.example.chaos;

/** A process that can be killed. */
enum Victim {
    JOB_MANAGER("JobManager"),
    TASK_MANAGER_0("TaskManager 0"),
    TASK_MANAGER_1("TaskManager 1"),
    BROKER("broker");

    private final String text;

    Victim(String text) {
        this.text = text;
    }

    /** The TaskManager of a number. */
    static Victim taskManager(int number) {
        return number == 0 ? TASK_MANAGER_0 : TASK_MANAGER_1;
    }

    boolean isTaskManager() {
        return this == TASK_MANAGER_0 || this == TASK_MANAGER_1;
    }

    /** What it is called when it dies of a signal. */
    String by(Signal signal) {
        return signal == Signal.SEGV && this != BROKER ? text + " (SIGSEGV)" : text;
    }

    @Override
    public String toString() {
        return text;
    }
}
