"""How Keras calls functions that are nodes of graphs, and which of their arguments are tensors.

Its files describe such a node by the module and name of a class, by arguments of the class's
constructor, and by those of the call.
"""

# Names of classes that do not follow from those of the functions.
_CLASSES = {
    "allclose": "AllClose",
    "batch_normalization": "BatchNorm",
    "cdist": "CDist",
    "isin": "IsIn",
    "layer_normalization": "LayerNorm",
    "psnr": "PSNR",
    "rms_normalization": "RMSNorm",
    "searchsorted": "SearchSorted",
}
# Modules of the classes that are not in "numpy".
_MODULES = {
    "core": """
        AssociativeScan Cast Cond ForiLoop Map SaturateCast Scan Scatter ScatterUpdate Slice
        SliceUpdate StopGradient Switch Unstack VectorizedMap WhileLoop
    """,
    "linalg": "Norm",
    "math": """
        CDist Erf Erfinv InTopK Logsumexp Rsqrt SegmentMax SegmentMin SegmentProd SegmentSum TopK
    """,
    "nn": """
        AveragePool BatchNorm BinaryCrossentropy CategoricalCrossentropy Celu Conv ConvTranspose
        DepthwiseConv Elu Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu
        LogSigmoid LogSoftmax MaxPool Moments MultiHot Normalize OneHot PSNR RMSNorm Relu Relu6 Selu
        SeparableConv Sigmoid Silu SoftShrink Softmax Softplus Softsign
        SparseCategoricalCrossentropy SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink
        Threshold
    """,
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

# Parameters of ops that take tensors. What is given for others belongs to the operation, as
# arguments of a constructor do.
_TENSORS = frozenset(
    """
    x x1 x2 xs a b y array data operands elements elems condition pred indices key inputs values
    target output y_true y_pred targets predictions updates weights segment_ids start_indices
    predicate true_fn false_fn v sorted_sequence variable condlist choicelist bins q rtol atol
    constant_values mean variance offset scale gamma beta kernel depthwise_kernel
    pointwise_kernel
    """.split()
)
# Functions for which that is otherwise: what they take with each call.
_TENSORS_OF = {
    "allclose": ("x1", "x2"),
    "bincount": ("x",),
    "full_like": ("x", "fill_value"),
    "select": ("condlist", "choicelist", "default"),
    "squareplus": ("x",),
    "trapezoid": ("y",),
}


def class_name(function_name):
    """Name of the class of a function's nodes.

    >>> class_name("not_equal"), class_name("isin")
    ('NotEqual', 'IsIn')
    """
    capitalized = "".join(part.capitalize() for part in function_name.split("_"))
    return _CLASSES.get(function_name, capitalized)


def module_name(name):
    """Module of the class of that name.

    >>> module_name("Add"), module_name("Relu")
    ('keras.src.ops.numpy', 'keras.src.ops.nn')
    """
    return f"keras.src.ops.{_MODULE_OF.get(name, 'numpy')}"


def tensor_parameters(function_name):
    """Names of parameters of a function, perhaps among others, that each call gives."""
    return _TENSORS_OF.get(function_name, _TENSORS)
