package io.flinkpeft.fuzz;

import java.util.List;

/** Methods as controls name them, in JSON: good ones, and such as ask for too much. */
final class OddMethods {

    private static final List<String> GOOD =
            List.of(
                    "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4}",
                    "{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":4,\"target_modules\":[\"query\",\"dense\"]}",
                    "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4,\"use_dora\":true,\"target_modules\":[\"query\"]}",
                    "{\"peft_type\":\"IA3\"}",
                    "{\"peft_type\":\"PROMPT_TUNING\",\"num_virtual_tokens\":3}",
                    "{\"peft_type\":\"PREFIX_TUNING\",\"num_virtual_tokens\":2}",
                    "{\"peft_type\":\"P_TUNING\",\"num_virtual_tokens\":2,\"encoder_hidden_size\":8}",
                    "{\"peft_type\":\"ADALORA\",\"init_r\":4,\"target_r\":2,\"total_step\":20,\"lora_alpha\":8}");

    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-1",
                    "1",
                    "3",
                    "1.5",
                    "1e300",
                    "1e39",
                    "-1e300",
                    "1e-300",
                    "2147483647",
                    "2147483648",
                    "9223372036854775807",
                    "1000000000",
                    "\"x\"",
                    "null",
                    "true",
                    "[]",
                    "{}",
                    "NaN");

    private static final List<String> PATTERNS =
            List.of(
                    "\"(a+)+$\"",
                    "\"((){100000}){100000}\"",
                    "\"((){2147483647}){2147483647}\"",
                    "\"" + "x*".repeat(3000) + "\"",
                    "\"" + "^".repeat(9000) + "\"",
                    "\"" + "(".repeat(2000) + "\"",
                    "\".*.*.*.*x\"",
                    "\"[\"",
                    "\"\"",
                    "[]",
                    "[\"\"]",
                    "[null]",
                    "\"all-linear\"",
                    "[\"query\", \"nothing\"]",
                    "[" + "\"query\",".repeat(900) + "\"value\"]");

    private static final List<String> NUMBERED =
            List.of(
                    "r",
                    "lora_alpha",
                    "lora_dropout",
                    "num_virtual_tokens",
                    "encoder_hidden_size",
                    "encoder_num_layers",
                    "init_r",
                    "target_r",
                    "total_step",
                    "layers_to_transform",
                    "num_layers",
                    "token_dim");

    private static final List<String> PATTERNED =
            List.of(
                    "target_modules",
                    "modules_to_save",
                    "exclude_modules",
                    "layers_pattern",
                    "feedforward_modules");

    private final Chance chance;

    OddMethods(Chance chance) {
        this.chance = chance;
    }

    String method() {
        String method = chance.of(GOOD);
        while (!chance.oneIn(3)) {
            method = method.substring(0, method.length() - 1) + "," + setting() + "}";
        }
        return method;
    }

    private String setting() {
        return switch (chance.below(5)) {
            case 0, 1 -> quoted(chance.of(NUMBERED)) + ":" + chance.of(NUMBERS);
            case 2 -> quoted(chance.of(PATTERNED)) + ":" + chance.of(PATTERNS);
            case 3 ->
                    quoted(chance.of("rank_pattern", "alpha_pattern"))
                            + ":{"
                            + chance.of(".*.*.*x", "query", "((){100000}){100000}")
                                    .transform(OddMethods::quoted)
                            + ":"
                            + chance.of(NUMBERS)
                            + "}";
            default ->
                    chance.of(
                            "\"lora_aplha\":8",
                            "\"init_lora_weights\":\"pissa\"",
                            "\"init_lora_weights\":\"eva\"",
                            "\"bias\":\"all\"",
                            "\"peft_type\":\"FULL\"",
                            "\"peft_type\":\"LORA\"",
                            "\"task_type\":\"CAUSAL_LM\"",
                            "\"encoder_reparameterization_type\":\"LSTM\"",
                            "\"use_rslora\":true",
                            "\"deep\":" + "[".repeat(2000) + "]".repeat(2000));
        };
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
