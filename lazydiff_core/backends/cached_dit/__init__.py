"""Lazy inpainting with public text-to-image DiTs, without training (ours; ADR 0009).

At (almost) every step only the hole tokens are computed. They attend to kept keys and values of
the visible tokens, which come from a *bank* (visible tokens alone, once per canvas and timestep,
for every prompt and seed) or from a *refresh* (the whole canvas, at step 0 and every k steps).

    folder -> Family (one architecture)    read, predict; the seam for another DiT
    View   -> Canvas                       tokens, visible and hole, fixed noise
    budget -> Plan                         bank, refresh or full, and where keys are kept
    Bank | Refresh -> denoise              predictions of the hole tokens, scheduler state of them
"""
