package io.flinkpeft.example.wordnet;

import java.util.List;

/**
 * A part of the stream with classes of its own; where the next one begins, the stream drifts.
 *
 * @param title what it is about
 * @param labels its classes
 */
public record Phase(String title, List<String> labels) {

    /** All 45 lexicographer files, in the order in which the stream brings them. */
    public static final List<Phase> ALL =
            List.of(
                    new Phase(
                            "Nouns of nature",
                            List.of(
                                    "noun.animal",
                                    "noun.plant",
                                    "noun.food",
                                    "noun.body",
                                    "noun.substance",
                                    "noun.object")),
                    new Phase(
                            "Nouns of society",
                            List.of(
                                    "noun.artifact",
                                    "noun.person",
                                    "noun.act",
                                    "noun.communication",
                                    "noun.group",
                                    "noun.location")),
                    new Phase(
                            "Verbs",
                            List.of(
                                    "verb.change",
                                    "verb.contact",
                                    "verb.communication",
                                    "verb.motion",
                                    "verb.social",
                                    "verb.possession",
                                    "verb.stative",
                                    "verb.cognition",
                                    "verb.creation")),
                    new Phase(
                            "Adjectives, adverbs",
                            List.of("adj.all", "adj.pert", "adv.all", "adj.ppl")),
                    new Phase(
                            "20 more classes",
                            List.of(
                                    "noun.state",
                                    "noun.attribute",
                                    "noun.cognition",
                                    "noun.event",
                                    "noun.feeling",
                                    "noun.time",
                                    "noun.quantity",
                                    "noun.process",
                                    "noun.phenomenon",
                                    "noun.possession",
                                    "noun.relation",
                                    "noun.shape",
                                    "noun.motive",
                                    "noun.Tops",
                                    "verb.body",
                                    "verb.competition",
                                    "verb.perception",
                                    "verb.emotion",
                                    "verb.consumption",
                                    "verb.weather")));
}
