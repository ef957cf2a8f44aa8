import keras
import numpy as np
from keras import layers, ops
from same_start import set_start

EMBEDDING_SIZE = 8
num_users = 60
num_movies = 90

# Ratings from 1 to 5 of some movies by some users, who have a taste each
rng = np.random.default_rng(41)
tastes, kinds = rng.normal(size=(num_users, 3)), rng.normal(size=(num_movies, 3))
pairs = rng.permutation(num_users * num_movies)[:1500]
user, movie = pairs // num_movies, pairs % num_movies
rating = np.clip(np.round(3 + np.sum(tastes[user] * kinds[movie], axis=1)), 1, 5)
min_rating, max_rating = rating.min(), rating.max()

x = np.stack([user, movie], axis=1)
# Normalize the targets between 0 and 1. Makes it easy to train.
y = (rating - min_rating) / (max_rating - min_rating)
train_indices = int(0.9 * len(x))
x_train, x_val, y_train, y_val = (
    x[:train_indices],
    x[train_indices:],
    y[:train_indices],
    y[train_indices:],
)


class RecommenderNet(keras.Model):
    def __init__(self, num_users, num_movies, embedding_size, **kwargs):
        super().__init__(**kwargs)
        self.num_users = num_users
        self.num_movies = num_movies
        self.embedding_size = embedding_size
        self.user_embedding = layers.Embedding(
            num_users,
            embedding_size,
            embeddings_initializer="he_normal",
            embeddings_regularizer=keras.regularizers.l2(1e-4),
        )
        self.user_bias = layers.Embedding(num_users, 1)
        self.movie_embedding = layers.Embedding(
            num_movies,
            embedding_size,
            embeddings_initializer="he_normal",
            embeddings_regularizer=keras.regularizers.l2(1e-4),
        )
        self.movie_bias = layers.Embedding(num_movies, 1)
        self.dot = layers.Dot(axes=1)

    def call(self, inputs):
        user_vector = self.user_embedding(inputs[:, 0])
        user_bias = self.user_bias(inputs[:, 0])
        movie_vector = self.movie_embedding(inputs[:, 1])
        movie_bias = self.movie_bias(inputs[:, 1])
        dot_user_movie = self.dot([user_vector, movie_vector])
        # Add all the components (including bias)
        x = dot_user_movie + user_bias + movie_bias
        # The sigmoid activation forces the rating to between 0 and 1
        return ops.sigmoid(x)

    def get_config(self):
        return {
            "num_users": self.num_users,
            "num_movies": self.num_movies,
            "embedding_size": self.embedding_size,
        }


model = RecommenderNet(num_users, num_movies, EMBEDDING_SIZE)
model(x_train[:1])
set_start(model, seed=14)

model.compile(
    loss=keras.losses.BinaryCrossentropy(),
    optimizer=keras.optimizers.Adam(learning_rate=0.01),
    metrics=[keras.metrics.RootMeanSquaredError(name="rmse")],
)
keras.utils.set_random_seed(42)
history = model.fit(
    x=x_train, y=y_train, batch_size=64, epochs=4, verbose=0, validation_data=(x_val, y_val)
)

# Show top 5 movie recommendations to a user
movies_not_watched = np.setdiff1d(np.arange(num_movies), movie[user == 7])
user_movie_array = np.stack([np.full(len(movies_not_watched), 7), movies_not_watched], axis=1)
ratings = model.predict(user_movie_array, verbose=0).flatten()
top_ratings_indices = ratings.argsort()[-5:][::-1]

logs = {
    **history.history,
    "layers": [type(layer).__name__ for layer in model.layers],
    "shapes": [list(weight.shape) for weight in model.weights],
    "config": model.get_config(),
    "recommended": movies_not_watched[top_ratings_indices],
    "ratings": ratings[top_ratings_indices],
}
