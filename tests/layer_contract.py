"""What is to be seen of a layer in any library that has Keras's names."""


def contract(keras, row):
    """Numbers, shapes, dtypes and masks of a layer, as plain data."""
    found = {dtype: after_call(keras, row, dtype) for dtype in ("float32", "float64")}
    layer = row.make(keras)
    layer.build(row.input_shape)
    found.update(
        numbers=[
            len(layer.trainable_weights),
            len(layer.non_trainable_weights),
            len(layer.trainable_variables),
            len(layer.non_trainable_variables),
            layer.count_params(),
        ],
        weights=[[w.path, list(w.shape), str(w.dtype)] for w in layer.weights],
        supports_masking=layer.supports_masking,
        symbolic=symbolic(keras, row),
        config=sorted(layer.get_config()),
        build_config=sorted(layer.get_build_config() or ()),
        spec=repr(layer.input_spec),
    )
    return found


def after_call(keras, row, dtype):
    layer = row.make(keras, dtype=dtype)
    outputs = layer(row.inputs(dtype))
    dtypes = [layer.dtype_policy.name, layer.compute_dtype, layer.variable_dtype]
    dtypes += [str(weight.dtype) for weight in layer.weights]
    return {"dtypes": dtypes, "shape": list(outputs.shape), "losses": len(layer.losses)}


def symbolic(keras, row):
    """Shape, dtype and shape of the mask of the output for inputs with free batch sizes."""
    dtype = "int32" if row.n_classes else "float32"

    def tensor(shape):
        return keras.KerasTensor((None, *shape[1:]), dtype)

    def with_mask(shape):
        found = tensor(shape)
        found._keras_mask = keras.KerasTensor((None, *(row.mask_shape or shape[:-1])[1:]), "bool")
        return found

    outputs = row.make(keras)(row.each(tensor))
    masked = row.make(keras)(row.each(with_mask))
    mask = getattr(masked, "_keras_mask", None)
    return [list(outputs.shape), outputs.dtype, None if mask is None else list(mask.shape)]
