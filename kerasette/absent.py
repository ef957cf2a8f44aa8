"""What Keras has and kerasette does not: asking for it says so."""

# Names of Keras 3.15, by module.
NAMES = {
    "": (
        "FloatDTypePolicy Operation Quantizer RematScope StatelessScope SymbolicScope "
        "applications device distillation distribution export name_scope quantizers remat "
        "visualization"
    ),
    "callbacks": (
        "BackupAndRestore ModelCheckpoint OrbaxCheckpoint RemoteMonitor SwapEMAWeights TensorBoard"
    ),
    "config": (
        "disable_flash_attention disable_traceback_filtering enable_flash_attention "
        "enable_traceback_filtering is_flash_attention_enabled is_nnx_enabled "
        "is_traceback_filtering_enabled max_epochs max_steps_per_epoch set_max_epochs "
        "set_max_steps_per_epoch"
    ),
    "datasets": "boston_housing california_housing cifar10 cifar100 fashion_mnist imdb reuters",
    "dtype_policies": (
        "AWQDTypePolicy DTypePolicyMap FloatDTypePolicy GPTQDTypePolicy Int4DTypePolicy "
        "QuantizedDTypePolicy QuantizedFloat8DTypePolicy"
    ),
    "initializers": "STFT STFTInitializer stft",
    "layers": (
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdditiveAttention "
        "Attention AugMix AutoContrast ContrastLimitedAdaptiveHistogramEqualization ConvLSTM1D "
        "ConvLSTM2D ConvLSTM3D CutMix Equalization FlaxLayer GroupQueryAttention JaxLayer "
        "MaxNumBoundingBoxes MelSpectrogram MixUp MultiHeadAttention RMSNormalization RandAugment "
        "RandomColorDegeneration RandomColorJitter RandomElasticTransform RandomErasing "
        "RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective "
        "RandomPosterization RandomSaturation RandomSharpness RandomShear ReversibleEmbedding "
        "STFTSpectrogram Solarization SpectralNormalization TFSMLayer TextVectorization "
        "TorchModuleWrapper"
    ),
    "losses": (
        "CTC CategoricalGeneralizedCrossEntropy Circle categorical_generalized_cross_entropy "
        "circle ctc"
    ),
    "metrics": (
        "ConcordanceCorrelation PearsonCorrelation concordance_correlation pearson_correlation"
    ),
    "models": "load_model save_model",
    "ops": (
        "adaptive_average_pool adaptive_max_pool angle bartlett bitwise_and bitwise_invert "
        "bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor blackman "
        "cholesky cholesky_inverse conj conjugate corrcoef correlate ctc_decode ctc_loss "
        "custom_gradient depth_to_space det dot_product_attention eig eigh erfc extract_sequences "
        "fft fft2 fold gcd geomspace hamming hanning histogram i0 ifft2 imag image inv irfft "
        "isreal istft jvp kaiser lcm left_shift linalg logdet logspace lstsq lu_factor "
        "matrix_rank nextafter nn nonzero numpy pinv polar qr real rearrange rfft right_shift "
        "slogdet solve solve_triangular space_to_depth stft svd unfold unique vectorize view "
        "view_as_complex view_as_real"
    ),
    "optimizers": "Adafactor Lamb MultiOptimizer Muon OptimizerMap ScheduleFreeAdamW",
    "preprocessing.image": "smart_resize",
    "saving": "KerasFileEditor load_model load_weights save_model save_weights",
    "tree": "MAP_TO_NONE assert_same_paths map_structure_up_to traverse",
    "utils": "Config FeatureSpace audio_dataset_from_directory bounding_boxes get_source_inputs",
}


def is_absent(module, name):
    """Whether Keras has a name in a module, as "layers", and kerasette does not.

    >>> is_absent("layers", "MultiHeadAttention"), is_absent("layers", "Dense")
    (True, False)
    """
    return name in NAMES.get(module, "").split()


def absence(name):
    """The error of something that Keras has, as "layers.MultiHeadAttention"."""
    # Without a full stop, as Python's own: where a name is similar, ". Did you mean" follows.
    return AttributeError(
        f"Keras has {name}; kerasette does not "
        "(docs/differences-from-keras.md in its sources says what is left out)"
    )


class AbsentMethod:
    """A method of Keras's in a class that does not have it.

    Getting it raises `AttributeError`, so that ``hasattr`` is False.
    """

    def __set_name__(self, owner, name):
        self.name = f"{owner.__name__}.{name}"

    def __get__(self, instance, owner=None):
        raise absence(self.name)
