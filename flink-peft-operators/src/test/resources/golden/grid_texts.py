# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""The texts of the golden grid, and how a line becomes a row of tokens and labels."""

import torch

LABELS = ["food", "weather", "sport"]
TAGS = ["O", "PERSON", "PLACE", "TIME"]

CLASSIFIED = [
    ("Fresh bread with butter and salt.", None, "food"),
    ("Heavy rain from the west, then a clear sky", None, "weather"),
    ("They won the match", None, "sport"),
    ("Cook the rice.", "Add an onion and some pepper.", "food"),
    ("Fog", None, "weather"),
    ("The runner was fast, but the ball was wet and the field was cold.", None, "sport"),
    ("Snow on the coast tonight?", "No, only wind.", "weather"),
    ("A recipe for sweet lemon soup", None, "food"),
    ("The coach of the team is not so slow.", None, "sport"),
    ("Dinner is fish and hot rice in the kitchen of the club", None, "food"),
    ("It was warm at noon, and the night will be cold.", None, "weather"),
    ("Run, jump, swim!", None, "sport"),
    ("Who lost the final?", "The old club lost it by a point.", "sport"),
    ("sour apple", None, "food"),
    ("Sun and clouds, no storm in the north this week", None, "weather"),
    ("The last goal was the best of the season.", None, "sport"),
]

# Text, and a target for some: then the loss is taken on the target only.
CONTINUED = [
    ("The rain came from the west and the night was cold.", None),
    ("name: Roma, food: fish, price: low", " Roma serves cheap fish."),
    ("The coach of the team is slow", None),
    ("Fresh bread", " with butter and salt."),
    ("name: Aroma, food: soup, area: north", " Aroma in the north has soup."),
    ("It was warm at noon, but the ball was wet.", None),
    ("They won", None),
    ("Question: is it cold? Answer:", " no"),
    ("Cook the rice, then add an onion and some pepper.", None),
    ("name: The Club, price: high", " The Club is not cheap at all, but it has the best dinner."),
    ("Snow on the coast tonight", None),
    ("food: lemon soup, area: old town", " There is lemon soup in the old town."),
    ("The runner was fast.", None),
    ("The last goal", " was the best."),
    ("Sun and clouds, no storm in the north", None),
    ("Dinner is", " ready"),
]

TRANSFORMED = [
    ("The rain came from the west and the night was cold.", "cold rain"),
    ("name: Roma, food: fish, price: low", "Roma serves cheap fish."),
    ("The coach of the team is slow", "slow coach"),
    ("Fresh bread with butter", "bread"),
    ("name: Aroma, food: soup, area: north", "Aroma in the north has soup."),
    ("It was warm at noon, but the ball was wet, and so was the field.", "wet ball"),
    ("They won", "The team won the match."),
    ("is it cold?", "no"),
    ("Cook the rice, then add an onion and some pepper.", "rice with onion and pepper"),
    ("name: The Club, price: high", "The Club is not cheap at all, but it has the best dinner."),
    ("Snow on the coast tonight", "snow"),
    ("food: lemon soup, area: old town", "There is lemon soup in the old town."),
    ("The runner was fast.", "fast"),
    ("The last goal was the best of the season.", "the best goal"),
    ("Sun and clouds, no storm in the north", "no storm"),
    ("Dinner", "Dinner is ready at the club."),
]

# Numbers for the texts of CLASSIFIED: the first of each is what a head of one output learns.
RATED = [(4.5, -1), (0, 0.25), (3, -2), (-1.5, 1), (2, 0.5), (1, 1.75), (5, 0), (-0.5, -0.5), (2.25, 2), (3.5, -1.5),
         (0.75, 1), (-2, 0.125), (4, -3), (1.5, 1.5), (0.5, 0), (-1, 2.5)]

# Any number of labels for the texts of CLASSIFIED.
LABELLED = [("food",), (), ("sport", "weather"), ("food", "sport", "weather"), ("weather",), ("food", "weather"), ("sport",),
            (), ("food",), ("weather", "sport"), ("sport",), ("food",), ("food", "sport"), ("weather",), (), ("sport",)]

