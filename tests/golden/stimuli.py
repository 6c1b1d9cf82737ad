"""Manipulated pictures by numpy, scipy and scikit-image: writes stimuli.json and stimuli.npz.

The picture is every fourth pixel of inputs/koala.png, rows 20 to 131 and columns 30 to 189: 28 x 40. `odd` is its first 27 rows and 39 columns.
Edges are those of the whole picture. Arrays are float32, values between 0 (black) and 1 (white) before they are rounded to bytes.

Nothing is drawn: what would be drawn are the seeded numbers of `seeded.py`, by the names uniform-noise, phase-noise, noise-mask and eidolon.N for
plane N: the incoherent fields downwards, the coherent ones downwards, the incoherent and the coherent ones to the right, 7 levels each from the finest.
"""

import numpy as np
import scipy
import skimage
from PIL import Image
from scipy import fft, ndimage
from skimage.color import rgb2gray
from skimage.feature import canny

from common import HERE, INPUTS, write_json
from seeded import uniform

BACKGROUND = 0.4423


def between_0_and_1(name: str, count: int) -> np.ndarray:
    return (uniform(name, count).astype(np.float64) + 1) / 2


def contrast(grey: np.ndarray, level: float) -> np.ndarray:
    return level * grey + (1 - level) * 0.5


def uniform_noise(grey: np.ndarray, width: float) -> np.ndarray:
    noise = uniform("uniform-noise", grey.size).astype(np.float64).reshape(grey.shape)
    return np.clip(contrast(grey, 0.3) + width * noise, 0, 1)


def low_pass(grey: np.ndarray, sigma: float) -> np.ndarray:
    return np.clip(ndimage.gaussian_filter(grey, sigma, mode="constant", cval=BACKGROUND), 0, 1)


def high_pass(grey: np.ndarray, sigma: float) -> np.ndarray:
    fine = grey - ndimage.gaussian_filter(grey, sigma, mode="constant", cval=BACKGROUND)
    return np.clip(fine - fine.mean() + BACKGROUND, 0, 1)


def phase_noise(grey: np.ndarray, width: float) -> np.ndarray:
    """In the spectrum with frequency 0 in the middle, the second half of the waves is the first one backwards."""
    spectrum = fft.fftshift(fft.fft2(grey))
    inner = spectrum[1 - grey.shape[0] % 2 :, 1 - grey.shape[1] % 2 :]
    half = inner.size // 2
    turns = np.deg2rad(width) * (2 * between_0_and_1("phase-noise", half) - 1)
    angles = np.concatenate([turns, [0], -turns[::-1]]).reshape(inner.shape)
    inner *= np.exp(1j * angles)
    back = fft.ifft2(fft.ifftshift(spectrum))
    assert np.abs(back.imag).max() < 1e-12, "opposite waves turn by opposite angles"
    return np.clip(back.real, 0, 1)


