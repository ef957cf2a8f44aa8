"""Make the golden files: what Keras answers, so that the tests need no Keras.

Run `python tests/golden/make_golden.py` where the versions of `versions.json` are installed; a run
on the same kind of machine changes no byte. README.md says what each file holds. With names of
makers as arguments, only those run.
"""

import sys

from makers import (
    activations,
    callbacks,
    calls,
    compiled,
    configs,
    contract,
    convolution_ops,
    convolutions,
    custom_steps,
    data,
    embedding,
    embedding_bag,
    errors,
    estimators,
    fit,
    graph_errors,
    graphs,
    images,
    initializers,
    keras_scripts,
    layers,
    loss_table,
    losses,
    masks,
    metric_table,
    metrics,
    model_configs,
    more_layers,
    normalization,
    optimizers,
    pictures,
    pooling,
    progress,
    recurrent,
    regularizers,
    rich_fit,
    saving,
    signatures,
    summaries,
    training,
    versions,
    wrappers,
)

MAKERS = {
    module.__name__.rpartition(".")[2]: module.make
    for module in (
        versions,
        training,
        layers,
        losses,
        loss_table,
        metrics,
        metric_table,
        fit,
        calls,
        rich_fit,
        activations,
        initializers,
        regularizers,
        normalization,
        more_layers,
        embedding,
        embedding_bag,
        convolution_ops,
        convolutions,
        pooling,
        configs,
        contract,
        masks,
        wrappers,
        estimators,
        graphs,
        errors,
        graph_errors,
        optimizers,
        progress,
        recurrent,
        callbacks,
        summaries,
        signatures,
        data,
        compiled,
        custom_steps,
        saving,
        keras_scripts,
        pictures,
        model_configs,
        images,
    )
}


def main(names):
    """Run the makers with these names, or all of them."""
    # rich draws the tables of `Model.summary` in ASCII where the output cannot show more.
    sys.stdout.reconfigure(encoding="utf-8")
    versions.fix_threads()
    for name in names or MAKERS:
        MAKERS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
