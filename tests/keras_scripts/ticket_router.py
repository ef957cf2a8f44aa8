import keras
import numpy as np
from keras import layers, ops
from same_start import set_start

num_tags = 12  # Number of unique issue tags
num_words = 200  # Size of vocabulary obtained when preprocessing text data
num_departments = 4  # Number of departments for predictions

title_input = keras.Input(shape=(None,), name="title")  # Variable-length sequence of ints
body_input = keras.Input(shape=(None,), name="body")  # Variable-length sequence of ints
tags_input = keras.Input(shape=(num_tags,), name="tags")  # Binary vectors of size `num_tags`

# Embed each word in the title and in the text
title_features = layers.Embedding(num_words, 16)(title_input)
body_features = layers.Embedding(num_words, 16)(body_input)

# Reduce sequences of embedded words to single vectors
title_features = ops.mean(title_features, axis=1)
body_features = ops.mean(body_features, axis=1)

# Merge all available features into a single large vector via concatenation
x = layers.concatenate([title_features, body_features, tags_input])

# Stick a logistic regression for priority prediction, and a classifier of departments on top
priority_pred = layers.Dense(1, name="priority")(x)
department_pred = layers.Dense(num_departments, name="department")(x)

# Instantiate an end-to-end model predicting both priority and department
model = keras.Model(
    inputs=[title_input, body_input, tags_input],
    outputs={"priority": priority_pred, "department": department_pred},
)
set_start(model, seed=6)

summary = []
model.summary(print_fn=summary.append)

model.compile(
    optimizer=keras.optimizers.RMSprop(1e-2),
    loss={
        "priority": keras.losses.BinaryCrossentropy(from_logits=True),
        "department": keras.losses.CategoricalCrossentropy(from_logits=True),
    },
    loss_weights={"priority": 1.0, "department": 0.2},
    metrics={
        "priority": [keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy"), "mae"],
        "department": ["accuracy", keras.metrics.TopKCategoricalAccuracy(k=2, name="top2")],
    },
)

# Input and target data
rng = np.random.default_rng(31)
title_data = rng.integers(num_words, size=(640, 10))
body_data = rng.integers(num_words, size=(640, 30))
tags_data = rng.integers(2, size=(640, num_tags)).astype("float32")
urgent = (title_data < 20).sum(axis=1) + tags_data[:, 0]
priority_targets = (urgent > 1).astype("float32")[:, np.newaxis]
department = np.argmax(tags_data[:, 1:5] + 0.01 * (body_data[:, :4] % 7), axis=1)
dept_targets = np.eye(num_departments)[department]

np.random.seed(8)
history = model.fit(
    {"title": title_data, "body": body_data, "tags": tags_data},
    {"priority": priority_targets, "department": dept_targets},
    epochs=3,
    batch_size=32,
    validation_split=0.1,
    verbose=0,
)

tickets = {"title": title_data[:4], "body": body_data[:4], "tags": tags_data[:4]}
targets = {"priority": priority_targets[:4], "department": dept_targets[:4]}
routed = model.predict(tickets, verbose=0)

logs = {
    "summary": summary,
    **history.history,
    "evaluation": model.evaluate(tickets, targets, verbose=0, return_dict=True),
    "evaluation_as_list": model.evaluate(tickets, targets, verbose=0),
    "priority": routed["priority"],
    "department": routed["department"],
    "one_title": model([title_data[:1], body_data[:1, :5], tags_data[:1]])["priority"],
}
