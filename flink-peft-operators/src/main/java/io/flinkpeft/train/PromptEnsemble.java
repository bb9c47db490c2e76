package io.flinkpeft.train;

import io.flinkpeft.task.Label;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several adapters of one task that vote. With prompts a batch holds each text once a prompt, and
 * the base runs over all of them in one pass.
 *
 * @param members adapters that predict one of the same labels; at least one
 * @see <a href="https://arxiv.org/abs/2104.08691">Lester et al., The power of scale for
 *     parameter-efficient prompt tuning, 2021, section 6</a>
 */
public record PromptEnsemble(List<ServingAdapter> members) {

    /**
     * What the members say of a text.
     *
     * @param label that most of them predict; of equally many votes the one with the highest sum of
     *     probabilities
     * @param votes how many predict it
     * @param predictions one a member
     */
    public record Vote(String label, int votes, List<Label> predictions) {}

    public PromptEnsemble {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("Members (0) must be at least 1.");
        }
    }

    /**
     * The vote on each text, in order.
     *
     * @param texts whose own adapters do not count
     */
    public List<Vote> classify(Predictor predictor, List<? extends Request<?>> texts) {
        List<Request<ServingAdapter>> requests = new ArrayList<>();
        for (ServingAdapter member : members) {
            texts.forEach(text -> requests.add(text.to(member)));
        }
        List<Prediction> predicted = predictor.predict(requests);
        List<Vote> votes = new ArrayList<>();
        for (int t = 0; t < texts.size(); t++) {
            List<Label> own = new ArrayList<>();
            for (int m = 0; m < members.size(); m++) {
                own.add((Label) predicted.get(m * texts.size() + t));
            }
            votes.add(vote(own));
        }
        return votes;
    }

    static Vote vote(List<Label> predictions) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        Map<String, Double> confidence = new LinkedHashMap<>();
        for (Label prediction : predictions) {
            if (prediction.label() != null) {
                votes.merge(prediction.label(), 1, Integer::sum);
                confidence.merge(prediction.label(), prediction.score(), Double::sum);
            }
        }
        String best = null;
        for (String label : votes.keySet()) {
            if (best == null
                    || votes.get(label) > votes.get(best)
                    || (votes.get(label).equals(votes.get(best))
                            && confidence.get(label) > confidence.get(best))) {
                best = label;
            }
        }
        return new Vote(best, best == null ? 0 : votes.get(best), predictions);
    }
}