def power_equalisation(grey: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    amplitude = np.mean([np.abs(fft.fft2(other)) for other in others], axis=0)
    return np.clip(fft.ifft2(amplitude * np.exp(1j * np.angle(fft.fft2(grey)))).real, 0, 1)


def noise_mask(height: int, width: int) -> np.ndarray:
    white = uniform("noise-mask", height * width).astype(np.float64).reshape(height, width)
    frequency = np.sqrt(np.add.outer(fft.fftfreq(height) ** 2, fft.fftfreq(width) ** 2))
    frequency[0, 0] = np.inf
    pink = fft.ifft2(fft.fft2(white) / frequency).real
    return (pink - pink.min()) / np.ptp(pink)


def false_colour(picture: np.ndarray) -> np.ndarray:
    """Negates red against green and blue against yellow in DKL space, by its axes and not by one matrix. Returns bytes / 255."""
    cones = np.array([[0.1619982647, 0.208049264, 0.0389347448], [0.0330275785, 0.2496504557, 0.0618343518], [0.0015524055, 0.0198861001, 0.1890224274]])
    dkl = np.array([[9.27590805, 9.27590805, 0], [7.86421647, -9.33587662, 0], [-3.39709047, -3.39709047, 12.16230246]])
    grey = np.array([0.20449114, 0.17225619, 0.10523047])
    levels = np.arange(256) / 255
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    opponent = (light[picture] @ cones.T - grey) @ dkl.T
    opponent[..., 1:] *= -1
    back = np.linalg.solve(cones, (np.linalg.solve(dkl, opponent.reshape(-1, 3).T) + grey[:, None])).T.reshape(picture.shape)
    return np.abs(np.clip(back, 0, 1)[..., None] - light).argmin(-1) / 255


def eidolon(grey: np.ndarray, reach: float, coherence: float, grain: float) -> np.ndarray:
    """Partially coherent disarray; blurs are products of whole two-dimensional spectra."""
    height, width = grey.shape
    longer = max(height, width)
    outer = [1 << (int(np.ceil(1.5 * side)) - 1).bit_length() for side in grey.shape]
    before = [(o - side) // 2 for o, side in zip(outer, grey.shape)]
    after = [o - side - b for o, side, b in zip(outer, grey.shape, before)]
    picture = np.pad(np.floor(255 * grey + 0.5), list(zip(before, after)), mode="symmetric")
    count = int(np.ceil(2 * np.log2(longer / 4)))
    sigmas = [2 ** ((level - 1) / 2) for level in range(count)]

    def blur(plane: np.ndarray, sigma: float) -> np.ndarray:
        rows, columns = [np.fft.fftfreq(length, 1 / length) for length in plane.shape]
        kernel = np.exp(-np.add.outer(rows**2, columns**2) / (2 * sigma**2)) / (2 * np.pi * sigma**2)
        return fft.ifft2(fft.fft2(plane) * fft.fft2(kernel)).real

    def field(number: int, sigma: float) -> np.ndarray:
        white = uniform(f"eidolon.{number}", outer[0] * outer[1]).astype(np.float64).reshape(outer)
        blurred = blur(np.clip(127.5 * white / np.abs(white).max(), -127, 127), sigma)
        return blurred - blurred.mean() / blurred.std()

    blurred = [blur(picture, sigma) for sigma in sigmas]
    slices = [a - b for a, b in zip(blurred, blurred[1:])] + [blurred[-1]]
    total = np.zeros(outer)
    displacements = []
    for axis in range(2):
        incoherent = [field(2 * axis * count + level, grain) for level in range(count)]
        scaled = [field((2 * axis + 1) * count + level, sigma) * sigma / (longer / 4) for level, sigma in enumerate(sigmas)]
        displacements.append([reach * (coherence * incoherent[level] + sum(scaled[level:])) for level in range(count)])
    y, x = np.indices(outer)
    for level, plane in enumerate(slices):
        rows = np.clip(y + displacements[0][level], 0, outer[0] - 1).astype(int)
        columns = np.clip(x + displacements[1][level], 0, outer[1] - 1).astype(int)
        total += plane[rows, columns]
    return np.clip(total[before[0] : before[0] + height, before[1] : before[1] + width] / 255, 0, 1)


def main() -> None:
    whole = np.asarray(Image.open(INPUTS / "koala.png").convert("RGB"))
    picture = whole[20:132:4, 30:190:4]
    grey = rgb2gray(picture)
    odd = grey[:27, :39]
    mirrored = [grey, grey[:, ::-1], grey[::-1]]
    arrays = {
        "greyscale": grey,
        "contrast-0.3": contrast(grey, 0.3),
        "uniform-noise-0.35": uniform_noise(grey, 0.35),
        "low-pass-1": low_pass(grey, 1),
        "low-pass-7": low_pass(grey, 7),
        "high-pass-0.45": high_pass(grey, 0.45),
        "high-pass-3": high_pass(grey, 3),
        "phase-noise-60": phase_noise(grey, 60),
        "phase-noise-180-odd": phase_noise(odd, 180),
        "power-equalisation": power_equalisation(grey, [*mirrored, 0.3 * grey**2]),
        "rotation-90": np.rot90(grey),
        "rotation-180": np.rot90(grey, 2),
        "rotation-270": np.rot90(grey, 3),
        "false-colour": false_colour(picture),
        "eidolon-8-1": eidolon(grey, 8, 1, 10),
        "eidolon-4-0.3": eidolon(grey, 4, 0.3, 10),
        "eidolon-16-0-odd": eidolon(odd, 16, 0, 10),
        "noise-mask": noise_mask(28, 40),
        "edge-1.4142135623730951": 1.0 - canny(rgb2gray(whole), sigma=np.sqrt(2), low_threshold=0.1, high_threshold=0.2, mode="nearest"),
        "edge-3": 1.0 - canny(rgb2gray(whole), sigma=3, low_threshold=0.1, high_threshold=0.2, mode="nearest"),
    }
    np.savez_compressed(HERE / "stimuli.npz", **{name: np.ascontiguousarray(values, dtype=np.float32) for name, values in arrays.items()})
    made_with = {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-image": skimage.__version__}
    write_json(__file__, "stimuli.json", {"made_with": made_with, "means": {name: float(values.mean()) for name, values in arrays.items()}})


if __name__ == "__main__":
    main()
