package io.flinkpeft.method.bottleneck;

/** The names of adapters: a part of the names of their tensors, and of directories. */
public final class AdapterName {

    private AdapterName() {}

    public static String check(String name) {
        if (!name.matches("[^./\\\\,]+")) {
            throw new IllegalArgumentException(
                    "name (" + name + ") must be without dots, commas and slashes.");
        }
        return name;
    }
}