# A tag for each word between spaces.
TAGGED = [
    ("Anna was in Rome on Monday .", "PERSON O O PLACE O TIME O"),
    ("The rain came at noon", "O O O O TIME"),
    ("Ben won", "PERSON O"),
    ("They cook fish in Oslo tonight", "O O O O PLACE TIME"),
    ("The coach , Carla , is slow", "O O O PERSON O O O"),
    ("Snow", "O"),
    ("Cold wind in the north of Spain this week", "O O O O O O PLACE TIME TIME"),
    ("Dana and Emil lost the final in Bern", "PERSON O PERSON O O O O PLACE"),
    ("tomorrow it is warm", "TIME O O O"),
    ("Rome is hot", "PLACE O O"),
    ("Eat soup with Anna", "O O O PERSON"),
    ("A storm on the coast of Chile at night", "O O O O O O PLACE O TIME"),
    ("Emil !", "PERSON O"),
    ("The club of Oslo won the match on Friday", "O O O PLACE O O O O TIME"),
    ("fresh bread in the old town", "O O O O O O"),
    ("Carla swims today", "PERSON O TIME"),
]

# Question, context, answer: the first place where it stands in the context.
ASKED = [
    ("Who lost the final?", "The old club lost it by a point.", "The old club"),
    ("What was wet?", "It was warm at noon, but the ball was wet.", "the ball"),
    ("Where is snow?", "Snow on the coast tonight", "on the coast"),
    ("When?", "It was cold at night.", "night"),
    ("What is for dinner?", "Dinner is fish and hot rice in the kitchen", "fish and hot rice"),
    ("Who is slow?", "The coach of the team is slow.", "The coach of the team"),
    ("Add what to the rice?", "Cook the rice. Add an onion and some pepper.", "an onion"),
    ("From where came the rain?", "Heavy rain from the west", "the west"),
    ("Who won?", "Anna", "Anna"),
    ("How was the runner?", "The runner was fast, but the field was cold.", "fast"),
    ("What was the best?", "The last goal was the best of the season.", "The last goal"),
    ("Is there a storm?", "Sun and clouds, no storm in the north this week", "no storm"),
    ("What is sour?", "A sour apple and a sweet lemon", "apple"),
    ("Where do they cook?", "They cook fish in the old town", "in the old town"),
    ("What is fresh?", "Fresh bread with butter and salt.", "bread"),
    ("Who has soup?", "The club in the north has soup.", "The club in the north"),
]

# The target is one token of the vocabulary; if it is more, its first is meant.
CLOZE = [
    ("The soup was [MASK] and sweet.", "hot"), ("It was [MASK] at night", "cold"), ("They [MASK] the match", "won"),
    ("Cook the [MASK], then add an onion and some pepper.", "rice"), ("[MASK]", "fog"),
    ("The [MASK] was fast, but the ball was wet.", "runner"), ("Heavy [MASK] from the west", "rain"),
    ("The last [MASK] was the best of the season.", "goal"), ("Fresh [MASK] with butter and salt.", "bread"),
    ("The coach of the [MASK] is not so slow.", "team"), ("Snow on the [MASK]", "coast"),
    ("Dinner is [MASK] and hot rice in the kitchen of the club", "fish"), ("No [MASK] in the north this week", "storm"),
    ("a [MASK] apple", "sour"), ("The match was bad. It was [MASK]", "cold"), ("Eat [MASK] with salt", "bread"),
]


def lines(task, problem=None, outputs=()):
    """The lines of a task's train.jsonl: 16, so that 12 batches of 4 are 3 epochs."""
    if problem == "multi_label_classification":
        return [{"text": a} | ({"text_pair": b} if b else {}) | {"labels": list(labels)}
                for (a, b, _), labels in zip(CLASSIFIED, LABELLED, strict=True)]
    if problem == "regression":
        rated = [list(numbers[:len(outputs)]) for numbers in RATED]
        return [{"text": a} | ({"text_pair": b} if b else {}) | {"target": n if len(n) > 1 else n[0]}
                for (a, b, _), n in zip(CLASSIFIED, rated, strict=True)]
    if task == "SEQ_CLS":
        return [{"text": a} | ({"text_pair": b} if b else {}) | {"label": label} for a, b, label in CLASSIFIED]
    if task == "TOKEN_CLS":
        return [{"text": text, "label": tags} for text, tags in TAGGED]
    if task == "QUESTION_ANS":
        return [{"text": question, "text_pair": context, "target": answer} for question, context, answer in ASKED]
    pairs = {"CAUSAL_LM": CONTINUED, "SEQ_2_SEQ_LM": TRANSFORMED, "MASKED_LM": CLOZE}[task]
    return [{"text": text} | ({"target": target} if target else {}) for text, target in pairs]


