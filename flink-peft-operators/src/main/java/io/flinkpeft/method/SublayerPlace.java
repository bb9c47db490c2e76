package io.flinkpeft.method;

/**
 * Where the sublayers of one kind end in an architecture, and what AdapterHub puts there.
 *
 * @param linear how the name of a sublayer's last linear layer ends, such as {@code .output.dense}
 * @param module how the name of AdapterHub's module there ends, which stands in place of it; may be
 *     empty
 * @param kind what the sublayers do
 */
public record SublayerPlace(String linear, String module, Kind kind) {

    /** What a sublayer does. */
    public enum Kind {
        /** Self-attention. */
        ATTENTION,
        /** A decoder's attention to the encoder. */
        CROSS_ATTENTION,
        /** The feed-forward network. */
        FEED_FORWARD
    }
}
