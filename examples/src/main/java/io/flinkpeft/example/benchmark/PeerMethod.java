package io.flinkpeft.example.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraForm;
import java.util.Optional;
import java.util.Set;

/**
 * A method as the peer is told of it.
 *
 * @param settings of the peer's case
 * @param plain whether PEFT has no such method and PyTorch needs no library for it
 */
record PeerMethod(ObjectNode settings, boolean plain) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> PLAIN = Set.of("BITFIT", "FREEZE", "FULL", "HEAD_ONLY");
    private static final Set<String> PEFT =
            Set.of("LORA", "ADALORA", "IA3", "PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING");

    /** The same method there; empty if there is none. */
    static Optional<PeerMethod> of(PeftConfig config) {
        boolean plain = PLAIN.contains(config.peftType());
        if (!plain && !PEFT.contains(config.peftType()) || isOptimizerForm(config)) {
            return Optional.empty();
        }
        ObjectNode settings = MAPPER.createObjectNode();
        try {
            settings.set("method", MAPPER.readTree(PeftConfigJson.write(config, "")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // it was written as JSON
        }
        if (config instanceof LoraConfig lora) {
            settings.put("rate_ratio", lora.variant().rateRatio());
        }
        return Optional.of(new PeerMethod(settings, plain));
    }

    private static boolean isOptimizerForm(PeftConfig config) {
        return config instanceof LoraConfig lora && lora.variant().form() == LoraForm.OPTIMIZER;
    }
}
