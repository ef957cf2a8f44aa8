import keras
from digits import load_data
from keras import layers, ops
from same_start import set_start


class Distiller(keras.Model):
    def __init__(self, student, teacher):
        super().__init__()
        self.teacher = teacher
        self.teacher.trainable = False
        self.student = student

    def compile(
        self,
        optimizer,
        metrics,
        student_loss_fn,
        distillation_loss_fn,
        alpha=0.1,
        temperature=3,
    ):
        super().compile(optimizer=optimizer, metrics=metrics)
        self.student_loss_fn = student_loss_fn
        self.distillation_loss_fn = distillation_loss_fn
        self.alpha = alpha
        self.temperature = temperature

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, allow_empty=False):
        teacher_pred = self.teacher(x, training=False)
        student_loss = self.student_loss_fn(y, y_pred)

        distillation_loss = self.distillation_loss_fn(
            ops.softmax(teacher_pred / self.temperature, axis=1),
            ops.softmax(y_pred / self.temperature, axis=1),
        ) * (self.temperature**2)

        return self.alpha * student_loss + (1 - self.alpha) * distillation_loss

    def call(self, x):
        return self.student(x)


teacher = keras.Sequential(
    [
        keras.Input(shape=(8, 8)),
        layers.Flatten(),
        layers.Dense(64, use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Dense(32, activation="relu"),
        layers.Dense(10),
    ],
    name="teacher",
)
student = keras.Sequential(
    [
        keras.Input(shape=(8, 8)),
        layers.Flatten(),
        layers.Dense(24),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Dense(10),
    ],
    name="student",
)
set_start(teacher, seed=12)
set_start(student, seed=13)

# Clone student for later comparison
student_scratch = keras.models.clone_model(student)
student_scratch.set_weights(student.get_weights())

(x_train, y_train), (x_test, y_test) = load_data(train=480, test=128, seed=14)
x_train = x_train.astype("float32") / 255.0
x_test = x_test.astype("float32") / 255.0
keras.utils.set_random_seed(15)

# Train and evaluate teacher as usual
teacher.compile(
    optimizer=keras.optimizers.Adam(0.005),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)
teacher_history = teacher.fit(x_train, y_train, epochs=3, verbose=0)
teacher_test = teacher.evaluate(x_test, y_test, verbose=0, return_dict=True)

# Distill teacher to student
distiller = Distiller(student=student, teacher=teacher)
distiller.compile(
    optimizer=keras.optimizers.Adam(0.02),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
    student_loss_fn=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    distillation_loss_fn=keras.losses.KLDivergence(),
    alpha=0.1,
    temperature=10,
)
distiller_history = distiller.fit(x_train, y_train, epochs=3, verbose=0)

# Train student as done usually
student_scratch.compile(
    optimizer=keras.optimizers.Adam(0.02),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)
scratch_history = student_scratch.fit(x_train, y_train, epochs=3, verbose=0)

logs = {
    "trainable": [len(distiller.trainable_weights), len(distiller.non_trainable_weights)],
    "teacher": teacher_history.history,
    "distiller": distiller_history.history,
    "scratch": scratch_history.history,
    "teacher_test": teacher_test,
    "distiller_test": distiller.evaluate(x_test, y_test, verbose=0, return_dict=True),
    "scratch_test": student_scratch.evaluate(x_test, y_test, verbose=0, return_dict=True),
    "student": student.predict(x_test[:2], verbose=0),
}
