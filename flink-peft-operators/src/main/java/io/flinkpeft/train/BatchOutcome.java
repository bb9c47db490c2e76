package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import java.util.List;

/**
 * What a step did for one {@link Batch}.
 *
 * @param after the adapter after the step; the same object as before if nothing was trained
 * @param loss the mean cross entropy over the batch's labelled examples, nats; NaN if there are
 *     none
 * @param results one for each of the batch's examples that could be predicted, in their order
 * @param learnt the examples that the adapter was trained on, in their order; replayed ones are not
 *     among them
 * @param rejected the examples that could not be used, with the reason
 * @param tokens how many tokens went through the model
 * @param truncated how many texts were longer than the limit
 */
public record BatchOutcome(
        LiveAdapter after,
        double loss,
        List<PrequentialResult> results,
        List<Example> learnt,
        List<Rejected> rejected,
        int tokens,
        int truncated) {}
