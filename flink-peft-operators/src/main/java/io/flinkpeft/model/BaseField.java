package io.flinkpeft.model;

import java.util.List;
import java.util.stream.Collectors;

/** A field of a program's {@code Base}, or of a named tuple in it. */
sealed interface BaseField {

    /** Of the field, such as {@code query}. */
    String name();

    /** As the program writes it. */
    String type();

    /**
     * The expression of its value.
     *
     * @param at what the places of tensors and sites are counted from
     */
    String value(Origin at);

    /**
     * What places are counted from: an expression with a sum's sign behind it, or nothing.
     *
     * @param tensor of the tensors {@code t}
     * @param site of the sites
     */
    record Origin(String tensor, String site) {
        static final Origin START = new Origin("", "");
        static final Origin LAYER = new Origin("w + ", "s + ");

        private String tensor(int place) {
            return "t[" + tensor + place + "]";
        }
    }

    /** A tensor. */
    record OfTensor(String name, int place) implements BaseField {
        @Override
        public String type() {
            return "Tensor";
        }

        @Override
        public String value(Origin at) {
            return at.tensor(place);
        }
    }

    /** A norm: weight and, behind it, bias if it has one. */
    record OfNorm(String name, int place, boolean biased) implements BaseField {
        @Override
        public String type() {
            return "__torch__.Norm";
        }

        @Override
        public String value(Origin at) {
            String bias = biased ? at.tensor(place + 1) : "None";
            return "__torch__.Norm(weight=" + at.tensor(place) + ", bias=" + bias + ")";
        }
    }

    /** A linear layer: weight and bias; its site is -1 where no adapter attaches. */
    record OfLinear(String name, int place, int site, boolean transposed) implements BaseField {

        static final int NO_SITE = -1;

        @Override
        public String type() {
            return "__torch__.Linear";
        }

        @Override
        public String value(Origin at) {
            String weight = at.tensor(place);
            return "__torch__.Linear(weight="
                    + (transposed ? "torch.t(" + weight + ")" : weight)
                    + ", bias="
                    + at.tensor(place + 1)
                    + ", site="
                    + (site == NO_SITE ? "" : at.site)
                    + site
                    + ")";
        }
    }

    /** Fields of a tuple of their own. */
    record Group(String name, String tuple, List<BaseField> fields) implements BaseField {
        @Override
        public String type() {
            return "__torch__." + tuple;
        }

        @Override
        public String value(Origin at) {
            return construct(tuple, fields, at);
        }
    }

    /**
     * Layers of equal fields.
     *
     * @param count how many
     * @param tensor the first layer's first
     * @param tensors how many a layer has
     * @param site the first layer's first
     * @param sites how many a layer has
     */
    record Layers(
            String name,
            String tuple,
            int count,
            int tensor,
            int tensors,
            int site,
            int sites,
            List<BaseField> fields)
            implements BaseField {

        @Override
        public String type() {
            return "List[__torch__." + tuple + "]";
        }

        @Override
        public String value(Origin at) {
            return name;
        }

        /** Statements that make the list. */
        String statements() {
            return String.join(
                    "\n",
                    "  " + name + " = annotate(" + type() + ", [])",
                    "  for i in range(" + count + "):",
                    "    w = " + tensor + " + " + tensors + " * i",
                    "    s = " + site + " + " + sites + " * i",
                    "    " + name + ".append(" + construct(tuple, fields, Origin.LAYER) + ")",
                    "");
        }
    }

    private static String construct(String tuple, List<BaseField> fields, Origin at) {
        return fields.stream()
                .map(field -> "\n      " + field.name() + "=" + field.value(at))
                .collect(Collectors.joining(",", "__torch__." + tuple + "(", ")"));
    }
}
