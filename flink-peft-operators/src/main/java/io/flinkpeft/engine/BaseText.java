package io.flinkpeft.engine;

/**
 * What a program knows of its base: written from the description that the base's tensors are loaded
 * by, so that their order exists once.
 *
 * @param types the named tuple {@code Base}, and those in it
 * @param methods {@code named(tensors)}, which gives a {@code Base}
 */
public record BaseText(String types, String methods) {}
