package io.flinkpeft.method.file;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.adalora.AdaLoraJson;
import io.flinkpeft.method.bottleneck.BottleneckJson;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.Mergeable;
import io.flinkpeft.method.codec.PeftConfigCodec;
import io.flinkpeft.method.fusion.FusionJson;
import io.flinkpeft.method.ia3.Ia3Json;
import io.flinkpeft.method.lora.LoraJson;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningJson;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptTuningJson;
import io.flinkpeft.method.ptuning.PTuningJson;
import io.flinkpeft.method.selective.BitFitJson;
import io.flinkpeft.method.selective.FreezeJson;
import io.flinkpeft.method.selective.FullJson;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The registry of methods: the codec of each, which reads and writes its files. */
public final class PeftCodecs {

    private static final List<PeftConfigCodec> ALL =
            List.of(
                    new LoraJson(),
                    new AdaLoraJson(),
                    new Ia3Json(),
                    new HeadOnlyJson(),
                    new BitFitJson(),
                    new BottleneckJson(),
                    new FusionJson(),
                    new FreezeJson(),
                    new FullJson(),
                    new PromptTuningJson(PooledToken.FIRST_VIRTUAL),
                    new PromptTuningJson(PooledToken.FIRST_REAL),
                    new PTuningJson(PooledToken.FIRST_VIRTUAL),
                    new PTuningJson(PooledToken.FIRST_REAL),
                    new PrefixTuningJson(PrefixScope.DECODER_AS_PEFT),
                    new PrefixTuningJson(PrefixScope.EVERY_ATTENTION));

    private static final SortedMap<String, PeftConfigCodec> BY_TYPE = new TreeMap<>();

    static {
        // of two codecs of one type the first counts
        ALL.forEach(codec -> BY_TYPE.putIfAbsent(codec.peftType(), codec));
    }

    private PeftCodecs() {}

    /** Every codec. */
    static Collection<PeftConfigCodec> all() {
        return Collections.unmodifiableCollection(BY_TYPE.values());
    }

    /**
     * The codec of a {@code peft_type}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PeftConfigCodec of(String peftType) {
        PeftConfigCodec codec = BY_TYPE.get(peftType);
        if (codec == null) {
            throw new IllegalArgumentException(
                    "peft_type (" + peftType + ") must be one of " + BY_TYPE.keySet() + ".");
        }
        return codec;
    }

    /** How a method's tensors stand in its files. */
    public static FileTensors tensors(PeftConfig config) {
        return of(config).tensors(config);
    }

    /** The codec of a method's settings. */
    public static PeftConfigCodec of(PeftConfig config) {
        return of(config.peftType());
    }

    /**
     * The codec of a {@code peft_type} whose adapters can be merged.
     *
     * @throws IllegalArgumentException if there is none, or the method cannot be merged
     */
    public static Mergeable mergeable(String peftType) {
        if (BY_TYPE.get(peftType) instanceof Mergeable codec) {
            return codec;
        }
        List<String> types =
                ALL.stream()
                        .filter(codec -> codec instanceof Mergeable)
                        .map(PeftConfigCodec::peftType)
                        .toList();
        throw new IllegalArgumentException(
                "peft_type (" + peftType + ") must be one of " + types + ".");
    }

    /** What methods add to modules, by the last parts of the names: see the codecs. */
    public static Set<String> parameters() {
        return ALL.stream()
                .flatMap(codec -> codec.parameters().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
