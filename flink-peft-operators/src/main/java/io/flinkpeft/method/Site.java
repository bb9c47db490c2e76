package io.flinkpeft.method;

/**
 * A linear layer of a base model that a method may adapt.
 *
 * @param module its name in the model, such as {@code encoder.layer.0.attention.self.query}
 * @param in features of its input
 * @param out features of its output
 */
public record Site(String module, int in, int out) {

    /** The same layer of a model that is a part of another. */
    public Site within(String prefix) {
        return new Site(prefix + module, in, out);
    }
}
