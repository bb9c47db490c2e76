package io.flinkpeft.method.selective;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.PeftConfigCodec;

/** The codec of a method that trains the base's own tensors; PEFT has no such type. */
interface SelectiveCodec extends PeftConfigCodec {

    /** They have the base's own names. */
    @Override
    default FileTensors tensors(PeftConfig config) {
        return new FileTensors() {
            @Override
            public String headPrefix() {
                return "";
            }
        };
    }
}
