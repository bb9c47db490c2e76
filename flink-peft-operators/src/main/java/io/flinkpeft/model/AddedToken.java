package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A token that is looked for in a text before all others.
 *
 * @param content how it is written
 * @param singleWord whether it must not touch letters
 * @param lstrip whether it takes the space before it
 * @param rstrip whether it takes the space behind it
 * @param normalized whether it is looked for in the normalized text
 * @param special whether it is no part of what a text says
 */
record AddedToken(
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {

    /** A special token of which only the text is known. */
    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    /** What a file says of one: its text alone, or an object; special if nothing says. */
    static AddedToken of(JsonNode json, boolean special) {
        if (json.isTextual()) {
            return special(json.asText());
        }
        boolean own = json.path("special").asBoolean(special);
        return new AddedToken(
                json.path("content").asText(),
                json.path("single_word").asBoolean(),
                json.path("lstrip").asBoolean(),
                json.path("rstrip").asBoolean(),
                json.path("normalized").asBoolean(!own),
                own);
    }

    AddedToken asSpecial() {
        return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
    }

    ObjectNode json(long id) {
        return JsonFiles.JSON
                .createObjectNode()
                .put("id", id)
                .put("content", content)
                .put("single_word", singleWord)
                .put("lstrip", lstrip)
                .put("rstrip", rstrip)
                .put("normalized", normalized)
                .put("special", special);
    }
}
