"""Lazy inpainting with public text-to-image DiTs, without training (ADR 0009).

At (almost) every step only the hole tokens are computed. They attend to stored keys and values of
the visible tokens. In mode "bank" these come from a KV cache: the visible tokens are computed
alone, once per canvas and timestep, for all prompts and seeds. In mode "refresh" they come from
the last full step: the whole canvas is computed at step 0 and every k steps.

    PipelineFolder -> Family               one architecture; another DiT is another Family
    ModelInput -> TokenCanvas              tokens, visible and hole, fixed noise
    MemoryBudget -> CachePlan              bank, refresh or full, and where keys are stored
    KVCache | RefreshRun -> denoise        predictions and scheduler state for the hole tokens
"""
