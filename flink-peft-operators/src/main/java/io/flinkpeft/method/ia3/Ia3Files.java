package io.flinkpeft.method.ia3;

import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** (IA)³'s tensors in PEFT's files. */
final class Ia3Files {

    static final String L = ".ia3_l";

    /** What (IA)³ adds to a module, before the adapter's name. */
    static final Set<String> PARAMETERS = Set.of("ia3_l");

    private Ia3Files() {}

    /** Takes the layers out of an adapter's tensors. */
    static List<WeightChange> take(Map<String, TensorView> tensors) {
        List<WeightChange> layers = new ArrayList<>();
        for (String name : List.copyOf(tensors.keySet())) {
            if (name.endsWith(L)) {
                String module = name.substring(0, name.length() - L.length());
                layers.add(new Ia3Layer(module, tensors.remove(name)));
            }
        }
        return layers;
    }
}