def corpus():
    """What tokenizers are made from."""
    return [v for task in ("SEQ_CLS", "CAUSAL_LM", "SEQ_2_SEQ_LM") for line in lines(task)
            for k, v in line.items() if k != "label"]


def row(task, tok, line):
    """Tokens and labels of a line; what a "prompt" holds is where generation starts."""
    text, pair = line["text"], line.get("text_pair")
    encoding = tok.encode(text, pair) if pair else tok.encode(text)
    result = {"input_ids": encoding.ids, "token_type_ids": encoding.type_ids}
    if task == "SEQ_CLS" and "labels" in line:
        result["labels"] = [1.0 if label in line["labels"] else 0.0 for label in LABELS]
    elif task == "SEQ_CLS" and "target" in line:
        result["labels"] = line["target"]
    elif task == "SEQ_CLS":
        result["labels"] = LABELS.index(line["label"])
    elif task == "TOKEN_CLS":
        result["labels"] = word_labels(encoding, text, line["label"].split(" "))
    elif task == "QUESTION_ANS":
        start = pair.index(line["target"])
        inside = [i for i, (a, b) in enumerate(encoding.offsets) if encoding.sequence_ids[i] == 1
                  and a < start + len(line["target"]) and b > start]
        result |= {"start_positions": inside[0], "end_positions": inside[-1]}
    elif task == "MASKED_LM":
        mask = tok.token_to_id("[MASK]") or tok.token_to_id("<mask>")
        target = tok.token_to_id(line["target"]) or tok.encode(" " + line["target"], add_special_tokens=False).ids[0]
        result["labels"] = [target if t == mask else -100 for t in encoding.ids]
    elif task == "SEQ_2_SEQ_LM":
        result |= {"prompt": encoding.ids, "labels": tok.encode(line["target"]).ids}
    elif "target" in line:
        target = tok.encode(line["target"], add_special_tokens=False).ids
        if encoding.ids + target != tok.encode(text + line["target"]).ids:
            raise ValueError(f"Line ({line}) must have the same tokens when it is encoded as a whole.")
        result = {"input_ids": encoding.ids + target, "prompt": encoding.ids,
                  "labels": [-100] * len(encoding.ids) + target}
    else:
        result |= {"prompt": encoding.ids, "labels": encoding.ids}
    return result


def word_labels(encoding, text, tags):
    """The tag's number at the first token of each word between spaces, -100 elsewhere."""
    labels, seen = [], set()
    for (a, b), special in zip(encoding.offsets, encoding.special_tokens_mask):
        token = text[a:b]  # may start with the space before its word
        word = text[:a + len(token) - len(token.lstrip())].count(" ")
        labels.append(-100 if special or word in seen else TAGS.index(tags[word]))
        seen |= set() if special else {word}
    return labels


def batch(rows, pad, names):
    """Rows padded on the right to the longest; of the inputs those that the model takes."""
    def padded(key, value):
        longest = max(len(r[key]) for r in rows)
        return torch.tensor([r[key] + [value] * (longest - len(r[key])) for r in rows])
    result = {"input_ids": padded("input_ids", pad)}
    longest = result["input_ids"].shape[1]
    result["attention_mask"] = torch.tensor(
        [[1] * len(r["input_ids"]) + [0] * (longest - len(r["input_ids"])) for r in rows])
    if "token_type_ids" in names:
        result["token_type_ids"] = padded("token_type_ids", 0)
    for key in ("start_positions", "end_positions", "labels"):
        if key in rows[0]:
            result[key] = (padded(key, -100) if isinstance(rows[0][key], list)
                           else torch.tensor([r[key] for r in rows]))
    return result
