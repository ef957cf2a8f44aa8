"""What the figures were taken on: they mean little without it."""

import os
import platform
from pathlib import Path

CPU = Path("/sys/devices/system/cpu/cpu0")
TELLING_FLAGS = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16", "amx_tile")


def describe() -> dict:
    """Processor, caches, memory, system; None for what the system does not tell."""
    return {
        "cpu": cpu_field("model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "cores_allowed": len(os.sched_getaffinity(0)),
        "instructions": instructions(),
        "caches": caches(),
        "governor": read(CPU / "cpufreq/scaling_governor"),
        "memory_gib": memory_gib(),
        "system": f"{platform.system()} {platform.release()}",
        "libc": " ".join(platform.libc_ver()),
        "load_average": load_average(),
    }


def load_average() -> list[float]:
    return [round(load, 2) for load in os.getloadavg()]


def cpu_field(name: str) -> str | None:
    for line in (read(Path("/proc/cpuinfo")) or "").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None


def instructions() -> list[str]:
    """Those instruction sets, of the ones that speed depends on, that the processor has."""
    flags = (cpu_field("flags") or "").split()
    return [flag for flag in TELLING_FLAGS if flag in flags]


def caches() -> list[str]:
    """The caches of one core, like "L2 Unified 1024K"."""
    found = []
    for index in sorted(CPU.glob("cache/index*")):
        level, kind, size = (read(index / name) for name in ("level", "type", "size"))
        found.append(f"L{level} {kind} {size}")
    return found


def memory_gib() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def read(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None
