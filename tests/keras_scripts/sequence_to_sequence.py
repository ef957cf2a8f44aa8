import keras
import numpy as np
from keras import layers
from same_start import set_start

batch_size = 16
epochs = 5
latent_dim = 24

# Strings of letters, and the same backwards in capitals
rng = np.random.default_rng(1)
input_texts, target_texts = [], []
for _ in range(96):
    text = "".join(rng.choice(list("abcde"), size=rng.integers(2, 6)))
    input_texts.append(text)
    # We use "tab" as the "start sequence" character and "\n" as "end sequence" character.
    target_texts.append("\t" + text[::-1].upper() + "\n")

input_characters = sorted(set("".join(input_texts)))
target_characters = sorted(set("".join(target_texts)))
input_token_index = {char: i for i, char in enumerate(input_characters)}
target_token_index = {char: i for i, char in enumerate(target_characters)}
num_encoder_tokens, num_decoder_tokens = len(input_characters), len(target_characters)
max_encoder_seq_length = max(len(txt) for txt in input_texts)
max_decoder_seq_length = max(len(txt) for txt in target_texts)

n = len(input_texts)
encoder_input_data = np.zeros((n, max_encoder_seq_length, num_encoder_tokens), dtype="float32")
decoder_input_data = np.zeros((n, max_decoder_seq_length, num_decoder_tokens), dtype="float32")
decoder_target_data = np.zeros((n, max_decoder_seq_length, num_decoder_tokens), dtype="float32")
for i, (input_text, target_text) in enumerate(zip(input_texts, target_texts, strict=True)):
    for t, char in enumerate(input_text):
        encoder_input_data[i, t, input_token_index[char]] = 1.0
    for t, char in enumerate(target_text):
        decoder_input_data[i, t, target_token_index[char]] = 1.0
        if t > 0:
            # decoder_target_data is ahead of decoder_input_data by one timestep
            decoder_target_data[i, t - 1, target_token_index[char]] = 1.0

# Define an input sequence and process it.
encoder_inputs = keras.Input(shape=(None, num_encoder_tokens))
encoder = layers.LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
# We discard `encoder_outputs` and only keep the states.
encoder_states = [state_h, state_c]

# Set up the decoder, using `encoder_states` as initial state.
decoder_inputs = keras.Input(shape=(None, num_decoder_tokens))
decoder_lstm = layers.LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = layers.Dense(num_decoder_tokens, activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)

model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
set_start(model, seed=2)
summary = []
model.summary(print_fn=summary.append)
model.compile(
    optimizer=keras.optimizers.RMSprop(0.01),
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(
    [encoder_input_data, decoder_input_data],
    decoder_target_data,
    batch_size=batch_size,
    epochs=epochs,
    validation_split=0.2,
    shuffle=False,
    verbose=0,
)

# Models for sampling: they share their layers with the one that was trained
encoder_model = keras.Model(encoder_inputs, encoder_states)
decoder_states_inputs = [keras.Input(shape=(latent_dim,)), keras.Input(shape=(latent_dim,))]
decoder_outputs, *decoder_states = decoder_lstm(decoder_inputs, initial_state=decoder_states_inputs)
decoder_model = keras.Model(
    [decoder_inputs, *decoder_states_inputs], [decoder_dense(decoder_outputs), *decoder_states]
)


def decode_sequence(input_seq):
    # Encode the input as state vectors.
    states_value = encoder_model.predict(input_seq, verbose=0)
    target_seq = np.zeros((1, 1, num_decoder_tokens))
    target_seq[0, 0, target_token_index["\t"]] = 1.0
    decoded_sentence = ""
    while len(decoded_sentence) < max_decoder_seq_length and decoded_sentence[-1:] != "\n":
        output_tokens, h, c = decoder_model.predict([target_seq, *states_value], verbose=0)
        sampled_token_index = int(np.argmax(output_tokens[0, -1, :]))
        decoded_sentence += target_characters[sampled_token_index]
        target_seq = np.zeros((1, 1, num_decoder_tokens))
        target_seq[0, 0, sampled_token_index] = 1.0
        states_value = [h, c]
    return decoded_sentence


logs = {
    "summary": summary,
    **history.history,
    "decoded": [decode_sequence(encoder_input_data[i : i + 1]) for i in range(4)],
    "states": encoder_model.predict(encoder_input_data[:2], verbose=0)[1][:, :4],
}
