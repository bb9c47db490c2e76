package io.flinkpeft.method;

/**
 * A linear layer of a base model that a method may adapt.
 *
 * @param module its name in the model, such as {@code encoder.layer.0.attention.self.query}
 * @param in features of its input
 * @param out features of its output
 */
public record Site(String module, int in, int out) {}
