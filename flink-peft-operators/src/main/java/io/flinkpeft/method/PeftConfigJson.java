package io.flinkpeft.method;

/** Placeholder of the skeleton. */
public final class PeftConfigJson {

    private PeftConfigJson() {}

    /** Writes. */
    public static String write(PeftConfig config, String baseModelName) {
        LoraConfig lora = (LoraConfig) config;
        return lora.rank() + " " + lora.alpha();
    }

    /** Reads. */
    public static PeftConfig read(String json) {
        String[] parts = json.split(" ");
        return new LoraConfig(Integer.parseInt(parts[0]), Double.parseDouble(parts[1]));
    }
}
