"""Lazy inpainting with public text-to-image DiTs, without training (ours; ADR 0009).

At (almost) every step only the hole tokens are computed. They attend to kept keys and values of
the visible tokens. In mode "bank" those fill a KV cache: visible tokens alone, once a canvas and
timestep, for every prompt and seed. In mode "refresh" they are those of the last full step: the
whole canvas, at step 0 and every k steps.

    PipelineFolder -> Family               one architecture; the seam for another DiT
    ModelInput -> TokenCanvas              tokens, visible and hole, fixed noise
    MemoryBudget -> CachePlan              bank, refresh or full, and where keys are kept
    KVCache | RefreshRun -> denoise        predictions of the hole tokens, scheduler state of them
"""
