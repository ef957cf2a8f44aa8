from kerasette.optimizers.schedules.cosine import (
    CosineDecay as CosineDecay,
)
from kerasette.optimizers.schedules.cosine import (
    CosineDecayRestarts as CosineDecayRestarts,
)
from kerasette.optimizers.schedules.decays import (
    ExponentialDecay as ExponentialDecay,
)
from kerasette.optimizers.schedules.decays import (
    InverseTimeDecay as InverseTimeDecay,
)
from kerasette.optimizers.schedules.decays import (
    PiecewiseConstantDecay as PiecewiseConstantDecay,
)
from kerasette.optimizers.schedules.decays import (
    PolynomialDecay as PolynomialDecay,
)
from kerasette.optimizers.schedules.learning_rate_schedule import (
    LearningRateSchedule as LearningRateSchedule,
)

def serialize(learning_rate_schedule): ...
def deserialize(config, custom_objects=None): ...
