"""Builds the extensions. Everything else about the package stands in pyproject.toml."""

import os
import platform
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import scipy_openblas32
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

CORE = Path("kerasette/_core")
FAMILIES = ["elementwise", "convert", "reduce", "scan", "sort", "shape", "matmul"]
FAMILIES += ["gather", "scatter", "random"]
REAL_FAMILIES = """
    activation loss gemm product sparse_product weights_tile dense bag
    conv conv_backward conv_pass conv_weights depthwise filters filters_few sweep
    affine_sample pooling resample
    layer_norm norm
    recurrent recurrent_packing recurrent_products recurrent_weights simple_rnn lstm gru
    update update_rows upkeep
""".split()
RUNTIME = ["pool", "workers", "cores", "dispatch", "run"]
EXTENSIONS = "runtime dtypes memory tensor variable node step recording rows tape feed".split()
EXTENSIONS += "fuse_activations fuse_bags fuse_pools fuse_tables".split()
EXTENSIONS += [
    f"ops/{family}"
    for family in (
        "operands elementwise activation reduce sort shape matmul conv pool loss norm gather "
        "random update upkeep sampling recurrent".split()
    )
]

# No -ffast-math: linking it can change the floating-point state of the whole process. -std=c11
# alone turns contraction to FMA off. Nothing unwinds through a kernel; tables for that would take
# 80 kB of a wheel.
C_FLAGS = (
    "-std=c11 -O3 -fno-math-errno -fno-trapping-math -ffp-contract=fast -fvisibility=hidden "
    "-fno-asynchronous-unwind-tables"
)
IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
ISA_FLAGS = (
    {
        # For processors of before 2013. Not unrolled, it is a third of a megabyte less to download.
        "v2": ["-march=x86-64-v2", "-O2", "-ftree-vectorize", "-fvect-cost-model=dynamic"],
        "v3": ["-march=x86-64-v3"],
        "v4": ["-march=x86-64-v4"],
    }
    if IS_X86
    else {"generic": []}
)
# A debug build with Cython's bounds checks on: KERASETTE_BOUNDS_CHECK=1 pip install .
BOUNDS_CHECK = os.environ.get("KERASETTE_BOUNDS_CHECK", "0") == "1"
BUILD = "build/bounds-check" if BOUNDS_CHECK else "build"
# The same for all kinds of builds.
KERNEL_OBJECTS = Path("build/kernels")


def kernel_variants():
    """(dtype, instruction set, flags, families): what each kernel file is compiled for."""
    for isa, flags in ISA_FLAGS.items():
        for dtype in ("f32", "f64"):
            yield dtype, isa, flags, [*FAMILIES, *REAL_FAMILIES]
    for dtype in ("i32", "i64", "bool"):
        yield dtype, "generic", [], FAMILIES


class BuildExtensions(build_ext):
    """Compiles each kernel once per dtype and instruction set, and carries BLAS along."""

    def finalize_options(self):
        super().finalize_options()
        if self.editable_mode:
            # Not in a temporary folder, where all would be built anew each time.
            self.build_lib = f"{BUILD}/editable"
            self.build_temp = f"{BUILD}/editable-temp"

    def run(self):
        super().run()
        target = CORE if self.inplace else Path(self.build_lib) / CORE
        for library in Path(scipy_openblas32.get_lib_dir()).glob("libscipy_openblas*"):
            # Beside the extension, where $ORIGIN finds it.
            shutil.copy2(library, target)

    def build_extensions(self):
        # Some Pythons link with a path of the machine that they were built on.
        linker = [flag for flag in self.compiler.linker_so if not flag.startswith("-Wl,-rpath")]
        self.compiler.linker_so = linker
        runtime = next(e for e in self.extensions if e.name.endswith("runtime"))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            compiled = pool.map(lambda batch: self.compile_batch(*batch), self.batches())
            runtime.extra_objects = [name for objects in compiled for name in objects]
        runtime.depends = [*runtime.depends, *runtime.extra_objects]
        super().build_extensions()

    def batches(self):
        """(source files, folder for the objects, macros, flags)."""
        yield RUNTIME, "runtime", [], []
        for dtype, isa, flags, families in kernel_variants():
            macros = [("KS_DTYPE", dtype), ("KS_ISA", isa)]
            yield [*families, "optable"], f"{dtype}_{isa}", macros, flags

    def compile_batch(self, names, folder, macros, flags):
        """Objects of some C files; those stay that are newer than what they are made from."""
        folder = KERNEL_OBJECTS / folder
        shared = [*Path("csrc").glob("*.h"), Path("setup.py")]
        newest = max(path.stat().st_mtime for path in shared)
        objects = [folder / "csrc" / f"{name}.o" for name in names]
        stale = [
            f"csrc/{name}.c"
            for name, path in zip(names, objects)
            if not path.exists()
            or path.stat().st_mtime < max(newest, Path(f"csrc/{name}.c").stat().st_mtime)
        ]
        self.compiler.compile(
            stale,
            output_dir=str(folder),
            include_dirs=["csrc"],
            macros=macros,
            extra_postargs=[*C_FLAGS.split(), *flags],
        )
        return [str(path) for path in objects]


def extension(name):
    is_runtime = name == "runtime"
    return Extension(
        "kerasette._core." + name.replace("/", "."),
        [str(CORE / f"{name}.pyx")],
        include_dirs=["csrc", str(CORE)],
        depends=["setup.py", *(str(header) for header in sorted(Path("csrc").glob("*.h")))],
        libraries=["scipy_openblas", "pthread", "m"] if is_runtime else [],
        library_dirs=[scipy_openblas32.get_lib_dir()] if is_runtime else [],
        extra_compile_args=["-O2", "-std=c11", "-fvisibility=hidden"],
        extra_link_args=["-Wl,-s", *(["-Wl,-rpath,$ORIGIN"] if is_runtime else [])],
    )


setup(
    ext_modules=cythonize(
        [extension(name) for name in EXTENSIONS],
        compiler_directives={
            "language_level": 3,
            "boundscheck": BOUNDS_CHECK,
            "initializedcheck": BOUNDS_CHECK,
            "cdivision": True,
            "embedsignature": True,
            "binding": True,
        },
        build_dir=f"{BUILD}/cython",
    ),
    options={"build": {"build_base": BUILD}, "build_ext": {"parallel": os.cpu_count()}},
    cmdclass={"build_ext": BuildExtensions},
)
