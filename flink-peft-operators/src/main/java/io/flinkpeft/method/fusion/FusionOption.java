package io.flinkpeft.method.fusion;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a fusion layer has and does; the names in lower case are AdapterHub's keys. */
public enum FusionOption {
    /** Query weights: without them the input of the adapters is the query. */
    QUERY,
    /** Key weights: without them what the adapters give is the key. */
    KEY,
    /** Value weights: without them what the adapters give is mixed as it is. */
    VALUE,
    /** The query is the sublayer's output before its norm. */
    QUERY_BEFORE_LN,
    /** The loss holds the value weights near the identity. */
    REGULARIZATION,
    /** The sublayer's output is added to what each adapter gives, not to the mixture. */
    RESIDUAL_BEFORE,
    /** The attention starts even, by a temperature of 50 that falls by 0.05 a step to 1. */
    TEMPERATURE,
    /** The value weights come before the mixture. */
    VALUE_BEFORE_SOFTMAX,
    /** The value weights start as the identity. */
    VALUE_INITIALIZED;

    /** AdapterHub's {@code dynamic}, its default. */
    public static final Set<FusionOption> DYNAMIC =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            QUERY,
                            KEY,
                            VALUE,
                            REGULARIZATION,
                            VALUE_BEFORE_SOFTMAX,
                            VALUE_INITIALIZED));

    /** AdapterHub's {@code static}: no value weights. */
    public static final Set<FusionOption> STATIC =
            Collections.unmodifiableSet(EnumSet.of(QUERY, KEY, VALUE_BEFORE_SOFTMAX));

    /** The key in files. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
