"""Definitions of the scores, as printed in the reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Definition:
    """`name` is the key in JSON, `digits` how many decimals are shown."""

    name: str
    title: str
    text: str
    better: Better
    unit: str = ""
    digits: int = 1


JUDGE_TOP1 = Definition(
    "judge_top1",
    "Concept accuracy",
    "Share of fills, one for each concept the model was trained on, in which the judge names the "
    "prompt's concept first among all of these concepts. First seed, 512x512 canvas with up to two "
    "other objects, hole of 22-42% of the side. Interval: Wilson.",
    "higher",
    "%",
)
JUDGE_TOP1_REAL = Definition(
    "judge_top1_real",
    "The judge on real held-out renderings",
    "The same judge on real renderings that neither it nor any model was trained on, pasted into "
    "the holes of the held-out trials: what it would give a painter who draws perfectly in a "
    "style it has not seen of this object. Interval: bootstrap over renderings.",
    "neither",
    "%",
)
HELDOUT_TOP1 = Definition(
    "heldout_top1",
    "Concept accuracy, held-out concept x style",
    "Share of fills in which the judge names the prompt's concept first, where the canvas shows "
    "other objects in a style in which this concept was never trained on. First seed. Interval: "
    "bootstrap over renderings.",
    "higher",
    "%",
)
FRECHET = Definition(
    "frechet",
    "Frechet distance, judge's features",
    "100 x the Frechet distance between the judge's features (unit vectors) of the concept "
    "accuracy's fills and of real renderings on three other canvases a concept. Few fills come out "
    "further apart than many: compare only equal counts. A perfect model would get what is said "
    "below the table. Interval: 1.96 bootstrap standard errors.",
    "lower",
    "",
    2,
)
VARIETY = Definition(
    "variety",
    "What the next seed changes",
    "Root of the mean square difference, pixel by pixel in the hole, between fills of the same "
    "prompt and canvas with this seed and the next, levels of 255. Interval: bootstrap.",
    "higher",
    "levels",
)
VARIETY_OF_WORDS = Definition(
    "variety_of_words",
    "What another prompt changes",
    "The same between fills of the same canvas with this seed, and prompts of two concepts.",
    "neither",
    "levels",
)
SURFACE_COVERAGE = Definition(
    "surface_coverage",
    "Surfaces cover their hole",
    "Share of the hole's tokens that show the surface asked for, by its colours and structure and "
    "without any network, over 40 surfaces in rectangles, strips, whole canvases and blobs, at "
    "edges and corners too, on blank, graded and busy canvases. First seed. Interval: bootstrap "
    "over surfaces.",
    "higher",
    "%",
)
SURFACE_WORST = Definition(
    "surface_worst",
    "- the worst surface",
    "The least of the 40 surfaces' mean shares. Interval: bootstrap over surfaces, which cannot "
    "find a worse one.",
    "higher",
    "%",
)
COLOUR_OBEYED = Definition(
    "colour_obeyed",
    "Colours are obeyed",
    "Share of fills of 40 things in 12 colours, a third of them light and a third dark, in which "
    "the thing, which is what differs from the canvas, has the hue and lightness that the prompt "
    "names. First seed. Interval: bootstrap over things.",
    "higher",
    "%",
)
SHARPNESS = Definition(
    "sharpness",
    "Sharpness",
    "Gradient of lightness inside 40 things, a few pixels from their outline, over that of the "
    "true rendering at that size: the mean of the ratios of mean gradients and of their 99th "
    "percentiles, each 1 at most. First seed. Interval: bootstrap.",
    "higher",
    "",
    2,
)
SHARPNESS_WORST = Definition(
    "sharpness_worst",
    "- the softest thing",
    "The least sharpness of the 40 things. Interval: bootstrap, which cannot find a worse one.",
    "higher",
    "",
    2,
)
RIM = Definition(
    "rim",
    "Halo or dark rim",
    "How much lighter than both sides, or darker than both, a ring 5 pixels wide along the outline "
    "of the same 40 things is, in units of CIELAB's lightness, less the same in the true "
    "rendering. Interval: bootstrap.",
    "lower",
    "L",
    2,
)
RMS_TO_RENDERING = Definition(
    "rms_to_rendering",
    "Difference from the rendering",
    "Root of the mean square difference in the hole, levels of 255, of the same 40 fills from the "
    "most alike of the kit's renderings of the thing, laid where it fits. Interval: bootstrap.",
    "lower",
    "levels",
)
UNKNOWN_FLAGGED = Definition(
    "unknown_flagged",
    "What is not known is said",
    "Share of 40 prompts with a made-up word or one that no illustration shows, alone or beside "
    "known ones, of which the model says that it does not know a part or takes it for the nearest "
    "word. Interval: Wilson.",
    "higher",
    "%",
)
KNOWN_FLAGGED = Definition(
    "known_flagged",
    "- false alarms",
    "The same share of the plain names of the 40 things. Interval: Wilson.",
    "lower",
    "%",
)
CONTEXT_AGREEMENT = Definition(
    "context_agreement",
    "Context agreement",
    "One of several alike objects, in half of the grids with their hue turned, is removed and "
    "regenerated from its canonical prompt, which names neither style nor tint. The mean of the "
    "three agreements below, each scaled so that the true object scores 100 and a random other "
    "object 0. Interval: bootstrap over grids.",
    "higher",
    "%",
)
CONTEXT_ASPECTS = {
    "identity": Definition(
        "context_identity",
        "- identity",
        "Share of regenerated objects that the judge names as their neighbours' concept.",
        "higher",
        "%",
    ),
    "style": Definition(
        "context_style",
        "- style",
        "Probability that the judge's second head, trained to tell the illustration sets apart, "
        "gives to the neighbours' set.",
        "higher",
        "%",
    ),
    "tint": Definition(
        "context_tint",
        "- tint",
        "Distance in CIELAB between the mean colour of the object's middle and its neighbours'.",
        "higher",
        "%",
    ),
}
SEAM_BEFORE = Definition(
    "seam_before",
    "Seam before blending",
    "How much larger the step across the mask's border is than the steps beside it, in levels of "
    "255, for fills without a prompt in bare background. Interval: bootstrap.",
    "lower",
    "levels",
    2,
)
SEAM_AFTER = Definition(
    "seam_after", "Seam after blending", "The same after Poisson blending.", "lower", "levels", 2
)
COLOUR_SHIFT = Definition(
    "colour_shift",
    "Colour shift, Poisson off",
    "Distance in CIELAB between the hole's mean colour and the true background's, for fills "
    "without a prompt. 1 is barely visible. Interval: bootstrap.",
    "lower",
    "dE",
    2,
)
COLOUR_SHIFT_BLENDED = Definition(
    "colour_shift_blended",
    "Colour shift, Poisson on",
    "The same after Poisson blending.",
    "lower",
    "dE",
    2,
)
GROUND_STEP = Definition(
    "ground_step",
    "The ground goes on",
    "Distance in CIELAB, pixel by pixel, of the ground around the same 40 things from the canvas: "
    "what lies in the hole, 10 pixels and more from all that differs by 25 or more. 1 is barely "
    "visible. Interval: bootstrap.",
    "lower",
    "dE",
    2,
)
GROUND_STEP_GROUPS = Definition(
    "ground_step_groups",
    "- around groups",
    "The same for pairs of things and three of a thing in one hole: rectangles, strips and blobs "
    "on flat and graded canvases. First seed. Interval: bootstrap.",
    "lower",
    "dE",
    2,
)
PSNR = Definition(
    "psnr_autoencoder",
    "Autoencoder's reconstruction",
    "Peak signal to noise ratio of whole canvases with held-out real renderings, encoded and "
    "decoded. Interval: bootstrap.",
    "higher",
    "dB",
    2,
)
COMPUTE = Definition(
    "decoder_tokens",
    "Decoder compute at a 10% mask",
    "Decoder tokens times steps for a mask of a tenth of the canvas, scaled from the masks of the "
    "concept accuracy; guidance evaluates them twice.",
    "lower",
    "",
    0,
)
SECONDS = Definition(
    "fill_seconds",
    "Seconds a fill",
    "Median time from request to picture on this machine, model resident.",
    "lower",
    "s",
    2,
)
CLIP_SCORE = Definition(
    "clip_score",
    "CLIPScore",
    "Mean cosine, not below 0, of CLIP's features of the concept accuracy's whole pictures and of "
    "their prompts. Interval: bootstrap.",
    "higher",
    "",
    3,
)
CLIP_FRECHET = Definition(
    "clip_frechet",
    "Frechet distance, CLIP's features",
    "100 x the Frechet distance between CLIP's features (unit vectors) of the concept accuracy's "
    "whole pictures and of the real pictures given. Compare only equal counts. Interval: 1.96 "
    "bootstrap standard errors.",
    "lower",
    "",
    2,
)
