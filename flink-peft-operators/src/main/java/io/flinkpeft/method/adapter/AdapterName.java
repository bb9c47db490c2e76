package io.flinkpeft.method.adapter;

/** The names of adapters: a part of the names of their tensors, and of directories. */
final class AdapterName {

    private AdapterName() {}

    static String check(String name) {
        if (!name.matches("[^./\\\\,]+")) {
            throw new IllegalArgumentException(
                    "name (" + name + ") must be without dots, commas and slashes.");
        }
        return name;
    }
}
